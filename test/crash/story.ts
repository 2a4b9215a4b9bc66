/**
 * The story that is told in every world: it uses every function, every queue and every kind of item. What builds on each
 * other lies further apart than a redelivery takes (six minutes), so that a crash delays and does not reorder.
 */
import { recorded } from '../stories/shop.ts';
import { rias } from './mailboxes.ts';
import { atMinute } from './minutes.ts';
import type { Step } from './teller.ts';

const lea = 'lea@example.com';

/** A guest's order, a stranger's visit, and both turn out to be one who signs up: merge, welcome, click, unsubscription, refund. */
const leas: readonly Step[] = [
  {
    minute: 0,
    what: 'Lea orders as a guest',
    happens: (teller) =>
      teller.shopify(
        'orders/create',
        recorded('orders/create', {
          id: 820982911946154,
          email: lea,
          contact_email: lea,
          customer: null,
          created_at: atMinute(0),
          updated_at: atMinute(0),
        }),
      ),
  },
  {
    minute: 1,
    what: 'a stranger looks at a page',
    happens: (teller) =>
      teller.segment('page', { messageId: 'page-1', timestamp: atMinute(1), anonymousId: 'leas-phone', name: 'Bonnets' }),
  },
  {
    minute: 10,
    what: 'the stranger turns out to be Lea, who signs up; another item of the batch names nobody',
    happens: (teller) =>
      teller.segment('batch', {
        batch: [
          {
            type: 'identify',
            messageId: 'lea-1',
            timestamp: atMinute(10),
            userId: 'lea',
            anonymousId: 'leas-phone',
            traits: { email: lea, firstName: 'Léa', locale: 'fr', consent: { email: true }, trackingConsent: { click: true } },
          },
          { type: 'track', messageId: 'bad-1', timestamp: atMinute(10), event: 'Signed Up' },
          {
            type: 'track',
            messageId: 'lea-2',
            timestamp: atMinute(10),
            userId: 'lea',
            anonymousId: 'leas-phone',
            event: 'Signed Up',
          },
        ],
      }),
  },
  {
    minute: 50,
    what: 'Lea sends a part of her order back',
    happens: (teller) =>
      teller.shopify(
        'refunds/create',
        recorded('refunds/create', {
          id: 890088186047892,
          order_id: 820982911946154,
          created_at: atMinute(50),
          processed_at: atMinute(50),
        }),
      ),
  },
  {
    minute: 60,
    what: 'Lea clicks in her mail',
    answersMail: lea,
    happens: async (teller) => {
      const { html } = await teller.newestMail(lea);
      const link = /href="([^"]+\/l\/c\/[^"]+)"/.exec(html)?.[1];
      if (link === undefined) throw new Error('no link of the mail is wrapped');
      await teller.request(link);
    },
  },
  {
    minute: 70,
    what: 'Lea looks at the page of the unsubscribe link in her mail, then unsubscribes by it',
    answersMail: lea,
    happens: async (teller) => {
      const { unsubscribe } = await teller.newestMail(lea);
      await teller.request(unsubscribe);
      await teller.request(unsubscribe, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    },
  },
];

const idasCheckout = {
  id: 981820079255243,
  token: 'checkout-ida',
  cart_token: 'cart-ida',
  email: 'ida@example.com',
  customer: null,
  buyer_accepts_marketing: true,
  created_at: atMinute(0),
};

/** A checkout that moves, waits and is reminded of, and then is bought. */
const idas: readonly Step[] = [
  {
    minute: 0,
    what: 'Ida starts a checkout',
    happens: (teller) =>
      teller.shopify('checkouts/create', recorded('checkouts/create', { ...idasCheckout, updated_at: atMinute(0) })),
  },
  {
    minute: 8,
    what: 'Ida changes her cart',
    happens: (teller) =>
      teller.shopify(
        'checkouts/update',
        recorded('checkouts/create', { ...idasCheckout, total_price: '63.98', updated_at: atMinute(8) }),
      ),
  },
  {
    minute: 85,
    what: 'Ida orders what is in her cart',
    happens: (teller) =>
      teller.shopify(
        'orders/create',
        recorded('orders/create', {
          id: 820982911946155,
          email: 'ida@example.com',
          contact_email: 'ida@example.com',
          customer: null,
          cart_token: 'cart-ida',
          checkout_token: 'checkout-ida',
          created_at: atMinute(85),
          updated_at: atMinute(85),
        }),
      ),
  },
];

/** A cart whose owner orders something else. */
const noas: readonly Step[] = [
  {
    minute: 2,
    what: 'Noa, who is known, fills a cart',
    happens: (teller) =>
      teller.segment('batch', {
        batch: [
          {
            type: 'identify',
            messageId: 'noa-1',
            timestamp: atMinute(2),
            userId: 'noa',
            traits: { email: 'noa@example.com', consent: { email: true, sms: false } },
          },
          {
            type: 'track',
            messageId: 'noa-2',
            timestamp: atMinute(2),
            userId: 'noa',
            event: 'Product Added',
            properties: { cart_id: 'cart-noa', product_id: 'p1', name: 'Bonnet', price: 20 },
          },
        ],
      }),
  },
  {
    minute: 12,
    what: 'Noa orders something else',
    happens: (teller) =>
      teller.segment('track', {
        messageId: 'noa-3',
        timestamp: atMinute(12),
        userId: 'noa',
        event: 'Order Completed',
        properties: { order_id: 'order-noa', total: 59, currency: 'EUR', products: [{ product_id: 'p9', quantity: 1 }] },
      }),
  },
];

/** Two accounts that become one while a cart waits, and an opt-out before its message. */
const maxs: readonly Step[] = [
  {
    minute: 3,
    what: 'Max makes himself known',
    happens: (teller) =>
      teller.segment('identify', {
        messageId: 'max-2',
        timestamp: atMinute(3),
        userId: 'max-new',
        traits: { email: 'max@example.com', consent: { email: true } },
      }),
  },
  {
    minute: 10,
    what: 'Max fills a cart with an old account of his',
    happens: (teller) =>
      teller.segment('track', {
        messageId: 'max-1',
        timestamp: atMinute(10),
        userId: 'max-old',
        event: 'Product Added',
        properties: { cart_id: 'cart-max', product_id: 'p2', name: 'Écharpe', price: 35 },
      }),
  },
  {
    minute: 17,
    what: 'the two accounts of Max are one',
    happens: (teller) =>
      teller.segment('alias', { messageId: 'max-3', timestamp: atMinute(17), userId: 'max-new', previousId: 'max-old' }),
  },
  {
    minute: 24,
    what: 'Max wants no more mail',
    happens: (teller) =>
      teller.segment('identify', {
        messageId: 'max-4',
        timestamp: atMinute(24),
        userId: 'max-new',
        traits: { consent: { email: false } },
      }),
  },
];

/** Somebody of whom nothing else is ever told: the welcome is asked for once more, then dropped. */
const zoes: readonly Step[] = [
  {
    minute: 4,
    what: 'Zoe signs up',
    happens: (teller) =>
      teller.segment('track', { messageId: 'zoe-1', timestamp: atMinute(4), userId: 'zoe', event: 'Signed Up' }),
  },
];

/** What a queue gave up. */
const letters: readonly Step[] = [
  {
    minute: 5,
    what: 'SQS gives up a message that nobody could read',
    happens: (teller) => {
      teller.world.emulators.sqs.queue('work-dead').send({ body: '{"person":1}', attributes: {} });
      return Promise.resolve();
    },
  },
];

/** Chapters share nobody: each can be told alone. */
export const chapters: Readonly<Record<string, readonly Step[]>> = {
  leas,
  idas,
  noas,
  maxs,
  zoes,
  'rias, who bounces': rias(4, 'bounce'),
  'rias, who complains': rias(13, 'complaint'),
  letters,
};

/** All of them in one world, minute by minute. */
export const wholeStory: readonly Step[] = Object.values(chapters)
  .flat()
  .toSorted((a, b) => a.minute - b.minute);
