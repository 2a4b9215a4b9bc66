/**
 * The cart by event time: each cart event folded after those that happened before it. What is told out of order is placed
 * by place-cart-event.ts, so that the end state never depends on the order of arrival (promise 1).
 */
import type { Event } from '../events/event.ts';
import { textOf } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import { activitySums, addSums, lineSums, negated, sameSums, snapshotSums, type Sums } from './cart-sums.ts';
import type { Cart } from './cart.ts';
import { inTime, type Chunk } from './timeline.ts';

/** What the hot state keeps of carts. */
export interface CartState {
  readonly cart?: Cart;
  readonly lastOrderAt?: Instant;
  /** Carts and checkouts that were completed or deleted, newest last. */
  readonly closedCarts: readonly string[];
}

export type CartOutcome =
  /** The event says nothing about carts, or nothing new. */
  { readonly kind: 'none' } | { readonly kind: 'updated' } | { readonly kind: 'closed'; readonly cartId: string };

export interface CartStep {
  readonly state: CartState;
  readonly outcome: CartOutcome;
}

export interface CartEventContext extends Pick<Chunk, 'source' | 'trust' | 'receivedAt'> {
  readonly chunk: string;
}

export interface ToldEvent {
  readonly event: Event;
  readonly context: CartEventContext;
}

type Change =
  | { readonly kind: 'snapshot'; readonly sums: Sums; readonly onlyViewed: boolean }
  | { readonly kind: 'increment'; readonly sums: Sums }
  /** Somebody is at it; what it holds is not said. */
  | { readonly kind: 'activity'; readonly sums: Sums }
  | { readonly kind: 'close'; readonly byOrder: boolean };

const keptClosed = 8;
const activities = new Set([
  'Checkout Step Viewed',
  'Checkout Step Completed',
  'Payment Info Entered',
  'Coupon Entered',
  'Coupon Applied',
  'Coupon Removed',
]);

/** At equal seconds the order wins: shops state whole seconds. */
const second = (at: Instant): number => Math.floor(at / 1_000);

/** By time; at the same second an order before what it settles; at the same instant as it was told, never as it was counted. */
export const inCartTime = (a: ToldEvent, b: ToldEvent): number =>
  second(a.event.occurredAt) - second(b.event.occurredAt) ||
  Number(b.event.name === 'Order Completed') - Number(a.event.name === 'Order Completed') ||
  inTime(a, b);

/** Could it change a cart at all? */
export const concernsCart = ({ event, context }: ToldEvent): boolean => changeOf(event, context.source) !== undefined;

/** `event` happened after all that were folded into `state`. */
export function foldCart(state: CartState, { event, context }: ToldEvent): CartStep {
  const change = changeOf(event, context.source);
  if (change === undefined) return unchanged(state);
  if (change.kind === 'close') return close(state, event, change.byOrder);
  if (isBeforeOrder(state, event) || cartIdsOf(event).some((id) => state.closedCarts.includes(id))) return unchanged(state);
  const cart = state.cart;
  return cart === undefined || isAnother(cart, event)
    ? open(state, event, change, context)
    : move(state, cart, event, change, context);
}

const unchanged = (state: CartState): CartStep => ({ state, outcome: { kind: 'none' } });

function changeOf(event: Event, source: string): Change | undefined {
  const { properties } = event;
  switch (event.name) {
    case 'Order Completed':
      return { kind: 'close', byOrder: true };
    case 'Checkout Deleted':
      return { kind: 'close', byOrder: false };
    case 'Product Added':
      return { kind: 'increment', sums: lineSums(properties) };
    case 'Product Removed':
      return { kind: 'increment', sums: negated(lineSums(properties)) };
    case 'Cart Viewed':
    case 'Checkout Started':
    case 'Checkout Updated':
      if (properties['completed'] === true) return { kind: 'close', byOrder: false };
      if (!Array.isArray(properties['products'])) return activityOf(event);
      return {
        kind: 'snapshot',
        sums: snapshotSums(properties),
        onlyViewed: event.name === 'Cart Viewed' && source !== 'shopify',
      };
    default:
      return activities.has(event.name) ? activityOf(event) : undefined;
  }
}

const activityOf = ({ properties }: Event): Change => ({ kind: 'activity', sums: activitySums(properties) });

/** All names that an event has for its cart. */
export const cartIdsOf = (event: Event): readonly string[] =>
  ['cart_id', 'checkout_id', 'checkout_numeric_id'].flatMap((name) => textOf(event.properties[name]) ?? []);

const cartIdOf = (event: Event): string | undefined => textOf(event.properties['cart_id']);

const isBeforeOrder = (state: CartState, event: Event): boolean =>
  state.lastOrderAt !== undefined && second(event.occurredAt) <= second(state.lastOrderAt);

const isAnother = (cart: Cart, event: Event): boolean => {
  const id = cartIdOf(event);
  return (
    id !== undefined &&
    id !== cart.id &&
    !cart.also.includes(id) &&
    !cartIdsOf(event).some((other) => other === cart.id || cart.also.includes(other))
  );
};

