/** Shopify deliveries: carts and checkouts in the words of the spec, ids and times, and whatever else comes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shopify } from '../../shared/connectors/shopify.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { unlessInvalid, withAnything } from './any-json.ts';
import { delivery, recordedBody, recordedTopics } from './shopify-requests.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00Z');
const translate = (topic: string, body: JsonObject | string, headers = {}) =>
  shopify.translate(delivery(topic, body, headers), receivedAt).told;
const only = (topic: string, body: JsonObject | string = recordedBody(topic), headers = {}) => {
  const told = translate(topic, body, headers);
  expect(told).toHaveLength(1);
  return told[0]!;
};

describe('carts and checkouts', () => {
  test('a cart is a snapshot of all its lines, known by its token', () => {
    const { identifiers, event } = only('carts/create');
    expect(identifiers).toEqual([{ type: 'reference', value: 'shopify:cart:eeafa272cebfd4b22385bc4b645e762c' }]);
    expect(event).toMatchObject({
      type: 'track',
      name: 'Cart Viewed',
      occurredAt: Date.parse('2023-02-18T13:43:22.030Z'),
      statedAt: Date.parse('2023-02-18T13:43:22.030Z'),
      properties: {
        cart_id: 'eeafa272cebfd4b22385bc4b645e762c',
        value: 59.97,
        currency: 'CAD',
        products: [
          {
            product_id: '788032119674292900',
            sku: 'example-shirt-s',
            name: 'Example T-Shirt',
            price: 19.99,
            quantity: 3,
            brand: 'Acme',
          },
        ],
      },
    });
  });

  test('an emptied cart has no lines and no value', () => {
    expect(only('carts/update', recordedBody('carts/update', { line_items: [] })).event.properties).toMatchObject({
      products: [],
      value: 0,
    });
  });

  test('a checkout names itself, its cart, its lines and the way back', () => {
    const { identifiers, event } = only('checkouts/create');
    expect(event).toMatchObject({
      name: 'Checkout Started',
      properties: {
        checkout_id: '123123123',
        checkout_numeric_id: '981820079255243500',
        cart_id: 'eeafa272cebfd4b22385bc4b645e762c',
        value: 31.99,
        currency: 'CAD',
        url: 'https://checkout.shopify.com/60021178580/checkouts/123123123/recover?key=example-secret-token',
      },
    });
    expect(event.properties['products']).toEqual([
      {
        product_id: '7339056169172',
        sku: '1',
        name: "Ben Simmons 76's Jersey – Used",
        price: 1.99,
        quantity: 1,
        brand: 'Hookdeck Demo',
      },
      { product_id: '7788537905364', name: 'Cat Laser Toy', price: 30, quantity: 1, brand: 'Hookdeck Demo' },
    ]);
    expect(event.properties['completed']).toBeUndefined();
    expect(identifiers.filter(({ type }) => type === 'reference').map(({ value }) => value)).toEqual([
      'shopify:cart:eeafa272cebfd4b22385bc4b645e762c',
      'shopify:checkout:123123123',
      'shopify:checkout-id:981820079255243500',
    ]);
  });

  test('a completed checkout says so; one without a cart stands for it', () => {
    const { event } = only(
      'checkouts/update',
      recordedBody('checkouts/update', { cart_token: null, completed_at: '2023-02-20T20:28:00-05:00' }),
    );
    expect(event).toMatchObject({ name: 'Checkout Updated', properties: { completed: true, cart_id: '123123123' } });
  });

  test('a deleted checkout is found by its numeric id alone', () => {
    const { identifiers, event } = only('checkouts/delete');
    expect(identifiers).toEqual([{ type: 'reference', value: 'shopify:checkout-id:981820079255243500' }]);
    expect(event).toMatchObject({
      name: 'Checkout Deleted',
      occurredAt: receivedAt,
      properties: { checkout_numeric_id: '981820079255243500' },
    });
    expect(event.statedAt).toBeUndefined();
  });
});

test('nothing happens after we heard of it', () => {
  const { event } = only('orders/create', recordedBody('orders/create', { created_at: '2026-11-23T12:05:00Z' }));
  expect(event).toMatchObject({ occurredAt: receivedAt, statedAt: Date.parse('2026-11-23T12:05:00Z') });
});

test('a retry is the same event; another state or topic of the same order is another', () => {
  const id = (topic: string, changes = {}, headers = {}) =>
    only(topic, recordedBody('orders/updated', changes), headers).event.id;
  const first = id('orders/updated', {}, { 'x-shopify-webhook-id': 'first-try' });
  expect(id('orders/updated', {}, { 'x-shopify-webhook-id': 'second-try' })).toBe(first);
  expect(id('orders/updated', { note: 'x' })).not.toBe(first);
  expect(id('orders/paid')).not.toBe(first);
});

test.each([
  'products/update',
  'fulfillments/create',
  'fulfillment_orders/line_items_prepared_for_pickup',
  'customers/delete',
  'app/uninstalled',
  '__proto__',
])('%s is taken and tells nothing yet', (topic) => {
  expect(translate(topic, recordedBody('products/update'))).toEqual([]);
});

test.each([
  ['no topic', { headers: {}, body: Buffer.from('{}') }],
  ['no body', delivery('orders/create', '')],
  ['no JSON', delivery('orders/create', 'id=1')],
  ['no object', delivery('orders/create', '[]')],
  ['no id', delivery('orders/create', '{}')],
  ['another encoding', { ...delivery('orders/create', '{}'), body: Buffer.from('{"name":"Zo\u00eb"}', 'latin1') }],
])('%s is not what Shopify sends', (_what, request) => {
  expect(() => shopify.translate(request, receivedAt)).toThrow(InvalidInput);
});

test.each(recordedTopics)('%s with anything at any place throws nothing but InvalidInput', (topic) => {
  fc.assert(
    fc.property(withAnything(recordedBody(topic)), (body) => {
      const text = JSON.stringify(body);
      const translation = unlessInvalid(() => shopify.translate(delivery(topic, text), receivedAt));
      for (const { event } of translation?.told ?? []) {
        expect(event.occurredAt >= 0 && event.occurredAt <= receivedAt).toBe(true);
        expect(event.id.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});
