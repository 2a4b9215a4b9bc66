/**
 * Webhooks that lead to webhooks: two installations, or a journey and a server that starts it again, could call each other for
 * ever. Each of ours carries how many led to it; whoever answers one by starting a journey hands the header on, and what a run
 * changes of a person hands it on to the journeys that start from that.
 */
import type { Event } from '../events/event.ts';
import { numberOf } from '../kernel/json.ts';
import type { Entry } from './instance.ts';

/** Lower-cased. */
export const depthHeader = 'relance-depth';

/** Of the event that a start becomes. */
export const depthProperty = 'relance_depth';

/** Beyond it none is sent. */
export const deepestWebhook = 5;

/** How many webhooks led to what started this run. */
export const depthOf = ({ values }: Pick<Entry, 'values'>): number => Math.max(0, numberOf(values?.[depthProperty]) ?? 0);

/** The event as one that comes of all of these. */
export function causedBy(event: Event, causes: readonly Pick<Event, 'properties'>[]): Event {
  const depth = causes.reduce((deepest, { properties }) => Math.max(deepest, numberOf(properties[depthProperty]) ?? 0), 0);
  return depth === 0 ? event : { ...event, properties: { ...event.properties, [depthProperty]: depth } };
}
