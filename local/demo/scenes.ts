/**
 * The demo's story: recorded requests of a Shopify shop, and a clock that leaps. Each scene says what is done; what came of
 * it, and why, is told by what the product kept.
 */
import type { JsonObject } from '../../shared/kernel/json.ts';
import { hours, isoInstant, minutes, exactDays } from '../../shared/kernel/time.ts';
import type { Stack } from '../stack.ts';
import { deliver, type ShopSettings } from './shop.ts';
import type { Teller } from './teller.ts';

/** One address for all recordings, so that they are one person's story. */
const email = 'bob@biller.com';
const bob = { email };
/** As recorded in the cart and in the checkout that follows it. */
const firstCart = 'eeafa272cebfd4b22385bc4b645e762c';

export async function playScenes(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  await becomesCustomer(stack, shop, teller);
  await leavesACart(stack, shop, teller);
  await orders(stack, shop, teller);
  await comesBackTooSoon(stack, shop, teller);
  await comesBackLater(stack, shop, teller);
  await unsubscribes(stack, shop, teller);
  await isForged(shop, teller);
  await conclude(teller);
}

async function becomesCustomer(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  await teller.scene('Shopify sends customers/create: Bob is a customer now and has ticked “send me news”.');
  const at = isoInstant(stack.clock.now());
  await answered(teller, deliver(shop, 'customers/create', { created_at: at, updated_at: at }));
  await teller.news(bob);
}

/** A checkout of Bob's, told now; later ones have ids of their own. */
const checkout = (stack: Stack, number: number): JsonObject => ({
  email,
  customer: null, // the recorded account is somebody else's
  customer_locale: 'en',
  created_at: isoInstant(stack.clock.now()),
  updated_at: isoInstant(stack.clock.now()),
  ...(number === 1 ? {} : { id: 1_000 + number, token: `checkout-${number}`, cart_token: `cart-${number}` }),
});

async function leavesACart(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  await pass(stack, minutes(3));
  await teller.scene('Shopify sends carts/create. A cart says no name: it is somebody’s, and nobody knows whose.');
  const at = isoInstant(stack.clock.now());
  await answered(teller, deliver(shop, 'carts/create', { created_at: at, updated_at: at }));
  await stack.host.settle();
  const known = await teller.known(bob);
  await teller.note(`Bob’s own profile has ${known?.person.hot.cart === undefined ? 'no cart' : 'a cart'}.`);

  await pass(stack, minutes(2));
  await teller.scene(`Shopify sends checkouts/create with Bob’s e-mail and that cart (${firstCart.slice(0, 8)}…).`);
  const begun = stack.clock.now();
  await answered(teller, deliver(shop, 'checkouts/create', checkout(stack, 1)));
  await teller.news(bob);
  await tellMerge(teller);
  await teller.next(bob);

  await pass(stack, begun + minutes(29) - stack.clock.now());
  await teller.scene('29 minutes later.');
  await teller.news(bob);
  await pass(stack, minutes(1));
  await teller.scene('30 minutes after the last change of the cart.');
  await teller.news(bob);
  const mail = (await teller.mails()).at(-1);
  if (mail !== undefined) {
    const waited = (Date.parse(mail.sentAt) - begun) / 1_000;
    await teller.note(
      `  Sent ${Math.floor(waited / 60)} min ${Math.floor(waited % 60)} s after the checkout; one click unsubscribes (RFC 8058).`,
    );
  }
}

async function tellMerge(teller: Teller): Promise<void> {
  const merged = (await teller.known(bob))?.person.attributes.aliases.length ?? 0;
  if (merged > 0)
    await teller.note('The cart’s nobody and Bob are one person now: their profiles, carts and journeys were merged.');
}

async function orders(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  await pass(stack, minutes(20));
  await teller.scene('Shopify sends orders/create, and sends it again, as shops do.');
  const at = isoInstant(stack.clock.now());
  const order = { email, contact_email: email, customer: null, created_at: at, updated_at: at, cancelled_at: null };
  await answered(teller, deliver(shop, 'orders/create', order));
  await answered(teller, deliver(shop, 'orders/create', order));
  await teller.news(bob);
  await tellOrders(teller);

  await pass(stack, hours(5));
  await teller.scene('Shopify sends refunds/create. A refund names an order and no person.');
  const now = isoInstant(stack.clock.now());
  await answered(teller, deliver(shop, 'refunds/create', { created_at: now, processed_at: now }));
  await teller.news(bob);
  await tellOrders(teller);
}

async function tellOrders(teller: Teller): Promise<void> {
  const made = (await teller.known(bob))?.statistics.orders ?? [];
  const sums = made.map(({ amount, currency, refunds }) => {
    const refunded = Object.values(refunds).reduce((sum, refund) => sum + refund, 0);
    return `${amount.toFixed(2)} ${currency ?? ''}${refunded > 0 ? `, of which ${refunded.toFixed(2)} refunded` : ''}`;
  });
  await teller.note(`Bob’s orders: ${made.length} (${sums.join('; ')}).`);
}

async function comesBackTooSoon(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  await pass(stack, exactDays(1));
  await teller.scene('The next day Bob fills another cart and leaves it: checkouts/create.');
  await answered(teller, deliver(shop, 'checkouts/create', checkout(stack, 2)));
  await teller.news(bob);
  await pass(stack, hours(2));
  await teller.scene('2 hours later.');
  await teller.news(bob);
}

async function comesBackLater(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  await pass(stack, exactDays(3));
  await teller.scene('3 days later, yet another cart.');
  await answered(teller, deliver(shop, 'checkouts/create', checkout(stack, 3)));
  await teller.news(bob);
  await pass(stack, minutes(30));
  await teller.scene('30 minutes later.');
  await teller.news(bob);
}

async function unsubscribes(stack: Stack, shop: ShopSettings, teller: Teller): Promise<void> {
  const mail = (await teller.mails()).at(-1);
  const link = /<(http[^>]+)>/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1];
  if (link === undefined) return;
  await pass(stack, minutes(10));
  await teller.scene('Bob presses “unsubscribe” in his mail program, which sends the one-click POST.');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(link, { method: 'POST', headers, body: 'List-Unsubscribe=One-Click' });
  await response.arrayBuffer();
  await teller.note(`Answered ${response.status}.`);
  await teller.news(bob);

  await pass(stack, exactDays(4));
  await teller.scene('4 days later, a cart again: checkouts/create, and half an hour.');
  await answered(teller, deliver(shop, 'checkouts/create', checkout(stack, 4)));
  await stack.host.settle();
  await pass(stack, minutes(30));
  await teller.news(bob);
}

async function isForged(shop: ShopSettings, teller: Teller): Promise<void> {
  await teller.scene('Somebody who does not know the shop’s secret sends an order.');
  await answered(teller, deliver({ ...shop, secret: 'guessed' }, 'orders/create', { email }));
  await teller.news(bob);
}

async function conclude(teller: Teller): Promise<void> {
  const [known, mails] = [await teller.known(bob), await teller.mails()];
  const dropped = known?.messages.filter(({ status }) => status.kind === 'dropped').length ?? 0;
  await teller.scene(
    `In the end: one profile, ${mails.length} mails sent, ${dropped} not sent and why, ${known?.statistics.orders.length ?? 0} order.`,
  );
}

const pass = (stack: Stack, milliseconds: number): Promise<unknown> => stack.host.advance(milliseconds);

async function answered(teller: Teller, sent: Promise<number>): Promise<void> {
  await teller.note(`Answered ${await sent}.`);
}
