/**
 * Statistics by order id: an order told twice, by several topics, or after its refund counts once.
 */
import type { Event } from '../events/event.ts';
import { at, isObject, numberOf, textOf, type Json } from '../kernel/json.ts';
import { hourOfWeek } from '../kernel/time.ts';
import { addSums, currencyOf, negated, type Sums } from './cart-sums.ts';
import type { FeedbackCounts, Order, Statistics } from './statistics.ts';

const listens = new Set(['Order Completed', 'Order Refunded', 'Order Cancelled']);

export const changesStatistics = (event: Event): boolean => listens.has(event.name);

const keptOrders = 50;
const keptAffinities = 50;

/**
 * Is it about an order that may have left the list? Then the timeline knows what was counted of it. An order that is told again
 * as one of today, fifty orders later, is taken for a new one: else every order of a good customer would read the timeline.
 */
export function asksPast({ orders, earlier }: Statistics, event: Event): boolean {
  if (!changesStatistics(event) || earlier.count === 0) return false;
  const id = orderIdOf(event);
  const [oldest] = orders;
  return orders.every((order) => order.id !== id) && (event.name !== 'Order Completed' || event.occurredAt < (oldest?.at ?? 0));
}

/** What these events, in time, tell of the order that this one is about; undefined where nothing. */
export const orderTold = (events: readonly Event[], about: Event): Order | undefined =>
  events
    .filter((event) => changesStatistics(event) && orderIdOf(event) === orderIdOf(about) && event.id !== about.id)
    .reduce<Order | undefined>((known, event) => foldOrder(known, orderIdOf(about), event), undefined);

export const orderIdOf = ({ id, properties }: Event): string => textOf(properties['order_id']) ?? id;

/** `past`: the order as it was counted, where the list may not have it any more. */
export function foldStatistics(before: Statistics, event: Event, zone: string, past?: Order): Statistics {
  if (!changesStatistics(event)) return before;
  const id = orderIdOf(event);
  const listed = before.orders.find((order) => order.id === id);
  const known = listed ?? past;
  const order = foldOrder(known, id, event);
  const isNew = order.placed && known?.placed !== true;
  const others = listed === undefined && past !== undefined ? withoutEarlier(before, past) : before;
  const withOrder = { ...others, orders: replaceOrder(others.orders, order) };
  const counted = isNew ? countPurchase(withOrder, event, zone) : withOrder;
  return keepLast(counted);
}

const withoutEarlier = (statistics: Statistics, order: Order): Statistics =>
  countsAsOrder(order)
    ? { ...statistics, earlier: keptSums(addSums(earlierSums(statistics), negated(sumsOf(order)))) }
    : statistics;

function foldOrder(known: Order | undefined, id: string, event: Event): Order {
  const order: Order = known ?? { id, at: event.occurredAt, amount: 0, refunds: {}, placed: false };
  const amount =
    numberOf(event.properties['total']) ?? numberOf(event.properties['revenue']) ?? numberOf(event.properties['value']) ?? 0;
  switch (event.name) {
    case 'Order Completed': {
      if (order.placed && order.at <= event.occurredAt) return order; // told again later: the first telling stands
      const currency = textOf(event.properties['currency']);
      return { ...order, at: event.occurredAt, amount, placed: true, ...(currency === undefined ? {} : { currency }) };
    }
    case 'Order Refunded':
      return { ...order, refunds: { ...order.refunds, [textOf(event.properties['refund_id']) ?? event.id]: amount } };
    default:
      return { ...order, cancelled: true };
  }
}

const replaceOrder = (orders: readonly Order[], order: Order): readonly Order[] =>
  [...orders.filter(({ id }) => id !== order.id), order].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));

function countPurchase(before: Statistics, event: Event, zone: string): Statistics {
  const hour = hourOfWeek(event.occurredAt, zone);
  const products: Record<string, number> = { ...before.products };
  const categories: Record<string, number> = { ...before.categories };
  for (const { product, category, quantity } of purchased(event.properties['products'])) {
    if (product !== undefined) products[product] = (products[product] ?? 0) + quantity;
    if (category !== undefined) categories[category] = (categories[category] ?? 0) + quantity;
  }
  return {
    ...before,
    hours: { ...before.hours, [hour]: (before.hours[hour] ?? 0) + 1 },
    products: largest(products),
    categories: largest(categories),
  };
}

