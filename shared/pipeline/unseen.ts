/**
 * Which events of an envelope are new to the person, however they were grouped before (promise 2). The ring answers for
 * what is recent; what may have left it is looked for in the timeline, by the time its source states.
 */
import type { Envelope, Event } from '../events/event.ts';
import { hours } from '../kernel/time.ts';
import type { Loaded, People } from '../ports.ts';
import { inRing, mayHaveLeft } from '../profile/ring.ts';
import { chunkKeyAt } from '../profile/timeline.ts';

/** Doors put events of one hour of stated time into an envelope: a chunk begins at most this long before its events. */
const chunkSpan = hours(1);
/** Senders that state no time retry within a day; twice that is looked at. */
const untimedMemory = hours(48);

export async function unseen(people: People, person: Loaded, envelope: Envelope): Promise<readonly Event[]> {
  const { ring } = person.hot;
  const once = [...new Map(envelope.events.map((event) => [event.id, event])).values()];
  const candidates = once.filter(({ id }) => !inRing(ring, id));
  const oldest = envelope.receivedAt - untimedMemory;
  const suspects = candidates.filter(
    (event) => mayHaveLeft(ring, event) && (event.statedAt !== undefined || ring.floor >= oldest),
  );
  if (suspects.length === 0) return candidates;
  const from = Math.min(...suspects.map(({ statedAt }) => (statedAt === undefined ? oldest : statedAt - chunkSpan)));
  const to = Math.max(...suspects.map(({ statedAt }) => statedAt ?? envelope.receivedAt));
  const known = new Set<string>();
  const family = [person.id, ...person.attributes.aliases];
  for await (const chunks of people.timeline(family, chunkKeyAt(from), chunkKeyAt(to + 1))) {
    for (const { events } of chunks) for (const { id } of events) known.add(id);
  }
  return candidates.filter(({ id }) => !known.has(id));
}
