/** What a push means for people who are watched: timers that come to rest, people who are in already, sweeps (promises 2 and 4). */
import { describe, expect, test } from 'vitest';
import type { JourneyVersion } from '../../shared/config/config.ts';
import { watchRef } from '../../shared/journeys/watch.ts';
import { exactDays, hours, minutes } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { runTimers } from '../../shared/pipeline/run-timers.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import {
  ada,
  aJourney,
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
  until,
  wait,
} from './language-world.ts';
import { email, envelope, noon, theOne, track, user, type TestWorld } from './process-events-world.ts';

const birthday = byDate('anniversaire');
const lost: Condition = { kind: 'all', of: [did(['Order Completed']), never(['Order Completed'], '60 days')] };
const winBack = bySegment('perdus', 'entered', lost, [goal('1')]);
const always = exactDays(4_000);

/** As the sweep after a push does, or a second telling of a timer. */
const sweep = async (world: TestWorld): Promise<'idle' | 'moved'> => {
  const { id } = await theOne(world, ada);
  return advanceJourneys(world.ports, { person: id, ...watchRef, due: world.clock.now });
};

describe('the timer of somebody whom no journey watches any more', () => {
  test('fires once and comes to rest, and nothing is kept', async () => {
    const world = await aWorld([birthday, winBack], noon);
    await says(world, { birthday: '1990-11-30' });
    await publish(world);
    await does(world, 'Page Viewed');
    const [timer] = await world.people.dueTimers(0, noon + always, 10);
    if (timer === undefined) throw new Error('no timer is armed');
    await until(world, timer.due);
    expect(await world.people.dueTimers(0, noon + always, 10)).toEqual([]);
    const { hot } = await theOne(world, ada);
    expect([hot.watching, hot.watched, hot.dates]).toEqual([undefined, undefined, undefined]);
    expect(await advanceJourneys(world.ports, timer)).toBe('idle');
  });

  test('is armed again once a journey watches again', async () => {
    const world = await aWorld([birthday], noon);
    await says(world, { birthday: '1990-11-30' });
    await publish(world);
    await later(world, exactDays(30));
    await publish(world, birthday);
    await does(world, 'Page Viewed');
    await later(world, exactDays(365));
    expect((await runs(world)).map(({ key }) => key)).toEqual(['2027-11-30']);
  });

  test('holds up nobody else, however many they are', async () => {
    const cart = aJourney('relance', { on: ['S'] }, [wait('1', '30 minutes'), goal('2')]);
    const world = await aWorld([birthday, cart]);
    for (let person = 0; person < 2_400; person++) {
      const born = track(`b${person}`, 'Identify', noon, {}, { type: 'identify', traits: { birthday: '1990-11-24' } });
      await processEnvelope(world.ports, envelope([email(`p${person}@x.example`)], [born]));
    }
    await publish(world, cart);
    world.clock.now = Date.parse('2026-11-24T08:00:00Z');
    await does(world, 'S');
    for (let minute = 0; minute < 40; minute++) {
      world.clock.now += minutes(1);
      await runTimers(world.ports);
      for (const one of world.queues.takeWork(world.clock.now)) await advanceJourneys(world.ports, one);
    }
    expect((await runs(world)).map(({ went }) => went)).toEqual([['waited', 'goal fait']]);
    expect(await world.people.dueTimers(0, noon + always, 10)).toEqual([]);
  });
});

describe('a sweep after a push', () => {
  test('reaches those who have a timer already, and does nothing the second time', async () => {
    const world = await aWorld([birthday], noon);
    await says(world, { birthday: '1990-10-01' });
    await does(world, 'Order Completed', { order_id: '1', total: 2 });
    world.clock.now += minutes(1);
    await publish(world, birthday, winBack);
    expect(await sweep(world)).toBe('moved');
    expect(await sweep(world)).toBe('idle');
    await later(world, exactDays(61));
    expect((await runs(world)).map(({ journey }) => journey)).toEqual(['perdus']);
  });
});

