/**
 * Cart events that are told out of order. In order, each costs a few sums; one that happened before others already counted
 * asks for the timeline, and the cart is folded again from there, so that every order of arrival ends the same (promise 1).
 */
import type { Envelope, Event } from '../events/event.ts';
import { canonicalJson } from '../kernel/json.ts';
import { exactDays, hours, type Instant } from '../kernel/time.ts';
import {
  cartIdsOf,
  concernsCart,
  foldCart,
  inCartTime,
  type CartOutcome,
  type CartState,
  type CartStep,
  type ToldEvent,
} from './fold-cart.ts';
import { chunkKey, chunkKeyAt, onceEach } from './timeline.ts';

/** A person's events from the chunk key `from` on, as far as they are stored. */
export interface History {
  readonly from: string;
  readonly told: readonly ToldEvent[];
}

/** Events of an envelope as the timeline will tell them. */
export function toldIn(envelope: Envelope, events: readonly Event[]): readonly ToldEvent[] {
  const { source, trust, receivedAt } = envelope;
  const context = { chunk: chunkKey(envelope), source, trust, receivedAt };
  return events.map((event) => ({ event, context }));
}

export type Placed = CartStep | { readonly needs: string };

/** Doors put events of one hour of stated time into an envelope: a chunk begins at most this long before its events. */
const chunkSpan = hours(1);
/** Nobody comes back to an older cart. */
const cartLife = exactDays(30);

export interface Earlier {
  /** Of the same envelope, in time, folded into the state already. */
  readonly folded: readonly ToldEvent[];
  /** The latest event of all envelopes before. */
  readonly lastSeen: Instant;
  readonly history?: History;
}

export function placeCartEvent(state: CartState, told: ToldEvent, { folded, lastSeen, history }: Earlier): Placed {
  const step = foldCart(state, told);
  if (earliestTime(told.event) > lastSeen || !concernsCart(told)) return step;
  const near = chunkKeyAt(statedAt(told) - chunkSpan);
  if (history === undefined || history.from > near) return { needs: near };
  const isLater = (other: ToldEvent): boolean => concernsCart(other) && inCartTime(told, other) < 0;
  if (!history.told.some(isLater)) return step;
  const from = cartHorizon(state, told.event.occurredAt);
  if (history.from > from) return { needs: from };
  const again = foldCartAgain(state, [...history.told, ...folded, told]);
  return { state: again, outcome: outcomeOf(state, again) };
}

/** In cart time an order comes first of its second. */
const earliestTime = ({ name, occurredAt }: Event): Instant =>
  name === 'Order Completed' ? occurredAt - (occurredAt % 1_000) : occurredAt;

const statedAt = ({ event }: ToldEvent): Instant => Math.min(event.statedAt ?? event.occurredAt, event.occurredAt);

/** Where the carts of that time and since can have begun, and what closed them, at the earliest. */
export function cartHorizon({ cart }: CartState, at: Instant): string {
  const begun = chunkKeyAt(at - cartLife);
  return cart === undefined || begun < cart.from ? begun : cart.from;
}

export function outcomeOf({ cart: before }: CartState, { cart: after }: CartState): CartOutcome {
  if (after === undefined) return before === undefined ? { kind: 'none' } : { kind: 'closed', cartId: before.id };
  const isSame = before !== undefined && canonicalJson({ ...before, from: '' }) === canonicalJson({ ...after, from: '' });
  return { kind: isSame ? 'none' : 'updated' };
}

/** The slow, exact way: all events since the horizon, by time, after what only older ones can have settled. */
export function foldCartAgain({ closedCarts, lastOrderAt }: CartState, told: readonly ToldEvent[]): CartState {
  const named = new Set(told.flatMap(({ event }) => cartIdsOf(event)));
  const isTold = told.some(({ event }) => event.name === 'Order Completed' && event.occurredAt === lastOrderAt);
  const before: CartState = {
    closedCarts: closedCarts.filter((id) => !named.has(id)),
    ...(lastOrderAt === undefined || isTold ? {} : { lastOrderAt }),
  };
  return onceEach(told)
    .toSorted(inCartTime)
    .reduce((now, one) => foldCart(now, one).state, before);
}
