/**
 * Shopify webhooks in the words of the Segment spec. Deliveries come late, twice and out of order; the same delivery has
 * the same event id, because a retry sends the same bytes.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Event } from '../events/event.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { contentHash } from '../kernel/ids.ts';
import { isObject } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Connector, Told, WebhookRequest } from './connector.ts';
import { jsonBody } from './json-body.ts';
import { cartSaying, checkoutDeletedSaying, checkoutSaying } from './shopify/carts.ts';
import { consentSayings, customerSayings } from './shopify/customers.ts';
import type { Delivery, Saying } from './shopify/delivery.ts';
import { orderEditedSaying, orderSaying, refundSaying } from './shopify/orders.ts';
import { firstTime } from './stated-time.ts';

/** Topics we have no use for, or not yet, are absent. */
const topics: ReadonlyMap<string, (delivery: Delivery) => readonly Saying[]> = new Map([
  ['carts/create', (delivery) => [cartSaying(delivery)]],
  ['carts/update', (delivery) => [cartSaying(delivery)]],
  ['checkouts/create', (delivery) => [checkoutSaying(delivery)]],
  ['checkouts/update', (delivery) => [checkoutSaying(delivery)]],
  ['checkouts/delete', (delivery) => [checkoutDeletedSaying(delivery)]],
  ['orders/create', (delivery) => [orderSaying(delivery)]],
  ['orders/paid', (delivery) => [orderSaying(delivery)]],
  ['orders/updated', (delivery) => [orderSaying(delivery)]],
  ['orders/fulfilled', (delivery) => [orderSaying(delivery)]],
  ['orders/partially_fulfilled', (delivery) => [orderSaying(delivery)]],
  ['orders/cancelled', (delivery) => [orderSaying(delivery)]],
  ['orders/edited', (delivery) => [orderEditedSaying(delivery)]],
  ['refunds/create', (delivery) => [refundSaying(delivery)]],
  ['customers/create', customerSayings],
  ['customers/update', customerSayings],
  ['customers_email_marketing_consent/update', consentSayings],
  ['customers_marketing_consent/update', consentSayings],
]);

export const shopify: Connector = {
  name: 'shopify',

  /** Only the body is signed, and no time with it: a repeat is harmless because it has the same event id. */
  isAuthentic: (request, secrets) => {
    const given = Buffer.from(header(request, 'hmac-sha256') ?? '');
    const matches = secrets.map((secret) => {
      const expected = Buffer.from(createHmac('sha256', secret).update(request.body).digest('base64'));
      return secret !== '' && given.length === expected.length && timingSafeEqual(given, expected);
    });
    return matches.includes(true);
  },

  translate: (request, receivedAt) => {
    const body = jsonBody(request.body);
    const topic = header(request, 'topic');
    if (topic === undefined) throw new InvalidInput([{ where: 'x-shopify-topic', problem: 'is missing' }]);
    if (!isObject(body)) throw new InvalidInput([{ where: topic, problem: 'the body must be a JSON object' }]);
    const delivery: Delivery = { topic, body, shop: header(request, 'shop-domain'), receivedAt };
    const sayings = topics.get(topic)?.(delivery) ?? [];
    return { told: sayings.map((saying) => tell(saying, delivery, request)), refused: [] };
  },
};

/** Deliveries of the newer "Events" product carry the same headers without `x-`. */
const header = ({ headers }: WebhookRequest, name: string): string | undefined =>
  headers[`shopify-${name}`] ?? headers[`x-shopify-${name}`];

function tell(saying: Saying, { topic, body, receivedAt }: Delivery, request: WebhookRequest): Told {
  const { resource, times, identifiers, type, name, properties, traits, consent } = saying;
  if (resource === undefined) throw new InvalidInput([{ where: topic, problem: 'has no id' }]);
  const id = `shopify:${topic}:${resource}:${contentHash(Buffer.from(request.body).toString('base64'))}`;
  const event: Event = {
    id: type === 'track' && topic === 'customers/create' ? `${id}:signed-up` : id,
    type,
    name,
    properties,
    ...happened([...times, header(request, 'triggered-at')], receivedAt),
    ...(traits === undefined ? {} : { traits }),
    ...(consent === undefined ? {} : { consent }),
  };
  return { index: 0, item: { topic, body }, identifiers, event }; // without its topic a parked body could not be replayed
}

/** The shop's clock is trusted, but nothing happens after we heard of it. */
function happened(times: Saying['times'], receivedAt: Instant): Pick<Event, 'occurredAt' | 'statedAt'> {
  const statedAt = firstTime(times, receivedAt);
  return statedAt === undefined ? { occurredAt: receivedAt } : { occurredAt: Math.min(statedAt, receivedAt), statedAt };
}
