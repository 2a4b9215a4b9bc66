/** Events queue → profile: every event once, however it comes; every item its own outcome (promises 1 and 2). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Told } from '../../shared/connectors/connector.ts';
import type { Event } from '../../shared/events/event.ts';
import { Conflict, Unavailable } from '../../shared/kernel/errors.ts';
import { hours, minutes, seconds, type Instant } from '../../shared/kernel/time.ts';
import { intoEnvelopes } from '../../shared/pipeline/envelopes.ts';
import { processEnvelope, processEvents } from '../../shared/pipeline/process-events.ts';
import { aWorld, cartJourney, email, envelope, noon, pauses, theOne, told, track, user } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

/** One request: so long after the one before, telling these events (again). */
interface Request {
  readonly pause: number;
  readonly tells: readonly number[];
}

interface Story {
  /** Per event: when its source says it happened, from noon; null where it says nothing. */
  readonly stated: readonly (number | null)[];
  readonly requests: readonly Request[];
}

/** Retries come within a day, in any grouping; clocks are right, wrong by hours, or ahead. */
const aStory: fc.Arbitrary<Story> = fc.integer({ min: 2, max: 70 }).chain((count) =>
  fc.record({
    stated: fc.array(fc.option(fc.integer({ min: -hours(5), max: hours(2) }), { freq: 5 }), {
      minLength: count,
      maxLength: count,
    }),
    requests: fc.array(
      fc.record({
        pause: fc.oneof(fc.nat(seconds(30)), fc.nat(minutes(40)), fc.nat(hours(3))),
        tells: fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 45 }),
      }),
      { minLength: 2, maxLength: 7 },
    ),
  }),
);

/** As a door reads it at `now`: what states no time happened when it was received. */
const eventAt = (index: number, offset: number | null, now: Instant): Event => ({
  id: `e${index}`,
  type: 'track',
  name: 'Product Added',
  properties: { product_id: `p${index % 3}`, quantity: 1, price: 2 },
  ...(offset === null ? { occurredAt: now } : { occurredAt: Math.min(noon + offset, now), statedAt: noon + offset }),
});

/** Some events name the device too: another written identifier set of the same person. */
const tellingOf = (event: Event, index: number, place: number): Told => ({
  index: place,
  item: null,
  event,
  identifiers: [
    { type: 'email', value: 'ada@example.com' },
    ...(index % 4 === 0 ? [{ type: 'anonymousId', value: 'x' } as const] : []),
  ],
});

describe('an event', () => {
  test('changes a profile exactly once, however often, however grouped and however late it comes', async () => {
    await fc.assert(
      fc.asyncProperty(aStory, async ({ stated, requests }) => {
        const world = await aWorld();
        let counted = 0;
        for (const { pause, tells } of requests) {
          world.clock.now += pause;
          const receivedAt = world.clock.now;
          const tellings = tells.map((index, place) =>
            tellingOf(eventAt(index, stated[index] ?? null, receivedAt), index, place),
          );
          const { envelopes } = intoEnvelopes(tellings, { source: 'segment', trust: 'server', receivedAt, country: 'FR' });
          for (const one of envelopes) {
            const processed = await processEnvelope(world.ports, one);
            counted += processed.kind === 'committed' ? processed.events : 0;
          }
        }
        const distinct = new Set(requests.flatMap(({ tells }) => tells)).size;
        const person = await theOne(world, email('ada@example.com'));
        expect(counted).toBe(distinct);
        expect(new Set((await told(world, person)).map(({ id }) => id)).size).toBe(distinct);
        expect(person.hot.cart).toMatchObject({ quantity: distinct, value: 2 * distinct });
      }),
      { numRuns: 100 },
    );
  });
});

const ada = email('ada@example.com');
const added = (id: string, at = noon): Event =>
  track(id, 'Product Added', at, { cart_id: 'c1', product_id: 'p', quantity: 1, price: 2 });

describe('two workers that have the same envelope', () => {
  test('count it once, and the decisions it led to are kept whoever wins', async () => {
    for (let ticks = 0; ticks < 30; ticks++) {
      const world = await aWorld([cartJourney]);
      const ports = { ...world.ports, people: slowPeople(world.people, pauses([ticks, 3, 0, 7, 1])) };
      const one = envelope([ada], [added('1')]);
      const outcomes = await Promise.all([one, one, one].map((each) => processEnvelope(ports, each)));
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['committed', 'repeated', 'repeated']);
      const person = await theOne(world, ada);
      expect(person.hot.cart?.quantity).toBe(1);
      const chunks = [...world.people.stored(person.id).chunks.values()];
      expect(chunks.map(({ decisions }) => decisions.map(({ rule, outcome }) => [rule, outcome]))).toEqual([
        [['panier-abandonne', 'fired']],
      ]);
    }
  });
});

