/** A wait for a date of the person follows that date, in whichever direction it moves (promise 4; design section 3, Timers). */
import { describe, expect, test } from 'vitest';
import type { Step } from '../../shared/journeys/journey.ts';
import { exactDays, hours, minutes, seconds } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { ada, aJourney, aWorld, does, goal, later, runs, settle, tell, until, wait } from './language-world.ts';
import { envelope, noon, pauses, track, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

describe('a wait until a date of the person', () => {
  const step: Step = {
    kind: 'wait-date',
    label: '1',
    date: { path: ['booking'], offset: { count: -1, unit: 'days' }, at: 540, every: 'once', zone: 'brand' },
  };
  const booking = aJourney('séjour', { on: ['Booked'] }, [step, goal('2')]);
  const told = (booked: string, id: string, at: number) => track(id, 'Booked', at, {}, { traits: { booking: booked } });

  test('goes on the day before it, also when the date moves later meanwhile', async () => {
    const world = await aWorld([booking]);
    await tell(world, told('2026-12-01', '1', noon));
    await later(world, exactDays(2));
    await tell(world, track('2', 'Identify', world.clock.now, {}, { type: 'identify', traits: { booking: '2026-12-03' } }));
    await until(world, Date.parse('2026-12-02T07:59:59Z'));
    expect(await runs(world)).toMatchObject([{ went: [] }]);
    await until(world, Date.parse('2026-12-02T08:00:00Z'));
    expect(await runs(world)).toMatchObject([{ went: ['waited', 'goal fait'] }]);
  });

  const moves = (world: TestWorld, booked: string | null, id = `${booked}`) =>
    tell(world, track(id, 'Identify', world.clock.now, {}, { type: 'identify', traits: { booking: booked } }));

  test.each([
    ['moves earlier', '2026-11-28', '2026-11-27T08:00:00Z'],
    ['moves into the past', '2026-11-24', '2026-11-25T11:05:00Z'],
    ['is taken away', null, '2026-11-25T11:05:00Z'],
    ['stays as it is', '2026-12-01', '2026-11-30T08:00:00Z'],
  ] as const)('goes on when it is time where the date %s', async (_what, booked, due) => {
    const world = await aWorld([booking]);
    await tell(world, told('2026-12-01', '1', noon));
    await later(world, exactDays(2));
    await moves(world, booked);
    await until(world, Date.parse(due) - 1);
    expect(await runs(world)).toMatchObject([{ went: [] }]);
    await until(world, Date.parse(due));
    expect(await runs(world)).toMatchObject([{ went: ['waited', 'goal fait'] }]);
  });

  test('that has moved close is not hurried by being told again, so that what calls it off is seen first', async () => {
    const exit = { exit: { on: ['Cancelled'] } };
    const world = await aWorld([aJourney('séjour', { on: ['Booked'] }, [step, goal('2')], exit)]);
    await tell(world, told('2026-12-01', '1', noon));
    await later(world, exactDays(2));
    await moves(world, '2026-11-25');
    await later(world, minutes(4));
    await moves(world, '2026-11-25', 'again');
    await later(world, seconds(59));
    await does(world, 'Cancelled');
    await later(world, exactDays(10));
    expect(await runs(world)).toMatchObject([{ went: ['ended'] }]);
  });

  test('at an hour of theirs follows them east', async () => {
    const theirs: Step = {
      ...step,
      date: { path: ['booking'], offset: { count: -1, unit: 'days' }, at: 540, every: 'once', zone: 'recipient' },
    };
    const world = await aWorld([aJourney('séjour', { on: ['Booked'] }, [theirs, goal('2')])]);
    await tell(world, track('1', 'Booked', noon, {}, { traits: { booking: '2026-12-01', timezone: 'America/New_York' } }));
    await later(world, exactDays(2));
    await tell(world, track('2', 'Identify', world.clock.now, {}, { type: 'identify', traits: { timezone: 'Europe/Paris' } }));
    await until(world, Date.parse('2026-11-30T08:00:00Z'));
    expect(await runs(world)).toMatchObject([{ went: ['waited', 'goal fait'] }]);
  });

  test('that is told while the run arrives there is followed, whoever is faster', async () => {
    const arrives = aJourney('séjour', { on: ['Booked'] }, [wait('1', '1 hour'), { ...step, label: '2' }, goal('3')]);
    for (let ticks = 0; ticks < 30; ticks++) {
      const world = await aWorld([arrives]);
      await tell(world, told('2026-12-20', '1', noon));
      world.clock.now = noon + hours(1) + seconds(5);
      const [timer] = await world.people.dueTimers(0, world.clock.now, 1);
      if (timer === undefined) throw new Error('no timer is armed');
      const slow = (steps: readonly number[]) => ({ ...world.ports, people: slowPeople(world.people, pauses(steps)) });
      const sooner = track('2', 'Identify', world.clock.now, {}, { type: 'identify', traits: { booking: '2026-12-01' } });
      await Promise.all([
        advanceJourneys(slow([ticks % 6, 1]), timer),
        processEnvelope(slow([Math.floor(ticks / 6), 2]), envelope([ada], [sooner])),
      ]);
      await settle(world);
      await until(world, Date.parse('2026-11-30T08:00:00Z'));
      expect(await runs(world)).toMatchObject([{ went: ['waited', 'waited', 'goal fait'] }]);
    }
  });

  test('costs a look at the run only when that date is told', async () => {
    const world = await aWorld([booking]);
    await tell(world, told('2026-12-01', '1', noon));
    let looks = 0;
    const instances: TestWorld['people']['instances'] = (family, refs) => {
      looks += 1;
      return world.people.instances(family, refs);
    };
    const ports = { ...world.ports, people: { ...slowPeople(world.people, async () => undefined), instances } };
    const telling = (id: string, traits: Record<string, string>) =>
      processEnvelope(ports, envelope([ada], [track(id, 'Identify', noon + 1, {}, { type: 'identify', traits })]));
    await telling('2', { city: 'Lyon' });
    expect(looks).toBe(0);
    await telling('3', { booking: '2026-12-02' });
    expect(looks).toBe(1);
  });

  test.each([['2026-11-01'], ['bientôt']])('goes on at once where the date is %s', async (booked) => {
    const world = await aWorld([booking]);
    await tell(world, told(booked, '1', noon));
    expect(await runs(world)).toMatchObject([{ went: ['did not wait', 'goal fait'] }]);
  });
});
