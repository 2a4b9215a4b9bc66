/** A cart that was emptied before anybody wrote of it, and filled again under the same id, is an abandoned cart like any other. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { hours, minutes, seconds, shop } from './shop.ts';

describe('a cart that was emptied and filled again', () => {
  const story = shop();

  async function somebody(): Promise<string> {
    const userId = story.fresh('u');
    await story.segment('identify', { userId, traits: { email: `${userId}@example.com`, consent: { email: true } } });
    await story.settle();
    return userId;
  }
  const saying = (userId: string, event: string, product: string): JsonObject => ({
    type: 'track',
    userId,
    event,
    properties: { cart_id: `cart-of-${userId}`, product_id: product, name: product, price: 10, quantity: 1 },
  });

  test('is reminded of once, thirty minutes after it was filled again, of what it holds then', async () => {
    const userId = await somebody();
    const email = `${userId}@example.com`;
    await story.segment('track', saying(userId, 'Product Added', 'Rouge'));
    await story.advance(minutes(1));
    await story.segment('track', saying(userId, 'Product Removed', 'Rouge'));
    await story.advance(seconds(3));
    await story.segment('track', saying(userId, 'Product Added', 'Bleu'));
    await story.advance(minutes(29));
    expect(await story.mailsTo(email)).toEqual([]);
    await story.advance(minutes(2));
    const [mail, ...more] = await story.mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.text).toContain('Bleu');
    expect(mail?.text).not.toContain('Rouge');
  });

  test('in one batch too', async () => {
    const userId = await somebody();
    const told = [
      saying(userId, 'Product Added', 'Rouge'),
      saying(userId, 'Product Removed', 'Rouge'),
      saying(userId, 'Product Added', 'Bleu'),
    ];
    await story.segment('batch', { batch: told.map((one) => ({ ...one, messageId: story.fresh('m'), timestamp: story.at() })) });
    await story.settle();
    await story.advance(minutes(31));
    expect(await story.mailsTo(`${userId}@example.com`)).toHaveLength(1);
  });

  test('is reminded of no second time once a reminder has left, emptied and filled however often', async () => {
    const userId = await somebody();
    for (let run = 0; run < 2; run++) {
      await story.segment('track', saying(userId, 'Product Added', 'Rouge'));
      await story.settle();
      await story.advance(minutes(31));
      await story.segment('track', saying(userId, 'Product Removed', 'Rouge'));
      await story.settle();
      await story.advance(hours(24 * 4));
    }
    expect(await story.mailsTo(`${userId}@example.com`)).toHaveLength(1);
  });
});