describe('existing: include', () => {
  const vip = is('grade', 'eq', 'or');
  const including = (name: string, existing: 'include' | 'ignore' = 'include', when = vip): JourneyVersion => {
    const cause = { kind: 'segment', segment: 'vip', moment: 'entered', when, existing } as const;
    return bySegment(name, 'entered', when, [goal('1')], { cause });
  };
  const inAlready = async (...journeys: readonly JourneyVersion[]) => {
    const world = await aWorld(journeys, noon);
    await says(world, { grade: 'or' });
    await later(world, exactDays(1));
    return world;
  };

  test('starts those who are in when the journey goes live, with the next that is told of them, once', async () => {
    const world = await inAlready();
    await publish(world, including('vip'));
    for (let visit = 0; visit < 3; visit++) {
      await does(world, 'Page Viewed');
      await later(world, hours(1));
    }
    expect((await runs(world)).map(({ at }) => at)).toEqual([noon + exactDays(1)]);
  });

  test('starts a run that the very event does not end which only showed that they are there', async () => {
    const world = await inAlready();
    const version = including('vip');
    await publish(world, {
      ...version,
      journey: { ...version.journey, steps: [wait('1', '1 hour')], exit: { on: ['Page Viewed'] } },
    });
    await does(world, 'Page Viewed');
    expect((await runs(world)).map(({ went }) => went)).toEqual([[]]);
    await later(world, minutes(1));
    await does(world, 'Page Viewed');
    expect((await runs(world)).map(({ went }) => went)).toEqual([['ended']]);
  });

  test('starts them at once where a sweep tells so', async () => {
    const world = await inAlready();
    await publish(world, including('vip'));
    await sweep(world);
    await does(world, 'Page Viewed');
    expect(await runs(world)).toHaveLength(1);
  });

  test('starts them at their next boundary where nobody tells anything', async () => {
    const world = await aWorld([birthday], noon);
    await says(world, { grade: 'or', birthday: '1990-11-25' });
    await publish(world, birthday, including('vip'));
    await later(world, exactDays(5));
    expect((await runs(world)).map(({ journey }) => journey).toSorted()).toEqual(['anniversaire', 'vip']);
  });

  test('of a second journey starts them too, and of one that said ignore before', async () => {
    const world = await inAlready(including('a', 'ignore'));
    expect((await runs(world)).map(({ journey }) => journey)).toEqual(['a']);
    await publish(world, including('a', 'ignore'), including('b'), including('c', 'ignore'));
    await does(world, 'Page Viewed');
    await publish(world, including('a', 'ignore'), including('b'), including('c'));
    await later(world, minutes(1));
    await does(world, 'Page Viewed');
    expect((await runs(world)).map(({ journey }) => journey)).toEqual(['a', 'b', 'c']);
  });

  test('does not start them again when the segment asks something else', async () => {
    const world = await inAlready(including('vip'));
    await publish(world, including('vip', 'include', { kind: 'all', of: [vip] }));
    await later(world, minutes(1));
    await does(world, 'Page Viewed');
    expect(await runs(world)).toHaveLength(1);
  });

  test('starts nobody whom the next event takes out, nor twice whom it takes in', async () => {
    const world = await inAlready();
    await publish(world, including('vip'));
    await says(world, { grade: 'argent' });
    await later(world, minutes(1));
    await does(world, 'Page Viewed');
    expect(await runs(world)).toEqual([]);
    await says(world, { grade: 'or' });
    expect(await runs(world)).toHaveLength(1);
  });

  test('starts those once who enter with the first event after it went live', async () => {
    const world = await aWorld([], noon);
    await does(world, 'Page Viewed');
    await publish(world, including('vip'));
    world.clock.now += minutes(10);
    await says(world, { grade: 'or' }, noon + minutes(5));
    await does(world, 'Page Viewed');
    expect((await runs(world)).map(({ at }) => at)).toEqual([noon + minutes(5)]);
  });

  test('starts those who enter later as they do, new people and old', async () => {
    const world = await aWorld([including('vip')], noon);
    await says(world, { grade: 'or' });
    await does(world, 'Page Viewed');
    expect(await runs(world)).toHaveLength(1);
    for (const grade of ['argent', 'or']) {
      world.clock.now += minutes(1);
      await says(world, { grade });
    }
    expect(await runs(world)).toHaveLength(2);
  });

  test('starts whoever was in as two people once', async () => {
    const world = await inAlready();
    const other = track('o', 'Identify', world.clock.now, {}, { type: 'identify', traits: { grade: 'or' } });
    await processEnvelope(world.ports, envelope([user('u')], [other]));
    await publish(world, including('vip'));
    await does(world, 'Page Viewed');
    world.clock.now += minutes(1);
    const both = envelope([ada, user('u')], [track('m', 'Identify', world.clock.now)], { receivedAt: world.clock.now });
    await processEnvelope(world.ports, both);
    await settle(world);
    await does(world, 'Page Viewed');
    expect(await runs(world)).toHaveLength(1);
  });
});
