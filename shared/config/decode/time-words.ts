/**
 * Times of day and weekdays as people write them: `10:00`, `10h30`, `midi`; `tuesday`, `mardi`. And whose clock is meant.
 */
import * as v from 'valibot';
import type { TimeOfDay, ZoneChoice } from '../../kernel/time.ts';
import { oneOf, oneOrMany, say, shown, text } from './fields.ts';
import { nearest } from './spelling.ts';

const expected = 'a time of day such as "10:00"';

/** Minutes since midnight. */
export const timeOfDay: v.GenericSchema<unknown, TimeOfDay> = v.pipe(
  text(expected, ['09:00', '10:00', '18:30']),
  v.rawTransform<string, TimeOfDay>(({ dataset, addIssue, NEVER }) => {
    const time = readTime(dataset.value);
    if (time !== undefined) return time;
    addIssue({ message: say(`${shown(dataset.value)} is not a time of day`, expected, suggestTime(dataset.value)) });
    return NEVER;
  }),
);

/** `09:00` of a start by date, of a campaign and of a wait until a date. */
export const usualTime: TimeOfDay = 9 * 60;

const named: ReadonlyMap<string, TimeOfDay> = new Map([
  ['noon', 720],
  ['midi', 720],
  ['midnight', 0],
  ['minuit', 0],
]);

/** `10:00`, `9:30`, `10h`, `10 h 30`. Undefined where it is none. */
function readTime(written: string): TimeOfDay | undefined {
  const words = written.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase();
  const time = named.get(words);
  if (time !== undefined) return time;
  const [whole, hour = '', minute = ''] = /^(\d{1,2}) ?(?:h|heures?|: ?(?=\d\d$)) ?(\d{2})?$/.exec(words) ?? [];
  if (whole === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return Number(hour) * 60 + Number(minute);
}

function suggestTime(written: string): string {
  const words = written.trim().toLowerCase();
  const [, hour = '', minute = '0', half = ''] = /^(\d{1,2})(?:[.,:h](\d{1,2}))?(?::\d{2})? ?([ap]m)?$/.exec(words) ?? [];
  const [, day = '', time = ''] = /^(\p{L}+)(?: (?:at |à )?(.+))?$/u.exec(words) ?? [];
  if (readWeekday(day) !== undefined) return `write { at: "${readTime(time) === undefined ? '10:00' : time}", on: ${day} }`;
  if (hour === '') return nearestName(words);
  const hours = Number(hour) + (half === 'pm' && Number(hour) < 12 ? 12 : 0) - (half === 'am' && Number(hour) === 12 ? 12 : 0);
  if (hours === 24 && Number(minute) === 0) return 'write "00:00"';
  return hours > 23 || Number(minute) > 59 ? '' : `write "${String(hours).padStart(2, '0')}:${minute.padStart(2, '0')}"`;
}

function nearestName(words: string): string {
  const meant = nearest(words, [...named.keys()]);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

const weekdays: readonly (readonly string[])[] = [
  ['monday', 'lundi'],
  ['tuesday', 'mardi'],
  ['wednesday', 'mercredi'],
  ['thursday', 'jeudi'],
  ['friday', 'vendredi'],
  ['saturday', 'samedi'],
  ['sunday', 'dimanche'],
];

const weekdayNames = weekdays.flat();

/** 1 = Monday … 7 = Sunday; undefined where it is none. */
export function readWeekday(written: string): number | undefined {
  const word = written.trim().toLowerCase();
  const index = weekdays.findIndex((names) => names.includes(word));
  return index < 0 ? undefined : index + 1;
}

const shortNames: ReadonlyMap<string, string> = new Map([
  ...weekdays.flatMap(([english = '', french = '']) => [
    [english.slice(0, 3), english] as const,
    [french.slice(0, 3), french] as const,
  ]),
  ...weekdays.map(([english = '']) => [`${english}s`, english] as const),
  ...weekdays.map(([, french = '']) => [`${french}s`, french] as const),
]);

export const weekdayComplaint = (written: string): string => {
  const word = written.trim().toLowerCase().replace(/\.$/, '');
  const meant = shortNames.get(word) ?? nearest(word, weekdayNames);
  const several = word.split(/ *(?:,| et | and ) */);
  const list =
    several.length > 1 && several.every((part) => readWeekday(part) !== undefined) ? `write [${several.join(', ')}]` : '';
  const suggestion = meant === undefined ? list : `did you mean "${meant}"?`;
  return say(`${shown(written)} is not a day of the week`, 'monday to sunday, or lundi to dimanche', suggestion);
};

export const weekday: v.GenericSchema<unknown, number> = v.pipe(
  text('a day of the week such as tuesday', weekdayNames),
  v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
    const day = readWeekday(dataset.value);
    if (day !== undefined) return day;
    addIssue({ message: weekdayComplaint(dataset.value) });
    return NEVER;
  }),
);

/** Sorted, each once: the order they were written in means nothing. */
export const weekdayList: v.GenericSchema<unknown, readonly number[]> = v.pipe(
  oneOrMany(weekday),
  v.transform((days): readonly number[] => [...new Set(days)].toSorted((a, b) => a - b)),
);

export const zoneChoice: v.GenericSchema<unknown, ZoneChoice> = oneOf("whose clock: the brand's, or the recipient's", [
  'brand',
  'recipient',
]);
