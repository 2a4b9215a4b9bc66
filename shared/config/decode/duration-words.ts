/**
 * Durations as people write them (`30 minutes`, `3 jours`), with a suggestion for what is none.
 */
import * as v from 'valibot';
import { after, durationText, parseDuration, parseIsoDuration, type Duration, type DurationUnit } from '../../kernel/time.ts';
import { say, shown, text } from './fields.ts';
import { nearest } from './spelling.ts';

/** Plurals first: of two that are equally near, the first is proposed. */
const units = [
  ...[
    'seconds',
    'minutes',
    'hours',
    'days',
    'weeks',
    'months',
    'years',
    'second',
    'minute',
    'hour',
    'day',
    'week',
    'month',
    'year',
  ],
  ...['secondes', 'heures', 'jours', 'semaines', 'mois', 'ans', 'années', 'seconde', 'heure', 'jour', 'semaine', 'an', 'année'],
];

const expected = 'a number and a unit, such as 30 minutes, 2 hours, 3 days';
/** Far beyond any campaign, and inside what a calendar can add. */
const longest: Duration = { count: 5, unit: 'years' };
/** For how long events are kept (design.md 3: the timeline, 396 days). */
export const kept: Duration = { count: 13, unit: 'months' };
/** For dates of people: nobody was born before. */
export const lifetime: Duration = { count: 130, unit: 'years' };

export interface Bounds {
  /** 5 years without it. */
  readonly longest?: Duration;
  /** Why not longer; without it nothing is said but that it is too long. */
  readonly because?: string;
  /** A span of nothing makes no sense here. */
  readonly some?: boolean;
  /** Calendar units alone: what is counted is a day. */
  readonly days?: boolean;
  /** What a number alone is taken for in a suggestion; minutes without it. */
  readonly usual?: DurationUnit;
}

export const duration = (description: string, bounds: Bounds = {}): v.GenericSchema<unknown, Duration> =>
  v.pipe(
    text(`${description}: ${bounds.days === true ? expectedDays : expected}`),
    v.rawTransform<string, Duration>(({ dataset, addIssue, NEVER }) => {
      const parsed = parseDuration(dataset.value);
      const complaint = parsed === undefined ? noDuration(dataset.value, bounds) : boundsComplaint(dataset.value, parsed, bounds);
      if (complaint === undefined && parsed !== undefined) return parsed;
      addIssue({ message: complaint ?? say(`${shown(dataset.value)} is not a duration`, expected) });
      return NEVER;
    }),
  );

const expectedDays = 'a number of days, weeks, months or years, such as 7 days';

function noDuration(written: string, { days, usual }: Bounds): string {
  const suggestion = suggestDuration(written, usual);
  const isClock = days === true && suggestion !== undefined && /(?:second|minute|hour)/.test(suggestion);
  const meant = isClock ? suggestion.replace(/^(\d+) .*$/, '$1 days') : suggestion;
  const sentence = days === true ? expectedDays : expected;
  return say(`${shown(written)} is not a duration`, sentence, meant === undefined ? '' : `write ${meant}`);
}

/** What is wrong with the length, in our words; undefined where it is well. */
export function boundsComplaint(written: string, given: Duration, bounds: Bounds): string | undefined {
  const limit = bounds.longest ?? longest;
  if (bounds.days === true && isClockUnit(given)) {
    const whole = given.unit === 'hours' && given.count % 24 === 0 ? durationText({ count: given.count / 24, unit: 'days' }) : '';
    return say(`"${written}" is not counted in days`, expectedDays, whole === '' ? '' : `write ${whole}`);
  }
  if (bounds.some === true && given.count === 0)
    return say(`"${written}" is no time at all`, 'at least 1', `write ${durationText({ ...given, count: 1 })}`);
  if (!isLonger(given, limit)) return undefined;
  const why = bounds.because === undefined ? '' : `: ${bounds.because}`;
  return say(
    `"${written}" is longer than ${durationText(limit)}${why}`,
    `at most ${durationText(limit)}`,
    `write ${durationText(limit)}`,
  );
}

const isClockUnit = ({ unit }: Duration): boolean => unit === 'seconds' || unit === 'minutes' || unit === 'hours';

const days = { seconds: 1 / 86_400, minutes: 1 / 1_440, hours: 1 / 24, days: 1, weeks: 7, months: 30.44, years: 365.25 };

/** About how many days: for sums, and to tell what no calendar can add. */
export const daysOf = ({ count, unit }: Duration): number => count * days[unit];

export const isLonger = (given: Duration, limit: Duration): boolean =>
  daysOf(given) > daysOf(limit) * 1.1 || after(0, given, 'UTC') > after(0, limit, 'UTC');

/** `30` → `30 minutes`, `1h30` → `90 minutes`, `PT2H` → `2 hours`, `3 dayz` → `3 days`; undefined where nothing is near. */
export function suggestDuration(written: string, usual: DurationUnit = 'minutes'): string | undefined {
  const words = written.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (/^\d+$/.test(words)) return durationText({ count: Number(words), unit: usual });
  const iso = parseIsoDuration(written.trim().toUpperCase());
  if (iso !== undefined && iso > 0) return inMinutes(iso / 60_000);
  const clock = /^(\d+) ?(?:h|hours?|heures?) ?(\d{1,2}) ?(?:m|min|minutes?)?$/.exec(words);
  if (clock !== null) return inMinutes(Number(clock[1]) * 60 + Number(clock[2]));
  const [, count, unit] = /^(\d+(?:[.,]\d+)?|an?|one|une?) ?(\p{L}+)$/u.exec(words) ?? [];
  const meant = unit === undefined ? undefined : nearest(unit, units);
  if (count === undefined || meant === undefined) return undefined;
  const number = /\d/.test(count) ? Number(count.replace(',', '.')) : 1;
  if (number > 999_999) return undefined; // no duration has so many digits
  const whole = parseDuration(`1 ${meant}`);
  return Number.isInteger(number) || whole === undefined
    ? `${number} ${meant}`
    : inMinutes((number * after(0, whole, 'UTC')) / 60_000);
}

function inMinutes(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole % 1_440 === 0) return `${whole / 1_440} days`;
  return whole % 60 === 0 ? `${whole / 60} hours` : `${whole} minutes`;
}
