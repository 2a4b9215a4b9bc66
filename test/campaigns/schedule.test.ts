/** When campaigns go out: the days of a schedule against a calendar walked day by day, the instants against clocks on walls. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../shared/campaigns/campaign.ts';
import {
  beginningAt,
  goesOutOn,
  latestDay,
  nextWave,
  nominalInstant,
  waveOf,
  wavesOf,
  type Timing,
} from '../../shared/campaigns/schedule.ts';
import { dayText, hours, instantAt, isoInstant, minutes, parseDay, type Day } from '../../shared/kernel/time.ts';

const day = (text: string): Day => parseDay(text)!;
const at = (text: string): number => Date.parse(text);
const daysOf = (schedule: Schedule, from: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => day(from) + index)
    .filter((one) => goesOutOn(schedule, one))
    .map(dayText);

describe('the days of a schedule', () => {
  test.each<[string, Schedule, string, number, readonly string[]]>([
    ['once is that day', { kind: 'once', day: '2026-12-01' }, '2026-11-01', 90, ['2026-12-01']],
    ['each Tuesday is each Tuesday', { kind: 'week', weekday: 2 }, '2026-12-01', 21, ['2026-12-01', '2026-12-08', '2026-12-15']],
    ['Sunday is the seventh', { kind: 'week', weekday: 7 }, '2026-11-30', 7, ['2026-12-06']],
    ['the 15th is the 15th', { kind: 'month-day', day: 15 }, '2026-01-01', 90, ['2026-01-15', '2026-02-15', '2026-03-15']],
    [
      'the 31st of a shorter month is its last day',
      { kind: 'month-day', day: 31 },
      '2027-12-20',
      140,
      ['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'],
    ],
    ['the 29th of a February of 28 days is the 28th', { kind: 'month-day', day: 29 }, '2026-02-01', 28, ['2026-02-28']],
    [
      'the first Tuesday may be the first day or the seventh',
      { kind: 'month-weekday', nth: 1, weekday: 2 },
      '2026-12-01',
      220,
      ['2026-12-01', '2027-01-05', '2027-02-02', '2027-03-02', '2027-04-06', '2027-05-04', '2027-06-01', '2027-07-06'],
    ],
    ['the fourth Friday is not always the last', { kind: 'month-weekday', nth: 4, weekday: 5 }, '2027-01-01', 31, ['2027-01-22']],
    ['the last Friday may be the fifth', { kind: 'month-weekday', nth: -1, weekday: 5 }, '2027-01-01', 31, ['2027-01-29']],
    ['the last Monday of a February', { kind: 'month-weekday', nth: -1, weekday: 1 }, '2027-02-01', 28, ['2027-02-22']],
  ])('%s', (_what, schedule, from, count, expected) => {
    expect(daysOf(schedule, from, count)).toEqual(expected);
  });

  /** The calendar of another maker. */
  const dates = (year: number, month: number): readonly Date[] => {
    const all: Date[] = [];
    for (
      let date = new Date(Date.UTC(year, month, 1));
      date.getUTCMonth() === month;
      date = new Date(date.getTime() + 86_400_000)
    )
      all.push(date);
    return all;
  };
  const numberOf = (date: Date): Day => date.getTime() / 86_400_000;

  test('of a month are those that somebody finds who walks through it with a finger', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2020, max: 2100 }), fc.integer({ min: 0, max: 11 }), (year, month) => {
        const walked = dates(year, month);
        for (let date = 1; date <= 31; date++) {
          const expected = walked.find((one) => one.getUTCDate() === date) ?? walked.at(-1)!;
          const found = walked.filter((one) => goesOutOn({ kind: 'month-day', day: date }, numberOf(one)));
          expect(found).toEqual([expected]);
        }
        for (let weekday = 1; weekday <= 7; weekday++) {
          const same = walked.filter((one) => (one.getUTCDay() || 7) === weekday);
          for (const nth of [1, 2, 3, 4, -1] as const) {
            const found = walked.filter((one) => goesOutOn({ kind: 'month-weekday', nth, weekday }, numberOf(one)));
            expect(found).toEqual([nth === -1 ? same.at(-1) : same[nth - 1]]);
          }
        }
      }),
    );
  });
});

