/** The same messageId without a timestamp, told again in other words: the first telling stands everywhere (promises 1 and 2). */
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { hours, minutes, seconds, shop } from './shop.ts';

const timeline = ({ timeline: told }: JsonObject, name: string): readonly JsonObject[] =>
  Array.isArray(told) ? told.filter(isObject).filter((event) => event['name'] === name) : [];

describe('told again without a time', () => {
  const story = shop();

  const adding = (userId: string, messageId: string, price: number): JsonObject => ({
    type: 'track',
    userId,
    messageId,
    timestamp: null,
    event: 'Product Added',
    properties: { product_id: 'p', name: `Écharpe à ${price}`, price, quantity: 1 },
  });
  const ordering = (userId: string, messageId: string, total: number): JsonObject => ({
    type: 'track',
    userId,
    messageId,
    timestamp: null,
    event: 'Order Completed',
    properties: { order_id: `order-${total}`, total },
  });

  async function toldOnce(userId: string, call: JsonObject): Promise<JsonObject> {
    await story.segment('identify', { userId, traits: { email: `${userId}@example.com`, consent: { email: true } } });
    await story.segment('track', call);
    await story.settle();
    return story.profile(`userId=${userId}`);
  }

  async function muchHappens(userId: string): Promise<void> {
    for (let page = 0; page < 20; page++) {
      await story.advance(minutes(12));
      const views = Array.from({ length: 10 }, () => ({
        type: 'page',
        userId,
        messageId: story.fresh('v'),
        timestamp: story.at(),
      }));
      await story.segment('batch', { batch: views });
      await story.settle();
    }
  }

  test('after four hours and 200 other events, alone and in another batch, changes neither cart nor mail nor timeline', async () => {
    const userId = story.fresh('u');
    const messageId = story.fresh('m');
    const before = await toldOnce(userId, adding(userId, messageId, 10));
    await muchHappens(userId);
    await story.segment('track', adding(userId, messageId, 99));
    await story.segment('batch', {
      batch: [adding(userId, messageId, 98), { type: 'page', userId, messageId: story.fresh('v'), timestamp: story.at() }],
    });
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(profile['cart']).toEqual(before['cart']);
    expect(timeline(profile, 'Product Added')).toEqual(timeline(before, 'Product Added'));
    expect(timeline(profile, 'Page Viewed')).toHaveLength(201);
    await story.advance(hours(24));
    const mails = await story.mailsTo(`${userId}@example.com`);
    expect(mails.map(({ text }) => text.includes('Écharpe à 10'))).toEqual([true]);
  });

  test('after more than two days counts again, in the cart, in the timeline and when the cart is folded anew', async () => {
    const userId = story.fresh('u');
    const messageId = story.fresh('m');
    await toldOnce(userId, adding(userId, messageId, 10));
    await muchHappens(userId);
    await story.advance(hours(46));
    const between = story.at();
    await story.advance(minutes(1));
    await story.segment('track', adding(userId, messageId, 10));
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(profile['cart']).toMatchObject({ quantity: 2, value: 20 });
    expect(timeline(profile, 'Product Added')).toHaveLength(2);
    const { body } = await story.request(`/_local/story?userId=${userId}`);
    const lines = isObject(body) && Array.isArray(body['lines']) ? body['lines'].filter(isObject) : [];
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    const late = { ...adding(userId, story.fresh('m'), 5), timestamp: between };
    await story.segment('track', late);
    await story.settle();
    expect(await story.profile(`userId=${userId}`)).toMatchObject({ cart: { quantity: 3, value: 25 } });
  });

  test('an order is counted once, as it was told first', async () => {
    const userId = story.fresh('u');
    const messageId = story.fresh('m');
    const before = await toldOnce(userId, ordering(userId, messageId, 10));
    await muchHappens(userId);
    await story.segment('track', ordering(userId, messageId, 99));
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(profile['orders']).toEqual(before['orders']);
    expect(timeline(profile, 'Order Completed')).toEqual(timeline(before, 'Order Completed'));
  });

  test('twelve tellings at once, all different, are one of them in cart and timeline', async () => {
    const userId = story.fresh('u');
    const messageId = story.fresh('m');
    await Promise.all(Array.from({ length: 12 }, (_, index) => story.segment('track', adding(userId, messageId, 10 + index))));
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    const told = timeline(profile, 'Product Added');
    expect(told).toHaveLength(1);
    expect(isObject(profile['cart']) ? profile['cart']['value'] : null).toBe(price(told[0]));
    expect(isObject(profile['cart']) ? profile['cart']['changedAt'] : null).toBe(told[0]?.['occurredAt']);
  });

  test('while the first still waits in the queue', async () => {
    const userId = story.fresh('u');
    const messageId = story.fresh('m');
    const { host } = story.stack();
    host.pause('process-events');
    for (const price_ of [10, 20, 30]) {
      await story.segment('track', adding(userId, messageId, price_));
      await story.advance(seconds(5));
    }
    host.resume();
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    const told = timeline(profile, 'Product Added');
    expect(told).toHaveLength(1);
    expect(profile['cart']).toMatchObject({ quantity: 1, value: price(told[0]), changedAt: told[0]?.['occurredAt'] });
  });

  test('to two people who become one shows what was told first, in the profile and in the story', async () => {
    const userId = story.fresh('u');
    const anonymousId = story.fresh('a');
    const messageId = story.fresh('m');
    const { userId: _user, ...anonymous } = adding(userId, messageId, 10);
    await story.segment('track', { ...anonymous, anonymousId });
    await story.settle();
    await story.advance(minutes(1));
    await story.segment('track', adding(userId, messageId, 99));
    await story.settle();
    await story.segment('identify', { userId, anonymousId });
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(timeline(profile, 'Product Added').map(price)).toEqual([10]);
    expect(profile['cart']).toMatchObject({ quantity: 1, value: 10 });
    const { body } = await story.request(`/_local/story?userId=${userId}`);
    expect(JSON.stringify(body)).toContain('Écharpe à 10');
    expect(JSON.stringify(body)).not.toContain('Écharpe à 99');
  });
});

const price = (event: JsonObject | undefined): Json => {
  const properties = event?.['properties'];
  return isObject(properties) ? (properties['price'] ?? null) : null;
};
