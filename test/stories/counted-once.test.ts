/** An event counts once, however often, late, early, grouped or parallel it comes (promises 1 and 2). */
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { hours, minutes, shop } from './shop.ts';

const names = (profile: JsonObject): readonly Json[] =>
  Array.isArray(profile['timeline']) ? profile['timeline'].filter(isObject).map(({ name }) => name ?? null) : [];

const quantityOf = (profile: JsonObject): Json | undefined =>
  isObject(profile['cart']) ? profile['cart']['quantity'] : undefined;

describe('counted once', () => {
  const story = shop();
  const added = (messageId: string, userId: string, more: JsonObject = {}): JsonObject => ({
    messageId,
    userId,
    event: 'Product Added',
    properties: { cart_id: `cart-of-${userId}`, product_id: messageId, name: 'Écharpe', price: 10, quantity: 1 },
    ...more,
  });

  test('the same request twelve times at once', async () => {
    const userId = story.fresh('u');
    const body = added(story.fresh('m'), userId, { timestamp: story.at() });
    const answers = await Promise.all(Array.from({ length: 12 }, () => story.segment('track', body)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(quantityOf(profile)).toBe(1);
    expect(names(profile)).toEqual(['Product Added']);
  });

  test('alone and again inside another batch with a new sentAt', async () => {
    const userId = story.fresh('u');
    const timestamp = story.at(-60_000);
    const event = added(story.fresh('m'), userId, { type: 'track', timestamp });
    await story.segment('track', { ...event, sentAt: story.at(-30_000) });
    const other = added(story.fresh('m'), userId, { type: 'track', timestamp: story.at(-59_000) });
    await story.segment('batch', { batch: [other, event], sentAt: story.at() });
    await story.segment('batch', { batch: [event, other], sentAt: story.at(1_000) });
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(quantityOf(profile)).toBe(2);
    expect(names(profile)).toEqual(['Product Added', 'Product Added']);
  });

  test.each([
    ['with a timestamp', (at: string): JsonObject => ({ timestamp: at })],
    ['without any time', (): JsonObject => ({ timestamp: null })],
  ])('again after four hours and 200 other events, %s', async (_how, time) => {
    const userId = story.fresh('u');
    const event = added(story.fresh('m'), userId, time(story.at()));
    await story.segment('track', event);
    await story.settle();
    for (let page = 0; page < 20; page++) {
      await story.advance(minutes(12));
      const views = Array.from({ length: 10 }, () => ({
        type: 'track',
        userId,
        messageId: story.fresh('v'),
        event: 'Product Viewed',
        timestamp: story.at(),
      }));
      await story.segment('batch', { batch: views });
      await story.settle();
    }
    await story.advance(minutes(5));
    await story.segment('track', event);
    await story.segment('batch', {
      batch: [
        { ...event, type: 'track' },
        { ...added(story.fresh('m'), userId), type: 'track', timestamp: story.at() },
      ],
    });
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(quantityOf(profile)).toBe(2);
    expect(names(profile).filter((name) => name === 'Product Added')).toHaveLength(2);
    expect(names(profile)).toHaveLength(202);
  });

  test('fifty events out of order end as in order', async () => {
    const userId = story.fresh('u');
    const start = story.now() - minutes(50);
    const at = (index: number): string => new Date(start + index * 1_000).toISOString();
    const events = Array.from({ length: 48 }, (_, index) => added(story.fresh('m'), userId, { timestamp: at(index) }));
    const removed = { ...added('gone', userId, { timestamp: at(48) }), event: 'Product Removed', messageId: story.fresh('m') };
    const traits = { messageId: story.fresh('m'), userId, timestamp: at(49), traits: { firstName: 'Newest' } };
    const older = { messageId: story.fresh('m'), userId, timestamp: at(3), traits: { firstName: 'Oldest' } };
    const calls: (readonly [string, JsonObject])[] = [
      ...events.map((event): [string, JsonObject] => ['track', event]),
      ['track', removed],
      ['identify', traits],
      ['identify', older],
    ];
    const [odd, even] = [calls.filter((_, index) => index % 2 === 1), calls.filter((_, index) => index % 2 === 0)];
    const shuffled = [...odd.toReversed(), ...even.toReversed()];
    await Promise.all(shuffled.map(([call, body]) => story.segment(call, body)));
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect(quantityOf(profile)).toBe(47);
    expect(profile['traits']).toMatchObject({ firstName: 'Newest' });
    expect(names(profile)).toHaveLength(51);
  });

  test('two events of one person in parallel', async () => {
    const userId = story.fresh('u');
    await Promise.all([
      story.segment('track', added(story.fresh('m'), userId)),
      story.segment('track', added(story.fresh('m'), userId)),
    ]);
    await story.settle();
    expect(quantityOf(await story.profile(`userId=${userId}`))).toBe(2);
  });

  test('a first contact in two spellings at the same moment is one person with one message', async () => {
    for (let round = 0; round < 5; round++) {
      const anonymousId = story.fresh('anon');
      const email = `${story.fresh('max')}@example.com`;
      const properties = { cart_id: anonymousId, product_id: 'p', name: 'Écharpe', price: 10, quantity: 1 };
      const call = { anonymousId, event: 'Product Added', properties };
      const told = { email, consent: { email: true } };
      await Promise.all([
        story.segment('track', { ...call, context: { traits: told } }),
        story.segment('identify', { traits: told, anonymousId }),
        story.segment('track', { context: { traits: { email: email.toUpperCase() } }, ...call }),
        story.segment('track', { ...call }),
      ]);
      await story.settle();
      const byEmail = await story.profile(`email=${email}`);
      const byDevice = await story.profile(`anonymousId=${anonymousId}`);
      expect(byDevice['id']).toBe(byEmail['id']);
      expect(quantityOf(byEmail)).toBe(3);
      await story.advance(minutes(31));
      expect(await story.mailsTo(email)).toHaveLength(1);
      await story.advance(hours(3));
      expect(await story.mailsTo(email)).toHaveLength(1);
    }
  });
});
