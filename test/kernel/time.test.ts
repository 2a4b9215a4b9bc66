/** Instants, zones and durations: a day is a day of the calendar, an hour is an hour of the clock on the wall of physics. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  after,
  before,
  durationText,
  hourOfWeek,
  isoInstant,
  isZone,
  parseDuration,
  parseInstant,
  parseIsoDuration,
  type Duration,
  type DurationUnit,
} from '../../shared/kernel/time.ts';

const paris = 'Europe/Paris';
const at = (text: string): number => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is no instant`);
  return instant;
};
const plus = (from: string, count: number, unit: DurationUnit, zone = paris): string =>
  isoInstant(after(at(from), { count, unit }, zone));

test.each<[Duration, string]>([
  [{ count: 1, unit: 'hours' }, '1 hour'],
  [{ count: 2, unit: 'hours' }, '2 hours'],
  [{ count: 0, unit: 'days' }, '0 days'],
])('%j is said as %s', (duration, words) => {
  expect(durationText(duration)).toBe(words);
});

/** Clocks in Paris go forward on 2026-03-29 at 01:00 UTC and back on 2026-10-25 at 01:00 UTC. */
describe('a duration across the change of clocks in Paris', () => {
  test.each<[string, string, number, DurationUnit, string]>([
    ['the night that has 23 hours is one day', '2026-03-28T09:00:00+01:00', 1, 'days', '2026-03-29T09:00:00+02:00'],
    ['the night that has 25 hours is one day', '2026-10-24T09:00:00+02:00', 1, 'days', '2026-10-25T09:00:00+01:00'],
    ['24 hours are not a day then', '2026-10-24T09:00:00+02:00', 24, 'hours', '2026-10-25T08:00:00+01:00'],
    ['sixty days end at the same time of day', '2026-02-10T18:30:00+01:00', 60, 'days', '2026-04-11T18:30:00+02:00'],
    ['a week does too', '2026-10-20T08:00:00+02:00', 1, 'weeks', '2026-10-27T08:00:00+01:00'],
    ['a time that does not exist is an hour later', '2026-03-28T02:30:00+01:00', 1, 'days', '2026-03-29T03:30:00+02:00'],
    ['a time that exists twice is the first of both', '2026-10-24T02:30:00+02:00', 1, 'days', '2026-10-25T02:30:00+02:00'],
    ['thirty minutes are thirty minutes', '2026-03-29T01:45:00+01:00', 30, 'minutes', '2026-03-29T03:15:00+02:00'],
    ['a month after 31 January is the last of February', '2026-01-31T12:00:00+01:00', 1, 'months', '2026-02-28T12:00:00+01:00'],
    ['a year after 29 February is 28 February', '2028-02-29T12:00:00+01:00', 1, 'years', '2029-02-28T12:00:00+01:00'],
  ])('%s', (_why, from, count, unit, until) => {
    expect(plus(from, count, unit)).toBe(isoInstant(at(until)));
  });

  test('a day is a day of the zone that is named, not of another', () => {
    expect(plus('2026-03-28T09:00:00Z', 1, 'days', 'UTC')).toBe('2026-03-29T09:00:00.000Z');
    expect(plus('2026-03-28T09:00:00Z', 1, 'days', 'America/New_York')).toBe('2026-03-29T09:00:00.000Z');
    expect(plus('2026-03-28T09:00:00Z', 1, 'days')).toBe('2026-03-29T08:00:00.000Z');
  });

  const anInstant = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2090-01-01T00:00:00Z') });
  const aUnit = fc.constantFrom<DurationUnit>('seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years');
  const aDuration = fc.record<Duration>({ count: fc.nat(60), unit: aUnit });

  test('a longer wait never ends sooner', () => {
    fc.assert(
      fc.property(anInstant, aDuration, fc.nat(5), (from, duration, more) => {
        const end = after(from, duration, paris);
        expect(end).toBeGreaterThanOrEqual(from);
        expect(after(from, { ...duration, count: duration.count + more }, paris)).toBeGreaterThanOrEqual(end);
      }),
    );
  });

  test('a wait of up to weeks that begins later never ends sooner, but for the hour that exists twice', () => {
    fc.assert(
      fc.property(anInstant, aDuration, fc.nat(1e8), (from, duration, later) => {
        fc.pre(duration.unit !== 'months' && duration.unit !== 'years'); // 30 and 31 January meet at the end of February
        expect(after(from + later, duration, paris)).toBeGreaterThanOrEqual(after(from, duration, paris) - 3_600_000);
      }),
    );
  });

  test('before undoes after for days, but in the night when clocks change', () => {
    fc.assert(
      fc.property(anInstant, fc.nat(400), (from, count) => {
        fc.pre(hourOfWeek(from, 'UTC') % 24 >= 4);
        const duration: Duration = { count, unit: 'days' };
        expect(before(after(from, duration, paris), duration, paris)).toBe(from);
      }),
    );
  });
});