describe('a worker that dies between commit and timeline', () => {
  const dies = async (): Promise<never> => {
    throw new Unavailable('the worker died');
  };

  test('is made good by the redelivery: nothing counts twice, and a cart folded meanwhile is folded again', async () => {
    const world = await aWorld();
    const people = slowPeople(world.people, async () => undefined);
    await expect(
      processEnvelope({ ...world.ports, people: { ...people, keepChunk: dies } }, envelope([ada], [added('1', noon - 9_000)])),
    ).rejects.toThrow(Unavailable);
    world.clock.now += minutes(3);
    await processEnvelope(world.ports, envelope([ada], [added('2', noon)]));
    // Told late, so that the cart is folded from a timeline that lacks the first event.
    await processEnvelope(world.ports, envelope([ada], [added('3', noon - 5_000)]));
    expect(await processEnvelope(world.ports, envelope([ada], [added('1', noon - 9_000)]))).toMatchObject({ kind: 'repeated' });
    const person = await theOne(world, ada);
    expect(person.hot.cart).toMatchObject({ quantity: 3, openedAt: noon - 9_000 });
    expect((await told(world, person)).map(({ id }) => id)).toEqual(['1', '3', '2']);
  });

  test('loses nothing of a cart to whoever folds it in that very moment', async () => {
    const world = await aWorld();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const people = slowPeople(world.people, async () => undefined);
    const slow = {
      ...people,
      keepChunk: async (...given: Parameters<typeof people.keepChunk>) => gate.then(() => people.keepChunk(...given)),
    };
    await processEnvelope(world.ports, envelope([ada], [added('1', noon)]));
    const first = processEnvelope({ ...world.ports, people: slow }, envelope([ada], [added('2', noon + 1_000)]));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const late = processEnvelope(world.ports, envelope([ada], [added('3', noon - 1_000)]));
    setTimeout(open, 30);
    await Promise.all([first, late]);
    expect((await theOne(world, ada)).hot.cart?.quantity).toBe(3);
  });
});

describe('a batch', () => {
  test('has an outcome for each item in its order: one that fails fails alone', async () => {
    const world = await aWorld();
    const people = slowPeople(world.people, async () => undefined);
    const broken = {
      ...people,
      keepProofs: async () => {
        throw new Unavailable('not now');
      },
    };
    const consents = { consent: [{ channel: 'email', state: 'granted', kind: 'statement' }] } as const;
    const outcomes = await processEvents({ ...world.ports, people: broken }, [
      envelope([ada], [added('1')]),
      envelope([ada], [track('2', 'Signed Up', noon + 1, {}, consents)]),
      envelope([email('bob@example.com')], [added('3')]),
      envelope([ada], [added('4', noon + 2)]),
      { ...envelope([], [added('5')]), personId: '01NOBODY000000000000000000' },
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'failed', 'done', 'done', 'done']);
    expect(outcomes[1]).toMatchObject({ error: { name: 'Unavailable' } });
    expect((await theOne(world, ada)).hot.cart?.quantity).toBe(2);
    expect(world.logged.map(({ outcome }) => outcome).toSorted()).toEqual([
      'committed',
      'committed',
      'committed',
      'unknown-person',
    ]);
  });

  test('of one person is worked off in its order, one after the other', async () => {
    const world = await aWorld();
    let atWork = 0;
    let most = 0;
    const people = slowPeople(world.people, async () => undefined);
    const watched = {
      ...people,
      commit: async (...given: Parameters<typeof people.commit>) => {
        most = Math.max(most, (atWork += 1));
        await Promise.resolve();
        const outcome = await people.commit(...given);
        atWork -= 1;
        return outcome;
      },
    };
    const batch = Array.from({ length: 20 }, (_, index) => envelope([ada], [added(`${index}`, noon + index)]));
    await processEvents({ ...world.ports, people: watched }, batch);
    expect(most).toBe(1);
    expect((await told(world, await theOne(world, ada))).map(({ id }) => id)).toEqual(batch.map(({ events }) => events[0]?.id));
  });
});

describe('a storm', () => {
  test('of writers leaves Conflict to the queue, and nothing half done', async () => {
    const world = await aWorld();
    const people = slowPeople(world.people, async () => undefined);
    let commits = 0;
    const stormy = {
      ...people,
      commit: async () => {
        commits += 1;
        throw new Conflict('somebody wrote first');
      },
    };
    const hasty = { ...world.ports, people: stormy, random: () => new Uint8Array(16) };
    await expect(processEnvelope(hasty, envelope([ada], [added('1')]))).rejects.toThrow(Conflict);
    expect(commits).toBeGreaterThan(3);
    expect(await processEnvelope(world.ports, envelope([ada], [added('1')]))).toMatchObject({ kind: 'committed', events: 1 });
    expect((await theOne(world, ada)).hot.cart?.quantity).toBe(1);
  });

  test('of fifty envelopes of one person at once, in any order, is the same person in the end', async () => {
    const world = await aWorld();
    const ports = { ...world.ports, people: slowPeople(world.people, pauses([1, 5, 0, 3, 2, 8])) };
    const all = Array.from({ length: 50 }, (_, index) =>
      envelope([ada, user('1')], [added(`${index}`, noon + ((index * 7) % 50) * 500)]),
    );
    const shares = [0, 1, 2, 3].map((worker) => all.filter((_one, index) => index % 4 === worker));
    await Promise.all(shares.map((share) => processEvents(ports, share)));
    expect((await theOne(world, ada)).hot.cart).toMatchObject({ quantity: 50, openedAt: noon, changedAt: noon + 49 * 500 });
  });
});
