/** The event that started a run, as it was told, and all that were told with it. */
import type { Event, Trust } from '../events/event.ts';
import { isEntry } from '../journeys/entry.ts';
import type { Entry } from '../journeys/instance.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { People } from '../ports.ts';
import type { Chunk } from '../profile/timeline.ts';

export interface EntryEvent {
  readonly properties: JsonObject;
  readonly trust: Trust;
  /** Of its chunk. */
  readonly events: readonly Event[];
}

/** What time alone started has its name and nothing else. */
export async function entryOf(people: Pick<People, 'timeline'>, family: readonly PersonId[], entry: Entry): Promise<EntryEvent> {
  const { event } = entry;
  const told = await chunkOf(people, family, entry);
  if (told === undefined) return { properties: { event }, trust: 'browser', events: [] };
  return { properties: { ...ownOf(entry, told.events)?.properties, event }, trust: told.trust, events: told.events };
}

/** Two people who became one may both have a part of it. */
async function chunkOf(people: Pick<People, 'timeline'>, family: readonly PersonId[], entry: Entry): Promise<Chunk | undefined> {
  const { chunk, id } = entry;
  if (chunk === '') return undefined;
  let first: Chunk | undefined;
  for await (const chunks of people.timeline(family, chunk, `${chunk}~`)) {
    const own = chunks.find(({ events }) => events.some((one) => isEntry(entry, one)));
    if (own !== undefined) return own;
    first ??= chunks[0];
    if (id === undefined && first !== undefined) break;
  }
  return first;
}

/** What nobody told by itself, such as coming into a segment, is what was told at that moment. */
const ownOf = (entry: Entry, events: readonly Event[]): Event | undefined =>
  events.find((one) => isEntry(entry, one)) ??
  events.find(({ name, occurredAt }) => name === entry.event && occurredAt === entry.at) ??
  events.find(({ occurredAt }) => occurredAt === entry.at);
