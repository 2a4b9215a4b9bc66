/** A shop whose queue stood still: people's carts and orders of the past hour, told all at once and in no order. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import { readTags } from '../shared/channels/tags.ts';
import { isObject, parseJson, textOf, type JsonObject } from '../shared/kernel/json.ts';
import { invocation } from '../local/host.ts';
import { minutes, seconds, type Shop } from './stories/shop.ts';

export interface Customer {
  readonly userId: string;
  readonly email: string;
  readonly orders: boolean;
  /** Told and processed before the queue stood still; the others become known in the backlog itself. */
  readonly knownBefore: boolean;
}

export const customers = (story: Shop, count: number): readonly Customer[] =>
  Array.from({ length: count }, (_, index) => {
    const userId = story.fresh('client');
    return { userId, email: `${userId}@example.com`, orders: index % 2 === 0, knownBefore: index % 4 < 2 };
  });

/** Numbers from 0 to 1 that look random and are the same in every run. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  const keyed = all.map((one): readonly [number, T] => [random(), one]);
  return keyed.toSorted(([a], [b]) => a - b).map(([, one]) => one);
}

export const identification = (story: Shop, { userId, email }: Customer, at: number): JsonObject => ({
  ...call(story, 'identify', userId, at),
  traits: { email, firstName: 'Léa', consent: { email: true } },
});

export const cartChange = (story: Shop, { userId }: Customer, at: number, product: string): JsonObject => ({
  ...call(story, 'track', userId, at),
  event: 'Product Added',
  properties: { cart_id: `cart-of-${userId}`, product_id: product, name: product, price: 49.5, quantity: 1, currency: 'EUR' },
});

export const order = (story: Shop, { userId }: Customer, at: number): JsonObject => ({
  ...call(story, 'track', userId, at),
  event: 'Order Completed',
  properties: { order_id: `order-of-${userId}`, total: 49.5, currency: 'EUR', products: [{ product_id: 'lampe', price: 49.5 }] },
});

const call = (story: Shop, type: string, userId: string, at: number): JsonObject => ({
  type,
  userId,
  messageId: story.fresh('m'),
  timestamp: new Date(at).toISOString(),
});

/** What one customer did in the past hour: a cart of one or two changes, then perhaps an order, at times in the same second. */
export function pastHour(story: Shop, customer: Customer, random: () => number): readonly JsonObject[] {
  const now = story.now();
  const began = now - minutes(2) - random() * minutes(56);
  const changed = random() < 0.3 ? [began, began + random() * (now - began)] : [began];
  const last = changed.at(-1) ?? began;
  const bought = random() < 0.1 ? last : last + seconds(1) + random() * Math.max(0, now - last - seconds(1));
  return [
    ...(customer.knownBefore ? [] : [identification(story, customer, began - seconds(30))]),
    ...changed.map((at, index) => cartChange(story, customer, at, index === 0 ? 'lampe' : 'tapis')),
    ...(customer.orders ? [order(story, customer, bought)] : []),
  ];
}

const batchSize = 250;

/** Through the real door, with the server key. */
export async function tellAll(story: Shop, calls: readonly JsonObject[]): Promise<void> {
  for (let from = 0; from < calls.length; from += batchSize) {
    const { status } = await story.segment('batch', { batch: calls.slice(from, from + batchSize) });
    if (status !== 200) throw new Error(`a batch was answered ${status}`);
  }
}

/** How many mails of the abandoned cart each address got. */
export function remindersByAddress(story: Shop): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { recipients, tags } of story.stack().emulators.ses.inbox()) {
    if (readTags(tags)?.cause?.name !== 'panier-abandonne') continue;
    for (const address of recipients) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}

/** Counts how often run-timers hands each timer to the work queue. */
export class TimerWatch {
  readonly #sent = new Map<string, number>();

  attach(sqs: SQSClient): void {
    sqs.middlewareStack.add(
      (next) => async (args) => {
        const entries = 'Entries' in args.input ? (args.input.Entries ?? []) : [];
        if (invocation.getStore()?.functionName === 'run-timers') {
          for (const entry of entries) if ('MessageBody' in entry) this.#count(entry.MessageBody ?? '');
        }
        return next(args);
      },
      { step: 'initialize', name: 'timer-watch' },
    );
  }

  timers(): number {
    return this.#sent.size;
  }

  /** Of the timer that was sent most often. */
  most(): number {
    return Math.max(0, ...this.#sent.values());
  }

  #count(body: string): void {
    const work = parseJson(body);
    const parts = isObject(work) ? ['person', 'journey', 'key', 'due'].map((name) => textOf(work[name]) ?? '') : [body];
    const timer = parts.join('\n');
    this.#sent.set(timer, (this.#sent.get(timer) ?? 0) + 1);
  }
}
