/**
 * People's items: domain values to attributes and back. Hot state and chunks are packed, so that the usual envelope costs
 * one unit each (promise 7); what an index carries stays native.
 */
import type { Instance } from '../../journeys/instance.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { exactDays } from '../../kernel/time.ts';
import type { Channel } from '../../events/event.ts';
import type { ClaimKey } from '../../events/identifier.ts';
import { notSuppressed, type Suppression } from '../../consent/suppression.ts';
import { loggedMessage, type LoggedMessage, type MessageRecord } from '../../messages/marks.ts';
import { isKnownByName, type Listed } from '../../profile/directory.ts';
import { newAttributes, newHotState, type Attributes, type HotState } from '../../profile/profile.ts';
import { tellings, type Ring } from '../../profile/ring.ts';
import { newStatistics, type Statistics } from '../../profile/statistics.ts';
import type { Chunk } from '../../profile/timeline.ts';
import type { Item } from './client.ts';
import { pack, unpack } from './deflate.ts';
import {
  attributesKey,
  chunkItemKey,
  directoryShardOf,
  dueShardOf,
  hotStateKey,
  instanceItemKey,
  messageItemKey,
  statisticsKey,
  suppressionKey,
} from './keys.ts';
import {
  chunkShape,
  consentsShape,
  decoded,
  factsShape,
  hotShape,
  instanceShape,
  marksShape,
  messageShape,
  statisticsShape,
  suppressionShape,
  traitsShape,
} from './people-shape.ts';

const number = (value: number): { N: string } => ({ N: String(value) });

export const versionOf = (item: Item | undefined): number => Number(item?.['v']?.N ?? 0);

/** Thirteen months of timeline, twenty-five of messages: what design section 3 keeps. Counted from when the thing happened. */
const chunkLife = exactDays(396);
const messageLife = exactDays(761);
const expiry = (from: number, life: number): { N: string } => number(Math.ceil((from + life) / 1_000));

/**
 * `g` puts people who are known by name into the directory; traits and consents travel along for sweeps. Packed, because
 * strangers' JSON holds numbers and depths that no native attribute takes.
 */
export function attributesItem(person: PersonId, { version, traits, consents, ...rest }: Attributes): Item {
  return {
    ...attributesKey(person),
    v: number(version),
    tr: { B: pack(traits) },
    co: { B: pack(consents) },
    b: { B: pack(rest) },
    ...(isKnownByName(rest) ? { g: { S: directoryShardOf(person) } } : {}),
  };
}

export function readAttributes(item: Item | undefined): Attributes {
  const [traits, consents, rest] = [item?.['tr']?.B, item?.['co']?.B, item?.['b']?.B];
  if (traits === undefined || consents === undefined || rest === undefined) return newAttributes(0);
  return {
    ...decoded(factsShape, unpack(rest), 'item A'),
    traits: decoded(traitsShape, unpack(traits), 'item A'),
    consents: decoded(consentsShape, unpack(consents), 'item A'),
    version: versionOf(item),
  };
}

/** As the directory's index has it; undefined for an entry that is not one of ours. */
export function readListed(item: Item): Listed | undefined {
  const [person, traits, consents] = [item['pk']?.S?.slice(2), item['tr']?.B, item['co']?.B];
  if (person === undefined || traits === undefined || consents === undefined) return undefined;
  return {
    person,
    traits: decoded(traitsShape, unpack(traits), 'an entry of the directory'),
    consents: decoded(consentsShape, unpack(consents), 'an entry of the directory'),
  };
}

/** A ring entry: 5 bytes of hash; in 4 bytes the telling and how many seconds it is older than the newest entry. */
const entryBytes = 9;
/** Twelve days. What is older seems that old, which only asks the timeline once more than needed. */
const oldest = 2 ** 32 / tellings - 1;

function ringAttributes({ entries, floor }: Ring): Item {
  const newest = entries.reduce((latest, { at }) => Math.max(latest, Math.ceil(at / 1_000)), 0);
  const bytes = Buffer.alloc(entries.length * entryBytes);
  for (const [index, { hash, telling, at }] of entries.entries()) {
    Buffer.from(hash, 'base64url').copy(bytes, index * entryBytes, 0, 5);
    const age = Math.min(newest - Math.ceil(at / 1_000), oldest);
    bytes.writeUInt32BE(age * tellings + telling, index * entryBytes + 5);
  }
  return { rf: number(floor), ...(entries.length === 0 ? {} : { rn: number(newest), rg: { B: bytes } }) };
}

