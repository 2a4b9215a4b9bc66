/**
 * Instants, zones and durations. The only file that knows a calendar; it reads no clock.
 * A day is a calendar day in a named zone, so "60 days" ends at the same local time across a DST change.
 */
import { Temporal } from 'temporal-polyfill';

/** Epoch milliseconds. */
export type Instant = number;

export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => count * 60_000;
export const hours = (count: number): number => count * 3_600_000;
/** Exactly 24 hours each: for retention and leases, never for what a marketer calls a day. */
export const exactDays = (count: number): number => count * 86_400_000;

export type DurationUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

/** A length of time as a person says it; days and longer are calendar units. */
export interface Duration {
  readonly count: number;
  readonly unit: DurationUnit;
}

/** Minutes since midnight, 0 to 1,439. */
export type TimeOfDay = number;

/** Whose clock: the brand's, or the recipient's where it is known. */
export type ZoneChoice = 'brand' | 'recipient';

const unitWords: Readonly<Record<string, DurationUnit>> = {
  s: 'seconds',
  sec: 'seconds',
  second: 'seconds',
  seconds: 'seconds',
  seconde: 'seconds',
  secondes: 'seconds',
  m: 'minutes',
  min: 'minutes',
  minute: 'minutes',
  minutes: 'minutes',
  h: 'hours',
  hour: 'hours',
  hours: 'hours',
  heure: 'hours',
  heures: 'hours',
  d: 'days',
  day: 'days',
  days: 'days',
  j: 'days',
  jour: 'days',
  jours: 'days',
  w: 'weeks',
  week: 'weeks',
  weeks: 'weeks',
  semaine: 'weeks',
  semaines: 'weeks',
  month: 'months',
  months: 'months',
  mois: 'months',
  year: 'years',
  years: 'years',
  an: 'years',
  ans: 'years',
  année: 'years',
  années: 'years',
  annee: 'years',
  annees: 'years',
};

