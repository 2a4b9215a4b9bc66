/** Random values, dates and moments: awkward ones, and those at the very ends of spans and days. */
import fc from 'fast-check';
import type { Json } from '../../shared/kernel/json.ts';
import {
  after,
  before,
  dayText,
  isoInstant,
  localDay,
  startOfDay,
  type Duration,
  type Instant,
} from '../../shared/kernel/time.ts';
import { at, span } from './facts.ts';

export const awkward: readonly Json[] = [
  ...[null, true, false, 0, -0, 1, 30, 29.99, 1e21, -5, 1000, 60381234567890130],
  ...['', ' ', '30', '30.00', '+30', '030', '01000', '1000', '1e3', '0x1E', '-5', '60381234567890123', '60381234567890124'],
  ...['0.1', '.1', 'Lyon', 'lyon ', 'LYON', 'Élodie', 'e\u0301lodie', 'Elodie', '\u00a0Lyon', 'true', 'False', 'ß', 'İ', '😀'],
  ...[
    '\ud800',
    'NaN',
    'Infinity',
    '2025-06-01',
    '2025-06-01T10:00:00Z',
    '2025-06-01T11:00:00+02:00',
    '2025-06-01T10:00:00.500Z',
    'a\u202fb',
    'a b',
  ],
  ...['ΟΔΟΣ', 'οδος', '１', 'ﬁn', 'FIN', '\u212a', 'k', 'a\u200bb', '0.30000000000000004', '0.3', 0.1, '1.', '-0'],
  ...[[], ['Lyon'], [1, '30'], [null, 'a b'], {}, { a: 1, b: [2] }, { b: [2], a: 1 }],
];

export const anyValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...awkward),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 3 }),
);

/** Changes of clocks, a day that a zone left out, ends of months and leap days. */
export const moments: readonly { readonly zone: string; readonly near: Instant }[] = [
  { zone: 'Europe/Paris', near: at('2026-03-29T01:00:00Z') },
  { zone: 'Europe/Paris', near: at('2026-10-25T01:00:00Z') },
  { zone: 'Europe/Paris', near: at('2027-02-28T23:00:00Z') },
  { zone: 'Europe/Paris', near: at('2028-02-28T23:00:00Z') },
  { zone: 'America/New_York', near: at('2026-03-08T07:00:00Z') },
  { zone: 'America/New_York', near: at('2026-11-01T06:00:00Z') },
  { zone: 'Pacific/Apia', near: at('2011-12-30T10:00:00Z') },
  { zone: 'Pacific/Apia', near: at('2020-04-04T14:00:00Z') },
  { zone: 'Asia/Beirut', near: at('2026-03-28T22:00:00Z') },
  { zone: 'Asia/Kolkata', near: at('2026-12-31T18:30:00Z') },
];

export const aDuration: fc.Arbitrary<Duration> = fc.constantFrom<Duration>(
  ...[span(0, 'days'), span(90, 'seconds'), span(30, 'minutes'), span(1, 'hours'), span(25, 'hours'), span(1, 'days')],
  ...[span(2, 'days'), span(1, 'weeks'), span(1, 'months'), span(2, 'months'), span(1, 'years')],
);

/** Some moment that lies at the end of a span, of a day, or close to either. */
export const aMoment = (now: Instant, zone: string): fc.Arbitrary<Instant> =>
  fc
    .tuple(
      fc.oneof(
        aDuration.map((duration) => before(now, duration, zone)),
        aDuration.map((duration) => after(now, duration, zone)),
        fc.integer({ min: -40, max: 3 }).map((days) => startOfDay(localDay(now, zone) + days, zone)),
        fc.integer({ min: -70 * 1_440, max: 1_440 }).map((minute) => now + minute * 60_000),
        fc.constant(now),
      ),
      fc.constantFrom(0, 0, 0, 1, -1, 3_600_000, -3_600_000, 7_200_000, 86_400_000, -86_400_000),
    )
    .map(([moment, more]) => moment + more);

/** As sources write dates, and as they do not. */
export const aDate = (now: Instant, zone: string, moment = aMoment(now, zone)): fc.Arbitrary<Json> => {
  const day = moment.map((one) => dayText(localDay(one, zone)));
  return fc.oneof(
    { arbitrary: day, weight: 4 },
    { arbitrary: moment.map(isoInstant), weight: 4 },
    { arbitrary: moment.map((one) => `${isoInstant(one + 7_200_000).slice(0, 19)}+02:00`), weight: 1 },
    { arbitrary: day.map((text) => `--${text.slice(5)}`), weight: 1 },
    { arbitrary: day.map((text) => `1984${text.slice(4)}`), weight: 1 },
    { arbitrary: day.map((text) => text.replaceAll('-', '/')), weight: 1 },
    { arbitrary: day.map((text) => text.replaceAll('-', '.')), weight: 1 },
    { arbitrary: day.map((text) => `${text.slice(0, 4)}/${text.slice(5)}`), weight: 1 },
    { arbitrary: day.map((text) => text.split('-').toReversed().join('/')), weight: 1 },
    fc.constantFrom<Json>('02-29', '1996-02-29', '2027-02-28', '2011-12-30', '0001-01-01', '9999-12-31', ' 2026-03-29 '),
    fc.constantFrom<Json>('2026-02-30', '2026-3-1', '2026-03-29T10:00:00', '24-12', '13-01', 'tomorrow', 20260329),
    fc.constantFrom<Json>('9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z', '2026-03-29T24:00:00Z', '2026-03-29 10:00', now),
    anyValue,
  );
};
