/** A person's part of the timeline as the cart's fold wants it: events with the chunk and the trust they came with. */
import type { PersonId } from '../kernel/ids.ts';
import type { People } from '../ports.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import { endOfTimeline } from '../profile/timeline.ts';

export async function cartHistory(people: People, family: readonly PersonId[], from: string): Promise<readonly ToldEvent[]> {
  const told: ToldEvent[] = [];
  for await (const chunks of people.timeline(family, from, endOfTimeline)) {
    for (const { key, source, trust, events } of chunks) {
      told.push(...events.map((event) => ({ event, context: { chunk: key, source, trust } })));
    }
  }
  return told;
}
