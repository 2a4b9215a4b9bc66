/**
 * When a campaign goes out, as people write it: `on: 2026-12-01`; `every: week, on: tuesday`; `every: month, on: 15` or
 * `on: first tuesday`, `on: dernier vendredi`.
 */
import type { Schedule } from '../../campaigns/campaign.ts';
import { say, shown } from './fields.ts';
import { nearest } from './spelling.ts';
import { readWeekday, weekdayComplaint } from './time-words.ts';
import { dayMeant, isDay } from './when-words.ts';

export const periods = ['week', 'month'] as const;
export type Period = (typeof periods)[number];

/** `week`, `semaine`, `month`, `mois`; undefined where it is neither. */
export function readPeriod(written: string): Period | undefined {
  const word = plain(written);
  if (word === 'week' || word === 'semaine') return 'week';
  return word === 'month' || word === 'mois' ? 'month' : undefined;
}

export function periodComplaint(written: string): string {
  const word = plain(written);
  const expected = 'week or month; without every: once, on a day';
  if (['day', 'jour', 'days'].includes(word))
    return say('a campaign goes out once, each week or each month', expected, 'write a journey for what comes each day');
  if (['year', 'an', 'année', 'annee'].includes(word))
    return say('a campaign goes out once, each week or each month', expected, 'write on: and the day, without every');
  const meant = nearest(word, ['week', 'month', 'semaine', 'mois']);
  return say(`${shown(written)} is not a period`, expected, meant === undefined ? '' : `did you mean "${meant}"?`);
}

const plain = (text: string): string => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase();

const ordinals: readonly { readonly nth: 1 | 2 | 3 | 4 | -1; readonly words: readonly string[] }[] = [
  { nth: 1, words: ['first', 'premier', '1st', '1er'] },
  { nth: 2, words: ['second', 'deuxième', 'deuxieme', '2nd', '2e'] },
  { nth: 3, words: ['third', 'troisième', 'troisieme', '3rd', '3e'] },
  { nth: 4, words: ['fourth', 'quatrième', 'quatrieme', '4th', '4e'] },
  { nth: -1, words: ['last', 'dernier'] },
];

/** The schedule, or what is wrong with it. */
export function readSchedule(period: Period | undefined, on: string): Schedule | string {
  const words = plain(on);
  switch (period) {
    case undefined:
      return isDay(words) ? { kind: 'once', day: words } : onceComplaint(on, words);
    case 'week': {
      const weekday = readWeekday(words);
      return weekday === undefined ? weekComplaint(on, words) : { kind: 'week', weekday };
    }
    case 'month':
      return dayOfMonth(words) ?? weekdayOfMonth(words) ?? monthComplaint(on, words);
  }
}

function dayOfMonth(words: string): Schedule | undefined {
  const day = /^(?:le )?(\d{1,2})$/.exec(words)?.[1] ?? (words === '1er' || words === 'le 1er' ? '1' : undefined);
  return day !== undefined && Number(day) >= 1 && Number(day) <= 31 ? { kind: 'month-day', day: Number(day) } : undefined;
}

function weekdayOfMonth(words: string): Schedule | undefined {
  const [, ordinal = '', day = ''] = /^(?:le )?(\S+) (\S+)$/.exec(words) ?? [];
  const nth = ordinals.find((known) => known.words.includes(ordinal))?.nth;
  const weekday = readWeekday(day);
  return nth === undefined || weekday === undefined ? undefined : { kind: 'month-weekday', nth, weekday };
}

function onceComplaint(on: string, words: string): string {
  const expected = 'a day such as 2026-12-01, or every: week or month beside on';
  if (readWeekday(words) !== undefined)
    return say(`"${on}" comes each week, and every is missing`, expected, 'write every: week');
  if (weekdayOfMonth(words) !== undefined || dayOfMonth(words) !== undefined)
    return say(`"${on}" comes each month, and every is missing`, expected, 'write every: month');
  const day = dayMeant(words);
  return say(`${shown(on)} is not a day`, expected, day === undefined ? '' : `write ${day}`);
}

function weekComplaint(on: string, words: string): string {
  if (isDay(words))
    return say(`"${on}" is one day, and every says each week`, 'a day of the week such as tuesday', 'remove every');
  return weekdayComplaint(on);
}

function monthComplaint(on: string, words: string): string {
  const expected = 'a day such as 15, or first tuesday, last friday';
  if (isDay(words)) return say(`"${on}" is one day, and every says each month`, expected, 'remove every');
  if (/^\d+$/.test(words)) return say(`no month has a day ${words}`, expected, 'write 31 for the last day');
  if (readWeekday(words) !== undefined) return say(`"${on}" comes several times a month`, expected, `write first ${words}`);
  if (/^(?:last day|dernier jour)$/.test(words))
    return say(`"${on}" is written as a number`, expected, 'write 31: shorter months have it on their last day');
  const [, first = '', day = ''] = /^(?:le )?(\S+) (\S+)/.exec(words) ?? [];
  const ordinal = nearest(
    first,
    ordinals.flatMap(({ words: known }) => known),
  );
  if (['fifth', 'cinquième', '5th', '5e'].includes(first))
    return say(`not every month has a ${words}`, expected, `write last ${day}`);
  if (ordinal !== undefined && readWeekday(day) !== undefined)
    return say(`${shown(on)} is not a day of the month`, expected, `did you mean "${ordinal} ${day}"?`);
  const number = /^(\d{1,2})(?:st|nd|rd|th|e|er)?\b/.exec(words)?.[1];
  return say(`${shown(on)} is not a day of the month`, expected, number === undefined ? '' : `write ${number}`);
}
