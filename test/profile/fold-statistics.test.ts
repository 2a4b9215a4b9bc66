/** What a person has spent is a sum of one currency, or none. */
import { expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import { foldStatistics, mergeStatistics, ordersFacts } from '../../shared/profile/fold-statistics.ts';
import { newStatistics, type Statistics } from '../../shared/profile/statistics.ts';

const order = (id: number, currency: string, total = 10): Event => ({
  id: `e${currency}${id}`,
  type: 'track',
  name: 'Order Completed',
  occurredAt: id * 1_000,
  properties: { order_id: `${currency}${id}`, total, currency },
});
const after = (...events: readonly Event[]): Statistics =>
  events.reduce((statistics, event) => foldStatistics(statistics, event, 'Europe/Paris'), newStatistics());

test('orders of one currency have a total, orders of several have none', () => {
  expect(ordersFacts(after(order(1, 'EUR'), order(2, 'eur')))).toEqual({ count: 2, total: 20, lastAt: 2_000 });
  expect(ordersFacts(after(order(1, 'EUR'), order(2, 'JPY', 1_500)))).toEqual({ count: 2, lastAt: 2_000 });
  const refund: Event = { ...order(3, 'JPY', 1_500), name: 'Order Refunded' };
  const refunded = after(order(1, 'EUR'), order(2, 'JPY', 1_500), { ...refund, properties: { order_id: 'JPY2', total: 1_500 } });
  expect(ordersFacts(refunded)).toMatchObject({ count: 2, total: 10 });
});

test('also those that have left the list, and those of two histories that turn out to be one', () => {
  const many = after(...Array.from({ length: 60 }, (_, index) => order(index, 'EUR')));
  expect(ordersFacts(many)).toMatchObject({ count: 60, total: 600 });
  const since = Array.from({ length: 60 }, (_, index) => order(100 + index, 'JPY'));
  const both = since.reduce((statistics, event) => foldStatistics(statistics, event, 'Europe/Paris'), many);
  expect(both.earlier).toEqual({ count: 70 });
  expect(ordersFacts(both)).not.toHaveProperty('total');
  expect(ordersFacts(mergeStatistics(many, after(order(1, 'JPY'))))).toEqual({ count: 61, lastAt: 59_000 });
});
