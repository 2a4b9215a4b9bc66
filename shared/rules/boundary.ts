/** When time alone may change what a condition says. */
import type { Json } from '../kernel/json.ts';
import {
  addToDay,
  after,
  dayOf,
  instantAt,
  localDay,
  partsOf,
  startOfDay,
  type Duration,
  type Instant,
  type TimeOfDay,
} from '../kernel/time.ts';
import type { Condition, Facts } from './condition.ts';
import { dateOf, dayIn, monthDayOf } from './dates.ts';

/** The first instant after `facts.now` at which any part of it may change; undefined where none can. */
export function nextBoundary(condition: Condition, facts: Facts): Instant | undefined {
  const ahead = boundaries(condition, facts).filter((at) => at > facts.now);
  return ahead.length === 0 ? undefined : Math.min(...ahead);
}

function boundaries(condition: Condition, facts: Facts): readonly Instant[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap((part) => boundaries(part, facts));
    case 'not':
    case 'segment':
      return boundaries(condition.of, facts);
    case 'orders':
      return facts.orderList.flatMap(({ at }) => [at, after(at, condition.within, facts.zone)]);
    case 'did': {
      const { within } = condition;
      const instants = Object.values(facts.counts[condition.id] ?? {}).flat();
      return instants.flatMap((at) => [at, ...(within === undefined ? [] : [after(at, within, facts.zone)])]);
    }
    case 'compare': {
      const { op } = condition.comparison;
      if (!['before', 'after', 'on', 'anniversary', 'within'].includes(op)) return [];
      return [startOfDay(localDay(facts.now, facts.zone) + 1, facts.zone)];
    }
  }
}

interface Moment {
  readonly offset: Duration;
  readonly at: TimeOfDay;
  readonly every: 'once' | 'year';
}

/** The first occurrence after `from`; undefined where there is none, or the value is no date. */
export function nextOccurrence(moment: Moment, value: Json | undefined, zone: string, from: Instant): Instant | undefined {
  if (moment.every === 'once') {
    const date = dateOf(value);
    if (date === undefined) return undefined;
    const at = instantAt(addToDay(dayIn(date, zone), moment.offset), moment.at, zone);
    return at > from ? at : undefined;
  }
  const monthDay = monthDayOf(value, zone);
  if (monthDay === undefined) return undefined;
  const { year } = partsOf(localDay(from, zone));
  for (const candidate of [year - 2, year - 1, year, year + 1, year + 2, year + 3]) {
    const isLeap = dayOf(candidate, 3, 1) - dayOf(candidate, 2, 28) === 2;
    const day =
      monthDay === 229 && !isLeap ? dayOf(candidate, 2, 28) : dayOf(candidate, Math.floor(monthDay / 100), monthDay % 100);
    const at = instantAt(addToDay(day, moment.offset), moment.at, zone);
    if (at > from) return at;
  }
  return undefined;
}
