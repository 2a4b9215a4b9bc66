/** Dates of people come round on their day at their time, whatever clocks and calendars do (promise 4). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { addToDay, isoInstant, localDay, parseDay, type Duration, type Instant } from '../../shared/kernel/time.ts';
import { nextOccurrence, type DatedMoment } from '../../shared/rules/boundary.ts';
import { aDate, aMoment, moments } from './arbitrary-values.ts';
import { at, span } from './facts.ts';
import { dayNamed, dayWritten, isLeap, isSame, localDay as slowDay, nextDay, plus } from './reference-calendar.ts';

const yearly = (offset: Duration, time = 600): DatedMoment => ({ offset, at: time, every: 'year' });
const once = (offset: Duration, time = 600): DatedMoment => ({ offset, at: time, every: 'once' });
const today = span(0, 'days');
const paris = 'Europe/Paris';

describe('the next occurrence', () => {
  test.each<[string, DatedMoment, Json, string, string, string | undefined]>([
    ['a birthday this year', yearly(today), '1984-12-01', paris, '2026-11-24T10:00:00+01:00', '2026-12-01T10:00:00+01:00'],
    ['a birthday next year', yearly(today), '--11-23', paris, '2026-11-24T10:00:00+01:00', '2027-11-23T10:00:00+01:00'],
    [
      'at its very instant it is past',
      yearly(today),
      '1984-11-24',
      paris,
      '2026-11-24T10:00:00+01:00',
      '2027-11-24T10:00:00+01:00',
    ],
    [
      'a millisecond before it is not',
      yearly(today),
      '11-24',
      paris,
      '2026-11-24T09:59:59.999+01:00',
      '2026-11-24T10:00:00+01:00',
    ],
    [
      '29 February in a common year',
      yearly(today),
      '1996-02-29',
      paris,
      '2026-11-24T10:00:00+01:00',
      '2027-02-28T10:00:00+01:00',
    ],
    ['29 February in a leap year', yearly(today), '1996-02-29', paris, '2027-11-24T10:00:00+01:00', '2028-02-29T10:00:00+01:00'],
    [
      '7 days before New Year, from the year before',
      yearly(span(-7, 'days')),
      '1990-01-03',
      paris,
      '2026-11-24T10:00:00Z',
      '2026-12-27T10:00:00+01:00',
    ],
    [
      '2 months after, at the end of the month',
      yearly(span(2, 'months')),
      '12-31',
      paris,
      '2026-11-24T10:00:00Z',
      '2027-02-28T10:00:00+01:00',
    ],
    [
      'a year and more after',
      yearly(span(14, 'months')),
      '1990-10-05',
      paris,
      '2026-11-24T10:00:00Z',
      '2026-12-05T10:00:00+01:00',
    ],
    ['a time that clocks leave out', once(today, 150), '2026-03-29', paris, '2026-01-01T00:00:00Z', '2026-03-29T03:30:00+02:00'],
    ['a time that exists twice', once(today, 150), '2026-10-25', paris, '2026-01-01T00:00:00Z', '2026-10-25T02:30:00+02:00'],
    [
      'a day that the zone left out',
      once(today),
      '2011-12-30',
      'Pacific/Apia',
      '2011-01-01T00:00:00Z',
      '2011-12-31T10:00:00+14:00',
    ],
    [
      'the day of a moment in the zone',
      once(span(1, 'days')),
      '2026-12-01T23:30:00Z',
      paris,
      '2026-11-24T10:00:00Z',
      '2026-12-03T10:00:00+01:00',
    ],
    [
      'the eve of 31 December, which the zone left out',
      yearly(span(-1, 'days')),
      '12-31',
      'Pacific/Apia',
      '2011-12-31T05:00:00+14:00',
      '2011-12-31T10:00:00+14:00',
    ],
    ['what is past is past', once(today), '2026-11-24', paris, '2026-11-24T10:00:00+01:00', undefined],
    ['a date without a year comes round each year only', once(today), '--12-01', paris, '2026-11-24T10:00:00Z', undefined],
    [
      'a date with slashes, its year first',
      yearly(today),
      '1984/12/01',
      paris,
      '2026-11-24T10:00:00Z',
      '2026-12-01T10:00:00+01:00',
    ],
    ['a date with dots, its year first', once(today), '2026.12.01', paris, '2026-11-24T10:00:00Z', '2026-12-01T10:00:00+01:00'],
    ['a date with slashes, its year last', yearly(today), '01/12/1984', paris, '2026-11-24T10:00:00Z', undefined],
    ['what is no date', yearly(today), 'in spring', paris, '2026-11-24T10:00:00Z', undefined],
    ['what is missing', once(today), null, paris, '2026-11-24T10:00:00Z', undefined],
  ])('%s', (_what, moment, value, zone, from, expected) => {
    const next = nextOccurrence(moment, value, zone, at(from));
    expect(next === undefined ? undefined : isoInstant(next)).toBe(expected === undefined ? undefined : isoInstant(at(expected)));
  });

  interface Case {
    readonly zone: string;
    readonly from: Instant;
    readonly value: Json;
    readonly offset: Duration;
  }
  const anOffset = fc.record({ count: fc.integer({ min: -40, max: 40 }), unit: fc.constant('days' as const) });
  const aMonthOffset = fc.record({ count: fc.integer({ min: -14, max: 14 }), unit: fc.constant('months' as const) });
  const aCase: fc.Arbitrary<Case> = fc.constantFrom(...moments).chain(({ zone, near }) =>
    fc.record({
      ...{ zone: fc.constant(zone), from: aMoment(near, zone) },
      value: aDate(near, zone),
      offset: fc.oneof(anOffset, aMonthOffset),
    }),
  );

  /** Every day of the next year and a half, one by one, with noon as the time that no clock leaves out. */
  function slowly({ zone, from, value, offset }: Case): readonly [year: number, month: number, date: number] | undefined {
    const text = typeof value === 'string' ? value.trim() : '';
    const told = dayNamed(text) ?? (/T/.test(text) ? undefined : dayWritten(`2024-${text.replace(/^--/, '')}`));
    if (told === undefined) return undefined;
    let day = plus(slowDay(from, zone), span(-500, 'days'));
    for (let step = 0; step < 1_400; step++, day = nextDay(day)) {
      const born = told.month === 2 && told.date === 29 && !isLeap(day.year) ? { ...told, date: 28 } : told;
      if (!isSame(day, { ...born, year: day.year })) continue;
      const { year, month, date } = plus(day, offset);
      const noon = nextOccurrence(once(today, 720), written(year, month, date), zone, from);
      if (noon !== undefined) return [year, month, date];
    }
    return undefined;
  }
  const written = (year: number, month: number, date: number): string =>
    [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(date).padStart(2, '0')].join('-');

  test('is found each year as counting on day by day finds it', () => {
    fc.assert(
      fc.property(
        aCase.filter(({ value }) => typeof value !== 'string' || !value.includes('T')),
        (one) => {
          const expected = slowly(one);
          const instant = expected && nextOccurrence(once(today, 720), written(...expected), one.zone, one.from);
          expect(nextOccurrence(yearly(one.offset, 720), one.value, one.zone, one.from)).toBe(instant);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('a walk over fifty years meets each year once, always later than before', () => {
    let from = at('2000-06-01T00:00:00Z');
    const days = Array.from({ length: 50 }, () => {
      from = nextOccurrence(yearly(span(-3, 'days')), '1996-02-29', paris, from) ?? Number.NaN;
      return localDay(from, paris);
    });
    const expected = Array.from({ length: 50 }, (_, index) => {
      const year = 2001 + index;
      return addToDay(parseDay(`${year}-02-${isLeap(year) ? 29 : 28}`) ?? Number.NaN, span(-3, 'days'));
    });
    expect(days).toEqual(expected);
  });
});