const zones = [
  'Europe/Paris',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Chatham',
  'UTC',
];
const clocks = new Map(
  zones.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' }),
  ]),
);
/** `2026-03-29, 02:30`: what clocks on walls there show. */
const shown = (instant: number, zone: string): string => clocks.get(zone)!.format(instant);
const written = (one: Day, time: number): string =>
  `${dayText(one)}, ${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
/** Every instant at which a clock on earth could show it, the earliest first. */
const candidates = (one: Day, time: number): readonly number[] =>
  Array.from({ length: 27 * 4 }, (_, quarter) => one * 86_400_000 + minutes(time) - hours(14) + minutes(15 * quarter));

const anyDay = fc.integer({ min: day('2020-01-01'), max: day('2035-12-31') });
/** Days around changes of clocks come up often. */
const changes = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04', '2026-09-27'].map(day);
const someDay = fc.oneof(anyDay, fc.constantFrom(...changes));
const someTime = fc.oneof(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 200 }));

describe('the instant of an occurrence', () => {
  test('is the first one at which clocks there show its day and time, or that time and what they left out', () => {
    fc.assert(
      fc.property(someDay, someTime, fc.constantFrom(...zones), (one, time, zone) => {
        const shownAt = (minute: number): readonly number[] =>
          candidates(one, minute).filter((instant) => shown(instant, zone) === written(one, minute));
        const [expected] = [...shownAt(time), ...shownAt(time + (zone === 'Australia/Lord_Howe' ? 30 : 60))];
        expect(isoInstant(nominalInstant({ at: time }, one, zone))).toBe(isoInstant(expected ?? 0));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['02:30 of the night that has no 02:30 is 03:30', '2026-03-29', 150, 'Europe/Paris', '2026-03-29T01:30:00Z'],
    ['02:30 of the night that has two is the first', '2026-10-25', 150, 'Europe/Paris', '2026-10-25T00:30:00Z'],
    ['10:00 of the day after the change is 10:00', '2026-03-30', 600, 'Europe/Paris', '2026-03-30T08:00:00Z'],
    ['half an hour of change, too', '2026-10-04', 135, 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['the day that Samoa left out is the day after', '2011-12-30', 600, 'Pacific/Apia', '2011-12-30T20:00:00Z'],
  ])('%s', (_what, one, time, zone, expected) => {
    expect(nominalInstant({ at: time }, day(one), zone)).toBe(at(expected));
  });
});

describe('the waves of an occurrence', () => {
  const inRecipients: Timing = { schedule: { kind: 'once', day: '2026-12-01' }, at: 600, zone: 'recipient' };

  test('is one in the brand’s zone', () => {
    expect(wavesOf({ at: 600, zone: 'brand' }, day('2026-12-01'), 'Europe/Paris')).toEqual([at('2026-12-01T09:00:00Z')]);
  });

  test('begin on Kiribati and end west of it, 26 hours later', () => {
    const waves = wavesOf(inRecipients, day('2026-12-01'), 'Europe/Paris');
    expect(isoInstant(waves[0]!)).toBe('2026-11-30T20:00:00.000Z');
    expect(isoInstant(waves.at(-1)!)).toBe('2026-12-01T22:00:00.000Z');
    expect(waves).toEqual([...new Set(waves)].toSorted((a, b) => a - b));
    expect(waves.length).toBeLessThan(45);
  });

  test('take each person of a real zone at the very instant their clock shows the time', () => {
    const real = Intl.supportedValuesOf('timeZone');
    fc.assert(
      fc.property(someDay, someTime, fc.constantFrom(...real), (one, time, zone) => {
        const due = instantAt(one, time, zone);
        const wave = waveOf(due, wavesOf({ at: time, zone: 'recipient' }, one, 'Europe/Paris'));
        expect(isoInstant(wave ?? 0)).toBe(isoInstant(due));
      }),
      { numRuns: 2_000 },
    );
  });

  test('take a clock that no place has with the next one, and nobody before their time', () => {
    const waves = wavesOf(inRecipients, day('2026-12-01'), 'Europe/Paris');
    const due = instantAt(day('2026-12-01'), 600, '+03:17');
    expect(waveOf(due, waves)).toBe(at('2026-12-01T07:00:00Z'));
    expect(waveOf(waves.at(-1)! + 1, waves)).toBeUndefined();
  });
});

describe('what begins now', () => {
  const paris = 'Europe/Paris';
  const inBrands: Timing = { schedule: { kind: 'week', weekday: 2 }, at: 600, zone: 'brand' };
  const inRecipients: Timing = { ...inBrands, zone: 'recipient' };
  const begun = (timing: Timing, now: string) =>
    beginningAt(timing, paris, at(now)).map((one) => ({ day: dayText(one.day), first: isoInstant(one.waves[0]!).slice(0, 16) }));

  test.each([
    ['not before it is due', '2026-12-01T08:59:59.999Z', []],
    ['when it is due', '2026-12-01T09:00:00Z', ['2026-12-01']],
    ['up to an hour later', '2026-12-01T09:59:59.999Z', ['2026-12-01']],
    ['not later than that', '2026-12-01T10:00:00Z', []],
    ['not on another day', '2026-12-02T09:00:00Z', []],
  ])('in the brand’s zone: %s', (_when, now, expected) => {
    expect(begun(inBrands, now).map((one) => one.day)).toEqual(expected);
  });

  test.each([
    ['the day before, where the sun rises first', '2026-11-30T20:00:00Z', [{ day: '2026-12-01', first: '2026-11-30T20:00' }]],
    [
      'published when it is past in the east: for those alone whose time is not past',
      '2026-12-01T08:30:00Z',
      [{ day: '2026-12-01', first: '2026-12-01T08:00' }],
    ],
    ['the day after, where the sun sets last', '2026-12-01T22:59:00Z', [{ day: '2026-12-01', first: '2026-12-01T22:00' }]],
    ['nowhere any more', '2026-12-01T23:00:00Z', []],
  ])('in recipients’ zones: %s', (_when, now, expected) => {
    expect(begun(inRecipients, now)).toEqual(expected);
  });

  test('in a brand’s zone beyond the date line it begins on that zone’s day', () => {
    const timing: Timing = { schedule: { kind: 'once', day: '2026-12-01' }, at: 30, zone: 'brand' };
    const begin = (zone: string, now: string) => beginningAt(timing, zone, at(now)).map((one) => dayText(one.day));
    expect(begin('Pacific/Kiritimati', '2026-11-30T10:30:00Z')).toEqual(['2026-12-01']);
    expect(begin('Pacific/Pago_Pago', '2026-12-01T11:30:00Z')).toEqual(['2026-12-01']);
  });
});

describe('the next wave', () => {
  const schedules: fc.Arbitrary<Schedule> = fc.oneof(
    anyDay.map((one): Schedule => ({ kind: 'once', day: dayText(one) })),
    fc.integer({ min: 1, max: 7 }).map((weekday): Schedule => ({ kind: 'week', weekday })),
    fc.integer({ min: 1, max: 31 }).map((one): Schedule => ({ kind: 'month-day', day: one })),
    fc
      .record({ nth: fc.constantFrom(1, 2, 3, 4, -1 as const), weekday: fc.integer({ min: 1, max: 7 }) })
      .map((one): Schedule => ({ kind: 'month-weekday', ...one })),
  );
  const zone = fc.constantFrom('brand' as const, 'recipient' as const);

  test('is the first of all waves that come, and begins what it begins', () => {
    fc.assert(
      fc.property(schedules, someTime, zone, fc.constantFrom(...zones), someDay, (schedule, time, choice, brandZone, from) => {
        const timing: Timing = { schedule, at: time, zone: choice };
        const now = from * 86_400_000 + minutes(time);
        const span = schedule.kind === 'once' ? [parseDay(schedule.day)!] : Array.from({ length: 90 }, (_, n) => from - 4 + n);
        const all = span
          .filter((one) => goesOutOn(schedule, one))
          .flatMap((one) => wavesOf(timing, one, brandZone))
          .filter((wave) => wave > now)
          .toSorted((a, b) => a - b);
        const next = nextWave(timing, brandZone, now);
        expect(next).toBe(all[0]);
        const begun = next === undefined ? [] : beginningAt(timing, brandZone, next).flatMap(({ waves }) => waves);
        expect(next === undefined || begun.includes(next)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('of a day that is past is none', () => {
    const timing: Timing = { schedule: { kind: 'once', day: '2026-12-01' }, at: 600, zone: 'brand' };
    expect(nextWave(timing, 'Europe/Paris', at('2026-12-01T08:59:59Z'))).toBe(at('2026-12-01T09:00:00Z'));
    expect(nextWave(timing, 'Europe/Paris', at('2026-12-01T09:00:00Z'))).toBeUndefined();
  });

  test('the latest day is the one whose occurrence has begun last', () => {
    const timing: Timing = { schedule: { kind: 'month-weekday', nth: 1, weekday: 2 }, at: 600, zone: 'brand' };
    const latest = (now: string) => dayText(latestDay(timing, 'Europe/Paris', at(now)) ?? 0);
    expect(latest('2026-12-01T08:59:59Z')).toBe('2026-11-03');
    expect(latest('2026-12-01T09:00:00Z')).toBe('2026-12-01');
    const once: Timing = { ...timing, schedule: { kind: 'once', day: '2027-01-01' } };
    expect(latestDay(once, 'Europe/Paris', at('2026-12-01T09:00:00Z'))).toBeUndefined();
  });
});
