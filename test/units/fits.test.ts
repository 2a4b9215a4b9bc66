/**
 * "H ≤ 1 KB, E ≤ 1 KB": the usual envelope costs two units also for a person about whom much is known (promise 7).
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ringSize } from '../../shared/profile/ring.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { report } from '../prove/figures.ts';
import { browserKey, hours, minutes, recorded, shop } from '../stories/shop.ts';
import { pageViewed, productViewed, recoveryUrl } from './browser.ts';
import { bytesWritten, ledgerOf, type Ledger } from './ledger.ts';
import { Meter } from './meter.ts';
import { tell } from './people.ts';
import { total } from './unit-rules.ts';

const meter = new Meter();
const story = shop({ onClients: (clients) => meter.attach(clients) });
const kilobyte = 1_024;
const sizes: string[] = ['| what | bytes written | write units |', '| --- | --- | --- |'];

beforeAll(() => story.stack().clock.standAt(story.now()));
afterAll(() => report('Bytes of the items that every envelope writes', sizes.join('\n')));

async function measure(what: string, work: () => Promise<unknown>): Promise<Ledger> {
  const ledger = ledgerOf(await meter.during(async () => void (await work())), 'process-events');
  const items = ledger.written.map(({ kind, bytes }) => `${kind} ${bytes}`).join(', ');
  sizes.push(`| ${what} | ${items} | ${total(ledger.write.measured)} |`);
  expect(ledger.write.computed).toEqual(ledger.write.measured);
  return ledger;
}

/** 32 hex digits as good as random, the same in every run: what they deflate to must not depend on luck. */
let ids = 0;
const id = (): string =>
  createHash('sha256')
    .update(`id ${(ids += 1)}`)
    .digest('hex')
    .slice(0, 32);

const fromBrowser = async (call: JsonObject, who: JsonObject): Promise<void> => {
  const one = { ...call, ...who, messageId: `ajs-next-${story.now()}-${id()}` };
  expect((await story.segment('batch', { batch: [one] }, browserKey)).status).toBe(200);
  await story.settle();
};

const checkout = (who: JsonObject, cart: string): JsonObject => ({
  ...who,
  event: 'Checkout Started',
  properties: {
    cart_id: cart,
    checkout_id: id(),
    url: recoveryUrl,
    value: 388.7,
    currency: 'EUR',
    products: [{ product_id: '8041992454420', name: 'Robe Écume en lin lavé', price: 129.9, quantity: 3 }],
  },
});

/** Two years of custom: eight closed carts, a reminder that left, another cart under way, and a morning of page views. */
async function regular(): Promise<{ readonly userId: string; readonly anonymousId: string }> {
  const who = { userId: story.fresh('gid://shopify/Customer/76540912394'), anonymousId: id() };
  await tell(story, 'identify', { ...who, traits: { email: `${id()}@example.com`, consent: { email: true, sms: true } } });
  for (let order = 0; order < 4; order++) {
    const ids = { cart_id: id(), checkout_id: id() };
    await tell(story, 'track', { ...who, event: 'Order Completed', properties: { order_id: id(), total: 129.9, ...ids } });
    await story.advance(hours(1));
  }
  await tell(story, 'track', checkout(who, id()));
  await story.advance(hours(96));
  await tell(story, 'track', checkout(who, id()));
  for (let view = 0; view < ringSize; view++) await fromBrowser(pageViewed, who);
  await story.advance(minutes(16));
  return who;
}

describe('the usual envelope', () => {
  test('costs two units for a regular with a full ring, an open journey and a cart with a long link', async () => {
    const who = await regular();
    const person = await story.profile(`userId=${encodeURIComponent(who.userId)}`);
    expect(person['journeys']).toMatchObject([{ state: 'waiting' }, { state: 'ended' }]);
    const ledger = await measure('a product viewed in a browser, by a regular', () => fromBrowser(productViewed, who));
    expect(ledger.write.measured).toEqual({ table: 2, due: 0, dir: 0 });
    expect(bytesWritten(ledger, 'H')).toBeGreaterThan(ringSize * 9);
    expect(bytesWritten(ledger, 'H')).toBeLessThanOrEqual(kilobyte);
    expect(bytesWritten(ledger, 'E')).toBeLessThanOrEqual(kilobyte);
  });

  test('costs two units when a browser sends its ten events at once', async () => {
    const who = { anonymousId: id() };
    await fromBrowser(pageViewed, who);
    await story.advance(minutes(1));
    const calls = Array.from({ length: 10 }, (_, index) => ({
      ...(index % 3 === 0 ? pageViewed : productViewed),
      ...who,
      messageId: `ajs-next-${story.now()}-${id()}`,
      timestamp: story.at(-1_000 * index),
    }));
    const ledger = await measure('ten views in one batch of a browser', async () => {
      expect((await story.segment('batch', { batch: calls }, browserKey)).status).toBe(200);
      await story.settle();
    });
    expect(ledger.write.measured).toEqual({ table: 3, due: 0, dir: 0 });
    expect(bytesWritten(ledger, 'E')).toBeLessThanOrEqual(2 * kilobyte);
  });

  test.each(['checkouts/create', 'orders/create'])('of a new guest, from %s of Shopify, is small as well', async (topic) => {
    const email = `${story.fresh('guest')}@example.com`;
    const body = recorded(topic, { email, contact_email: email, customer: null, created_at: story.at(), updated_at: story.at() });
    const ledger = await measure(`Shopify's ${topic} of a new guest`, async () => {
      expect((await story.shopify(topic, body)).status).toBe(202);
      await story.settle();
    });
    expect(bytesWritten(ledger, 'H')).toBeLessThanOrEqual(kilobyte);
    expect(bytesWritten(ledger, 'E')).toBeLessThanOrEqual(kilobyte);
  });
});
