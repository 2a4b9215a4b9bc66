/** Journeys that start when something was done often enough: exact in every order of arrival, merged or not (promises 1, 4). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import { exactDays, hours, minutes, seconds } from '../../shared/kernel/time.ts';
import { Conflict, Unavailable } from '../../shared/kernel/errors.ts';
import { statesOf } from '../../shared/pipeline/person-facts.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { boundSettings } from './bound-ports.ts';
import {
  ada,
  aJourney,
  aWorld,
  byCount,
  did,
  does,
  goal,
  is,
  later,
  never,
  publish,
  runs,
  span,
  tell,
  wait,
} from './language-world.ts';
import { device, email, envelope, noon, theOne, track, user, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const views = did(['Product Viewed'], { times: { min: 3 }, within: span('14 days'), same: ['category'] });
const perCategory = byCount('infolettre', views, [goal('1')], { reentry: { kind: 'once-per', path: ['category'] } });

const view = (id: string, at: number, category = 'robes'): Event => track(id, 'Product Viewed', at, { category });

describe('the third view of a category within 14 days', () => {
  test('starts its journey, each category for itself', async () => {
    const world = await aWorld([perCategory]);
    for (const category of ['robes', 'sacs', 'robes', 'sacs']) await does(world, 'Product Viewed', { category });
    expect(await runs(world)).toEqual([]);
    await does(world, 'Product Viewed', { category: 'robes' });
    expect(await runs(world)).toMatchObject([{ journey: 'infolettre', went: ['goal fait'] }]);
    await does(world, 'Product Viewed', { category: 'robes' });
    await does(world, 'Product Viewed', {});
    expect(await runs(world)).toHaveLength(1);
    await does(world, 'Product Viewed', { category: 'sacs' });
    expect(await runs(world)).toHaveLength(2);
  });

  test('is none when the first of them is fourteen days old, to the millisecond', async () => {
    for (const [late, count] of [
      [-1, 1],
      [0, 0],
    ] as const) {
      const world = await aWorld([perCategory]);
      await tell(world, view('1', noon));
      await later(world, exactDays(14) + late);
      await tell(world, view('2', noon + exactDays(14) + late - 1), view('3', noon + exactDays(14) + late));
      expect(await runs(world)).toHaveLength(count);
    }
  });

  test('tells why it does not start', async () => {
    const world = await aWorld([perCategory]);
    await does(world, 'Product Viewed', { category: 'robes' });
    const { id } = await theOne(world, ada);
    const [chunk] = world.people.stored(id).chunks.values();
    expect(chunk?.decisions).toMatchObject([{ rule: 'infolettre', moment: 'start', outcome: 'not', seen: 1 }]);
    expect(chunk?.decisions[0]?.because).toMatch(/Product Viewed .*3/);
  });
});

interface Told {
  readonly at: number;
  readonly category: string;
  readonly twice: boolean;
}

const aHistory = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 20 }).map((day) => noon - exactDays(day) * 1),
    category: fc.constantFrom('robes', 'sacs'),
    twice: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Every view of its own millisecond. */
const eventsOf = (history: readonly Told[]): readonly Event[] =>
  history.map(({ at, category }, index) => view(`v${index}`, at + index, category));

