/** Keys of parked items and of the settings, in the patterns of the one table. */
import type { Channel } from '../../events/event.ts';
import { isoInstant, type Instant } from '../../kernel/time.ts';
import type { Item } from './client.ts';

export const keyOf = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });

/** UTC. */
export const parkedDay = (at: Instant): string => isoInstant(at).slice(0, 10);

export const parkedPartition = (day: string): string => `Q#${day}`;

/** What of a parked item does not fit into one item: parts by number, whatever its day. */
export const parkedPartsPartition = (id: string): string => `Q#parts#${id}`;

export const journeyPartition = (hash: string): string => `D#journey#${hash}`;
export const campaignPartition = (hash: string): string => `D#campaign#${hash}`;

export const activeConfigKey: Item = keyOf('D#active', '-');

export const feedbackKey = (channel: Channel): Item => keyOf('D#feedback', channel);

export const timerSweepKey: Item = keyOf('D#timers', '-');

/** What was asked under a key of the asker's: nothing else lies under this letter, so that a door may write here and nowhere near the config. */
export const askedKey = (key: string): Item => keyOf(`R#${key}`, '-');
