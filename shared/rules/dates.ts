/**
 * Dates as traits and properties tell them, and how they compare with a day or a moment, as config/README.md tells it.
 *
 * The laws:
 * - A date is text: a day `YYYY-MM-DD` (or `YYYY/MM/DD`, `YYYY.MM.DD`), or a moment with its offset (RFC 3339). For
 *   `anniversary` alone also `--MM-DD` and `MM-DD`. Anything else is no date, and none of these comparisons holds: nobody can
 *   tell whether `03/04/1988` is of March or of April.
 * - A day is the whole local day in the brand's zone; as a moment it is its start.
 * - `before`: earlier than the start of what is named. `after`: not before its end where it is a day, later where it is a
 *   moment. `on`: the same local day. `within`: not in the future, and not longer ago than this by calendar.
 * - 29 February has its anniversary on 28 February in common years.
 */
import type { Json } from '../kernel/json.ts';
import {
  addToDay,
  isWithin,
  localDay,
  parseDay,
  parseInstant,
  partsOf,
  startOfDay,
  type Day,
  type Duration,
  type Instant,
} from '../kernel/time.ts';
import type { When } from './condition.ts';

/** When it is asked, and where: Facts have both. */
export interface Moment {
  readonly now: Instant;
  readonly zone: string;
}

export type DateOp = 'before' | 'after' | 'on' | 'anniversary';

export type DateSeen = { readonly kind: 'day'; readonly day: Day } | { readonly kind: 'instant'; readonly at: Instant };

const moment = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})$/;

const slashed = /^(\d{4})([/.])(\d{2})\2(\d{2})$/;

/** Undefined for what is no date. */
export function dateOf(seen: Json | undefined): DateSeen | undefined {
  if (typeof seen !== 'string' || seen.length > 64) return undefined;
  const text = seen.trim();
  if (text.length === 10) {
    const day = parseDay(text.replace(slashed, '$1-$3-$4'));
    return day === undefined ? undefined : { kind: 'day', day };
  }
  const at = moment.test(text) ? parseInstant(text) : undefined;
  return at === undefined ? undefined : { kind: 'instant', at };
}

export const startOf = (date: DateSeen, zone: string): Instant =>
  date.kind === 'instant' ? date.at : startOfDay(date.day, zone);

export const dayIn = (date: DateSeen, zone: string): Day => (date.kind === 'day' ? date.day : localDay(date.at, zone));

/** Month × 100 + day of the month. */
export type MonthDay = number;
const leapDay = 229;

export function monthDayOf(seen: Json | undefined, zone: string): MonthDay | undefined {
  const date = dateOf(seen);
  if (date !== undefined) return monthDayIn(dayIn(date, zone));
  const [, written] = typeof seen === 'string' && seen.length <= 64 ? (/^(?:--)?(\d{2}-\d{2})$/.exec(seen.trim()) ?? []) : [];
  const day = written === undefined ? undefined : parseDay(`2000-${written}`); // a leap year
  return day === undefined ? undefined : monthDayIn(day);
}

function monthDayIn(day: Day): MonthDay {
  const { month, date } = partsOf(day);
  return month * 100 + date;
}

/** In common years 28 February is the day of 29 February too. */
function isAnniversary(monthDay: MonthDay, day: Day): boolean {
  const here = monthDayIn(day);
  return here === monthDay || (monthDay === leapDay && here === 228 && monthDayIn(day + 1) === 301);
}

/** Does the comparison hold with this whole day? */
export type DayTest = (seen: Json | undefined, day: Day, zone: string) => boolean;

export const dayTests: Readonly<Record<DateOp, DayTest>> = {
  before: (seen, day, zone) => {
    const date = dateOf(seen);
    return date !== undefined && startOf(date, zone) < startOfDay(day, zone);
  },
  after: (seen, day, zone) => {
    const date = dateOf(seen);
    return date !== undefined && startOf(date, zone) >= startOfDay(day + 1, zone);
  },
  on: (seen, day, zone) => {
    const date = dateOf(seen);
    return date !== undefined && dayIn(date, zone) === day;
  },
  anniversary: (seen, day, zone) => {
    const monthDay = monthDayOf(seen, zone);
    return monthDay !== undefined && isAnniversary(monthDay, day);
  },
};

/** Does `before` or `after` hold with this very moment? */
function isBeside(op: 'before' | 'after', seen: Json | undefined, at: Instant, zone: string): boolean {
  const date = dateOf(seen);
  if (date === undefined) return false;
  const start = startOf(date, zone);
  return op === 'before' ? start < at : start > at;
}

export type MeetsDate = (seen: Json | undefined, moment: Moment) => boolean;

export function meetsDate(op: DateOp, when: When): MeetsDate {
  const test = dayTests[op];
  switch (when.kind) {
    case 'day':
      return (seen, { now, zone }) => test(seen, addToDay(todayOf(now, zone), when.offset), zone);
    case 'date': {
      const day = parseDay(when.day);
      return (seen, { zone }) => day !== undefined && test(seen, day, zone);
    }
    case 'now':
      if (op === 'before' || op === 'after') return (seen, { now, zone }) => isBeside(op, seen, now, zone);
      return (seen, { now, zone }) => test(seen, todayOf(now, zone), zone);
    case 'instant':
      if (op === 'before' || op === 'after') return (seen, { zone }) => isBeside(op, seen, when.at, zone);
      return (seen, { zone }) => test(seen, localDay(when.at, zone), zone);
  }
}

export const meetsWithin =
  (within: Duration): MeetsDate =>
  (seen, { now, zone }) => {
    const date = dateOf(seen);
    return date !== undefined && isWithin(startOf(date, zone), within, now, zone);
  };

/** All conditions of one decision ask at the same moment: the calendar is asked once. */
let latest: Moment & { readonly today: Day } = { now: Number.NaN, zone: '', today: 0 };

export function todayOf(now: Instant, zone: string): Day {
  if (latest.now !== now || latest.zone !== zone) latest = { now, zone, today: localDay(now, zone) };
  return latest.today;
}
