/**
 * The ring of recent event ids in the hot state: a retry within 15 minutes, or among the last 40 events, is seen without
 * a read. What has left the ring is told by `floor`: only an event stated at or before it may be an old repeat (promise 2).
 */
import { bucketOf, shortHash } from '../kernel/ids.ts';
import { minutes, type Instant } from '../kernel/time.ts';

export interface RingEntry {
  readonly hash: string;
  /** Which of its tellings was committed (`tellingOf`). */
  readonly telling: number;
  /** When it was committed, in whole seconds rounded up. */
  readonly at: Instant;
}

export interface Ring {
  /** Oldest first. */
  readonly entries: readonly RingEntry[];
  /** No event stated after this has left: the latest `at` of those that did, or a later time that one of them states; 0 while none can have. */
  readonly floor: Instant;
}

export const ringSize = 40;
export const ringAge = minutes(15);
/**
 * Far above what a person does in 15 minutes. A sender that repeats a known name must not make the hot state grow without
 * bound; the timeline answers for what leaves early.
 */
export const largestRing = 2_000;

export const inRing = (ring: Ring, eventId: string): boolean => {
  const hash = shortHash(eventId);
  return ring.entries.some((entry) => entry.hash === hash);
};

/** As many as the stored entry has room to tell apart: one foreign telling in so many passes for the committed one. */
export const tellings = 4_096;

/** The same in every redelivery of an envelope, another wherever somebody else tells the event, in whatever words. */
const tellingOf = (event: { readonly id: string }, receivedAt: Instant): number =>
  bucketOf(JSON.stringify([receivedAt, event]), tellings);

/** Did this very telling change the person? Whoever tells the event again did not. */
export const isCommittedTelling = (ring: Ring, event: { readonly id: string }, receivedAt: Instant): boolean => {
  const [hash, telling] = [shortHash(event.id), tellingOf(event, receivedAt)];
  return ring.entries.some((entry) => entry.hash === hash && entry.telling === telling);
};

const wholeSeconds = (at: Instant): Instant => Math.ceil(at / 1_000) * 1_000;

/** Remembers events; entries older than 15 minutes beyond the last 40 leave, and raise the floor. */
export function remember(
  ring: Ring,
  events: readonly { readonly id: string; readonly statedAt?: Instant }[],
  { receivedAt, now }: { readonly receivedAt: Instant; readonly now: Instant },
): Ring {
  const added = events.map((event) => ({
    hash: shortHash(event.id),
    telling: tellingOf(event, receivedAt),
    at: wholeSeconds(now),
  }));
  // A clock that is ahead states times that no commit has reached yet: the floor covers them from the start.
  const ahead = events.map(({ statedAt }) => statedAt ?? 0).filter((statedAt) => statedAt > now);
  return trim([...ring.entries, ...added], Math.max(ring.floor, ...ahead), now);
}

/** Both people's recent events; nothing is forgotten by a merge. */
export const mergeRings = (a: Ring, b: Ring, now: Instant): Ring =>
  trim(
    [...a.entries, ...b.entries].toSorted((x, y) => x.at - y.at || (x.hash < y.hash ? -1 : 1)),
    Math.max(a.floor, b.floor),
    now,
  );

function trim(entries: readonly RingEntry[], floor: Instant, now: Instant): Ring {
  const excess = entries.length - ringSize;
  const leaves = (entry: RingEntry, index: number): boolean =>
    (index < excess && entry.at < now - ringAge) || index < entries.length - largestRing;
  const left = entries.filter(leaves);
  return {
    entries: entries.filter((entry, index) => !leaves(entry, index)),
    floor: left.reduce((latest, { at }) => Math.max(latest, at), floor),
  };
}

/** Could this event, absent from the ring, be a repeat of one that left it? Then the timeline must be asked. */
export const mayHaveLeft = (ring: Ring, event: { readonly statedAt?: Instant }): boolean =>
  ring.floor > 0 && (event.statedAt === undefined || event.statedAt <= ring.floor);
