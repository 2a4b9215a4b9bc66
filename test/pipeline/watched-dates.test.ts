/** Days that dates of a person name: on their day at their time, once, whatever is pushed, told or moved meanwhile (promises 2, 4). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DateMoment } from '../../shared/journeys/journey.ts';
import { exactDays, hours, minutes } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { Conflict } from '../../shared/kernel/errors.ts';
import {
  ada,
  aWorld,
  byDate,
  bySegment,
  does,
  goal,
  is,
  later,
  publish,
  runs,
  says,
  settle,
  span,
  tell,
  until,
  wait,
} from './language-world.ts';
import { envelope, noon, theOne, track, user, type TestWorld } from './process-events-world.ts';

const birthday = byDate('anniversaire');
const onDate = (given: Partial<DateMoment>) => byDate('anniversaire', given);
const other = bySegment('vip', 'entered', is('grade', 'eq', 'or'), [goal('1')]);
const winter = Date.parse('2026-12-01T10:00:00Z');
const day = Date.parse('2027-03-14T00:00:00Z');

const keysOf = async (world: TestWorld): Promise<readonly string[]> => (await runs(world)).map(({ key }) => key);
const stampsOf = async (world: TestWorld): Promise<readonly string[]> =>
  (await runs(world)).map(({ at }) => new Date(at).toISOString());

describe('a date of the person', () => {
  test('of 29 February is kept on the 28th in common years, and on its day in leap years', async () => {
    const world = await aWorld([birthday], winter);
    await says(world, { birthday: '1992-02-29' });
    await until(world, Date.parse('2029-03-01T00:00:00Z'));
    expect((await runs(world)).map(({ key, at }) => [key, new Date(at).toISOString()])).toEqual([
      ['2027-02-28', '2027-02-28T08:00:00.000Z'],
      ['2028-02-29', '2028-02-29T08:00:00.000Z'],
      ['2029-02-28', '2029-02-28T08:00:00.000Z'],
    ]);
  });

  test('comes a week before, in the morning of the recipient', async () => {
    const world = await aWorld([onDate({ offset: { count: -7, unit: 'days' }, zone: 'recipient' })], winter);
    await says(world, { birthday: '1992-03-14', timezone: 'America/New_York' });
    await until(world, day);
    expect(await stampsOf(world)).toEqual(['2027-03-07T14:00:00.000Z']);
  });

  test('told on the day itself after its hour starts nothing this year; told again it starts once', async () => {
    const world = await aWorld([birthday], day + hours(8.5));
    await says(world, { birthday: '1992-03-14' });
    await later(world, exactDays(30));
    expect(await runs(world)).toEqual([]);
    await says(world, { birthday: '1992-03-14' });
    await until(world, Date.parse('2028-03-15T00:00:00Z'));
    expect(await keysOf(world)).toEqual(['2028-03-14']);
  });

  test('that moves takes the timer along, and none is left behind', async () => {
    const world = await aWorld([onDate({ every: 'once' })], winter);
    await says(world, { birthday: '2027-01-10' });
    world.clock.now += minutes(1);
    await says(world, { birthday: '2027-01-05' });
    await until(world, Date.parse('2027-01-05T08:00:00Z'));
    expect(await keysOf(world)).toEqual(['2027-01-05']);
    await until(world, Date.parse('2027-03-01T00:00:00Z'));
    expect(await runs(world)).toHaveLength(1);
    expect(await world.people.dueTimers(0, world.clock.now + exactDays(1_000), 10)).toEqual([]);
  });

  test('comes at its own instant, however late our timers are, also where the same message corrects it', async () => {
    for (const told of ['1992-03-14', '1992-05-01']) {
      const world = await aWorld([birthday], winter);
      await says(world, { birthday: '1992-03-14' });
      world.clock.now = day + hours(30); // nobody ran our timers
      await says(world, { birthday: told });
      expect(await stampsOf(world)).toEqual(['2027-03-14T08:00:00.000Z']);
      expect(await keysOf(world)).toEqual(['2027-03-14']);
    }
  });

  test('that came while our timers were late is ended by what came after it', async () => {
    const appointment = byDate('rendez-vous', { every: 'once' }, {}, [wait('1', '3 days'), goal('2')]);
    const exits = { ...appointment, journey: { ...appointment.journey, exit: { on: ['Order Completed'] } } };
    const world = await aWorld([exits], winter);
    await says(world, { birthday: '2027-03-14' });
    world.clock.now = day + hours(30); // nobody ran our timers
    await tell(world, track('o', 'Order Completed', day + hours(10), { order_id: '1' }));
    await later(world, exactDays(5));
    expect((await runs(world)).map(({ went }) => went)).toEqual([['ended']]);
  });

  test('with a rest of thirty days comes each year', async () => {
    const steps = [{ kind: 'task', label: '1', to: 'a@b.example', subject: 'x', text: 'x' } as const];
    const world = await aWorld([byDate('anniversaire', {}, { rest: span('30 days') }, steps)], winter);
    await says(world, { birthday: '1990-12-14' });
    await later(world, exactDays(365 * 3));
    expect(await keysOf(world)).toEqual(['2026-12-14', '2027-12-14', '2028-12-14']);
  });
});

describe('a date that is past', () => {
  test('when its journey goes live waits for its next time', async () => {
    const world = await aWorld([other], noon);
    await says(world, { birthday: '1990-11-25' });
    world.clock.now = noon + exactDays(5);
    await publish(world, other, birthday);
    world.clock.now += minutes(1);
    await does(world, 'Page Viewed');
    await until(world, noon + exactDays(300));
    expect(await runs(world)).toEqual([]);
    await until(world, noon + exactDays(400));
    expect(await keysOf(world)).toEqual(['2027-11-25']);
  });

  test('while its journey was away waits for its next time', async () => {
    const world = await aWorld([other, birthday], noon);
    await says(world, { birthday: '1990-11-25' });
    await publish(world, other);
    await until(world, noon + exactDays(5));
    await publish(world, other, birthday);
    await does(world, 'Page Viewed');
    await later(world, exactDays(2));
    expect(await runs(world)).toEqual([]);
  });

  test.each([
    ['imported', { imported: true as const }, 0],
    ['told late', {}, exactDays(3)],
  ])('starts nothing where it is %s', async (_how, given, age) => {
    const world = await aWorld([birthday], noon);
    await does(world, 'Page Viewed');
    world.clock.now += exactDays(3);
    const told = track('b', 'Identify', world.clock.now - age, {}, { type: 'identify', traits: { birthday: '1990-11-25' } });
    await processEnvelope(world.ports, envelope([ada], [told], { ...given, receivedAt: world.clock.now }));
    await later(world, minutes(1));
    await does(world, 'Page Viewed');
    await later(world, exactDays(30));
    expect(await runs(world)).toEqual([]);
  });

  test('by a new hour of its journey waits for its next time; one that has come does not come again', async () => {
    const at = (time: number) => onDate({ at: time });
    const world = await aWorld([at(600)], noon);
    await says(world, { birthday: '1990-11-25' });
    await until(world, Date.parse('2026-11-25T08:30:00Z')); // half past nine
    await publish(world, at(480));
    await does(world, 'Page Viewed');
    await later(world, exactDays(5));
    expect(await runs(world)).toEqual([]);
    await until(world, Date.parse('2027-11-25T07:30:00Z'));
    await publish(world, at(600));
    await later(world, exactDays(5));
    expect(await stampsOf(world)).toEqual(['2027-11-25T07:00:00.000Z']);
  });
});

describe('the clock of the person changes', () => {
  const zones = ['America/New_York', 'Europe/Paris', 'Asia/Tokyo', 'Pacific/Auckland', 'Pacific/Honolulu'] as const;
  const here = (every: DateMoment['every']) => onDate({ zone: 'recipient', every });

  test('on the day, after its hour there and before its hour here: it comes at once', async () => {
    const world = await aWorld([here('year')], day - exactDays(1));
    await says(world, { birthday: '1990-03-14', timezone: 'America/New_York' });
    await until(world, day + hours(12.5)); // half past eight in New York, half past one in Paris
    await says(world, { timezone: 'Europe/Paris' });
    expect(await runs(world)).toMatchObject([{ key: '2027-03-14', at: day + hours(12.5) }]);
    await later(world, exactDays(10));
    expect(await runs(world)).toHaveLength(1);
  });

  test('to a later one while our timers are late: it waits for its hour there', async () => {
    const world = await aWorld([here('year')], day - exactDays(1));
    await says(world, { birthday: '1990-03-14', timezone: 'Europe/Paris' });
    world.clock.now = day + hours(9); // ten in Paris, five in New York; nobody ran our timers
    await says(world, { timezone: 'America/New_York' });
    await later(world, exactDays(10));
    expect(await stampsOf(world)).toEqual(['2027-03-14T13:00:00.000Z']);
  });

  test('and the worker dies between the person and the rest: it comes all the same', async () => {
    const world = await aWorld([here('year')], day - exactDays(1));
    await says(world, { birthday: '1990-03-14', timezone: 'America/New_York' });
    await until(world, day + hours(12.5));
    const commit = world.people.commit.bind(world.people);
    let fails = 1;
    world.people.commit = (person, one) => {
      if (fails-- > 0) throw new Conflict('the worker died');
      return commit(person, one);
    };
    await says(world, { timezone: 'Europe/Paris' });
    expect(await keysOf(world)).toEqual(['2027-03-14']);
  });

  test.each(['year', 'once'] as const)('whenever and however often: a date that comes %s comes once', async (every) => {
    const aMove = fc.record({ zone: fc.constantFrom(...zones), after: fc.integer({ min: 0, max: 40 }) });
    const aBirthday = fc.constantFrom('2027-03-14', '2027-03-14T23:30:00Z', '2027-03-14T05:00:00+09:00');
    await fc.assert(
      fc.asyncProperty(aBirthday, fc.constantFrom(...zones), fc.array(aMove, { maxLength: 6 }), async (born, first, moves) => {
        const world = await aWorld([here(every)], day - exactDays(3));
        await says(world, { birthday: born, timezone: first });
        for (const { zone, after } of moves) {
          await later(world, hours(after) + minutes(7));
          await says(world, { timezone: zone });
        }
        await later(world, exactDays(60));
        expect(await runs(world)).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a birthday that is corrected', () => {
  const greeted = async (corrected: string, given: Partial<DateMoment> = {}) => {
    const world = await aWorld([onDate(given)], winter);
    await says(world, { birthday: '2027-01-15' });
    await until(world, Date.parse('2027-01-15T12:00:00Z'));
    await says(world, { birthday: corrected });
    await until(world, Date.parse('2028-02-01T00:00:00Z'));
    return keysOf(world);
  };

  test('after its greeting is greeted again next year, not next day', async () => {
    expect(await greeted('2027-01-16')).toEqual(['2027-01-15', '2028-01-16']);
    expect(await greeted('2027-07-01')).toEqual(['2027-01-15']);
  });
  test('by more than half a year is greeted that year, too', async () => {
    expect(await greeted('2027-07-20')).toEqual(['2027-01-15', '2027-07-20']);
  });
  test('is no appointment: one that moves comes again', async () => {
    expect(await greeted('2027-01-16', { every: 'once' })).toEqual(['2027-01-15', '2027-01-16']);
  });
  test('after a greeting that its condition refused is greeted on the right day', async () => {
    const world = await aWorld([byDate('anniversaire', {}, { where: is('grade', 'eq', 'or') })], winter);
    await says(world, { birthday: '1990-01-15' });
    await until(world, Date.parse('2027-01-15T12:00:00Z'));
    await says(world, { birthday: '1990-01-16', grade: 'or' });
    await later(world, exactDays(3));
    expect(await keysOf(world)).toEqual(['2027-01-16']);
  });
  test.each(['older', 'younger'])('by a merge: whom the %s half was greeted as is not greeted again', async (who) => {
    const world = await aWorld([birthday], winter);
    const says15 = envelope(
      [user('u')],
      [track('b', 'Identify', winter, {}, { type: 'identify', traits: { birthday: '1990-01-15' } })],
    );
    if (who === 'older') await processEnvelope(world.ports, says15);
    world.clock.now += minutes(1);
    await says(world, { birthday: '1990-01-16' });
    world.clock.now += minutes(1);
    if (who === 'younger') await processEnvelope(world.ports, says15);
    await until(world, Date.parse('2027-01-15T12:00:00Z'));
    const both = envelope([ada, user('u')], [track('m', 'Identify', world.clock.now)], { receivedAt: world.clock.now });
    await processEnvelope(world.ports, both);
    await settle(world);
    await later(world, exactDays(30));
    expect(await keysOf(world)).toEqual(['2027-01-15']);
  });
});

describe('a trait that holds no date', () => {
  const decisionsOf = async (world: TestWorld) => {
    const { id } = await theOne(world, ada);
    return [...world.people.stored(id).chunks.values()].flatMap(({ decisions }) => decisions);
  };

  test.each<[string, Partial<DateMoment>, string]>([
    ['29/02/1988', {}, 'birthday is no date, such as 1988-02-29'],
    ['1988-02-30', {}, 'birthday is no date, such as 1988-02-29'],
    ['--02-29', { every: 'once' }, 'birthday is no date with its year, such as 1988-02-29'],
  ])('is kept with the event that told it: %s', async (value, given, because) => {
    const world = await aWorld([onDate(given)]);
    await says(world, { birthday: value });
    await does(world, 'Page Viewed');
    await says(world, { grade: 'or' });
    expect(await decisionsOf(world)).toEqual([
      {
        at: noon,
        rule: 'anniversaire',
        event: 'Date Reached',
        moment: 'start',
        outcome: 'not',
        because,
        seen: value,
      },
    ]);
  });

  test.each(['1988-02-29', '1988/02/29', '1988.02.29', '--02-29', '', '1988-02-29T10:00:00Z'])(
    'is not said of %j',
    async (value) => {
      const world = await aWorld([birthday]);
      await says(world, { birthday: value });
      expect(await decisionsOf(world)).toEqual([]);
    },
  );

  test('is said of what stands, not of an older value told later', async () => {
    const world = await aWorld([birthday]);
    await says(world, { birthday: '1988-02-29' });
    await says(world, { birthday: '29/02/1988' }, noon - hours(2));
    expect(await decisionsOf(world)).toEqual([]);
  });
});

test('of two dates each comes on its day', async () => {
  const world = await aWorld([birthday, byDate('garantie', { path: ['guaranteeEnd'], every: 'once' })], winter);
  await says(world, { birthday: '1990-01-15', guaranteeEnd: '2027-01-15' });
  await until(world, Date.parse('2028-12-01T00:00:00Z'));
  expect((await runs(world)).map(({ journey, key }) => [journey, key])).toEqual([
    ['anniversaire', '2027-01-15'],
    ['garantie', '2027-01-15'],
    ['anniversaire', '2028-01-15'],
  ]);
});
