/**
 * Every key pattern of people in the one table. Names that strangers can influence are percent-encoded, so that a `#` in
 * them never reads as ours; none of them holds personal data.
 */
import type { Channel } from '../../events/event.ts';
import type { ClaimKey } from '../../events/identifier.ts';
import type { InstanceRef } from '../../journeys/instance.ts';
import { bucketOf, type PersonId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { shards } from '../../profile/directory.ts';
import type { Item } from './client.ts';

const keyOf = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });

export const personPartition = (person: PersonId): string => `P#${person}`;

export const claimItemKey = (claim: ClaimKey): Item => keyOf(`I#${claim}`, '-');
export const attributesKey = (person: PersonId): Item => keyOf(personPartition(person), 'A');
export const hotStateKey = (person: PersonId): Item => keyOf(personPartition(person), 'H');
export const statisticsKey = (person: PersonId): Item => keyOf(personPartition(person), 'S');
export const chunkItemKey = (person: PersonId, chunk: string): Item => keyOf(personPartition(person), chunk);
export const suppressionKey = (channel: Channel, claim: ClaimKey): Item => keyOf(`X#${channel}#${claim}`, '-');

/** 13 digits: sorts by time. */
const sortable = (at: Instant): string => String(Math.max(0, Math.floor(at))).padStart(13, '0');

export const instancePrefix = 'J#';
export const instanceItemKey = (person: PersonId, { journey, key }: InstanceRef): Item =>
  keyOf(personPartition(person), `${instancePrefix}${encodeURIComponent(journey)}#${encodeURIComponent(key)}`);

/** What a commit of more items than one transaction takes left to be written; each such commit replaces the one before. */
export const restKey = (person: PersonId, index: number): Item => keyOf(personPartition(person), `W#${index}`);

/** The person and run that an index entry of `due` points at. */
export function readInstanceKey(item: Item): (InstanceRef & { readonly person: PersonId }) | undefined {
  const [, journey, key] = (item['sk']?.S ?? '').split('#');
  const person = item['pk']?.S?.slice(2);
  if (journey === undefined || key === undefined || person === undefined) return undefined;
  return { person, journey: decodeURIComponent(journey), key: decodeURIComponent(key) };
}

export const messagePrefix = 'M#';
export const messageItemKey = (person: PersonId, message: { readonly orderTime: Instant; readonly sendKey: string }): Item =>
  keyOf(personPartition(person), `${messagePrefix}${sortable(message.orderTime)}#${message.sendKey}`);

export const proofKey = (person: PersonId, at: Instant, consent: string, envelopeId: string): Item =>
  keyOf(personPartition(person), `C#${sortable(at)}#${consent.replace('.', '#')}#${envelopeId}`);

export const journalKey = (person: PersonId, at: Instant, loser: PersonId): Item =>
  keyOf(personPartition(person), `Y#${sortable(at)}#${loser}`);

export const dueShards: readonly string[] = Array.from({ length: 16 }, (_, shard) => `T#${shard}`);
export const dueShardOf = (person: PersonId, { journey, key }: InstanceRef): string =>
  `T#${bucketOf(`${person}\n${journey}\n${key}`, 16)}`;

export const directoryShardOf = (person: PersonId): string => String(bucketOf(person, shards));
