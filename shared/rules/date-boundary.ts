/**
 * When time alone changes how a date compares: days begin and end, a moment passes, an anniversary comes round.
 */
import type { Json } from '../kernel/json.ts';
import { addToDay, after, dayOf, partsOf, startOfDay, type Day, type Duration, type Instant } from '../kernel/time.ts';
import type { Comparison, When } from './condition.ts';
import { dateOf, dayIn, dayTests, monthDayOf, startOf, todayOf, type DateOp, type Moment } from './dates.ts';

/** The first instant after `now` at which the comparison says something else; undefined where it never will. */
export function dateChange(comparison: Comparison, seen: Json | undefined, moment: Moment): Instant | undefined {
  switch (comparison.op) {
    case 'within': {
      const date = dateOf(seen);
      if (date === undefined) return undefined;
      const start = startOf(date, moment.zone);
      return [start, after(start, comparison.value, moment.zone)].find((at) => at > moment.now);
    }
    case 'before':
    case 'after':
    case 'on':
    case 'anniversary':
      return changeAgainst(comparison.op, comparison.value, seen, moment);
    case 'eq':
    case 'ne':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'in':
    case 'not-in':
    case 'contains':
    case 'any-of':
    case 'all-of':
    case 'none-of':
    case 'exists':
      return undefined;
  }
}

const today: Duration = { count: 0, unit: 'days' };

function changeAgainst(op: DateOp, when: When, seen: Json | undefined, moment: Moment): Instant | undefined {
  switch (when.kind) {
    case 'date':
    case 'instant':
      return undefined;
    case 'day':
      return dayChange(op, when.offset, seen, moment);
    case 'now': {
      if (op === 'on' || op === 'anniversary') return dayChange(op, today, seen, moment);
      const date = dateOf(seen);
      if (date === undefined) return undefined;
      const start = startOf(date, moment.zone);
      const turn = op === 'before' ? start + 1 : start; // neither holds at that very instant
      return turn > moment.now ? turn : undefined;
    }
  }
}

/**
 * Which day it is decides. The days on which the answer can turn lie around those on which today and the offset meet the date;
 * months of unlike length move them by less than `slack` days.
 */
const slack = 6;

function dayChange(op: DateOp, offset: Duration, seen: Json | undefined, { now, zone }: Moment): Instant | undefined {
  const day = todayOf(now, zone);
  const test = dayTests[op];
  const holdsOn = (here: Day): boolean => test(seen, addToDay(here, offset), zone);
  const isSo = holdsOn(day);
  for (const near of meetingDays(op, offset, seen, day, zone)) {
    for (let here = Math.max(day + 1, near - slack); here <= near + slack; here++) {
      if (holdsOn(here) !== isSo) return startOfDay(here, zone);
    }
  }
  return undefined;
}

/** A day of any month comes round within so many years: there are eight between the leap years around 1900 and 2100. */
const yearsAhead = 9;

/** In time. */
function meetingDays(op: DateOp, offset: Duration, seen: Json | undefined, day: Day, zone: string): readonly Day[] {
  const back = { ...offset, count: -offset.count };
  if (op !== 'anniversary') {
    const date = dateOf(seen);
    return date === undefined ? [] : [addToDay(dayIn(date, zone), back)];
  }
  const monthDay = monthDayOf(seen, zone);
  if (monthDay === undefined) return [];
  const { year } = partsOf(addToDay(day, offset));
  const years = Array.from({ length: yearsAhead + 2 }, (_, index) => year - 1 + index);
  return years.map((one) => addToDay(dayOf(one, Math.floor(monthDay / 100), monthDay % 100), back));
}
