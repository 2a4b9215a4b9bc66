/** People and what they do, for the counts: each of them new, with exactly the history that an operation needs. */
import { invocation } from '../../local/host.ts';
import { envelopeId, type Envelope } from '../../shared/events/event.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { runTimers } from '../../shared/pipeline/run-timers.ts';
import { minutes, seconds, type Shop } from '../stories/shop.ts';

/** A second later than all that was told before, with the server key; waits until it is processed. */
export async function tell(story: Shop, call: string, body: JsonObject): Promise<void> {
  await story.advance(seconds(1));
  const { status } = await story.segment(call, body);
  if (status !== 200) throw new Error(`${call} was answered ${status}`);
  await story.settle();
}

/** Known by a user id alone, since a moment ago. */
export async function knownPerson(story: Shop): Promise<string> {
  const userId = story.fresh('user');
  await tell(story, 'page', { userId, name: 'Accueil' });
  return userId;
}

/** Known by user id and e-mail, and agreed to mails. */
export async function reachablePerson(story: Shop): Promise<string> {
  const userId = story.fresh('user');
  await tell(story, 'identify', {
    userId,
    traits: { email: `${userId}@example.com`, firstName: 'Léa', consent: { email: true } },
  });
  return userId;
}

export async function visitor(story: Shop): Promise<string> {
  const anonymousId = story.fresh('visitor');
  await tell(story, 'page', { anonymousId, name: 'Accueil' });
  return anonymousId;
}

export const added = (userId: string, cart: string): JsonObject => ({
  userId,
  event: 'Product Added',
  properties: { cart_id: cart, product_id: 'robe-ecume', name: 'Robe Écume', price: 89, quantity: 1, currency: 'EUR' },
});

export const ordered = (userId: string, order: string): JsonObject => ({
  userId,
  event: 'Order Completed',
  properties: {
    order_id: order,
    total: 89,
    currency: 'EUR',
    products: [{ product_id: 'robe-ecume', name: 'Robe Écume', category: 'Robes', price: 89, quantity: 1 }],
  },
});

/** A reachable person with a cart, and so with one journey that waits. */
export async function personWithCart(story: Shop): Promise<string> {
  const userId = await reachablePerson(story);
  await tell(story, 'track', added(userId, story.fresh('cart')));
  return userId;
}

/** From the moment a cart is told until its timer fires. */
export const untilFired = minutes(30);

/** Of somebody who is known by an e-mail address alone, as an import tells it. */
export function envelopeByEmail(story: Shop): Envelope {
  const identifiers = [{ type: 'email', value: `${story.fresh('lea')}@example.com` }] as const;
  const receivedAt = story.now();
  const events = [
    { id: `file:${story.fresh('row')}`, type: 'page', name: 'Page Viewed', occurredAt: receivedAt, properties: {} },
  ] as const;
  return { id: envelopeId('file', identifiers, events), source: 'file', trust: 'server', receivedAt, identifiers, events };
}

/** As each minute in AWS: the local clock leaps over minutes in which nothing is due, and the cursor would lag behind. */
export const tick = (story: Shop): Promise<unknown> =>
  invocation.run({ id: 0, functionName: 'run-timers', crashed: false, ended: new Promise(() => undefined) }, () =>
    runTimers(story.stack().ports),
  );
