/**
 * Whatever is told late, within the `late` limit, runs go as they would have gone (promise 1 of order, design section 3): exits
 * end them, waits hear what they waited for.
 */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JourneyVersion } from '../../shared/config/config.ts';
import type { Event } from '../../shared/events/event.ts';
import type { Journey, Step } from '../../shared/journeys/journey.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { exactDays, hours, minutes, seconds } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import {
  ada,
  aJourney,
  aWorld,
  byCount,
  did,
  goal,
  is,
  later,
  never,
  runs,
  settle,
  span,
  tell,
  until,
  wait,
} from './language-world.ts';
import { envelope, noon, track, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const at = (minute: number): number => noon + minutes(minute);
const waitFor = (
  label: string,
  name: string,
  otherwise: number,
  given: Partial<Extract<Step, { kind: 'wait-event' }>> = {},
): Step => ({
  kind: 'wait-event',
  label,
  pattern: { on: [name] },
  atMost: span('6 hours'),
  otherwise,
  ...given,
});

/** Tells them in this order, ten minutes later than the last of them happened, one after the other. */
async function toldAs(version: JourneyVersion, events: readonly Event[]): Promise<TestWorld> {
  const world = await aWorld([version]);
  world.clock.now = Math.max(...events.map(({ occurredAt }) => occurredAt)) + minutes(10);
  for (const event of events) await tell(world, event);
  return world;
}

const went = async (world: TestWorld) => {
  await later(world, exactDays(3));
  return (await runs(world)).map((run) => run.went);
};

describe('a run that begins late is ended by what came before it was told of', () => {
  const exit: Partial<Journey> = { exit: { on: ['X'] } };
  const body = [wait('1', '3 hours'), goal('2')];
  const cart = { cart_id: 'c', product_id: 'p', price: 3 };
  const thrice = did(['V'], { times: { min: 3 }, within: span('1 day') });
  const counted = byCount('compte', thrice, body);
  const views = [track('v1', 'V', at(0)), track('v2', 'V', at(1))];
  test.each([
    ['by an event', aJourney('événement', { on: ['S'] }, body, exit), [], track('s', 'S', at(5))],
    ['by a count', { ...counted, journey: { ...counted.journey, ...exit } }, views, track('v3', 'V', at(5))],
    [
      'by a call of the API',
      aJourney('appel', { on: ['Journey Requested'], cause: { kind: 'api' } }, body, exit),
      [],
      track('q', 'Journey Requested', at(5), { journey: 'appel' }),
    ],
    [
      'by a change of the cart',
      aJourney('panier', { on: ['Cart Updated'] }, body, exit),
      [],
      track('c', 'Product Added', at(5), cart),
    ],
  ] as const)('where it begins %s', async (_how, version, before, begins) => {
    const exits = track('x', 'X', at(10));
    expect(await went(await toldAs(version, [...before, begins, exits]))).toEqual([['ended']]);
    expect(await went(await toldAs(version, [...before, exits, begins]))).toEqual([['ended']]);
    const earlier = track('x', 'X', at(4));
    expect(await went(await toldAs(version, [...before, earlier, begins]))).toEqual([['waited', 'goal fait']]);
  });

  test.each([
    ['S', 'S'],
    ['a change of the cart', 'Product Added'],
  ])('also where its worker died before it was written down: %s waits for the redelivery', async (_what, begins) => {
    const world = await aWorld([aJourney('tard', { on: ['S', 'Cart Updated'] }, body, exit)]);
    world.clock.now = at(20);
    const exits = envelope([ada], [track('x', 'X', at(10))], { receivedAt: at(10) });
    const dies = (): Promise<never> => Promise.reject(new Unavailable('the worker died'));
    const dying = { ...world.ports, people: { ...slowPeople(world.people, async () => undefined), keepChunk: dies } };
    await expect(processEnvelope(dying, exits)).rejects.toThrow(Unavailable);
    world.clock.now = at(21);
    const begun = processEnvelope(world.ports, envelope([ada], [track('b', begins, at(5), cart)], { receivedAt: at(21) }));
    await setImmediate();
    await processEnvelope(world.ports, exits);
    await begun;
    expect(await went(world)).toEqual([['ended']]);
  });

  test('not by what happened in the same second, but before', async () => {
    const version = aJourney('événement', { on: ['S'] }, body, exit);
    const told = [track('p', 'Page Viewed', at(6)), track('x', 'X', at(5)), track('s', 'S', at(5) + 500)];
    expect(await went(await toldAs(version, told))).toEqual([['waited', 'goal fait']]);
  });

  test('at its turn: what it waited for before that was heard, and what came after it was not', async () => {
    const version = aJourney('tour', { on: ['S'] }, [waitFor('1', 'W', 2), waitFor('2', 'Y', 2), goal('3')], exit);
    const told = [track('w', 'W', at(10)), track('x', 'X', at(15)), track('y', 'Y', at(20)), track('s', 'S', at(0))];
    expect(await went(await toldAs(version, told))).toEqual([['came', 'ended']]);
  });

  test('by a change of the cart, which stands in no timeline', async () => {
    const browses = aJourney('visite', { on: ['S'] }, body, { exit: { on: ['Cart Updated'] } });
    for (const [minute, outcome] of [
      [10, ['ended']],
      [4, ['waited', 'goal fait']],
    ] as const)
      expect(await went(await toldAs(browses, [track('a', 'Product Added', at(minute), cart), track('s', 'S', at(5))]))).toEqual([
        outcome,
      ]);
  });

  test('unless its condition asks what is not so', async () => {
    const quiet = { exit: { on: ['X'], where: never(['O'], '1 hour') } };
    const version = aJourney('calme', { on: ['S'] }, body, quiet);
    const rest = [track('x', 'X', at(10)), track('s', 'S', at(5))];
    expect(await went(await toldAs(version, rest))).toEqual([['ended']]);
    const ordered = await aWorld();
    await tell(ordered, track('o', 'O', at(0)));
    await ordered.settings.publish({ ...(await ordered.settings.config()), journeys: [version] });
    ordered.clock.now = at(20);
    for (const event of rest) await tell(ordered, event);
    expect(await went(ordered)).toEqual([['waited', 'goal fait']]);
  });
});

describe('waits one after the other', () => {
  const steps = [
    waitFor('1', 'X', 5),
    waitFor('2', 'Y', 5),
    waitFor('3', 'Z', 5),
    goal('4', 'tout'),
    { kind: 'end', label: 'e' } as const,
    goal('5', 'incomplet'),
  ];
  const version = aJourney('suite', { on: ['S'] }, steps);
  const all = ['came', 'came', 'came', 'goal tout', 'end'];

  test.each([
    ['minutes apart', minutes(7)],
    ['in the same second', 1],
    ['in the same instant', 0],
  ])('hear what happened %s, in whichever order it is told', async (_how, apart) => {
    const told = [track('s', 'S', at(0)), ...['X', 'Y', 'Z'].map((name, index) => track(name, name, at(10) + index * apart))];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(told, { minLength: 4 }), fc.nat(4), async (shuffled, alone) => {
        // At the same instant the order of telling is that of ids here.
        const events = shuffled.map((event, index) => ({ ...event, id: `${index}` }));
        const world = await toldAs(version, [track('p', 'Page Viewed', at(20)), ...events.slice(0, alone)]);
        if (alone < events.length) await tell(world, ...events.slice(alone));
        expect(await went(world)).toEqual([all]);
      }),
      { numRuns: 40 },
    );
  });

  test('hear each event once', async () => {
    const twice = aJourney('deux', { on: ['S'] }, [waitFor('1', 'X', 2), waitFor('2', 'X', 3), goal('3', 'encore'), goal('4')]);
    const [s, x, y] = [track('s', 'S', at(0)), track('x', 'X', at(10)), track('y', 'X', at(20))];
    expect(await went(await toldAs(twice, [x, s]))).toEqual([['came', 'not in time', 'goal fait']]);
    expect(await went(await toldAs(twice, [x, y, s]))).toEqual([['came', 'came', 'goal encore', 'goal fait']]);
    const thrice = aJourney('trois', { on: ['S'] }, [
      waitFor('1', 'X', 3),
      waitFor('2', 'Y', 3),
      waitFor('3', 'Y', 3),
      goal('4'),
    ]);
    const same = [track('a', 'X', at(10)), track('b', 'Y', at(10))];
    expect(await went(await toldAs(thrice, [...same, s]))).toEqual([['came', 'came', 'not in time', 'goal fait']]);
    const begun = aJourney('départ', { on: ['S'] }, [waitFor('1', 'X', 2), waitFor('2', 'S', 2), goal('3')]);
    const world = await aWorld([begun]);
    await tell(world, track('s', 'S', noon), track('x', 'X', noon + 1));
    expect(await went(world)).toEqual([['came', 'not in time', 'goal fait']]);
  });

  test('hear it once, too, where it came while the step before was under way', async () => {
    const hook: Step = { kind: 'webhook', label: '1', url: 'https://example.fr' };
    const twice = [hook, waitFor('2', 'X', 3), waitFor('3', 'X', 4), goal('4', 'encore'), goal('5')];
    const world = await aWorld([aJourney('deux', { on: ['S'] }, twice)]);
    await tell(world, track('s', 'S', noon));
    world.clock.now = noon + seconds(10);
    await tell(world, track('x', 'X', world.clock.now));
    expect((await went(world))[0]?.slice(-3)).toEqual(['came', 'not in time', 'goal fait']);
  });

  test('for a change of the cart hear one that came while the step before was under way', async () => {
    const hook: Step = { kind: 'webhook', label: '1', url: 'https://example.fr' };
    const world = await aWorld([aJourney('panier', { on: ['S'] }, [hook, waitFor('2', 'Cart Updated', 3), goal('3', 'changé')])]);
    await tell(world, track('s', 'S', noon));
    world.clock.now = noon + seconds(10);
    await tell(world, track('a', 'Product Added', world.clock.now, { cart_id: 'c', product_id: 'p', price: 3 }));
    expect((await went(world))[0]?.slice(-2)).toEqual(['came', 'goal changé']);
  });

  test('hear what was too late for the one before, or not what it asked for', async () => {
    const asks = { pattern: { on: ['X'], where: is('event.kind', 'eq', 'a') }, atMost: span('1 hour') };
    const next = waitFor('2', 'X', 3, { pattern: { on: ['X'], where: is('event.kind', 'eq', 'b') } });
    const world = await aWorld([aJourney('suite', { on: ['S'] }, [waitFor('1', 'X', 1, asks), next, goal('3', 'b'), goal('4')])]);
    await tell(world, track('s', 'S', noon));
    // The timer has not fired: our own backlog is late.
    world.clock.now = at(61);
    await tell(world, track('x', 'X', at(61), { kind: 'b' }));
    expect(await went(world)).toEqual([['not in time', 'came', 'goal b', 'goal fait']]);
    const other = await aWorld([aJourney('suite', { on: ['S'] }, [waitFor('1', 'X', 3, asks), next, goal('3', 'b'), goal('4')])]);
    other.clock.now = at(30);
    for (const [id, kind, minute] of [
      ['s', '', 0],
      ['y', 'b', 20],
      ['x', 'a', 10],
    ] as const)
      await tell(other, track(id, id === 's' ? 'S' : 'X', at(minute), { kind }));
    expect(await went(other)).toEqual([['came', 'came', 'goal b', 'goal fait']]);
  });
});

