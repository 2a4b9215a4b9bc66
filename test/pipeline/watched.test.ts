/**
 * What time alone starts: entering and leaving segments. To the minute, across changes of clocks, once each, however late our
 * own queues are (promises 1, 2 and 4).
 */
import { describe, expect, test } from 'vitest';
import { watchRef } from '../../shared/journeys/watch.ts';
import { after, exactDays, hours, minutes, seconds } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import {
  ada,
  aJourney,
  aWorld,
  bySegment,
  did,
  does,
  goal,
  later,
  never,
  publish,
  runs,
  settle,
  span,
  tell,
  until,
} from './language-world.ts';
import { email, envelope, noon, pauses, theOne, track, user, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const zone = 'Europe/Paris';
const lost: Condition = { kind: 'all', of: [did(['Order Completed']), never(['Order Completed'], '60 days')] };
const winBack = bySegment('perdus', 'entered', lost, [goal('1')]);

const order = (id: string, at: number) => track(id, 'Order Completed', at, { order_id: id, total: 20 });
const stampsOf = async (world: TestWorld): Promise<readonly string[]> =>
  (await runs(world)).map(({ at }) => new Date(at).toISOString());

/** Sixty days from here the clocks have gone an hour forward. */
const winter = Date.parse('2027-02-10T09:17:23.456Z');

describe('sixty days without an order', () => {
  test('are over to the minute, across a change of clocks', async () => {
    const world = await aWorld([winBack], winter);
    await tell(world, order('1', winter));
    const due = Date.parse('2027-04-11T08:17:23.456Z');
    expect(after(winter, span('60 days'), zone)).toBe(due);
    await until(world, due - 1);
    expect(await runs(world)).toEqual([]);
    await until(world, due);
    expect(await stampsOf(world)).toEqual([new Date(due).toISOString()]);
    await later(world, exactDays(300));
    expect(await runs(world)).toHaveLength(1);
  });

  test('are moved by an order that is told late, and come again after the next one', async () => {
    const world = await aWorld([winBack], winter);
    await tell(world, order('1', winter));
    await until(world, winter + exactDays(50));
    await tell(world, order('2', winter + exactDays(20)));
    const second = after(winter + exactDays(20), span('60 days'), zone);
    await until(world, second - 1);
    expect(await runs(world)).toEqual([]);
    await until(world, second + exactDays(10));
    expect(await stampsOf(world)).toEqual([new Date(second).toISOString()]);
    const third = world.clock.now;
    await tell(world, order('3', third));
    await later(world, exactDays(61));
    expect((await stampsOf(world)).at(-1)).toBe(new Date(after(third, span('60 days'), zone)).toISOString());
  });

  test('start at their own instant, however late our timers are', async () => {
    const due = after(winter, span('60 days'), zone);
    const world = await aWorld([winBack], winter);
    await tell(world, order('1', winter));
    world.clock.now = due + hours(20); // nobody ran our timers
    await tell(world, track('p', 'Page Viewed', world.clock.now));
    expect(await stampsOf(world)).toEqual([new Date(due).toISOString()]);
    await later(world, exactDays(1));
    expect(await runs(world)).toHaveLength(1);
  });

  test.each([[-seconds(1)], [hours(1)]])(
    'start nothing for whoever ordered %d ms after they were over, told by the same backlog',
    async (offset) => {
      const due = after(winter, span('60 days'), zone);
      const world = await aWorld([winBack], winter);
      await tell(world, order('1', winter));
      world.clock.now = due + hours(20);
      await tell(world, order('2', due + offset));
      await later(world, minutes(10));
      expect(await runs(world)).toEqual([]);
    },
  );

  test('start once, whoever of several workers is faster', async () => {
    const due = after(winter, span('60 days'), zone);
    for (let ticks = 0; ticks < 20; ticks++) {
      const world = await aWorld([winBack], winter);
      await tell(world, order('1', winter));
      world.clock.now = due;
      const [timer] = await world.people.dueTimers(0, due, 1);
      if (timer === undefined) throw new Error('no timer is armed');
      const slow = (steps: readonly number[]) => ({ ...world.ports, people: slowPeople(world.people, pauses(steps)) });
      await Promise.all([
        advanceJourneys(slow([ticks % 4, 1]), timer),
        advanceJourneys(slow([ticks % 7, 0]), timer),
        processEnvelope(slow([ticks % 5, 2]), envelope([ada], [track('p', 'Page Viewed', due)])),
      ]);
      await settle(world);
      expect(await stampsOf(world)).toEqual([new Date(due).toISOString()]);
      const { hot } = await theOne(world, ada);
      const [stored] = await world.people.instances([(await theOne(world, ada)).id], [watchRef]);
      expect(stored?.instance.stored).toBe(hot.watching?.stored);
    }
  });

  test('of somebody who is lost already when the journey goes live start nothing', async () => {
    const world = await aWorld([], winter);
    await tell(world, order('1', winter));
    await later(world, exactDays(70));
    await publish(world, winBack);
    await does(world, 'Page Viewed');
    expect(await runs(world)).toEqual([]);
    expect(Object.values((await theOne(world, ada)).hot.watched ?? {})).toEqual([true]);
    const at = world.clock.now;
    await does(world, 'Order Completed', { order_id: '2' });
    await later(world, exactDays(61));
    expect(await stampsOf(world)).toEqual([new Date(after(at, span('60 days'), zone)).toISOString()]);
  });

  test('are watched for somebody who does nothing after the push, once a sweep has told so', async () => {
    const world = await aWorld([], winter);
    await tell(world, order('1', winter));
    await publish(world, winBack);
    const { id } = await theOne(world, ada);
    await advanceJourneys(world.ports, { person: id, ...watchRef, due: world.clock.now });
    await later(world, exactDays(60));
    expect(await runs(world)).toHaveLength(1);
  });

  test('of a history that is imported are recorded and start nothing; the next boundary does', async () => {
    const world = await aWorld([winBack], winter);
    await processEnvelope(
      world.ports,
      envelope([ada], [order('1', winter - exactDays(100))], { imported: true, receivedAt: winter }),
    );
    expect(await runs(world)).toEqual([]);
    expect(Object.values((await theOne(world, ada)).hot.watched ?? {})).toEqual([true]);
    await processEnvelope(
      world.ports,
      envelope([ada], [order('2', winter - exactDays(10))], { imported: true, receivedAt: winter }),
    );
    await later(world, exactDays(51));
    expect(await runs(world)).toHaveLength(1);
  });
});

describe('two people who become one', () => {
  test.each([
    ['older', 10],
    ['older', 70],
    ['younger', 10],
    ['younger', 70],
  ])('do not enter twice what the %s one is in when they meet after %d days, and the timer goes on', async (who, mergeAfter) => {
    const world = await aWorld([winBack], winter - hours(1));
    const visits = async () => processEnvelope(world.ports, envelope([ada], [track('p', 'Page Viewed', world.clock.now)]));
    if (who === 'younger') await visits();
    world.clock.now = winter;
    await processEnvelope(world.ports, envelope([user('u')], [order('1', winter)]));
    world.clock.now += 1;
    if (who === 'older') await visits();
    await until(world, winter + exactDays(mergeAfter));
    const both = envelope([ada, user('u')], [track('m', 'Identify', world.clock.now)], { receivedAt: world.clock.now });
    await processEnvelope(world.ports, both);
    await settle(world);
    expect(await world.people.dueTimers(0, world.clock.now + exactDays(400), 10)).toHaveLength(mergeAfter === 10 ? 1 : 0);
    await later(world, exactDays(100));
    expect(await stampsOf(world)).toEqual([new Date(after(winter, span('60 days'), zone)).toISOString()]);
    expect(await world.people.dueTimers(0, world.clock.now + exactDays(400), 10)).toEqual([]);
  });
});

describe('a segment of who somebody is', () => {
  const vip: Condition = { kind: 'compare', path: ['grade'], comparison: { op: 'eq', value: 'or' } };
  const journeys = [
    bySegment('vip', 'entered', vip, [goal('1', 'bonjour')]),
    bySegment('vip', 'left', vip, [goal('1', 'adieu')]),
  ];
  const named = journeys.map((version, index) => ({
    ...version,
    hash: `v${index}`,
    journey: { ...version.journey, name: `vip-${index}` },
  }));
  const grade = (id: string, at: number, value: string) =>
    track(id, 'Identify', at, {}, { type: 'identify', traits: { grade: value } });

  test('is entered and left by what is told, each time', async () => {
    const world = await aWorld(named);
    for (const [index, value] of ['argent', 'or', 'or', 'argent', 'or'].entries()) {
      await tell(world, grade(`g${index}`, noon + seconds(index), value));
      world.clock.now += seconds(1);
    }
    expect((await runs(world)).map(({ went }) => went[0])).toEqual(['goal bonjour', 'goal adieu', 'goal bonjour']);
  });

  test('is entered by somebody new at once', async () => {
    const world = await aWorld(named);
    await tell(world, grade('1', noon, 'or'));
    expect((await runs(world)).map(({ went }) => went[0])).toEqual(['goal bonjour']);
  });

  test('imported is recorded and starts nothing', async () => {
    const world = await aWorld(named);
    await processEnvelope(world.ports, envelope([ada], [grade('1', noon, 'or')], { imported: true, receivedAt: noon }));
    expect(await runs(world)).toEqual([]);
    expect(Object.values((await theOne(world, ada)).hot.watched ?? {})).toEqual([true]);
  });

  test('cannot be entered by the word of a source', async () => {
    const world = await aWorld(named);
    await does(world, 'Segment Entered', { segment: 'vip' });
    expect(await runs(world)).toEqual([]);
  });

  test('told too late changes the record and starts nothing', async () => {
    const world = await aWorld(named);
    await tell(world, grade('1', noon - hours(2), 'or'));
    expect(await runs(world)).toEqual([]);
    expect(Object.values((await theOne(world, ada)).hot.watched ?? {})).toEqual([true]);
  });
});

test('nothing is kept of people where nothing is watched', async () => {
  const world = await aWorld([aJourney('x', { on: ['Signed Up'] }, [goal('1')])]);
  await does(world, 'Signed Up');
  const { hot, id } = await theOne(world, email('ada@example.com'));
  expect([hot.watched, hot.watching, hot.counts]).toEqual([undefined, undefined, undefined]);
  expect(world.people.stored(id).instances.size).toBe(1);
});
