/**
 * The lines of the open cart, folded from its part of the timeline when a message needs them.
 */
import type { Event } from '../events/event.ts';
import { isObject, textOf, type JsonObject } from '../kernel/json.ts';
import { currencyOf, lineSums } from './cart-sums.ts';
import type { Cart } from './cart.ts';
import { cartIdsOf, inCartTime, type CartState, type ToldEvent } from './fold-cart.ts';
import { onceEach } from './timeline.ts';

export interface CartLine {
  /** The product as its source told it (Segment spec product object). */
  readonly product: JsonObject;
  readonly quantity: number;
  /** ISO 4217, of the line or else of its event; absent where neither says. */
  readonly currency?: string;
  /** Told by a server-side source: its links and images may be printed wherever they lead. */
  readonly verified: boolean;
}

const snapshots = new Set(['Cart Viewed', 'Checkout Started', 'Checkout Updated']);

/** Newest telling of each product; products that were taken out again are gone. Events may come in any order. */
export function foldLines({ cart, closedCarts }: CartState, told: readonly ToldEvent[]): readonly CartLine[] {
  if (cart === undefined) return [];
  const inTime = onceEach(told)
    .filter(({ event }) => event.occurredAt >= cart.baseAt && belongs(cart, closedCarts, event))
    .toSorted(inCartTime);
  const lines = new Map<string, CartLine>();
  for (const { event, context } of inTime) foldLine(lines, event, context.trust === 'server');
  return [...lines.values()].filter(({ quantity }) => quantity > 0);
}

/** What names a cart that is closed beside the open one came after it was closed. */
function belongs(cart: Cart, closedCarts: readonly string[], event: Event): boolean {
  if (cartIdsOf(event).some((name) => closedCarts.includes(name))) return false;
  const id = textOf(event.properties['cart_id']) ?? textOf(event.properties['checkout_id']);
  return id === undefined || id === cart.id || cart.also.includes(id);
}

function foldLine(lines: Map<string, CartLine>, { name, properties }: Event, verified: boolean): void {
  const { products } = properties;
  const lineOf = (product: JsonObject, sign = 1): CartLine => {
    const { quantity, currency } = lineSums(product, currencyOf(properties['currency']));
    return { product, quantity: sign * quantity, ...(currency === undefined ? {} : { currency }), verified };
  };
  if (snapshots.has(name) && Array.isArray(products)) {
    lines.clear();
    for (const product of products.filter(isObject)) add(lines, lineOf(product));
  }
  if (name === 'Product Added') add(lines, lineOf(properties));
  if (name === 'Product Removed') add(lines, lineOf(properties, -1));
}

function add(lines: Map<string, CartLine>, told: CartLine): void {
  const key = keyOf(told.product);
  const known = lines.get(key);
  if (told.quantity < 0 && known === undefined) return; // put in where nobody told of it
  const newest = told.quantity > 0 || known === undefined ? told : known;
  lines.set(key, { ...newest, quantity: Math.max(0, (known?.quantity ?? 0) + told.quantity) });
}

const keyOf = (product: JsonObject): string =>
  [
    textOf(product['product_id']) ?? textOf(product['sku']) ?? textOf(product['name']) ?? '',
    textOf(product['variant_id']) ?? textOf(product['variant']) ?? '',
  ].join('\n');