test('the timeline is read only where something may have been missed', async () => {
  const exit: Partial<Journey> = { exit: { on: ['X'] } };
  const thrice = byCount('compte', did(['V'], { times: { min: 3 }, within: span('1 day') }), [wait('1', '1 hour')]);
  const steps = [waitFor('1', 'W', 3), waitFor('2', 'Y', 3), wait('3', '1 hour', ['R']), goal('4')];
  const world = await aWorld([{ ...thrice, journey: { ...thrice.journey, ...exit } }, aJourney('suite', { on: ['S'] }, steps)]);
  let reads = 0;
  const timeline: TestWorld['people']['timeline'] = (family, from, to) => {
    reads += 1;
    return world.people.timeline(family, from, to);
  };
  const ports = { ...world.ports, people: { ...slowPeople(world.people, async () => undefined), timeline } };
  await tell(world, track('p', 'Page Viewed', at(0)), track('v', 'V', at(0)));
  const told = [
    ['P', 10, 0],
    ['V', 5, 0], // late, and the second of three
    ['V', 7, 1], // late, and the third
    ['V', 6, 1], // late, and others were counted without it
    ['S', 20, 0],
    ['R', 25, 0],
    ['Y', 24, 0],
    ['W', 24.5, 0], // the R and the Y that are remembered are not for it
  ] as const;
  for (const [name, minute, expected] of told) {
    reads = 0;
    world.clock.now = Math.max(world.clock.now, at(minute)) + seconds(1);
    const event = track(`${name}${minute}`, name, at(minute));
    await processEnvelope(ports, envelope([ada], [event], { receivedAt: world.clock.now }));
    expect([name, minute, reads]).toEqual([name, minute, expected]);
  }
});