function open(state: CartState, event: Event, change: Exclude<Change, { kind: 'close' }>, context: CartEventContext): CartStep {
  const { sums } = change;
  // A total without a piece is nothing to remind of: the mail would show an empty cart.
  if (sums.quantity <= 0) return unchanged(state);
  const id = cartIdOf(event) ?? textOf(event.properties['checkout_id']) ?? ownName(event);
  const cart: Cart = {
    id,
    also: cartIdsOf(event).filter((other) => other !== id),
    from: context.chunk,
    openedAt: event.occurredAt,
    baseAt: event.occurredAt,
    changedAt: event.occurredAt,
    ...addSums({ quantity: 0, value: 0 }, sums),
    verified: context.trust === 'server',
    ...linkOf(event, context),
  };
  return { state: { ...state, cart }, outcome: { kind: 'updated' } };
}

const ownName = ({ occurredAt }: Event): string => `cart-${occurredAt}`;
const isOwnName = (name: string): boolean => /^cart-\d{1,16}$/.test(name);

function move(
  state: CartState,
  cart: Cart,
  event: Event,
  change: Exclude<Change, { kind: 'close' }>,
  context: CartEventContext,
): CartStep {
  const isRepeatView = change.kind === 'snapshot' && change.onlyViewed && sameSums(ofUsual(change.sums, cart), cart);
  if (isRepeatView) return unchanged({ ...state, cart: earliest(cart, context) });
  const moved = withChange(cart, event, change, context);
  if (isEmpty(moved, change)) return { state: withoutCart(state), outcome: { kind: 'closed', cartId: cart.id } };
  return { state: { ...state, cart: moved }, outcome: { kind: 'updated' } };
}

function withChange(cart: Cart, event: Event, change: Exclude<Change, { kind: 'close' }>, context: CartEventContext): Cart {
  const ids = cartIdsOf(event).filter((id) => id !== cart.id && !cart.also.includes(id));
  const moved: Cart = {
    ...cart,
    ...linkOf(event, context),
    also: ids.length === 0 ? cart.also : [...cart.also, ...ids].slice(-4),
    changedAt: event.occurredAt,
  };
  switch (change.kind) {
    case 'snapshot':
      return { ...withSums(moved, ofUsual(change.sums, cart)), from: context.chunk, baseAt: event.occurredAt };
    case 'increment':
      return withSums(earliest(moved, context), addSums(cart, change.sums));
    case 'activity':
      return withSums(earliest(moved, context), addSums(cart, change.sums));
  }
}

function withSums({ value: _value, currency: _currency, ...cart }: Cart, { quantity, value, currency }: Sums): Cart {
  const money = value === undefined ? {} : { value, ...(currency === undefined ? {} : { currency }) };
  return { ...cart, quantity, ...money };
}

/** A snapshot that says no currency is in the cart's. */
const ofUsual = (sums: Sums, { currency }: Cart): Sums =>
  sums.currency === undefined && currency !== undefined ? { ...sums, currency } : sums;

const isEmpty = (cart: Cart, change: Change): boolean => change.kind !== 'activity' && cart.quantity <= 0;

const earliest = (cart: Cart, { chunk }: CartEventContext): Cart => (chunk < cart.from ? { ...cart, from: chunk } : cart);

function close(state: CartState, event: Event, byOrder: boolean): CartStep {
  const ids = cartIdsOf(event);
  const cart = state.cart;
  const same = cart !== undefined && ids.some((id) => id === cart.id || cart.also.includes(id));
  const closes = cart !== undefined && (same || byOrder);
  const closed: CartState = {
    ...(closes ? withoutCart(state) : state),
    closedCarts: rememberClosed(state.closedCarts, closes && same ? [...ids, ...namesOf(cart)] : ids),
    ...(byOrder ? { lastOrderAt: Math.max(state.lastOrderAt ?? 0, event.occurredAt) } : {}),
  };
  return { state: closed, outcome: closes ? { kind: 'closed', cartId: cart.id } : { kind: 'none' } };
}

/** As sources call it: an id of our own making names nothing that could be told again. */
const namesOf = ({ id, also }: Cart): readonly string[] => [id, ...also].filter((name) => !isOwnName(name));

const rememberClosed = (known: readonly string[], ids: readonly string[]): readonly string[] =>
  [...known.filter((id) => !ids.includes(id)), ...new Set(ids)].slice(-keptClosed);

function withoutCart({ cart: _closed, ...rest }: CartState): CartState {
  return rest;
}

function linkOf(event: Event, context: CartEventContext): Partial<Pick<Cart, 'verified' | 'url'>> {
  const url = event.name.startsWith('Checkout') || event.name === 'Cart Viewed' ? textOf(event.properties['url']) : undefined;
  return url === undefined ? {} : { url, verified: context.trust === 'server' };
}
