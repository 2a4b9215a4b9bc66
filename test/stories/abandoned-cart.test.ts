/** The 30-minute cart, from Shopify's recorded requests (promises 2, 3 and 4). */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { hours, minutes, recorded, shop, type Shop } from './shop.ts';

const cart = 'panier-abandonne';

/** A checkout of a consenting person, told now. */
function checkout(shop: Shop, email: string, changes: Record<string, string | number | boolean | null> = {}) {
  const token = shop.fresh('token');
  return recorded('checkouts/create', {
    id: Math.floor(Math.random() * 1e15),
    token,
    cart_token: shop.fresh('cart'),
    email,
    buyer_accepts_marketing: true,
    created_at: shop.at(),
    updated_at: shop.at(),
    customer: null,
    ...changes,
  });
}

const order = (shop: Shop, email: string, changes: Record<string, string | number | boolean | null> = {}) =>
  recorded('orders/create', {
    id: Math.floor(Math.random() * 1e15),
    email,
    contact_email: email,
    customer: null,
    created_at: shop.at(),
    updated_at: shop.at(),
    ...changes,
  });

describe('an abandoned cart', () => {
  const story = shop();
  const person = () => `${story.fresh('lea')}@example.com`;

  test('is reminded of once, thirty minutes after its last change', async () => {
    const email = person();
    const created = story.now();
    expect((await story.shopify('checkouts/create', checkout(story, email))).status).toBe(202);
    await story.settle();
    await story.advance(created + minutes(29) - story.now());
    expect(await story.mailsTo(email)).toEqual([]);
    await story.advance(minutes(2));
    const mails = await story.mailsTo(email);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail?.cause).toEqual({ kind: 'journey', name: cart, step: '2' });
    expect(mail?.html).toContain('Cat Laser Toy');
    expect(mail?.html).toMatch(/30[.,]00/);
    expect(mail?.html).toContain('https://checkout.shopify.com/60021178580/checkouts/123123123/recover');
    expect(mail?.headers['list-unsubscribe']).toMatch(/^<http:\/\/127\.0\.0\.1:\d+\/l\/u\/[\w.-]+>$/);
    expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    const waited = Date.parse(mail?.sentAt ?? '') - created;
    expect(waited).toBeGreaterThanOrEqual(minutes(30));
    expect(waited).toBeLessThan(minutes(30) + 1_000);
    await story.advance(hours(24));
    expect(await story.mailsTo(email)).toHaveLength(1);
  });

  test.each([
    [
      'in between',
      async (email: string) => {
        await story.shopify('checkouts/create', checkout(story, email));
        await story.advance(minutes(10));
        await story.shopify('orders/create', order(story, email));
      },
    ],
    [
      'before the checkout is told, at the same second',
      async (email: string) => {
        const at = story.at().replace(/\.\d+Z/, 'Z');
        await story.shopify('orders/create', order(story, email, { created_at: at, updated_at: at }));
        await story.settle();
        await story.shopify('checkouts/create', checkout(story, email, { created_at: at, updated_at: at }));
      },
    ],
    [
      'twice',
      async (email: string) => {
        await story.shopify('checkouts/create', checkout(story, email));
        await story.advance(minutes(5));
        const body = order(story, email);
        await Promise.all([story.shopify('orders/create', body), story.shopify('orders/create', body)]);
      },
    ],
    [
      'and its checkout is told as completed afterwards',
      async (email: string) => {
        const body = checkout(story, email);
        await story.shopify('checkouts/create', body);
        await story.advance(minutes(5));
        await story.shopify('orders/create', order(story, email));
        await story.settle();
        await story.shopify('checkouts/update', { ...body, updated_at: story.at(2_000), completed_at: story.at(2_000) });
      },
    ],
  ])('is not reminded of after an order %s', async (_when, plays) => {
    const email = person();
    await plays(email);
    await story.settle();
    await story.advance(hours(2));
    expect(await story.mailsTo(email)).toEqual([]);
  });

  test.each<[string, Json]>([
    ['an empty list', []],
    ['no list', null],
    ['pieces that are none', [{ product_id: 1, title: 'Cat Laser Toy', price: '2499.00', quantity: 0 }]],
  ])('is none where a checkout with a total holds %s', async (_what, lines) => {
    const email = person();
    const body = { ...checkout(story, email), total_price: '2499.00', line_items: lines };
    expect((await story.shopify('checkouts/create', body)).status).toBe(202);
    await story.segment('identify', { userId: email, traits: { email, consent: { email: true } } });
    const said = { order_id: 'o-1', value: 40, products: lines ?? [] };
    await story.segment('track', { userId: email, event: 'Checkout Started', properties: said });
    await story.settle();
    expect(await story.profile(`email=${email}`)).toMatchObject({ cart: null, journeys: [] });
    await story.advance(minutes(31));
    expect(await story.mailsTo(email)).toEqual([]);
  });

  test.each(['Checkout Started', 'Checkout Updated', 'Checkout Step Viewed'])(
    'is none where %s tells a total and no pieces',
    async (event) => {
      const userId = story.fresh('u');
      await story.segment('identify', { userId, traits: { email: `${userId}@example.com`, consent: { email: true } } });
      await story.segment('track', { userId, event, properties: { order_id: userId, cart_id: userId, value: 50 } });
      await story.settle();
      expect(await story.profile(`userId=${userId}`)).toMatchObject({ cart: null, journeys: [] });
      await story.advance(minutes(31));
      expect(await story.mailsTo(`${userId}@example.com`)).toEqual([]);
    },
  );

  test('keeps its pieces when a checkout says nothing about them', async () => {
    const userId = story.fresh('u');
    await story.segment('track', { userId, event: 'Product Added', properties: { product_id: 'p', price: 20, quantity: 2 } });
    await story.segment('track', { userId, event: 'Checkout Started', properties: { order_id: 'o-2', value: 40 } });
    await story.settle();
    expect(await story.profile(`userId=${userId}`)).toMatchObject({ cart: { quantity: 2, value: 40 } });
  });

  test('waits again when it moves', async () => {
    const email = person();
    const body = checkout(story, email);
    await story.shopify('checkouts/create', body);
    await story.settle();
    await story.advance(minutes(20));
    const moved = story.now();
    await story.shopify('checkouts/update', { ...body, updated_at: story.at() });
    await story.settle();
    await story.advance(minutes(25));
    expect(await story.mailsTo(email)).toEqual([]);
    await story.advance(minutes(6));
    const [mail] = await story.mailsTo(email);
    expect(Date.parse(mail?.sentAt ?? '') - moved).toBeGreaterThanOrEqual(minutes(30));
    expect(Date.parse(mail?.sentAt ?? '') - moved).toBeLessThan(minutes(30) + 1_000);
  });

  test('rests three days after its message, whatever the cart', async () => {
    const email = person();
    await story.shopify('checkouts/create', checkout(story, email));
    await story.settle();
    await story.advance(minutes(31));
    expect(await story.mailsTo(email)).toHaveLength(1);
    await story.advance(hours(24));
    await story.shopify('checkouts/create', checkout(story, email));
    await story.settle();
    await story.advance(hours(24));
    expect(await story.mailsTo(email)).toHaveLength(1);
    await story.advance(hours(30));
    await story.shopify('checkouts/create', checkout(story, email));
    await story.settle();
    await story.advance(minutes(31));
    expect(await story.mailsTo(email)).toHaveLength(2);
  });

  test('is not reminded of without consent, and it is said why', async () => {
    const email = person();
    await story.shopify('checkouts/create', checkout(story, email, { buyer_accepts_marketing: false }));
    await story.settle();
    await story.advance(minutes(31));
    expect(await story.mailsTo(email)).toEqual([]);
    const { messages } = await story.profile(`email=${email}`);
    expect(messages).toMatchObject([{ status: { kind: 'dropped', because: 'no-consent' } }]);
  });
});
