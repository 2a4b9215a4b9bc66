/**
 * The directory: everybody who is known by name, as whoever sweeps all people reads it. An index: what was written a moment ago
 * may not stand in it yet, and somebody who was merged a moment ago may still.
 */
import { isWeak } from '../events/identifier.ts';
import { bucketOf, type PersonId } from '../kernel/ids.ts';
import type { Attributes } from './profile.ts';

export const shards = 64;

/** Who was merged into somebody stands in the directory no more. */
export const isKnownByName = ({ into, identifiers }: Pick<Attributes, 'into' | 'identifiers'>): boolean =>
  into === undefined && identifiers.some(({ type }) => !isWeak(type));

export interface Listed extends Pick<Attributes, 'traits' | 'consents'> {
  readonly person: PersonId;
}

/** Where a sweep stands: people are in one order, which never changes; who becomes known stands somewhere in it. */
export interface DirectoryPlace {
  /** 0 to 63. */
  readonly shard: number;
  /** Absent: before the shard's first. */
  readonly after?: PersonId;
}

export interface DirectoryPage {
  readonly people: readonly Listed[];
  /** Where the next page begins; absent after the last person. */
  readonly next?: DirectoryPlace;
}

export const placeAfter = (person: PersonId): DirectoryPlace => ({ shard: bucketOf(person, shards), after: person });
