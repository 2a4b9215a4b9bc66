/**
 * When a campaign goes out: on which days of the calendar, and at which instants on each of them. Pure.
 * A time that a clock change leaves out is as much later as the clocks leave out; one that exists twice is the first of both.
 */
import {
  dayOf,
  hours,
  instantAt,
  localDay,
  minutes,
  parseDay,
  partsOf,
  weekdayOf,
  type Day,
  type Instant,
} from '../kernel/time.ts';
import type { Campaign, Schedule } from './campaign.ts';

export type Timing = Pick<Campaign, 'schedule' | 'at' | 'zone'>;

/** In any zone: it is a day of the calendar, not a span of time. */
export function goesOutOn(schedule: Schedule, day: Day): boolean {
  switch (schedule.kind) {
    case 'once':
      return parseDay(schedule.day) === day;
    case 'week':
      return weekdayOf(day) === schedule.weekday;
    case 'month-day':
      return partsOf(day).date === Math.min(schedule.day, daysOfMonth(day));
    case 'month-weekday': {
      const { date } = partsOf(day);
      const isNth = schedule.nth === -1 ? date + 7 > daysOfMonth(day) : Math.ceil(date / 7) === schedule.nth;
      return isNth && weekdayOf(day) === schedule.weekday;
    }
  }
}

function daysOfMonth(day: Day): number {
  const { year, month } = partsOf(day);
  return partsOf(dayOf(year, month + 1, 0)).date;
}

/** The instant that names an occurrence, whatever zones its recipients live in. */
export const nominalInstant = ({ at }: Pick<Timing, 'at'>, day: Day, brandZone: string): Instant => instantAt(day, at, brandZone);

/**
 * Minutes that clocks on earth are ahead of UTC, the earliest first. A list and not what a machine's calendar knows, so that
 * two containers of different age agree.
 */
const offsets: readonly number[] = [
  ...Array.from({ length: 27 }, (_, index) => (14 - index) * 60),
  ...[13.75, 12.75, 10.5, 9.5, 8.75, 6.5, 5.75, 5.5, 4.5, 3.5, -2.5, -3.5, -4.5, -9.5].map((ahead) => ahead * 60),
].toSorted((a, b) => b - a);

/**
 * The instants at which an occurrence is due for somebody, the earliest first. In the brand's zone it is one; in recipients'
 * zones it is this time of that day all around the earth, from Kiribati to the west of it, 26 hours later.
 */
export function wavesOf({ at, zone }: Pick<Timing, 'at' | 'zone'>, day: Day, brandZone: string): readonly Instant[] {
  const nominal = nominalInstant({ at }, day, brandZone);
  if (zone === 'brand') return [nominal];
  const asInUtc = instantAt(day, at, 'UTC');
  return [...new Set([nominal, ...offsets.map((ahead) => asInUtc - minutes(ahead))])].toSorted((a, b) => a - b);
}

/** The wave that takes whoever is due then: the first one that is not earlier; undefined where all of them are. */
export const waveOf = (due: Instant, waves: readonly Instant[]): Instant | undefined => waves.find((wave) => wave >= due);

/** Whoever was due in a wave before the first of these is too late for it: `all` are those of the whole day. */
export function isTaken(due: Instant, wave: Instant, waves: readonly Instant[], all: readonly Instant[]): boolean {
  const tooLate = wave === waves[0] ? (all.findLast((other) => other < wave) ?? -Infinity) : -Infinity;
  return waveOf(due, waves) === wave && due > tooLate;
}

/** What became due longer ago starts nothing any more, as with journeys. */
export const late = hours(1);

/** No two clocks on earth show days further apart. */
const mostDaysApart = 2;
/** The longest way from one occurrence to the next: 31 January to the last Friday of March, and some days. */
const furthestDays = 70;

const daysAround = (instant: Instant, ahead: number): readonly Day[] => {
  const today = localDay(instant, 'UTC');
  return Array.from({ length: mostDaysApart * 2 + ahead + 1 }, (_, index) => today - mostDaysApart + index);
};

export interface Beginning {
  readonly day: Day;
  /** Those that are not too late, the first of them due. */
  readonly waves: readonly Instant[];
}

/** Occurrences that are due for somebody at `now`, and are not due for so long that they start nothing. */
export const beginningAt = (timing: Timing, brandZone: string, now: Instant): readonly Beginning[] =>
  daysAround(now, 0)
    .filter((day) => goesOutOn(timing.schedule, day))
    .map((day) => ({ day, waves: wavesOf(timing, day, brandZone).filter((wave) => wave > now - late) }))
    .filter(({ waves: [first] }) => first !== undefined && first <= now);

/** The first instant after `after` at which an occurrence is due for somebody; undefined when none comes any more. */
export function nextWave(timing: Timing, brandZone: string, after: Instant): Instant | undefined {
  const { schedule } = timing;
  const once = schedule.kind === 'once' ? parseDay(schedule.day) : undefined;
  const days = once === undefined ? daysAround(after, furthestDays) : [once];
  // Two occurrences in a row can overlap where a short month follows: the earliest of both counts.
  const [day, next] = days.filter((one) => goesOutOn(schedule, one) && (wavesOf(timing, one, brandZone).at(-1) ?? after) > after);
  const ahead = [day, next].flatMap((one) => (one === undefined ? [] : wavesOf(timing, one, brandZone)));
  return ahead.filter((wave) => wave > after).toSorted((a, b) => a - b)[0];
}

/** The latest day of the calendar whose first wave is not after `now`; undefined when there is none in the last ten weeks. */
export function latestDay(timing: Timing, brandZone: string, now: Instant): Day | undefined {
  const today = localDay(now, 'UTC');
  for (let day = today + mostDaysApart; day >= today - furthestDays; day -= 1) {
    if (goesOutOn(timing.schedule, day) && (wavesOf(timing, day, brandZone)[0] ?? Infinity) <= now) return day;
  }
  return undefined;
}