function readRing(item: Item): Ring {
  const bytes = Buffer.from(item['rg']?.B ?? new Uint8Array());
  const newest = Number(item['rn']?.N ?? 0);
  const entries = Array.from({ length: Math.floor(bytes.length / entryBytes) }, (_, index) => {
    const told = bytes.readUInt32BE(index * entryBytes + 5);
    return {
      hash: bytes.subarray(index * entryBytes, index * entryBytes + 5).toString('base64url'),
      telling: told % tellings,
      at: (newest - Math.floor(told / tellings)) * 1_000,
    };
  });
  return { entries, floor: Number(item['rf']?.N ?? 0) };
}

export function hotStateItem(person: PersonId, { version, ring, ...rest }: HotState): Item {
  return {
    ...hotStateKey(person),
    v: number(version),
    ...ringAttributes(ring),
    b: { B: pack(rest) },
  };
}

export function readHotState(item: Item | undefined): HotState {
  const body = item?.['b']?.B;
  if (item === undefined || body === undefined) return newHotState();
  return { ...decoded(hotShape, unpack(body), 'item H'), version: versionOf(item), ring: readRing(item) };
}

export const statisticsItem = (person: PersonId, { version, ...rest }: Statistics): Item => ({
  ...statisticsKey(person),
  v: number(version),
  b: { B: pack(rest) },
});

export function readStatistics(item: Item | undefined): Statistics {
  const body = item?.['b']?.B;
  return body === undefined ? newStatistics() : { ...decoded(statisticsShape, unpack(body), 'item S'), version: versionOf(item) };
}

/** Only what waits carries `ds` and `da`: the index `due` holds nothing else. */
export const instanceItem = (person: PersonId, { stored, ...rest }: Instance): Item => ({
  ...instanceItemKey(person, rest),
  v: number(stored),
  b: { B: pack(rest) },
  ...(rest.state.kind === 'ended' ? {} : { ds: { S: dueShardOf(person, rest) }, da: number(rest.state.due) }),
});

export function readInstance(item: Item | undefined): Instance | undefined {
  const body = item?.['b']?.B;
  return body === undefined ? undefined : { ...decoded(instanceShape, unpack(body), 'item J'), stored: versionOf(item) };
}

export const chunkItem = (person: PersonId, { key, ...rest }: Chunk): Item => ({
  ...chunkItemKey(person, key),
  ttl: expiry(rest.receivedAt, chunkLife),
  b: { B: pack(rest) },
});

export function readChunk(item: Item): Chunk | undefined {
  const [body, key] = [item['b']?.B, item['sk']?.S];
  return body === undefined || key === undefined ? undefined : { ...decoded(chunkShape, unpack(body), 'item E'), key };
}

/** Log and marks apart: either may come first. */
export const recordItem = (person: PersonId, { version, log, marks, ...name }: MessageRecord): Item => ({
  ...messageItemKey(person, name),
  v: number(version),
  ttl: expiry(log?.at ?? name.orderTime, messageLife),
  ...(log === undefined ? {} : { b: { B: pack(log) } }),
  ...(marks.length === 0 ? {} : { mk: { B: pack(marks) } }),
});

export function readRecord(item: Item, name: Pick<MessageRecord, 'orderTime' | 'sendKey'>): MessageRecord {
  const [body, told] = [item['b']?.B, item['mk']?.B];
  return {
    orderTime: name.orderTime,
    sendKey: name.sendKey,
    version: versionOf(item),
    ...(body === undefined ? {} : { log: decoded(messageShape, unpack(body), 'item M') }),
    marks: told === undefined ? [] : decoded(marksShape, unpack(told), 'item M'),
  };
}

export const readMessage = (item: Item): LoggedMessage | undefined =>
  loggedMessage(readRecord(item, { orderTime: 0, sendKey: '' }));

export const suppressionItem = (channel: Channel, claim: ClaimKey, { version, reasons }: Suppression): Item => ({
  ...suppressionKey(channel, claim),
  v: number(version),
  b: { B: pack(reasons) },
});

export function readSuppression(item: Item | undefined): Suppression {
  const body = item?.['b']?.B;
  if (body === undefined) return notSuppressed;
  return { version: versionOf(item), reasons: decoded(suppressionShape, unpack(body), 'item X') };
}