const drawn = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('S', 'V', 'V', 'X', 'Y'), minute: fc.nat(120), delay: fc.constantFrom(0, 0, 5, 20, 40) }),
  { minLength: 2, maxLength: 6, selector: ({ minute }) => minute },
);

describe('told in order, or up to 40 minutes late in any order, runs are the same', () => {
  const always = { reentry: { kind: 'always' } } as const;
  const body = [wait('1', '4 hours'), goal('2')];
  const twice = byCount('compte', did(['V'], { times: { min: 2 }, within: span('1 hour') }), body, always);
  const sequence = [
    waitFor('1', 'X', 4),
    waitFor('2', 'Y', 4),
    goal('3', 'les deux'),
    { kind: 'end', label: 'e' } as const,
    goal('4'),
  ];
  const versions = [
    aJourney('événement', { on: ['S'], ...always }, body, { exit: { on: ['X'] } }),
    { ...twice, journey: { ...twice.journey, exit: { on: ['X'] } } },
    aJourney('suite', { on: ['S'], ...always }, sequence),
    aJourney('encore', { on: ['S'], ...always }, [wait('1', '4 hours', ['V']), goal('2')]),
  ];

  test.each(versions.map((version) => [version.journey.name, version] as const))('%s', async (name, version) => {
    const live = async (events: readonly { readonly name: string; readonly minute: number; readonly told: number }[]) => {
      const world = await aWorld([version], noon - hours(1));
      await tell(world, track('0', 'Page Viewed', world.clock.now));
      for (const { name: event, minute, told } of events.toSorted((a, b) => a.told - b.told)) {
        await until(world, at(told));
        await processEnvelope(world.ports, envelope([ada], [track(`e${minute}`, event, at(minute))], { receivedAt: at(told) }));
        await settle(world);
      }
      await later(world, exactDays(2));
      return (await runs(world)).map((run) => [run.at, run.went]);
    };
    // A wait that has gone on with a later event of its name does not go back for an earlier one.
    const once = (events: readonly { readonly name: string }[]): boolean =>
      name !== 'suite' || ['X', 'Y'].every((awaited) => events.filter((one) => one.name === awaited).length <= 1);
    await fc.assert(
      fc.asyncProperty(drawn.filter(once), async (events) => {
        const inOrder = await live(events.map((one) => ({ ...one, told: one.minute })));
        expect(await live(events.map((one) => ({ ...one, told: one.minute + one.delay })))).toEqual(inOrder);
      }),
      { numRuns: 60 },
    );
  });
});