/** `30 minutes`, `3 days`, `1 jour`; undefined when it is not a duration. Counts are whole and not negative. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^\s*(\d{1,6})[\s\u00a0\u202f]*(\p{L}+)\s*$/u.exec(text.normalize('NFC'));
  const word = match?.[2]?.toLowerCase() ?? '';
  const unit = Object.hasOwn(unitWords, word) ? unitWords[word] : undefined; // "3 constructor" is no duration
  return match === null || unit === undefined ? undefined : { count: Number(match[1]), unit };
}

/** `1 hour`, `2 days`. */
export const durationText = ({ count, unit }: Duration): string => `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;

/** The instant `duration` after `from`; calendar units count in `zone`. */
export function after(from: Instant, duration: Duration, zone: string): Instant {
  switch (duration.unit) {
    case 'seconds':
      return from + seconds(duration.count);
    case 'minutes':
      return from + minutes(duration.count);
    case 'hours':
      return from + hours(duration.count);
    case 'days':
    case 'weeks':
    case 'months':
    case 'years':
      return zoned(from, zone).add({ [duration.unit]: duration.count }).epochMilliseconds;
  }
}

/** The instant `duration` before `until`; calendar units count in `zone`. */
export const before = (until: Instant, duration: Duration, zone: string): Instant =>
  after(until, { ...duration, count: -duration.count }, zone);

/**
 * Does `from` lie in the past, and does what began then still last? The same as `from <= now && after(from, …) > now`, and
 * asks the calendar only where the answer is near.
 */
export function isWithin(from: Instant, duration: Duration, now: Instant, zone: string): boolean {
  if (from > now) return false;
  const [least, most] = spans[duration.unit];
  const age = now - from;
  if (age < duration.count * least - slack) return true;
  return age <= duration.count * most + slack && after(from, duration, zone) > now;
}

/** More than any two offsets of a zone ever differed: a zone that crossed the date line lost a whole day. */
const slack = 2 * 86_400_000;
const spans: Readonly<Record<DurationUnit, readonly [least: number, most: number]>> = {
  seconds: [1_000, 1_000],
  minutes: [60_000, 60_000],
  hours: [3_600_000, 3_600_000],
  days: [86_400_000, 86_400_000],
  weeks: [7 * 86_400_000, 7 * 86_400_000],
  months: [28 * 86_400_000, 31 * 86_400_000],
  years: [365 * 86_400_000, 366 * 86_400_000],
};

/** Milliseconds of an ISO 8601 duration such as `PT30M` or `P400D` (days of 24 hours); undefined when it is none. */
export function parseIsoDuration(text: string): number | undefined {
  try {
    return Temporal.Duration.from(text).total({ unit: 'milliseconds', relativeTo: '1970-01-01T00:00Z[UTC]' });
  } catch {
    return undefined;
  }
}

/**
 * RFC 3339 / ISO 8601 with an offset or `Z`, as shops and SDKs write it; undefined when it is none.
 * A time without an offset is refused: guessing a zone would move waits by hours.
 */
export function parseInstant(text: string): Instant | undefined {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
}

export const isoInstant = (instant: Instant): string => new Date(instant).toISOString();

/** Hour of the week in a zone: 0 = Monday 00:00–00:59 … 167 = Sunday 23:00–23:59. */
export function hourOfWeek(instant: Instant, zone: string): number {
  const local = zoned(instant, zone);
  return (local.dayOfWeek - 1) * 24 + local.hour;
}

/** A day of the calendar, whatever the zone: whole days since 1970-01-01. Adding and comparing are those of numbers. */
export type Day = number;

const midnightOf = (day: Day): Date => new Date(day * 86_400_000);

/** `YYYY-MM-DD`; undefined for anything else, and for days that no calendar has. */
export function parseDay(text: string): Day | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = Date.parse(text) / 86_400_000;
  return Number.isNaN(day) || dayText(day) !== text ? undefined : day;
}

/** `YYYY-MM-DD`. */
export const dayText = (day: Day): string => midnightOf(day).toISOString().replace(/T.*/, '');

/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** `month`: 1 to 12. Counts on where a month or a year has no such day: 31 April is 1 May. */
export const dayOf = (year: number, month: number, date: number): Day =>
  new Date(0).setUTCFullYear(year, month - 1, date) / 86_400_000;

/** As the calendar has it; `month`: 1 to 12. */
export function partsOf(day: Day): { readonly year: number; readonly month: number; readonly date: number } {
  const midnight = midnightOf(day);
  return { year: midnight.getUTCFullYear(), month: midnight.getUTCMonth() + 1, date: midnight.getUTCDate() };
}

/** The last of the month where a month has no such day: a month after 31 January is 28 or 29 February. Days or longer. */
export function addToDay(day: Day, { count, unit }: Duration): Day {
  if (unit === 'days') return day + count;
  if (unit === 'weeks') return day + 7 * count;
  const { year, month, date } = partsOf(day);
  const [toYear, toMonth] = unit === 'years' ? [year + count, month] : [year, month + count];
  return Math.min(dayOf(toYear, toMonth, date), dayOf(toYear, toMonth + 1, 0));
}

export function localDay(instant: Instant, zone: string): Day {
  const offset = zoned(instant, zone).offsetNanoseconds / 1_000_000;
  return Math.floor((instant + offset) / 86_400_000);
}

/** Its first instant, also where clocks leave midnight out. A day that a zone left out ends as it begins. */
export const startOfDay = (day: Day, zone: string): Instant => plainDate(day).toZonedDateTime(zone).epochMilliseconds;

/** A time that exists twice is the first of both; one that clocks leave out is as much later as they leave out. */
export const instantAt = (day: Day, time: TimeOfDay, zone: string): Instant =>
  plainDate(day).toZonedDateTime({
    timeZone: zone,
    plainTime: new Temporal.PlainTime(Math.floor(time / 60), time % 60),
  }).epochMilliseconds;

/**
 * When it is this time next, on one of these weekdays (1 = Monday … 7 = Sunday; none = any day): `from` itself within that
 * very minute. Clocks that change are as `instantAt` has them; a day that a zone left out has no time.
 */
export function nextTimeOfDay(from: Instant, time: TimeOfDay, weekdays: readonly number[], zone: string): Instant {
  const today = localDay(from, zone);
  for (let day = today; day < today + 21; day += 1) {
    if (weekdays.length > 0 && !weekdays.includes(weekdayOf(day))) continue;
    const instant = instantAt(day, time, zone);
    if (instant + minutes(1) > from && startOfDay(day, zone) < startOfDay(day + 1, zone)) return Math.max(from, instant);
  }
  throw new Error(`none of ${weekdays.join(', ')} is a weekday: 1 is Monday, 7 is Sunday`);
}

export function isZone(name: string): boolean {
  try {
    zoned(0, name);
    return true;
  } catch {
    return false;
  }
}

function plainDate(day: Day): Temporal.PlainDate {
  const { year, month, date } = partsOf(day);
  return new Temporal.PlainDate(year, month, date);
}

const zoned = (instant: Instant, zone: string) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