describe('an instant as sources write it', () => {
  test.each<[string, string]>([
    ['2026-05-04T10:00:00Z', '2026-05-04T10:00:00.000Z'],
    ['2026-05-04T10:00:00.123456789Z', '2026-05-04T10:00:00.123Z'],
    ['2026-05-04T10:00:00+02:00', '2026-05-04T08:00:00.000Z'],
    ['2026-05-04T10:00:00-0400', '2026-05-04T14:00:00.000Z'],
    ['2026-05-04 10:00:00Z', '2026-05-04T10:00:00.000Z'],
    ['20260504T100000Z', '2026-05-04T10:00:00.000Z'],
    ['2026-05-04T10:00Z', '2026-05-04T10:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, iso) => {
    expect(isoInstant(at(text))).toBe(iso);
  });

  test.each([
    '',
    'yesterday',
    '2026-05-04',
    '2026-05-04T10:00:00',
    '2026-02-30T10:00:00Z',
    '2026-05-04T25:00:00Z',
    '2026-05-04T10:00:00 CET',
    '1777888800',
    '+300000-01-01T00:00:00Z',
    ' 2026-05-04T10:00:00Z',
  ])('"%s" is none: a zone or a date is never guessed', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  test('is read back as it was written', () => {
    const written = fc.integer({ min: -8.64e15, max: 8.64e15 });
    fc.assert(
      fc.property(written, (instant) => {
        expect(parseInstant(isoInstant(instant))).toBe(instant);
      }),
    );
  });

  test('no text makes the reader throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of [parseInstant, parseIsoDuration, parseDuration, isZone]) expect(() => read(text)).not.toThrow();
      }),
    );
  });
});

describe('a duration as people and machines write it', () => {
  test.each<[string, number | undefined]>([
    ['PT30M', 1_800_000],
    ['P400D', 400 * 86_400_000],
    ['P1W', 7 * 86_400_000],
    ['P1M', 31 * 86_400_000],
    ['PT0.5S', 500],
    ['PT0S', 0],
    ['-PT5M', -300_000],
    ['pt5m', 300_000],
    ['PT', undefined],
    ['P', undefined],
    ['30M', undefined],
    ['P1.5D', undefined],
    ['', undefined],
    [`P${'9'.repeat(30)}Y`, undefined],
  ])('ISO 8601 %s is %s ms', (text, milliseconds) => {
    expect(parseIsoDuration(text)).toBe(milliseconds);
  });

  test.each<[string, Duration | undefined]>([
    ['30 minutes', { count: 30, unit: 'minutes' }],
    ['3days', { count: 3, unit: 'days' }],
    ['1 jour', { count: 1, unit: 'days' }],
    ['2\u00a0HEURES', { count: 2, unit: 'hours' }],
    ['6 mois', { count: 6, unit: 'months' }],
    ['0 days', { count: 0, unit: 'days' }],
    ['-3 days', undefined],
    ['1.5 days', undefined],
    ['1 000 days', undefined],
    ['9999999 days', undefined],
    ['3 constructor', undefined],
    ['days', undefined],
    ['3', undefined],
  ])('%s is %o', (text, duration) => {
    expect(parseDuration(text)).toEqual(duration);
  });
});

describe('the hour of the week', () => {
  test('is that of the zone, from Monday 0:00', () => {
    expect(hourOfWeek(at('2026-11-23T00:30:00+01:00'), paris)).toBe(0);
    expect(hourOfWeek(at('2026-11-22T23:59:59+01:00'), paris)).toBe(167);
    expect(hourOfWeek(at('2026-11-23T00:30:00+01:00'), 'UTC')).toBe(167);
  });
});
