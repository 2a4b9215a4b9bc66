/**
 * Durations as people write them (`30 minutes`, `3 jours`), with a suggestion for what is none.
 */
import * as v from 'valibot';
import { after, durationText, parseDuration, parseIsoDuration, type Duration } from '../../kernel/time.ts';
import { say, text } from './fields.ts';
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
  ...['secondes', 'heures', 'jours', 'semaines', 'mois', 'ans', 'seconde', 'heure', 'jour', 'semaine', 'an'],
];

const expected = 'a number and a unit, such as 30 minutes, 2 hours, 3 days';
/** Far beyond any campaign, and inside what a calendar can add. */
const longest: Duration = { count: 5, unit: 'years' };

export const duration = (description: string) =>
  v.pipe(
    text(`${description}: ${expected}`),
    v.rawTransform<string, Duration>(({ dataset, addIssue, NEVER }) => {
      const parsed = parseDuration(dataset.value);
      if (parsed === undefined) {
        const suggestion = suggestDuration(dataset.value);
        addIssue({
          message: say(`"${dataset.value}" is not a duration`, expected, suggestion === undefined ? '' : `write ${suggestion}`),
        });
        return NEVER;
      }
      if (isTooLong(parsed)) {
        addIssue({ message: say(`"${dataset.value}" is longer than ${durationText(longest)}`, 'a shorter time') });
        return NEVER;
      }
      return parsed;
    }),
  );

function isTooLong(duration: Duration): boolean {
  const limit = after(0, longest, 'UTC');
  // A count that no calendar can add is far too long anyway.
  const most = { seconds: 2e8, minutes: 3e6, hours: 5e4, days: 2e3, weeks: 300, months: 72, years: 6 }[duration.unit];
  return duration.count > most || after(0, duration, 'UTC') > limit;
}

/** `30` → `30 minutes`, `1h30` → `90 minutes`, `PT2H` → `2 hours`, `3 dayz` → `3 days`; undefined where nothing is near. */
export function suggestDuration(written: string): string | undefined {
  const words = written.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (/^\d+$/.test(words)) return `${Number(words)} minutes`;
  const iso = parseIsoDuration(written.trim().toUpperCase());
  if (iso !== undefined && iso > 0) return inMinutes(iso / 60_000);
  const clock = /^(\d+) ?(?:h|hours?|heures?) ?(\d{1,2}) ?(?:m|min|minutes?)?$/.exec(words);
  if (clock !== null) return inMinutes(Number(clock[1]) * 60 + Number(clock[2]));
  const [, count, unit] = /^(\d+(?:[.,]\d+)?|an?|one|une?) ?(\p{L}+)$/u.exec(words) ?? [];
  const meant = unit === undefined ? undefined : nearest(unit, units);
  if (count === undefined || meant === undefined) return undefined;
  const number = /\d/.test(count) ? Number(count.replace(',', '.')) : 1;
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
