/**
 * Runs that time or a segment started: they rest, leave the hot state when they have ended, and do not outlive what came before
 * they were known (promises 1, 2 and 3).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JourneyVersion } from '../../shared/config/config.ts';
import { exactDays, hours, minutes } from '../../shared/kernel/time.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import {
  ada,
  aWorld,
  byDate,
  bySegment,
  did,
  does,
  goal,
  is,
  later,
  never,
  publish,
  runs,
  says,
  settle,
  span,
  tell,
  until,
  wait,
} from './language-world.ts';
import { envelope, noon, theOne, track, type TestWorld } from './process-events-world.ts';

const vip = is('grade', 'eq', 'or');
const steps = [wait('1', '1 hour'), goal('2')];
const wentOf = async (world: TestWorld) => (await runs(world)).map(({ went }) => went);

describe('a run that has ended', () => {
  test('lets its journey with a rest start again; one that is open does not', async () => {
    const world = await aWorld([bySegment('vip', 'entered', vip, steps, { rest: span('1 day') })]);
    for (const value of ['or', 'argent', 'or', 'argent']) {
      await says(world, { grade: value });
      await later(world, minutes(10));
    }
    expect(await runs(world)).toHaveLength(1);
    await later(world, exactDays(30));
    await says(world, { grade: 'or' });
    await later(world, exactDays(30));
    expect(await wentOf(world)).toEqual([
      ['waited', 'goal fait'],
      ['waited', 'goal fait'],
    ]);
  });

  test('leaves the hot state with whatever is told next', async () => {
    const world = await aWorld([bySegment('vip', 'entered', vip, steps)]);
    for (let turn = 0; turn < 4; turn++) {
      await says(world, { grade: turn % 2 === 0 ? 'or' : 'argent' });
      await later(world, exactDays(30));
    }
    expect((await theOne(world, ada)).hot.open).toEqual([]);
    await says(world, { grade: 'or' });
    await later(world, minutes(30));
    await does(world, 'Page Viewed');
    expect((await theOne(world, ada)).hot.open).toHaveLength(1);
  });

  test('leaves it with the timer of the person, where nobody tells anything', async () => {
    const world = await aWorld([bySegment('vip', 'entered', vip, steps), byDate('anniversaire')], noon);
    await says(world, { grade: 'or', birthday: '1990-11-30' });
    await later(world, exactDays(30));
    expect([await runs(world), (await theOne(world, ada)).hot.open]).toMatchObject([{ length: 2 }, []]);
  });
});

describe('what came before a run was known', () => {
  const lost: Condition = { kind: 'all', of: [did(['Order Completed']), never(['Order Completed'], '60 days')] };
  const winBack: JourneyVersion = withExit(bySegment('perdus', 'entered', lost, [wait('1', '1 day'), goal('2')]), 'Page Viewed');

  test.each([
    [true, minutes(2)],
    [false, minutes(2)],
    [true, 0],
    [false, 0],
  ])('ends it where its exit came after the boundary; timer in time: %s, %d ms after it', async (isInTime, after) => {
    const start = Date.parse('2026-11-23T11:00:00.700Z');
    const world = await aWorld([winBack], start);
    await tell(world, track('o', 'Order Completed', start, { order_id: '1', total: 3 }));
    const due = start + exactDays(60);
    if (isInTime) await until(world, due);
    world.clock.now = due + after;
    await tell(world, track('p', 'Page Viewed', world.clock.now - 500)); // within its second: what ends a run wins
    await later(world, exactDays(3));
    expect(await wentOf(world)).toEqual([['ended']]);
  });

  test('is judged by what the exit counts, also of people who were known before the journey', async () => {
    const bought = did(['Order Completed'], { times: { min: 2 } });
    const exits = { ...winBack, journey: { ...winBack.journey, exit: { on: ['Page Viewed'], where: bought } } };
    for (const orders of [1, 2]) {
      const world = await aWorld([], noon);
      for (let order = 0; order < orders; order++) {
        world.clock.now = noon + order;
        await does(world, 'Order Completed', { order_id: `${order}`, total: 3 });
      }
      await publish(world, exits);
      await does(world, 'Ticket Opened');
      world.clock.now = noon + exactDays(60) + minutes(2); // nobody ran our timers
      await does(world, 'Page Viewed');
      await later(world, exactDays(3));
      expect(await wentOf(world)).toEqual([orders === 2 ? ['ended'] : ['waited', 'goal fait']]);
    }
  });

  test('does not end it where it came before the boundary', async () => {
    const world = await aWorld([winBack], noon);
    await tell(world, track('o', 'Order Completed', noon, { order_id: '1', total: 3 }));
    world.clock.now = noon + exactDays(60) + minutes(2);
    await tell(world, track('p', 'Page Viewed', noon + exactDays(60) - minutes(1)));
    await later(world, exactDays(3));
    expect(await wentOf(world)).toEqual([['waited', 'goal fait']]);
  });

  test('is what it waits for, too', async () => {
    const waits: Step = {
      kind: 'wait-event',
      label: '1',
      pattern: { on: ['Page Viewed'] },
      atMost: span('3 days'),
      otherwise: 2,
    };
    const world = await aWorld([bySegment('perdus', 'entered', lost, [waits, goal('2')])], noon);
    await tell(world, track('o', 'Order Completed', noon, { order_id: '1', total: 3 }));
    world.clock.now = noon + exactDays(60) + minutes(2);
    await does(world, 'Page Viewed');
    await later(world, exactDays(5));
    expect(await wentOf(world)).toEqual([['came', 'goal fait']]);
  });

  test('is not read where no run begins late: an order in time asks nothing of the timeline', async () => {
    const world = await aWorld([winBack], noon);
    let reads = 0;
    const timeline = world.people.timeline.bind(world.people);
    world.people.timeline = (...asked) => {
      reads += 1;
      return timeline(...asked);
    };
    await tell(world, track('o', 'Order Completed', noon, { order_id: '1', total: 3 }));
    await later(world, exactDays(60) + hours(2));
    await does(world, 'Page Viewed');
    expect([await runs(world), reads]).toMatchObject([[{ went: ['ended'] }], 0]);
  });

  const twice = did(['V'], { times: { min: 2 }, within: span('30 days') });
  const inOrderOrLate = async (when: Condition, events: readonly Told[], isLate: boolean) => {
    const world = await aWorld(
      [withExit(bySegment('s', 'entered', when, [wait('1', '4 hours'), goal('2')]), 'X')],
      noon - hours(1),
    );
    await tell(world, track('0', 'Page Viewed', world.clock.now));
    const told = events
      .map((one, index) => ({ ...one, index, at: noon + minutes(one.minute) }))
      .map((one) => ({ ...one, told: one.at + (isLate ? minutes(one.delay) + 1 : 0) }))
      .toSorted((a, b) => a.told - b.told);
    for (const { name, index, at, told: receivedAt } of told) {
      await until(world, receivedAt);
      const given = name === 'Identify' ? { type: 'identify' as const, traits: { grade: 'or' } } : {};
      await processEnvelope(world.ports, envelope([ada], [track(`e${index}`, name, at, {}, given)], { receivedAt }));
      await settle(world);
    }
    await later(world, exactDays(3));
    return wentOf(world);
  };

  test.each([
    ['who somebody is', vip],
    ['what somebody did', twice],
  ])('is the same, told in order or late in any order: a segment of %s', async (_of, when) => {
    const aTold = fc.record({
      name: fc.constantFrom('Identify', 'V', 'V', 'X', 'P'),
      minute: fc.integer({ min: 0, max: 120 }),
      delay: fc.constantFrom(0, 0, 5, 20, 40),
    });
    const all = fc.uniqueArray(aTold, { minLength: 2, maxLength: 6, selector: ({ minute }) => minute });
    await fc.assert(
      fc.asyncProperty(all, async (events) => {
        expect(await inOrderOrLate(when, events, true)).toEqual(await inOrderOrLate(when, events, false));
      }),
      { numRuns: 100 },
    );
  });
});

interface Told {
  readonly name: string;
  readonly minute: number;
  /** Minutes. */
  readonly delay: number;
}

function withExit(version: JourneyVersion, name: string): JourneyVersion {
  return { ...version, hash: `${version.hash}x`, journey: { ...version.journey, exit: { on: [name] } } };
}

describe('who comes in and goes out again', () => {
  const told = [
    track('a', 'Identify', noon, {}, { type: 'identify', traits: { grade: 'or' } }),
    track('b', 'Identify', noon + 1_000, {}, { type: 'identify', traits: { grade: 'argent' } }),
  ];

  test('within one envelope has not entered: a commit is judged by what it ends with', async () => {
    const world = await aWorld([bySegment('vip', 'entered', vip, [goal('1')])], noon - hours(1));
    await does(world, 'Page Viewed');
    world.clock.now = noon + 1_000;
    await tell(world, ...told);
    expect(await runs(world)).toEqual([]);
  });

  test('told one by one has entered', async () => {
    const world = await aWorld([bySegment('vip', 'entered', vip, [goal('1')])], noon - hours(1));
    await does(world, 'Page Viewed');
    world.clock.now = noon + 1_000;
    for (const one of told) await tell(world, one);
    expect(await runs(world)).toHaveLength(1);
  });
});
