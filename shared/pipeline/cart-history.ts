/** A person's part of the timeline as the cart's fold wants it: events with the chunk and the trust they came with. */
import { setTimeout as wait } from 'node:timers/promises';
import { Conflict } from '../kernel/errors.ts';
import { shortHash, type PersonId } from '../kernel/ids.ts';
import { seconds, type Instant } from '../kernel/time.ts';
import type { People } from '../ports.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import type { History } from '../profile/place-cart-event.ts';
import { ringAge, type Ring } from '../profile/ring.ts';
import { endOfTimeline, startOfTimeline } from '../profile/timeline.ts';

export async function cartHistory(people: People, family: readonly PersonId[], from: string): Promise<readonly ToldEvent[]> {
  const told: ToldEvent[] = [];
  for await (const chunks of people.timeline(family, from, endOfTimeline)) {
    for (const { key, source, trust, receivedAt, events } of chunks) {
      told.push(...events.map((event) => ({ event, context: { chunk: key, source, trust, receivedAt } })));
    }
  }
  return told;
}

/** Between its commit and its chunk a worker needs a moment; one that died there is made good by its redelivery. */
export const underWay = seconds(10);
const looks = 6;

export interface Commits {
  readonly family: readonly PersonId[];
  /** Of those whose timeline it is. */
  readonly rings: readonly Ring[];
  readonly now: Instant;
  /** What a decision that nobody repairs rests on: then the redelivery of whoever died between commit and chunk is waited for. */
  readonly final?: boolean;
}

/**
 * The same, but complete: what was committed a moment ago and stands in no chunk yet would be lost by folding without it.
 * `besides`: events that the caller knows. Throws Conflict where a moment was not enough.
 */
export async function completeHistory(
  people: People,
  { family, rings, now, final = false }: Commits,
  from: string,
  besides: readonly ToldEvent[] = [],
): Promise<History> {
  const fresh = rings.flatMap(({ entries }) => entries.filter(({ at }) => at > now - (final ? ringAge : underWay)));
  const isComplete = (told: readonly ToldEvent[]): boolean => {
    const known = new Set(fresh.length === 0 ? [] : told.map(({ event }) => shortHash(event.id)));
    return fresh.every(({ hash }) => known.has(hash));
  };
  for (let look = 1; look <= looks; look++) {
    // What was committed may be told of an older time: then it is looked for everywhere.
    for (const start of [from, startOfTimeline]) {
      const told = [...(await cartHistory(people, family, start)), ...besides];
      if (isComplete(told)) return { from: start, told };
    }
    await wait(10 * look);
  }
  throw new Conflict('read the timeline: somebody has committed events and is about to write them');
}
