/**
 * Which events of an envelope are new to the person, however they were grouped before (promise 2). The ring answers for
 * what is recent; what may have left it is looked for in the timeline, by the time its source states.
 */
import type { Envelope, Event } from '../events/event.ts';
import { hours, type Instant } from '../kernel/time.ts';
import type { Loaded, People } from '../ports.ts';
import { inRing, mayHaveLeft } from '../profile/ring.ts';
import { chunkKeyAt, endOfTimeline, untimedMemory } from '../profile/timeline.ts';

/** Doors put events of one hour of stated time into an envelope: a chunk begins at most this long before its events. */
const chunkSpan = hours(1);

export async function unseen(people: People, person: Loaded, envelope: Envelope): Promise<readonly Event[]> {
  const { ring } = person.hot;
  const isFirst = ({ id }: Event, index: number): boolean => envelope.events.findIndex((other) => other.id === id) === index;
  const candidates = envelope.events.filter((event, index) => isFirst(event, index) && !inRing(ring, event.id));
  const suspects = candidates.filter(
    (event) => mayHaveLeft(ring, event) && (event.statedAt !== undefined || ring.floor >= envelope.receivedAt - untimedMemory),
  );
  const known = await inTimeline(people, person, suspects, envelope.receivedAt);
  return candidates.filter(({ id }) => !known.has(id));
}

/** Ids of these events, and of others around them, that stand in the person's timeline. */
export async function inTimeline(
  people: People,
  person: Loaded,
  events: readonly Event[],
  receivedAt: Instant,
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  if (events.length === 0) return known;
  // An event without a time stands in a chunk of its hour, which others of a clock that is ahead may have begun.
  const from = Math.min(...events.map(({ statedAt }) => statedAt ?? receivedAt - untimedMemory)) - chunkSpan;
  // Its other telling may have been received later and have overtaken this one in the queue.
  const to = Math.max(...events.map(({ statedAt }) => statedAt ?? Number.POSITIVE_INFINITY));
  const end = Number.isFinite(to) ? chunkKeyAt(to + 1) : endOfTimeline;
  const family = [person.id, ...person.attributes.aliases];
  for await (const chunks of people.timeline(family, chunkKeyAt(from), end)) {
    for (const { events: told } of chunks) for (const { id } of told) known.add(id);
  }
  return known;
}
