/** People, instances, chunks and messages as the contract suites write them. */
import type { Instance, InstanceState } from '../../shared/journeys/instance.ts';
import type { PersonId } from '../../shared/kernel/ids.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { MessageLog } from '../../shared/messages/message.ts';
import type { People } from '../../shared/ports.ts';
import { newAttributes, newHotState, type Attributes, type HotState } from '../../shared/profile/profile.ts';
import { newStatistics, type Statistics } from '../../shared/profile/statistics.ts';
import { chunkKeyAt, type Chunk } from '../../shared/profile/timeline.ts';
import { createHash } from 'node:crypto';
import type { Channel } from '../../shared/events/event.ts';
import type { ClaimKey } from '../../shared/events/identifier.ts';

/** A store of its own for one test, with what no port offers yet. */
export interface PeopleStore {
  readonly people: People;
  readonly suppress: (channel: Channel, claim: ClaimKey) => Promise<void>;
  readonly countProofs: (person: PersonId) => Promise<number>;
}

export type PeopleFactory = () => Promise<PeopleStore>;

export const now = 1_763_920_000_000;

/** Ids as `freshPersonId` makes them: they sort by age. */
export const ada = '01KAQ00000ADA0000000000000';
export const bob = '01KAQ00001B0B0000000000000';
export const cyd = '01KAQ00002CYD0000000000000';

export const anInstance = (given: Partial<Instance> = {}): Instance => ({
  journey: 'panier-abandonne',
  key: 'cart-1',
  version: 'v-1',
  startedAt: now,
  entry: { event: 'Cart Updated', at: now, chunk: `${chunkKeyAt(now)}#e-1`, id: '3q2-7wE' },
  state: waitingUntil(now + 1_800_000),
  log: [{ step: 'start', at: now, outcome: 'started', because: 'cart.value is 40', seen: { value: 40 } }],
  stored: 0,
  ...given,
});

export const waitingUntil = (due: Instant): InstanceState => ({ kind: 'waiting', step: 0, from: now, due });

export const sendingUntil = (due: Instant): InstanceState => ({
  kind: 'sending',
  step: 1,
  sendKey: 'send-key-1',
  orderTime: now,
  attempt: 1,
  due,
});

export const ended: InstanceState = { kind: 'ended', because: 'exit', at: now };

export const aChunk = (at: Instant, id: string, given: Partial<Chunk> = {}): Chunk => ({
  key: `${chunkKeyAt(at)}#${id}`,
  source: 'shopify',
  trust: 'server',
  receivedAt: at,
  claims: ['email#abc'],
  events: [
    {
      id: `shopify:${id}`,
      type: 'track',
      name: 'Cart Updated',
      occurredAt: at,
      statedAt: at,
      place: 1,
      properties: { products: [{ name: 'Écharpe 🧣', price: 39.9, quantity: 1 }], gift: null },
      traits: { firstName: 'Ada' },
      consent: [{ channel: 'email', state: 'granted', kind: 'statement', at, source: 'checkout', wording: 'v1' }],
      context: { page: { path: '/' } },
    },
  ],
  decisions: [
    {
      at,
      rule: 'panier-abandonne',
      event: 'Cart Updated',
      moment: 'start',
      outcome: 'not',
      because: 'cart.value < 50',
      seen: 40,
    },
  ],
  ...given,
});

export const aMessage = (given: Partial<MessageLog> = {}): MessageLog => ({
  sendKey: 'send-key-1',
  orderTime: now,
  at: now + 5,
  cause: { kind: 'journey', name: 'panier-abandonne', step: '2' },
  channel: 'email',
  purpose: 'marketing',
  template: 'panier-abandonne',
  status: { kind: 'sent', providerId: 'ses-1' },
  ...given,
});

export const someAttributes = (given: Partial<Attributes> = {}): Attributes => ({
  ...newAttributes(now),
  identifiers: [{ type: 'email', value: 'ada@example.com', verified: true, since: now }],
  traits: {
    firstName: { value: 'Ada', at: now, verified: true },
    tags: { value: ['vip', { since: 2024 }, null], at: now, verified: false },
  },
  consents: { 'email.marketing': { state: 'granted', at: now, source: 'checkout', wording: 'v1' } },
  ...given,
});

export const someHotState = (given: Partial<HotState> = {}): HotState => ({
  ...newHotState(),
  generation: 3,
  ring: { entries: [{ hash: 'AAAAAAA', telling: 4_095, at: now }], floor: now - 5_000 },
  lastSeen: now,
  cart: {
    id: 'gid://shopify/Cart/é🛒',
    also: ['checkout-1', '4242'],
    from: `${chunkKeyAt(now)}#e-1`,
    openedAt: now,
    baseAt: now,
    changedAt: now,
    quantity: 2,
    value: 79.8,
    currency: 'EUR',
    url: 'https://shop.example.com/cart?x=1',
    verified: true,
  },
  lastOrderAt: now - 1,
  closedCarts: ['cart-0'],
  open: [{ journey: 'panier-abandonne', key: 'cart-1', version: 'v-1', restarts: { 'Cart Updated': now } }],
  claims: [{ sendKey: 'send-key-0', at: now }],
  lastMessages: { bienvenue: now },
  watched: { 'watch-1': true, 'include vip': true, 'watch-2': false },
  dates: { anniversaire: { of: 'Ab3-_xYz', next: now + 1, last: now }, garantie: { of: 'AAAAAAAA' } },
  watching: { due: now + 1, stored: 2 },
  ...given,
});

export const someStatistics = (given: Partial<Statistics> = {}): Statistics => ({
  ...newStatistics(),
  orders: [{ id: 'order-1', at: now, amount: 79.8, currency: 'EUR', refunds: { 'refund-1': 10 }, placed: true }],
  earlier: { count: 2, amount: 50.5 },
  hours: { 0: 1, 167: 2 },
  products: { 'p-1': 3, 'é#1': 1 },
  categories: { chaussures: 3 },
  ...given,
});

/** Facts, hot state and statistics stored once: everything at version 1. */
export async function storePerson(
  people: People,
  person: string,
  given: { readonly attributes?: Partial<Attributes> } = {},
): Promise<void> {
  await people.saveAttributes(person, someAttributes(given.attributes));
  await people.commit(person, { hot: someHotState(), statistics: someStatistics(), instances: [] });
}

export async function sideOf(people: People, person: string) {
  const { attributes, hot } = await people.load(person);
  return { attributes, hot, statistics: await people.statistics(person) };
}

/** Text that deflate makes little of: letters without an order, the same ones each time. */
export function noise(length: number): string {
  const blocks = Array.from({ length: Math.ceil(length / 43) }, (_, n) =>
    createHash('sha256').update(String(n)).digest('base64url'),
  );
  return blocks.join('').slice(0, length);
}
