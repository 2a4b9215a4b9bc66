/** Days of the calendar and times of day in a zone: what a marketer calls a day, also where clocks and date lines move. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addToDay,
  after,
  dayOf,
  dayText,
  instantAt,
  isoInstant,
  isWithin,
  localDay,
  nextTimeOfDay,
  parseDay,
  parseInstant,
  partsOf,
  startOfDay,
  weekdayOf,
  type Day,
  type Duration,
  type DurationUnit,
} from '../../shared/kernel/time.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const day = (text: string): Day => parseDay(text) ?? Number.NaN;
const paris = 'Europe/Paris';
const zones = [paris, 'America/New_York', 'Pacific/Apia', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
const aZone = fc.constantFrom(...zones);
const anInstant = fc.integer({ min: at('1985-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') });

describe('a day', () => {
  test.each(['2026-02-28', '2028-02-29', '0001-01-01', '1969-12-31', '9999-12-31'])('%s is read as it is written', (text) => {
    expect(dayText(day(text))).toBe(text);
  });

  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '26-01-01',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '+12026-01-01',
    '',
  ])('"%s" is none', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });

  test('has its weekday, year, month and date', () => {
    expect(['2026-11-23', '2026-11-29', '1969-12-29', '2000-02-29'].map((text) => weekdayOf(day(text)))).toEqual([1, 7, 1, 2]);
    expect(partsOf(day('2028-02-29'))).toEqual({ year: 2028, month: 2, date: 29 });
    expect(dayText(dayOf(2026, 4, 31))).toBe('2026-05-01');
  });

  test.each<[string, number, DurationUnit, string]>([
    ['2026-01-31', 1, 'months', '2026-02-28'],
    ['2028-01-31', 1, 'months', '2028-02-29'],
    ['2026-03-31', -1, 'months', '2026-02-28'],
    ['2028-02-29', 1, 'years', '2029-02-28'],
    ['2028-02-29', -4, 'years', '2024-02-29'],
    ['2026-12-31', 2, 'months', '2027-02-28'],
    ['2026-01-15', -13, 'months', '2024-12-15'],
    ['2026-12-25', 2, 'weeks', '2027-01-08'],
    ['2026-03-01', -1, 'days', '2026-02-28'],
  ])('%s and %i %s is %s', (from, count, unit, to) => {
    expect(dayText(addToDay(day(from), { count, unit }))).toBe(to);
  });

  test('is counted on as instants at noon are', () => {
    const aDuration = fc.record<Duration>({
      count: fc.integer({ min: 0, max: 60 }),
      unit: fc.constantFrom('days', 'weeks', 'months', 'years'),
    });
    fc.assert(
      fc.property(anInstant, aDuration, (instant, duration) => {
        const here = localDay(instant, 'UTC');
        expect(instantAt(addToDay(here, duration), 720, 'UTC')).toBe(after(instantAt(here, 720, 'UTC'), duration, 'UTC'));
      }),
    );
  });
});

describe('a day in a zone', () => {
  test('begins at its first instant, also where clocks leave midnight out', () => {
    expect(isoInstant(startOfDay(day('2018-11-04'), 'America/Sao_Paulo'))).toBe('2018-11-04T03:00:00.000Z'); // 1:00 there
    expect(isoInstant(startOfDay(day('2026-03-29'), paris))).toBe('2026-03-28T23:00:00.000Z');
  });

  test('that the zone left out ends as it begins', () => {
    const apia = 'Pacific/Apia';
    expect(startOfDay(day('2011-12-30'), apia)).toBe(startOfDay(day('2011-12-31'), apia));
    expect(dayText(localDay(startOfDay(day('2011-12-30'), apia), apia))).toBe('2011-12-31');
  });

  test('holds the instants from its start to that of the next', () => {
    fc.assert(
      fc.property(anInstant, aZone, (instant, zone) => {
        const here = localDay(instant, zone);
        expect(startOfDay(here, zone)).toBeLessThanOrEqual(instant);
        expect(startOfDay(here + 1, zone)).toBeGreaterThan(instant);
        expect(localDay(startOfDay(here, zone), zone)).toBe(here);
        expect(localDay(startOfDay(here, zone) - 1, zone)).toBeLessThan(here);
      }),
    );
  });
});

describe('a time of day', () => {
  test.each<[string, number, readonly number[], string, string]>([
    ['later today', 600, [], '2026-11-24T09:30:00+01:00', '2026-11-24T10:00:00+01:00'],
    ['tomorrow', 600, [], '2026-11-24T10:01:00+01:00', '2026-11-25T10:00:00+01:00'],
    ['at once, at its instant', 600, [], '2026-11-24T10:00:00+01:00', '2026-11-24T10:00:00+01:00'],
    ['at once, within its minute', 600, [], '2026-11-24T10:00:59.999+01:00', '2026-11-24T10:00:59.999+01:00'],
    ['on the next Thursday', 600, [4], '2026-11-24T12:00:00+01:00', '2026-11-26T10:00:00+01:00'],
    ['today, when it is one of the days', 600, [4, 2], '2026-11-24T09:00:00+01:00', '2026-11-24T10:00:00+01:00'],
    ['in a week, when it is past today', 600, [2], '2026-11-24T12:00:00+01:00', '2026-12-01T10:00:00+01:00'],
    ['midnight', 0, [], '2026-11-24T00:01:00+01:00', '2026-11-25T00:00:00+01:00'],
    ['left out by the clocks: an hour later', 150, [], '2026-03-29T00:00:00+01:00', '2026-03-29T03:30:00+02:00'],
    ['left out by the clocks, asked after them', 150, [], '2026-03-29T03:10:00+02:00', '2026-03-29T03:30:00+02:00'],
    ['twice: the first of both', 150, [], '2026-10-25T00:00:00+02:00', '2026-10-25T02:30:00+02:00'],
    ['twice, asked between them: the next day', 150, [], '2026-10-25T02:45:00+02:00', '2026-10-26T02:30:00+01:00'],
  ])('%s', (_what, time, weekdays, from, expected) => {
    expect(isoInstant(nextTimeOfDay(at(from), time, weekdays, paris))).toBe(isoInstant(at(expected)));
  });

  test('on a day that the zone left out is on the next one of these days', () => {
    const from = at('2011-12-29T20:00:00-10:00');
    expect(isoInstant(nextTimeOfDay(from, 600, [5], 'Pacific/Apia'))).toBe(isoInstant(at('2012-01-06T10:00:00+14:00')));
    expect(isoInstant(nextTimeOfDay(from, 600, [], 'Pacific/Apia'))).toBe(isoInstant(at('2011-12-31T10:00:00+14:00')));
  });

  test('never lies before, and is the first of the minutes that show it', () => {
    fc.assert(
      fc.property(anInstant, fc.nat(1_439), fc.subarray([1, 2, 3, 4, 5, 6, 7]), aZone, (from, time, weekdays, zone) => {
        const next = nextTimeOfDay(from, time, weekdays, zone);
        expect(next).toBeGreaterThanOrEqual(from);
        const here = localDay(next, zone);
        const isAsked = (one: Day): boolean => weekdays.length === 0 || weekdays.includes(weekdayOf(one));
        expect(isAsked(here)).toBe(true);
        const shown = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(next);
        const asked = `${String(Math.floor(time / 60)).padStart(2, '0')}:${String(time % 60).padStart(2, '0')}`;
        expect(shown === asked || instantAt(here, time, zone) === next).toBe(true); // or clocks left it out
        const first = localDay(from, zone);
        const between = Array.from({ length: here - first }, (_, index) => first + index).filter(isAsked);
        expect(between.every((one) => instantAt(one, time, zone) + 60_000 <= from)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('on a weekday that no week has is a mistake of the caller', () => {
    expect(() => nextTimeOfDay(0, 600, [8], paris)).toThrow(/weekday/);
  });
});

describe('what lasts from an instant on', () => {
  test('is within until the very end that the calendar names', () => {
    const aDuration = fc.record<Duration>({
      count: fc.nat(40),
      unit: fc.constantFrom('seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'),
    });
    fc.assert(
      fc.property(anInstant, aDuration, aZone, fc.integer({ min: -1e10, max: 1e10 }), (from, duration, zone, more) => {
        const end = after(from, duration, zone);
        for (const now of [from - 1, from, end - 1, end, end + 1, from + more, end + more]) {
          expect(isWithin(from, duration, now, zone)).toBe(from <= now && end > now);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
