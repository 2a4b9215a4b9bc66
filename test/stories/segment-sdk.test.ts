/** The same cart through @segment/analytics-node, as a shop's own server would tell it. */
import { Analytics } from '@segment/analytics-node';
import { describe, expect, test } from 'vitest';
import { hours, minutes, serverKey, shop } from './shop.ts';

describe('a cart told by analytics-node', () => {
  const story = shop();

  const sdk = (): Analytics => new Analytics({ writeKey: serverKey, host: story.stack().origin, flushAt: 1, maxRetries: 0 });

  async function tell(plays: (analytics: Analytics) => void): Promise<void> {
    const analytics = sdk();
    plays(analytics);
    await analytics.closeAndFlush();
    await story.settle();
  }

  test('is reminded of once at thirty minutes, another within three days is not, one after is', async () => {
    const userId = story.fresh('user');
    const email = `${userId}@example.com`;
    const timestamp = (): Date => new Date(Date.now());
    await tell((analytics) => {
      analytics.identify({ userId, traits: { email, firstName: 'Zoé', locale: 'fr-FR', consent: { email: true } } });
      analytics.track({
        userId,
        event: 'Product Added',
        timestamp: timestamp(),
        properties: { cart_id: 'c-1', product_id: 'p-1', name: 'Écharpe en laine', price: 59.9, quantity: 2, currency: 'EUR' },
      });
    });
    await story.advance(minutes(29));
    expect(await story.mailsTo(email)).toEqual([]);
    await story.advance(minutes(2));
    const [mail, ...more] = await story.mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.html).toContain('Écharpe en laine');
    expect(mail?.html).toContain('Zoé');
    expect(mail?.text).toMatch(/59,90/);
    const another = (cart: string) =>
      tell((analytics) =>
        analytics.track({
          userId,
          event: 'Product Added',
          properties: { cart_id: cart, product_id: 'p-2', name: 'Bonnet', price: 20 },
        }),
      );
    await story.advance(hours(24));
    await another('c-2');
    await story.advance(hours(1));
    expect(await story.mailsTo(email)).toHaveLength(1);
    await story.advance(hours(72));
    await another('c-3');
    await story.advance(hours(1));
    expect(await story.mailsTo(email)).toHaveLength(2);
  });

  test('says the reader’s language', async () => {
    const userId = story.fresh('user');
    const email = `${userId}@example.com`;
    await tell((analytics) => {
      analytics.identify({ userId, traits: { email, locale: 'en-GB', consent: { email: true } } });
      analytics.track({
        userId,
        event: 'Product Added',
        properties: { product_id: 'p-1', name: 'Scarf', price: 59.9, currency: 'EUR' },
      });
    });
    await story.advance(minutes(31));
    const [mail] = await story.mailsTo(email);
    expect(mail?.html).toContain('lang="en"');
    expect(mail?.text).toMatch(/€59\.90/);
  });
});
