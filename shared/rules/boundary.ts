/**
 * When time alone may change what a condition says, and when a date of the person comes round (promise 4): what timers wait
 * for. Predictions and the data of the moment (`predicted.*`, `context.*`) change by other means and have no boundary here.
 */
import type { Json } from '../kernel/json.ts';
import {
  addToDay,
  dayOf,
  instantAt,
  localDay,
  partsOf,
  type Day,
  type Duration,
  type Instant,
  type TimeOfDay,
} from '../kernel/time.ts';
import { compileCondition } from './compile.ts';
import type { Condition, Facts } from './condition.ts';
import { countChange } from './count-boundary.ts';
import { dateChange } from './date-boundary.ts';
import { dateOf, dayIn, monthDayOf, type MonthDay } from './dates.ts';
import { leavesIn, type Leaf } from './fields.ts';
import { valueAt } from './paths.ts';

/** A part changes more often than the whole: so many changes are looked through before one is reported all the same. */
const changesLookedThrough = 8;

/**
 * The first instant after `facts.now` at which the condition changes by time alone; or an earlier one, at which a part of it
 * does. Undefined: as long as nothing happens, it says the same for ever.
 */
export function nextBoundary(condition: Condition, facts: Facts): Instant | undefined {
  const holds = compileCondition(condition);
  const isSo = holds(facts);
  const leaves = leavesIn(condition);
  let here = facts;
  for (let looked = 1; ; looked++) {
    const now = earliest(leaves.map((leaf) => leafChange(leaf, here)));
    if (now === undefined || looked === changesLookedThrough) return now;
    here = { ...facts, now };
    if (holds(here) !== isSo) return now;
  }
}

const earliest = (instants: readonly (Instant | undefined)[]): Instant | undefined =>
  instants.reduce((first, at) => (first === undefined || (at !== undefined && at < first) ? at : first), undefined);

function leafChange(leaf: Leaf, facts: Facts): Instant | undefined {
  switch (leaf.kind) {
    case 'did':
    case 'orders':
      return countChange(leaf, facts);
    case 'compare':
      return dateChange(leaf.comparison, valueAt(facts, leaf.path), facts);
  }
}

/** What a date of the person names: so long before or after that day, at this time. */
export interface DatedMoment {
  /** Days, weeks, months or years; negative = before. */
  readonly offset: Duration;
  readonly at: TimeOfDay;
  /** `year`: each year on that day and month, whatever year the date itself is of. */
  readonly every: 'once' | 'year';
}

/**
 * The first occurrence after `from`; undefined where there is none, or the value is no date (dates.ts; a date without a year
 * comes round each year only). 29 February is 28 February in common years, before the offset is added; an offset in months
 * ends with the month. Clocks that change: a time that exists twice is the first of both, one that clocks leave out is as much
 * later as they leave out, and on a day that the zone left out it is that time of the next day.
 */
export function nextOccurrence(moment: DatedMoment, value: Json | undefined, zone: string, from: Instant): Instant | undefined {
  for (const day of daysNamed(moment, value, zone, from)) {
    const at = instantAt(addToDay(day, moment.offset), moment.at, zone);
    if (at > from) return at;
  }
  return undefined;
}

/** In time; where it comes round, beginning before it can lie after `from`. */
function daysNamed({ every, offset }: DatedMoment, value: Json | undefined, zone: string, from: Instant): readonly Day[] {
  if (every === 'once') {
    const date = dateOf(value);
    return date === undefined ? [] : [dayIn(date, zone)];
  }
  const monthDay = monthDayOf(value, zone);
  if (monthDay === undefined) return [];
  const { year } = partsOf(addToDay(localDay(from, zone), { ...offset, count: -offset.count }));
  return [-1, 0, 1, 2].map((more) => anniversaryIn(year + more, monthDay));
}

/** The 29th of a February that has 28 days is its last. */
const anniversaryIn = (year: number, monthDay: MonthDay): Day => {
  const month = Math.floor(monthDay / 100);
  return Math.min(dayOf(year, month, monthDay % 100), dayOf(year, month + 1, 0));
};
