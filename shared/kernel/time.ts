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
};

/** `30 minutes`, `3 days`, `1 jour`; undefined when it is not a duration. Counts are whole and not negative. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^\s*(\d{1,6})[\s\u00a0\u202f]*(\p{L}+)\s*$/u.exec(text);
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

export function isZone(name: string): boolean {
  try {
    zoned(0, name);
    return true;
  } catch {
    return false;
  }
}

const zoned = (instant: Instant, zone: string) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
