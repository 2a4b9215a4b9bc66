/**
 * A slow calendar for the reference: days as year, month and date, zones asked of Intl, and no arithmetic but counting on by
 * one. Shares nothing with shared/kernel/time.ts.
 */
import type { Duration, Instant } from '../../shared/kernel/time.ts';

export interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function localDay(instant: Instant, zone: string): Day {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      era: 'short',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const year = Number(parts.get('year'));
  return {
    year: parts.get('era')?.startsWith('B') === true ? 1 - year : year,
    month: Number(parts.get('month')),
    date: Number(parts.get('day')),
  };
}

export const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const lastOf = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

export const isSame = (a: Day, b: Day): boolean => a.year === b.year && a.month === b.month && a.date === b.date;

const isBefore = (a: Day, b: Day): boolean =>
  a.year !== b.year ? a.year < b.year : a.month !== b.month ? a.month < b.month : a.date < b.date;

export function nextDay({ year, month, date }: Day): Day {
  if (date < lastOf(year, month)) return { year, month, date: date + 1 };
  return month < 12 ? { year, month: month + 1, date: 1 } : { year: year + 1, month: 1, date: 1 };
}

function previousDay({ year, month, date }: Day): Day {
  if (date > 1) return { year, month, date: date - 1 };
  return month > 1 ? { year, month: month - 1, date: lastOf(year, month - 1) } : { year: year - 1, month: 12, date: 31 };
}

/** A month that has no such day has it on its last one. */
export function plus(day: Day, { count, unit }: Duration): Day {
  const days = unit === 'weeks' ? 7 * count : unit === 'days' ? count : undefined;
  if (days !== undefined) {
    let here = day;
    for (let step = 0; step < Math.abs(days); step++) here = days > 0 ? nextDay(here) : previousDay(here);
    return here;
  }
  let { year, month } = day;
  for (let step = 0; step < Math.abs(unit === 'years' ? 12 * count : count); step++) {
    month += count > 0 ? 1 : -1;
    if (month === 13) [year, month] = [year + 1, 1];
    if (month === 0) [year, month] = [year - 1, 12];
  }
  return { year, month, date: Math.min(day.date, lastOf(year, month)) };
}

/** `2026-02-28`; undefined where no calendar has it. */
export function dayWritten(text: string): Day | undefined {
  const parts = text.split('-');
  if (parts.map((part) => part.length).join() !== '4,2,2' || parts.some((part) => !/^[0-9]+$/.test(part))) return undefined;
  const [year = 0, month = 0, date = 0] = parts.map(Number);
  return month >= 1 && month <= 12 && date >= 1 && date <= lastOf(year, month) ? { year, month, date } : undefined;
}

/** With dashes, slashes or dots, the same between all three. */
export function dayNamed(text: string): Day | undefined {
  const between = text[4] ?? '';
  return between === '/' || between === '.' ? dayWritten(text.split('-').join('?').split(between).join('-')) : dayWritten(text);
}

const starts = new Map<string, Instant>();

/** The first instant of that day, or of a later one where the zone has left it out. Halves the time in which it must lie. */
export function startOf(day: Day, zone: string): Instant {
  const name = `${zone} ${day.year} ${day.month} ${day.date}`;
  const known = starts.get(name);
  if (known !== undefined) return known;
  const noon = new Date(0).setUTCFullYear(day.year, day.month - 1, day.date) + 43_200_000;
  let [early, late] = [noon - 40 * 3_600_000, noon + 40 * 3_600_000]; // not yet that day; that day or later
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (isBefore(localDay(middle, zone), day)) early = middle;
    else late = middle;
  }
  starts.set(name, late);
  return late;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const hour = 3_600_000;

/** What the clocks of a zone show, as if it were UTC, less the instant; one for each hour is enough near a whole hour. */
function offsetAt(instant: Instant, zone: string): number {
  const name = `${zone} ${instant}`;
  const known = offsets.get(name);
  if (known !== undefined) return known;
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const digits = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', era: 'short', ...digits });
    clocks.set(zone, clock);
  }
  const shown = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number => Number(shown.get(name));
  const year = shown.get('era')?.startsWith('B') === true ? 1 - part('year') : part('year');
  const wall = new Date(Date.UTC(2000, part('month') - 1, part('day'), part('hour'), part('minute'), part('second')));
  const offset = wall.setUTCFullYear(year, part('month') - 1, part('day')) - Math.floor(instant / 1_000) * 1_000;
  if (offsets.size > 200_000) offsets.clear();
  offsets.set(name, offset);
  return offset;
}

/**
 * The same time of day on the day that much later: the first of two where clocks go back, and as much later as they were put
 * forward where they skip it. Seconds, minutes and hours are what they are everywhere.
 */
export function laterBy(from: Instant, duration: Duration, zone: string): Instant {
  const { count, unit } = duration;
  if (unit === 'seconds' || unit === 'minutes' || unit === 'hours')
    return from + count * (unit === 'hours' ? hour : unit === 'minutes' ? 60_000 : 1_000);
  const shown = from + offsetAt(from, zone);
  const day = plus(localDay(from, zone), duration);
  const timeOfDay = ((shown % (24 * hour)) + 24 * hour) % (24 * hour);
  const wanted = new Date(0).setUTCFullYear(day.year, day.month - 1, day.date) + timeOfDay;
  const near = Math.floor(wanted / hour) * hour;
  const possible = new Set(Array.from({ length: 21 }, (_, step) => offsetAt(near + (step * 3 - 30) * hour, zone)));
  const candidates = [...possible].map((offset) => wanted - offset);
  const exact = candidates.filter((at) => at + offsetAt(at, zone) === wanted);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}
