/** Keys of campaigns in the one table. Names of campaigns are written like file names: none of them holds a `#`. */
import type { OccurrenceName, PageName } from '../../campaigns/occurrence.ts';
import type { Item } from './client.ts';
import { keyOf } from './settings-keys.ts';

/** What is under way, and what has ended by day; no campaign's own partition, which has a day in its name. */
const listPartition = 'C#-';

export const underWayKey: Item = keyOf(listPartition, '-');
export const pastKey = ({ campaign, day }: OccurrenceName): Item => keyOf(listPartition, `${day}#${campaign}`);
/** Of every day, and not of what is under way. */
export const pastRange = { partition: listPartition, from: '0', to: ':' } as const;

export const occurrencePartition = ({ campaign, day }: OccurrenceName): string => `C#${campaign}#${day}`;

/** Sorts by wave, then by number. */
const pageText = ({ wave, page }: PageName): string => `${String(wave).padStart(13, '0')}#${String(page).padStart(6, '0')}`;

/** Its people. */
export const pageKey = (name: PageName): Item => keyOf(occurrencePartition(name), `P#${pageText(name)}`);

/** What became of them: small, because it is written once for each. */
export const progressPrefix = 'V#';
export const progressKey = (name: PageName): Item => keyOf(occurrencePartition(name), `${progressPrefix}${pageText(name)}`);

/** The wave and number that a progress item stands for. */
export function readProgressKey(item: Item): Pick<PageName, 'wave' | 'page'> | undefined {
  const [, wave, page] = (item['sk']?.S ?? '').split('#');
  return wave === undefined || page === undefined ? undefined : { wave: Number(wave), page: Number(page) };
}
