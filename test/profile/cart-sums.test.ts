/** A cart's total is of one currency, or there is none: yen and euros are never added up. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { addSums, currencyOf, snapshotSums } from '../../shared/profile/cart-sums.ts';
import type { Cart } from '../../shared/profile/cart.ts';
import { foldLines } from '../../shared/profile/cart-lines.ts';
import { foldCart, type CartState, type ToldEvent } from '../../shared/profile/fold-cart.ts';

type Said = readonly [name: string, properties: JsonObject];

const told = (...said: readonly Said[]): readonly ToldEvent[] =>
  said.map(([name, properties], index) => {
    const event: Event = { id: `e${index}`, type: 'track', name, occurredAt: index * 1_000, properties };
    return { event, context: { chunk: `E#${index}`, source: 'segment', trust: 'server', receivedAt: index * 1_000 } };
  });
const stateAfter = (...said: readonly Said[]): CartState =>
  told(...said).reduce<CartState>((state, one) => foldCart(state, one).state, { closedCarts: [] });
const cartAfter = (...said: readonly Said[]): Cart | undefined => stateAfter(...said).cart;

const yen: Said = ['Product Added', { product_id: 'y', price: 1_500, currency: 'JPY' }];
const euros: Said = ['Product Added', { product_id: 'e', price: 10.5, currency: 'EUR' }];
const bare: Said = ['Product Added', { product_id: 'b', price: 4 }];

describe('a cart', () => {
  test('of yen and euros has pieces and no total', () => {
    const cart = cartAfter(yen, euros);
    expect(cart).toMatchObject({ quantity: 2 });
    expect(cart).not.toHaveProperty('value');
    expect(cart).not.toHaveProperty('currency');
  });

  test('has none again once pieces leave it, until somebody tells it as a whole', () => {
    expect(cartAfter(yen, euros, ['Product Removed', { ...yen[1] }])).not.toHaveProperty('value');
    const whole: Said = ['Cart Viewed', { products: [{ product_id: 'e', price: 10.5, currency: 'EUR' }] }];
    expect(cartAfter(yen, euros, whole)).toMatchObject({ quantity: 1, value: 10.5, currency: 'EUR' });
  });

  test('that was emptied begins anew in any currency', () => {
    expect(cartAfter(yen, ['Product Removed', { ...yen[1] }], euros)).toMatchObject({ value: 10.5, currency: 'EUR' });
  });

  test.each([
    ['first', [bare, euros]],
    ['last', [euros, bare]],
  ] as const)('takes what comes without a currency (%s) for the others’', (_when, said) => {
    expect(cartAfter(...said)).toMatchObject({ quantity: 2, value: 14.5, currency: 'EUR' });
  });

  test('is not of another currency because a step of its checkout names one', () => {
    expect(cartAfter(euros, ['Checkout Step Viewed', { currency: 'JPY' }])).toMatchObject({ value: 10.5, currency: 'EUR' });
  });

  test('of pieces without a price has the currency of the first that has one', () => {
    expect(cartAfter(['Product Added', { currency: 'JPY' }], euros)).toMatchObject({ value: 10.5, currency: 'EUR' });
  });

  test('learns its currency from a view that shows nothing else new', () => {
    const view: Said = ['Cart Viewed', { currency: 'EUR', products: [{ product_id: 'b', price: 4 }] }];
    expect(cartAfter(bare, view)).toMatchObject({ quantity: 1, value: 4, currency: 'EUR', changedAt: 1_000 });
    expect(cartAfter(bare, view, view)).toMatchObject({ changedAt: 1_000 });
  });

  test('does not shrink by a negative price', () => {
    expect(cartAfter(euros, ['Product Added', { product_id: 'n', price: -5, currency: 'EUR' }])).toMatchObject({ value: 10.5 });
  });

  test('has lines that keep the currency of their event', () => {
    const said: readonly Said[] = [
      ['Cart Viewed', { currency: 'jpy', products: [{ product_id: 'y', price: 1_500 }] }],
      euros,
      bare,
    ];
    const lines = foldLines(stateAfter(...said), told(...said));
    expect(lines.map(({ currency }) => currency)).toEqual(['JPY', 'EUR', undefined]);
  });
});

describe('a cart told as a whole', () => {
  const mixed = [
    { price: 1_500, currency: 'JPY' },
    { price: 10.5, currency: 'EUR' },
  ];

  test.each<[string, JsonObject, object]>([
    ['its lines are added up', { currency: 'EUR', products: [{ price: 2, quantity: 2 }, { price: '1.5' }] }, { value: 5.5 }],
    ['its lines say their currency', { products: [{ price: 2, currency: 'usd' }] }, { value: 2, currency: 'USD' }],
    ['its total has a currency', { value: 20, currency: 'EUR', products: mixed }, { quantity: 2, value: 20, currency: 'EUR' }],
    ['its total is negative', { value: -1, currency: 'EUR', products: [{ price: 2 }] }, { value: 2 }],
  ])('has a total where %s', (_why, properties, sums) => {
    expect(snapshotSums(properties)).toMatchObject(sums);
  });

  test.each<[string, JsonObject]>([
    ['its lines have several currencies', { products: mixed }],
    ['nobody says of which of them its total is', { value: 1_510.5, products: mixed }],
    [
      'one line differs from what the cart says',
      { currency: 'EUR', products: [{ price: 2 }, { price: 1_500, currency: 'JPY' }] },
    ],
  ])('has none where %s', (_why, properties) => {
    expect(snapshotSums(properties)).toEqual({ quantity: 2 });
  });
});

test('what is no currency is none: a browser’s word for it would be printed', () => {
  expect(['eur', ' USD ', 'evil.com', '€', '', null, 978].map(currencyOf)).toEqual(['EUR', 'USD', ...Array.from({ length: 5 })]);
});

test('cents stay cents', () => {
  expect(addSums({ quantity: 1, value: 0.1 }, { quantity: 1, value: 0.2 })).toEqual({ quantity: 2, value: 0.3 });
});
