/** What was told of one instant stays in the order in which it was told: in the cart, in the mail, in the timeline (promise 1). */
import { randomUUID } from 'node:crypto';
import { Analytics } from '@segment/analytics-node';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../shared/kernel/json.ts';
import { minutes, serverKey, shop } from './shop.ts';

describe('of the very same instant', () => {
  const story = shop();

  async function somebody(): Promise<string> {
    const userId = story.fresh('u');
    await story.segment('identify', { userId, traits: { email: `${userId}@example.com`, consent: { email: true } } });
    await story.settle();
    return userId;
  }
  const saying = (userId: string, event: string, properties: JsonObject, timestamp: string | null): JsonObject => ({
    type: 'track',
    userId,
    messageId: randomUUID(),
    timestamp,
    event,
    properties,
  });
  const scarf = { product_id: 'scarf', price: 10, quantity: 1 };
  const viewed = (product_id: string): JsonObject => ({ products: [{ ...scarf, product_id, name: product_id }] });

  async function namesIn(userId: string): Promise<readonly unknown[]> {
    const { timeline } = await story.profile(`userId=${userId}`);
    return Array.isArray(timeline) ? timeline.filter(isObject).map(({ name }) => name) : [];
  }

  test('added and taken out in one batch without times leaves no cart and sends no reminder', async () => {
    for (let run = 0; run < 6; run++) {
      const userId = await somebody();
      const batch = ['Product Added', 'Product Removed'].map((event) => saying(userId, event, scarf, null));
      await story.segment('batch', { batch });
      await story.settle();
      expect(await story.profile(`userId=${userId}`)).toMatchObject({ cart: null });
      expect((await namesIn(userId)).slice(-2)).toEqual(['Product Added', 'Product Removed']);
      await story.advance(minutes(31));
      expect(await story.mailsTo(`${userId}@example.com`)).toEqual([]);
    }
  });

  test("the Segment SDK's calls of one tick", async () => {
    const analytics = new Analytics({ writeKey: serverKey, host: story.stack().origin });
    const userIds = await Promise.all(Array.from({ length: 6 }, somebody));
    for (const userId of userIds) {
      analytics.track({ userId, event: 'Product Added', properties: scarf });
      analytics.track({ userId, event: 'Product Removed', properties: scarf });
    }
    await analytics.closeAndFlush();
    await story.settle();
    for (const userId of userIds) expect(await story.profile(`userId=${userId}`)).toMatchObject({ cart: null });
  });

  test('the last of two views in one batch, and of two requests of one second, is what the reminder shows', async () => {
    const userIds: string[] = [];
    for (let run = 0; run < 3; run++) {
      const [together, apart] = [await somebody(), await somebody()];
      userIds.push(together, apart);
      const batch = ['older', 'newer'].map((product) => saying(together, 'Cart Viewed', viewed(product), null));
      await story.segment('batch', { batch });
      const second = story.at().replace(/\.\d+Z/, 'Z');
      for (const product of ['older', 'newer']) {
        await story.segment('track', saying(apart, 'Cart Viewed', viewed(product), second));
        await story.settle();
      }
    }
    await story.advance(minutes(31));
    const mails = await Promise.all(userIds.map((userId) => story.mailsTo(`${userId}@example.com`)));
    for (const [mail, ...others] of mails) {
      expect(others).toEqual([]);
      expect(mail?.text).toContain('newer');
      expect(mail?.text).not.toContain('older');
    }
  });
});
