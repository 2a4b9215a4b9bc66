/** Orders, edits, cancellations and refunds of Shopify in the words of the spec. */
import { describe, expect, test } from 'vitest';
import { shopify } from '../../shared/connectors/shopify.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { delivery, recordedBody } from './shopify-requests.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00Z');
const only = (topic: string, body: JsonObject | string = recordedBody(topic), headers = {}) => {
  const { told } = shopify.translate(delivery(topic, body, headers), receivedAt);
  expect(told).toHaveLength(1);
  return told[0]!;
};

describe('orders and refunds', () => {
  test('an order carries its sums, its lines and everything it may be joined by', () => {
    const body = recordedBody('orders/create', {
      cart_token: 'cart-1',
      checkout_token: 'checkout-1',
      email: 'john@example.com',
      contact_email: 'john@example.com',
    });
    const { identifiers, event } = only('orders/create', body);
    expect(event).toMatchObject({
      name: 'Order Completed',
      occurredAt: Date.parse('2023-02-21T01:50:03Z'),
      properties: {
        order_id: '820982911946154500',
        order_name: '#9999',
        checkout_id: 'checkout-1',
        cart_id: 'cart-1',
        total: 36.99,
        subtotal: 26.99,
        shipping: 10,
        tax: 0,
        discount: 5,
        currency: 'CAD',
        channel: 'web',
        affiliation: 'example.myshopify.com',
      },
      traits: {
        firstName: 'John',
        lastName: 'Smith',
        locale: 'en',
        address: { city: 'Shippington', postalCode: '40003', country: 'US' },
      },
    });
    expect(event.properties['products']).toHaveLength(2);
    expect(identifiers).toEqual([
      { type: 'externalId', value: 'shopify:115310627314723950' },
      { type: 'email', value: 'john@example.com' },
      { type: 'reference', value: 'shopify:order:820982911946154500' },
      { type: 'reference', value: 'shopify:cart:cart-1' },
      { type: 'reference', value: 'shopify:checkout:checkout-1' },
    ]);
  });

  test('ids above 2^53 keep every digit', () => {
    const { identifiers, event } = only(
      'orders/create',
      '{"id":820982911946154508,"created_at":"2026-11-23T10:00:00Z","customer":{"id":115310627314723954},"line_items":[{"product_id":788032119674292922,"variant_id":788032119674292923}]}',
    );
    expect(event.id).toMatch(/^shopify:orders\/create:820982911946154508:/);
    expect(event.properties).toMatchObject({
      order_id: '820982911946154508',
      products: [{ product_id: '788032119674292922', variant_id: '788032119674292923' }],
    });
    expect(identifiers.map(({ value }) => value)).toEqual(['shopify:115310627314723954', 'shopify:order:820982911946154508']);
  });

  test.each([
    ['orders/create', 'Order Completed', 'created_at'],
    ['orders/paid', 'Order Updated', 'updated_at'],
    ['orders/updated', 'Order Updated', 'updated_at'],
    ['orders/fulfilled', 'Order Updated', 'updated_at'],
    ['orders/partially_fulfilled', 'Order Updated', 'updated_at'],
    ['orders/cancelled', 'Order Cancelled', 'cancelled_at'],
  ])('%s is %s at its %s', (topic, name, field) => {
    const times = {
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-02T00:00:00Z',
      cancelled_at: '2026-01-03T00:00:00Z',
      processed_at: '2026-01-04T00:00:00Z',
    };
    const { event } = only(topic, recordedBody(topic, { ...times, [field]: '2026-05-05T05:05:05+02:00' }));
    expect(event).toMatchObject({ name, occurredAt: Date.parse('2026-05-05T03:05:05Z') });
  });

  test('an order of the till is of the store', () => {
    expect(only('orders/create', recordedBody('orders/create', { source_name: 'pos' })).event.properties['channel']).toBe(
      'store',
    );
  });

  test('an edit names the order', () => {
    const { identifiers, event } = only('orders/edited');
    expect(identifiers).toEqual([{ type: 'reference', value: 'shopify:order:820982911946154500' }]);
    expect(event).toMatchObject({
      name: 'Order Updated',
      occurredAt: Date.parse('2023-02-21T01:50:42Z'),
      properties: { order_id: '820982911946154500' },
    });
  });

  test('a refund leads to its order and counts what was paid back', () => {
    const { identifiers, event } = only('refunds/create');
    expect(identifiers).toEqual([{ type: 'reference', value: 'shopify:order:820982911946154500' }]);
    expect(event).toMatchObject({
      name: 'Order Refunded',
      properties: { refund_id: '890088186047892400', total: 31.99, currency: 'CAD' },
    });
    const transactions = [
      { kind: 'refund', amount: '10.10', currency: 'EUR', status: 'success' },
      { kind: 'refund', amount: '0.20', currency: 'EUR', status: 'pending' },
      { kind: 'refund', amount: '99.00', currency: 'EUR', status: 'failure' },
      { kind: 'void', amount: '50.00', currency: 'EUR', status: 'success' },
    ];
    expect(only('refunds/create', recordedBody('refunds/create', { transactions })).event.properties).toMatchObject({
      total: 10.3,
      currency: 'EUR',
    });
  });

  test('a refund without a time of its own happened when the delivery was triggered', () => {
    const triggered = { 'x-shopify-triggered-at': '2026-11-23T11:00:00Z' };
    expect(only('refunds/create', recordedBody('refunds/create'), triggered).event).toMatchObject({
      occurredAt: Date.parse('2026-11-23T11:00:00Z'),
    });
    expect(only('refunds/create').event).toMatchObject({ occurredAt: receivedAt });
    const stated = recordedBody('refunds/create', { processed_at: '2026-11-23T10:00:00Z', created_at: '2026-11-23T09:00:00Z' });
    expect(only('refunds/create', stated, triggered).event).toMatchObject({ statedAt: Date.parse('2026-11-23T10:00:00Z') });
  });
});
