/**
 * Moments as people write them, in English and French: `now`, `today`, `in 7 days`, `il y a 30 jours`, `2026-12-01`,
 * `2026-12-01T10:00:00+01:00`.
 */
import * as v from 'valibot';
import { parseDuration, parseInstant, type Duration } from '../../kernel/time.ts';
import type { When } from '../../rules/condition.ts';
import { boundsComplaint, lifetime, suggestDuration } from './duration-words.ts';
import { say, shown, text } from './fields.ts';
import { nearest } from './spelling.ts';

const expected = 'now, today, in 7 days, 7 days ago, or a day such as 2026-12-01';

const fixed: ReadonlyMap<string, When> = new Map<string, When>([
  ...['now', 'maintenant'].map((word) => [word, { kind: 'now' }] as const),
  ...['today', "aujourd'hui", 'aujourdhui'].map((word) => [word, inDays(0)] as const),
  ...['tomorrow', 'demain'].map((word) => [word, inDays(1)] as const),
  ...['yesterday', 'hier'].map((word) => [word, inDays(-1)] as const),
]);

function inDays(count: number): When {
  return { kind: 'day', offset: { count, unit: 'days' } };
}

export const whenSchema: v.GenericSchema<unknown, When> = v.pipe(
  text(`a moment: ${expected}`, ['today', 'in 7 days', '7 days ago']),
  v.rawTransform<string, When>(({ dataset, addIssue, NEVER }) => {
    const read = readWhen(dataset.value);
    if (typeof read !== 'string') return read;
    addIssue({ message: read });
    return NEVER;
  }),
);

/** Is it a moment counted from today, such as `today` or `in 7 days`? */
export function isRelativeMoment(written: string): boolean {
  const words = plain(written);
  return fixed.has(words) || parseDuration(relativeIn(words)?.span ?? '') !== undefined;
}

/** The moment, or what is wrong with it. */
function readWhen(written: string): When | string {
  const words = plain(written);
  const known = fixed.get(words);
  if (known !== undefined) return known;
  const relative = relativeIn(words);
  if (relative !== undefined) return relativeWhen(written, relative);
  if (isDay(words)) return { kind: 'date', day: words };
  const at = /^\d{4}-\d{2}-\d{2}[t ]/.test(words) ? parseInstant(written.trim()) : undefined;
  return at === undefined ? say(`${shown(written)} is not a moment`, expected, suggestion(words)) : { kind: 'instant', at };
}

/** A typographic apostrophe is one, and so is any kind of space. */
const plain = (written: string): string =>
  written
    .normalize('NFC')
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** `YYYY-MM-DD`, and a day that exists. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && parseInstant(`${text}T00:00:00Z`) !== undefined;

interface Relative {
  readonly sign: 1 | -1;
  readonly span: string;
}

function relativeIn(words: string): Relative | undefined {
  const ahead = /^(?:in|dans) (.+)$/.exec(words)?.[1];
  if (ahead !== undefined) return { sign: 1, span: ahead };
  const ago = /^(?:(.+) ago|il y a (.+))$/.exec(words);
  const back = ago?.[1] ?? ago?.[2];
  return back === undefined ? undefined : { sign: -1, span: back };
}

function relativeWhen(written: string, { sign, span }: Relative): When | string {
  const given = parseDuration(span) ?? parseDuration(suggestDuration(/^\d+$/.test(span) ? `${span} days` : span) ?? '');
  const phrase = (of: string): string => (sign > 0 ? `in ${of}` : `${of} ago`);
  if (parseDuration(span) === undefined || given === undefined) {
    const meant = given === undefined ? '' : `write ${phrase(`${given.count} ${given.unit}`)}`;
    return say(`${shown(written)} is not a moment`, expected, meant);
  }
  const complaint = boundsComplaint(written, given, { longest: lifetime, days: true });
  if (complaint !== undefined) return complaint;
  const offset: Duration = { ...given, count: sign * given.count };
  return { kind: 'day', offset: offset.count === 0 ? { ...offset, count: 0 } : offset };
}

/** `01/12/2026` and `1.12.26` are days as French hands write them; `7 days` lacks its direction. */
function suggestion(words: string): string {
  const day = dayMeant(words);
  if (day !== undefined) return `write ${day}`;
  if (/^\d{4}-\d{2}-\d{2}[t ]\d/.test(words)) return 'add the offset, such as 2026-12-01T10:00:00+01:00';
  const signed = /^([+-]?) ?(.+)$/.exec(words);
  const span = parseDuration(signed?.[2] ?? '');
  if (span !== undefined)
    return signed?.[1] === '-' ? `write ${signed[2] ?? ''} ago` : `write in ${signed?.[2] ?? ''}, or ${signed?.[2] ?? ''} ago`;
  const meant = nearest(words, [...fixed.keys()]);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

/** The day somebody meant, as `YYYY-MM-DD`; undefined where no day is near. */
export function dayMeant(words: string): string | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})$/.exec(words.trim()) ?? [];
  const [, first = '', second = '', third = ''] = /^(\d{4})[/. ](\d{1,2})[/. ](\d{1,2})$/.exec(words.trim()) ?? [];
  const iso =
    year === ''
      ? `${first}-${second.padStart(2, '0')}-${third.padStart(2, '0')}`
      : `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(iso) ? iso : undefined;
}