describe('views told in any order and grouping', () => {
  const everyTime = byCount('vues', views, [goal('1')], { reentry: { kind: 'always' }, late: span('1 year') });
  const noLimit = did(['Product Viewed'], { times: { min: 2 }, same: ['category'] });
  const both = [everyTime, byCount('deux', noLimit, [goal('1')], { reentry: { kind: 'always' }, late: span('1 year') })];

  test('end with the same counts and start the same runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        aHistory,
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (history, order, size) => {
          const events = eventsOf(history);
          const inOrder = events.toSorted((a, b) => a.occurredAt - b.occurredAt);
          const shuffled = events.toSorted((a, b) => (order[events.indexOf(a)] ?? 0) - (order[events.indexOf(b)] ?? 0));
          const ends = [];
          for (const [list, group] of [
            [inOrder, 1],
            [shuffled, size],
          ] as const) {
            const world = await aWorld(both);
            for (let from = 0; from < list.length; from += group) await tell(world, ...list.slice(from, from + group));
            for (const [index, { twice }] of history.entries()) {
              const again = events[index];
              if (twice && again !== undefined) await tell(world, again);
            }
            const { hot } = await theOne(world, ada);
            ends.push({ runs: await runs(world), counts: hot.counts });
          }
          expect(ends[1]).toEqual(ends[0]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('end with the same counts and runs for two people who become one, whenever they do', async () => {
    const world = async (mergeAfter: number) => {
      const one = await aWorld(both);
      const sets = [[device('x')], [user('u')]] as const;
      for (let index = 0; index < 6; index++) {
        if (index === mergeAfter)
          await processEnvelope(one.ports, envelope([user('u'), device('x')], [track('m', 'Linked', noon)]));
        const at = noon + minutes(index);
        one.clock.now = at;
        await processEnvelope(one.ports, envelope(sets[index % 2] ?? [], [view(`v${index}`, at)], { receivedAt: at }));
      }
      one.clock.now = noon + hours(1);
      await processEnvelope(
        one.ports,
        envelope([user('u'), device('x')], [view('last', noon + hours(1))], { receivedAt: noon + hours(1) }),
      );
      return (await theOne(one, user('u'))).hot.counts;
    };
    const first = await world(0);
    expect(Object.values(first?.states ?? {}).length).toBe(2);
    for (let after = 1; after < 6; after++) expect(await world(after)).toEqual(first);
  });
});

describe('a condition that is new', () => {
  test('counts what happened before it existed', async () => {
    const world = await aWorld([]);
    await does(world, 'Product Viewed', { category: 'robes' });
    await later(world, minutes(20));
    await does(world, 'Product Viewed', { category: 'robes' });
    await later(world, minutes(20));
    await publish(world, perCategory);
    await does(world, 'Page Viewed');
    expect((await theOne(world, ada)).hot.counts).toBeUndefined(); // nothing that listens asked
    await does(world, 'Product Viewed', { category: 'robes' });
    expect(await runs(world)).toHaveLength(1);
  });

  test('counts what a container wrote in between that did not know it', async () => {
    const world = await aWorld([]);
    const older = await world.settings.config();
    const olderPorts = { ...world.ports, settings: { ...boundSettings(world), config: async () => older } };
    await does(world, 'Product Viewed', { category: 'robes' });
    await publish(world, perCategory);
    await does(world, 'Product Viewed', { category: 'robes' });
    world.clock.now += seconds(1);
    const between = envelope([ada], [view('between', world.clock.now)], { receivedAt: world.clock.now });
    await processEnvelope(olderPorts, between);
    expect((await theOne(world, ada)).hot.counts).toBeUndefined(); // it keeps nothing that it does not understand
    expect(await runs(world)).toEqual([]);
    await does(world, 'Product Viewed', { category: 'robes' });
    expect(await runs(world)).toHaveLength(1);
    const states = (await theOne(world, ada)).hot.counts?.states ?? {};
    expect(Object.values(states).map((state) => Object.values(state).flat().length)).toEqual([3]);
  });

  test('is forgotten when nobody asks it any more, and in another zone counted again', async () => {
    const world = await aWorld([perCategory]);
    await does(world, 'Product Viewed', { category: 'robes' });
    await publish(world);
    await does(world, 'Page Viewed');
    expect((await theOne(world, ada)).hot.counts).toBeUndefined();
    await publish(world, perCategory);
    const config = await world.settings.config();
    await world.settings.publish({ ...config, brand: { ...config.brand, timeZone: 'America/New_York' } });
    await does(world, 'Product Viewed', { category: 'robes' });
    const { counts } = (await theOne(world, ada)).hot;
    expect(counts?.zone).toBe('America/New_York');
    const other = { zone: 'Europe/Paris', states: { x: {} } };
    expect([statesOf({ counts: other }, 'Europe/Paris'), statesOf({ counts: other }, 'UTC')]).toEqual([{ x: {} }, {}]);
    expect(Object.values(counts?.states[views.id] ?? {}).flat()).toHaveLength(2);
  });
});

describe('a worker that dies between commit and timeline', () => {
  const dies = async (): Promise<never> => {
    throw new Unavailable('the worker died');
  };
  const dying = (world: TestWorld) => ({
    ...world.ports,
    people: { ...slowPeople(world.people, async () => undefined), keepChunk: dies },
  });

  test('leaves out nothing: what was counted from the timeline meanwhile is counted again', async () => {
    const world = await aWorld([]);
    const first = envelope([ada], [view('1', noon)]);
    await expect(processEnvelope(dying(world), first)).rejects.toThrow(Unavailable);
    world.clock.now += minutes(20);
    await publish(world, perCategory);
    await tell(world, view('2', world.clock.now));
    await processEnvelope(world.ports, first);
    const { hot } = await theOne(world, ada);
    expect(Object.values(hot.counts?.states[views.id] ?? {})).toEqual([[noon, noon + minutes(20)]]);
    await tell(world, view('3', world.clock.now));
    expect(await runs(world)).toHaveLength(1);
  });

  test('is waited for by an `if`, which nobody could decide again', async () => {
    const asks = aJourney('demande', { on: ['Signed Up'] }, [
      wait('1', '1 hour'),
      { kind: 'branch', label: '2', condition: did(['Page Viewed']), otherwise: 3 },
      goal('2.then.1', 'vu'),
    ]);
    const world = await aWorld([asks]);
    await does(world, 'Signed Up');
    world.clock.now = noon + minutes(58);
    const seen = envelope([ada], [track('p', 'Page Viewed', world.clock.now)]);
    await expect(processEnvelope(dying(world), seen)).rejects.toThrow(Unavailable);
    await expect(later(world, minutes(2))).rejects.toThrow(Conflict);
    expect(await runs(world)).toMatchObject([{ went: [] }]);
    world.clock.now += minutes(4);
    await processEnvelope(world.ports, seen);
    await later(world, 0);
    expect(await runs(world)).toMatchObject([{ went: ['waited', 'then', 'goal vu'] }]);
  });
});

describe('a hostile sender', () => {
  test(
    'does not grow what is kept of a person: more values than a person has are counted from the timeline',
    { timeout: 60_000 },
    async () => {
      const world = await aWorld([perCategory]);
      const many = Array.from({ length: 230 }, (_, index) => view(`h${index}`, noon + index, `c${index}`));
      await tell(world, ...many);
      expect((await theOne(world, ada)).hot.counts).toBeUndefined();
      world.clock.now += seconds(1);
      await tell(world, view('a', noon + 900, 'c7'));
      expect(await runs(world)).toEqual([]);
      await tell(world, view('b', noon + 901, 'c7'));
      expect(await runs(world)).toHaveLength(1);
    },
  );
});

describe('what a start, an exit or a wait asks of the past', () => {
  test('is answered from what is counted', async () => {
    const quiet = aJourney('calme', { on: ['Signed Up'], where: never(['Order Completed'], '60 days') }, [goal('1')], {});
    const world = await aWorld([quiet]);
    await does(world, 'Order Completed', { order_id: '1', total: 3 });
    await does(world, 'Signed Up');
    expect(await runs(world)).toEqual([]);
    await later(world, exactDays(61));
    await does(world, 'Signed Up');
    expect(await runs(world)).toHaveLength(1);
  });

  test('is answered from the timeline for a run of a version that is live no more', async () => {
    const twice = did(['Page Viewed'], { times: { min: 2 }, within: span('1 day') });
    const leaves = aJourney(
      'part',
      { on: ['Signed Up'] },
      [{ kind: 'wait', label: '1', duration: span('3 days'), restartOn: [] }, goal('2')],
      {
        exit: { on: ['Left'], where: twice },
      },
    );
    const world = await aWorld([leaves]);
    await does(world, 'Signed Up');
    await publish(world);
    await does(world, 'Page Viewed');
    await does(world, 'Left');
    expect(await runs(world)).toMatchObject([{ went: [] }]);
    await does(world, 'Page Viewed');
    await does(world, 'Left');
    expect(await runs(world)).toMatchObject([{ went: ['ended'] }]);
  });

  test('of an `if` is counted from the timeline when it is asked', async () => {
    const twice = did(['Page Viewed'], { times: { min: 2 }, where: is('event.name', 'eq', 'Prix') });
    const asks = aJourney('demande', { on: ['Signed Up'] }, [
      { kind: 'wait', label: '1', duration: span('1 hour'), restartOn: [] },
      { kind: 'branch', label: '2', condition: twice, otherwise: 3 },
      goal('2.then.1', 'chaud'),
    ]);
    for (const [seen, went] of [
      [1, ['waited', 'else']],
      [2, ['waited', 'then', 'goal chaud']],
    ] as const) {
      const world = await aWorld([asks]);
      await does(world, 'Signed Up');
      await does(world, 'Page Viewed', { name: 'Autre' });
      for (let index = 0; index < seen; index++) await does(world, 'Page Viewed', { name: 'Prix' });
      await later(world, hours(1));
      expect(await runs(world)).toMatchObject([{ went }]);
      expect((await theOne(world, ada)).hot.counts).toBeUndefined();
    }
  });
});

test('an imported history is counted and starts nothing', async () => {
  const world = await aWorld([perCategory]);
  const history = [view('1', noon - hours(3)), view('2', noon - hours(2)), view('3', noon - hours(1))];
  await processEnvelope(world.ports, envelope([email('ada@example.com')], history, { imported: true, receivedAt: noon }));
  expect(await runs(world)).toEqual([]);
  await does(world, 'Product Viewed', { category: 'robes' });
  expect(await runs(world)).toHaveLength(1);
});