function purchased(
  products: Json | undefined,
): readonly { product: string | undefined; category: string | undefined; quantity: number }[] {
  return (Array.isArray(products) ? products : []).filter(isObject).map((product) => ({
    product: textOf(product['product_id']) ?? textOf(product['sku']),
    category: textOf(at(product, ['category'])),
    quantity: numberOf(product['quantity']) ?? 1,
  }));
}

const largest = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counts)
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, keptAffinities),
  );

/** Older orders leave the list but not the sums. */
function keepLast(statistics: Statistics): Statistics {
  const leaving = statistics.orders.slice(0, Math.max(0, statistics.orders.length - keptOrders));
  if (leaving.length === 0) return statistics;
  const earlier = leaving.filter(countsAsOrder).map(sumsOf).reduce(addSums, earlierSums(statistics));
  return { ...statistics, orders: statistics.orders.slice(leaving.length), earlier: keptSums(earlier) };
}

const earlierSums = ({ earlier: { count, amount, currency } }: Statistics): Sums => ({
  quantity: count,
  ...(amount === undefined ? {} : { value: amount }),
  ...(currency === undefined ? {} : { currency }),
});

const keptSums = ({ quantity, value, currency }: Sums): Statistics['earlier'] => ({
  count: quantity,
  ...(value === undefined ? {} : { amount: value }),
  ...(currency === undefined ? {} : { currency }),
});

function sumsOf(order: Order): Sums {
  const currency = currencyOf(order.currency);
  return { quantity: 1, value: netAmount(order), ...(currency === undefined ? {} : { currency }) };
}

export const countsAsOrder = (order: Order): boolean => order.placed && order.cancelled !== true;

export const netAmount = (order: Order): number =>
  order.amount - Object.values(order.refunds).reduce((sum, refund) => sum + refund, 0);

/** `orders` as conditions and templates see it: placed and not cancelled, after refunds; no total of several currencies. */
export function ordersFacts(statistics: Statistics): {
  readonly count: number;
  readonly total?: number;
  readonly lastAt: number | null;
} {
  const counted = statistics.orders.filter(countsAsOrder);
  const { quantity, value } = counted.map(sumsOf).reduce(addSums, earlierSums(statistics));
  return {
    count: quantity,
    ...(value === undefined ? {} : { total: Math.round(value * 100) / 100 }),
    lastAt: counted.at(-1)?.at ?? null,
  };
}

/** Two histories of one person: orders by id, the rest added up. */
export function mergeStatistics(a: Statistics, b: Statistics): Statistics {
  const orders = new Map(a.orders.map((order) => [order.id, order]));
  for (const order of b.orders) orders.set(order.id, mergeOrder(orders.get(order.id), order));
  const merged: Statistics = {
    version: a.version,
    orders: [...orders.values()].toSorted((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1)),
    earlier: keptSums(addSums(earlierSums(a), earlierSums(b))),
    hours: addCounts(a.hours, b.hours),
    products: largest(addCounts(a.products, b.products)),
    categories: largest(addCounts(a.categories, b.categories)),
    ...addFeedback(a, b),
  };
  return keepLast(merged);
}

function addFeedback({ feedback: mine }: Statistics, { feedback: theirs }: Statistics): Pick<Statistics, 'feedback'> {
  if (mine === undefined || theirs === undefined) {
    const only = mine ?? theirs;
    return only === undefined ? {} : { feedback: only };
  }
  return {
    feedback: {
      bounced: mine.bounced + theirs.bounced,
      undelivered: mine.undelivered + theirs.undelivered,
      complained: mine.complained + theirs.complained,
    },
  };
}

/** One more message that a mailbox said no to. */
export function countFeedback(before: Statistics, what: keyof FeedbackCounts): Statistics {
  const known = before.feedback ?? { bounced: 0, undelivered: 0, complained: 0 };
  return { ...before, feedback: { ...known, [what]: known[what] + 1 } };
}

function mergeOrder(mine: Order | undefined, theirs: Order): Order {
  if (mine === undefined) return theirs;
  const told = mine.placed && (!theirs.placed || mine.at <= theirs.at) ? mine : theirs;
  const cancelled = mine.cancelled === true || theirs.cancelled === true;
  return { ...told, refunds: { ...mine.refunds, ...theirs.refunds }, ...(cancelled ? { cancelled } : {}) };
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}
