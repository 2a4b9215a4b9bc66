/** The event that started a run, as it was told, and all that were told with it. */
import type { Event, Trust } from '../events/event.ts';
import type { Entry } from '../journeys/instance.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { People } from '../ports.ts';

export interface EntryEvent {
  readonly properties: JsonObject;
  readonly trust: Trust;
  /** Of its chunk. */
  readonly events: readonly Event[];
}

/** What time alone started has its name and nothing else. */
export async function entryOf(
  people: Pick<People, 'timeline'>,
  family: readonly PersonId[],
  { chunk, event, at: happened }: Entry,
): Promise<EntryEvent> {
  const nothing: EntryEvent = { properties: { event }, trust: 'browser', events: [] };
  if (chunk === '') return nothing;
  for await (const [told] of people.timeline(family, chunk, `${chunk}~`)) {
    if (told === undefined) continue;
    const found =
      told.events.find(({ name, occurredAt }) => name === event && occurredAt === happened) ??
      told.events.find(({ occurredAt }) => occurredAt === happened);
    return { properties: { ...found?.properties, event }, trust: told.trust, events: told.events };
  }
  return nothing;
}
