/** One view of one customer: visits, log-in, till and alias meet in one profile, and nothing is lost or doubled on the way. */
import { describe, expect, test } from 'vitest';
import { isObject } from '../../shared/kernel/json.ts';
import { hours, minutes, recorded, shop } from './shop.ts';

/** What the recorded refund gives back. */
const refunded = 31.99;

describe('one person', () => {
  const story = shop();
  const added = (product: string, cart: string) => ({
    event: 'Product Added',
    properties: { cart_id: cart, product_id: product, name: product, price: 10, quantity: 1 },
  });

  test('an anonymous cart follows the visitor who logs in, with one message', async () => {
    const anonymousId = story.fresh('anon');
    const userId = story.fresh('user');
    const email = `${userId}@example.com`;
    await story.segment('track', { anonymousId, ...added('Écharpe', anonymousId) });
    await story.segment('identify', { userId, traits: { email, consent: { email: true } } });
    await story.settle();
    expect((await story.profile(`anonymousId=${anonymousId}`))['id']).not.toBe((await story.profile(`userId=${userId}`))['id']);
    await story.segment('track', { anonymousId, userId, ...added('Bonnet', anonymousId) });
    await story.settle();
    const profile = await story.profile(`userId=${userId}`);
    expect((await story.profile(`anonymousId=${anonymousId}`))['id']).toBe(profile['id']);
    expect(isObject(profile['cart']) ? profile['cart']['quantity'] : undefined).toBe(2);
    await story.advance(minutes(31));
    const [mail, ...more] = await story.mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.html).toContain('Écharpe');
    expect(mail?.html).toContain('Bonnet');
    await story.advance(hours(5));
    expect(await story.mailsTo(email)).toHaveLength(1);
  });

  test('a cart that was filled on another device restarts the wait, also when both are known to be one only afterwards', async () => {
    const [userId, anonymousId] = [story.fresh('user'), story.fresh('anon')];
    const email = `${userId}@example.com`;
    await story.segment('identify', { userId, traits: { email, consent: { email: true } } });
    await story.segment('track', { userId, ...added('Alpha', `${userId}-alpha`) });
    await story.settle();
    await story.advance(minutes(10));
    const changed = story.now();
    await story.segment('track', { anonymousId, ...added('Beta', `${userId}-beta`) });
    await story.settle();
    await story.advance(minutes(5));
    await story.segment('identify', { userId, anonymousId });
    await story.settle();
    await story.advance(changed + minutes(29) - story.now());
    expect(await story.mailsTo(email)).toEqual([]);
    await story.advance(hours(5));
    const [mail, ...more] = await story.mailsTo(email);
    expect(more).toEqual([]);
    expect(Date.parse(mail?.sentAt ?? '') - changed).toBeLessThan(minutes(32));
    expect(mail?.html).toContain('Beta');
  });

  test('an alias joins two that were known, and keeps what both had', async () => {
    const [old, fresh] = [story.fresh('old'), story.fresh('new')];
    await story.segment('identify', { userId: old, traits: { email: `${old}@example.com`, firstName: 'Léa' } });
    await story.segment('track', {
      userId: old,
      event: 'Order Completed',
      properties: { order_id: old, total: 30, currency: 'EUR' },
    });
    await story.segment('identify', { userId: fresh, traits: { city: 'Lyon' } });
    await story.segment('track', {
      userId: fresh,
      event: 'Order Completed',
      properties: { order_id: fresh, total: 12.5, currency: 'EUR' },
    });
    await story.settle();
    await story.segment('alias', { previousId: old, userId: fresh });
    await story.settle();
    const profile = await story.profile(`userId=${fresh}`);
    expect((await story.profile(`email=${old}@example.com`))['id']).toBe(profile['id']);
    expect(profile['traits']).toMatchObject({ firstName: 'Léa', city: 'Lyon' });
    expect(profile['orders']).toMatchObject([
      { id: old, amount: 30 },
      { id: fresh, amount: 12.5 },
    ]);
  });

  test.each(['after', 'before'])(
    'an order at the till ends the reminder of the web shop, %s the web knew the address',
    async (when) => {
      const [userId, till] = [story.fresh('web'), story.fresh('till')];
      const email = `${userId}@example.com`;
      const web = { userId, traits: { email, consent: { email: true } } };
      if (when === 'after') await story.segment('identify', web);
      await story.settle();
      await story.signed({ type: 'identify', userId: till, traits: { email, loyaltyId: till } });
      await story.settle();
      await story.segment('identify', web);
      await story.segment('track', { userId, ...added('Gants', userId) });
      await story.settle();
      const order = { type: 'track', event: 'Order Completed', userId: till, properties: { order_id: till, total: 10 } };
      await story.signed({ ...order, timestamp: story.at() });
      await story.settle();
      await story.advance(minutes(31));
      expect(await story.mailsTo(email)).toEqual([]);
      expect((await story.profile(`userId=${till}`))['id']).toBe((await story.profile(`userId=${userId}`))['id']);
    },
  );

  test('an opt-out for an address counts, whichever account of the shop it is told of', async () => {
    const [first, second] = [story.fresh('first'), story.fresh('second')];
    const email = `${first}@example.com`;
    const told = story.at();
    await story.segment('identify', { userId: first, timestamp: told, traits: { email, consent: { email: true, sms: true } } });
    await story.settle();
    await story.segment('identify', { userId: second, traits: { email, consent: { email: false, sms: false } } });
    await story.settle();
    await story.segment('track', { userId: first, event: 'Signed Up' });
    await story.segment('identify', { userId: first, timestamp: told, traits: { email, consent: { email: true } } });
    await story.settle();
    await story.advance(minutes(2));
    expect(await story.mailsTo(email)).toEqual([]);
    const { id, consent } = await story.profile(`userId=${first}`);
    expect(consent).toMatchObject({ email: false, sms: true });
    expect((await story.profile(`userId=${second}`))['id']).not.toBe(id);
  });

  test('a refund without any identity finds the person of its order', async () => {
    const email = `${story.fresh('refund')}@example.com`;
    const id = Math.floor(Math.random() * 1e15);
    const order = recorded('orders/create', {
      id,
      email,
      contact_email: email,
      customer: null,
      created_at: story.at(),
      updated_at: story.at(),
    });
    await story.shopify('orders/create', order);
    await story.settle();
    await story.shopify('refunds/create', recorded('refunds/create', { id: id + 1, order_id: id, processed_at: story.at() }));
    await story.settle();
    const { timeline, orders } = await story.profile(`email=${email}`);
    expect(timeline).toMatchObject([{ name: 'Order Completed' }, { name: 'Order Refunded' }]);
    expect(orders).toMatchObject([{ id: String(id), amount: 36.99, refunds: { [String(id + 1)]: refunded } }]);
  });

  test('a refund that is told before its order ends the same', async () => {
    const email = `${story.fresh('early-refund')}@example.com`;
    const id = Math.floor(Math.random() * 1e15);
    await story.shopify('refunds/create', recorded('refunds/create', { id: id + 1, order_id: id, processed_at: story.at() }));
    await story.settle();
    const order = recorded('orders/create', {
      id,
      email,
      contact_email: email,
      customer: null,
      created_at: story.at(-60_000),
      updated_at: story.at(),
    });
    await story.shopify('orders/create', order);
    await story.settle();
    const { orders } = await story.profile(`email=${email}`);
    expect(orders).toMatchObject([{ id: String(id), amount: 36.99, refunds: { [String(id + 1)]: refunded } }]);
  });

  test('a welcome comes once, and its second mail only to who has not ordered', async () => {
    const [buyer, looker] = [story.fresh('buyer'), story.fresh('looker')];
    for (const userId of [buyer, looker]) {
      await story.segment('identify', { userId, traits: { email: `${userId}@example.com`, consent: { email: true } } });
      await story.settle(); // a welcome that overtakes the address leaves a minute later: see welcome.test.ts
      await story.segment('track', { userId, event: 'Signed Up' });
    }
    await story.settle();
    await story.advance(minutes(1)); // a sign-up that is seen before its address asks for it once more
    for (const userId of [buyer, looker]) {
      expect(await story.mailsTo(`${userId}@example.com`)).toMatchObject([{ cause: { name: 'bienvenue' } }]);
    }
    await story.segment('track', { userId: buyer, event: 'Order Completed', properties: { order_id: buyer, total: 20 } });
    await story.segment('track', { userId: looker, event: 'Signed Up' });
    await story.settle();
    await story.advance(hours(24 * 3 + 1));
    expect(await story.mailsTo(`${buyer}@example.com`)).toHaveLength(1);
    expect(await story.mailsTo(`${looker}@example.com`)).toHaveLength(2);
  });
});
