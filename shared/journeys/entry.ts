/**
 * How a run knows its own event among others of the same name and instant: shops state whole seconds, and two orders may be
 * ready in one.
 */
import type { Event } from '../events/event.ts';
import { shortHash } from '../kernel/ids.ts';
import type { Entry } from './instance.ts';

/** The `Cart Updated` that an event of the cart raises. It stands in no timeline; its cause does. */
export const cartEventId = (cause: Pick<Event, 'id'>): string => `${cause.id}/cart`;

/** Short: it is told apart from the few events of its chunk. */
export const entryIdOf = ({ id }: Pick<Event, 'id'>): string => shortHash(id);

/** Is it the event that started the run, or the change of the cart that did? Runs of before have no id. */
export const isEntry = ({ id }: Entry, event: Pick<Event, 'id'>): boolean =>
  id !== undefined && (id === entryIdOf(event) || id === entryIdOf({ id: cartEventId(event) }));
