/** Events of the very same time stand in the order in which they were told: by receipt, then by place (promise 1). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Told } from '../../shared/connectors/connector.ts';
import type { Envelope, Event } from '../../shared/events/event.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import { shortHash } from '../../shared/kernel/ids.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { minutes, seconds } from '../../shared/kernel/time.ts';
import { cartHistory } from '../../shared/pipeline/cart-history.ts';
import { intoEnvelopes } from '../../shared/pipeline/envelopes.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { foldLines } from '../../shared/profile/cart-lines.ts';
import { foldCart, type CartState } from '../../shared/profile/fold-cart.ts';
import { startOfTimeline } from '../../shared/profile/timeline.ts';
import { aWorld, email, envelope, noon, theOne, track, user, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const ada = email('ada@example.com');
const account = user('ada-1');
const join = envelope([account, ada], [track('join', 'Noted', noon - 1)], { receivedAt: noon - 1 });

interface Saying {
  readonly name: string;
  readonly properties: JsonObject;
  readonly who: Identifier;
  readonly at: number;
}

/** Requests in the order of their receipt; each says one thing after the other. */
type Requests = readonly (readonly Saying[])[];

const product = fc.record({
  product_id: fc.constantFrom('p', 'q'),
  quantity: fc.integer({ min: 1, max: 2 }),
  price: fc.constant(5),
});
const named = fc.oneof(
  fc.tuple(fc.constantFrom('Product Added', 'Product Added', 'Product Removed'), product),
  fc.tuple(fc.constant('Cart Viewed'), fc.record({ products: fc.array(product, { maxLength: 2 }) })),
  fc.tuple(
    fc.constant('Checkout Started'),
    fc.record({ checkout_id: fc.constant('k'), products: fc.array(product, { minLength: 1 }) }),
  ),
  fc.tuple(fc.constant('Checkout Deleted'), fc.constant({ checkout_id: 'k' })),
  fc.tuple(fc.constant('Order Completed'), fc.constant({ order_id: 'o' })),
);
/** Three instants in two seconds: nearly everything collides. A checkout is one person's from the start: it names them. */
const saying: fc.Arbitrary<Saying> = fc
  .tuple(named, fc.constantFrom(ada, account), fc.constantFrom(0, 0, 400, 1_000))
  .map(([[name, properties], who, at]) => ({ name, properties, who: 'checkout_id' in properties ? ada : who, at: noon + at }));
const requests: fc.Arbitrary<Requests> = fc.array(fc.array(saying, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 4,
});

/** Ids whose order is as good as random: it is not that of the telling. */
const eventOf = ({ name, properties, at }: Saying, request: number, place: number): Event =>
  track(shortHash(`${at}/${request}/${place}`), name, at, properties);
const receiptOf = (request: number): number => noon + seconds(5) + request;

const atTheDoor = (said: Requests): readonly Envelope[] =>
  said.flatMap((sayings, request) => {
    const told = sayings.map((one, index): Told => {
      const { type, value } = one.who;
      return { index, item: {}, identifiers: [{ type, value }], event: eventOf(one, request, index) };
    });
    const sender = { source: 'test', trust: 'server', receivedAt: receiptOf(request), country: 'FR' } as const;
    return intoEnvelopes(told, sender).envelopes;
  });

const second = (at: number): number => Math.floor(at / 1_000);
const isOrder = ({ name }: Event): number => Number(name === 'Order Completed');

/** One after the other as they were told, sorted by time alone: a stable sort keeps the order of telling. */
function asTold(said: Requests): CartState {
  const events = said.flatMap((sayings, request) => sayings.map((one, place) => eventOf(one, request, place)));
  const inTime = events.toSorted(
    (a, b) => second(a.occurredAt) - second(b.occurredAt) || isOrder(b) - isOrder(a) || a.occurredAt - b.occurredAt,
  );
  const context = { chunk: '', source: 'test', trust: 'server', receivedAt: noon } as const;
  return inTime.reduce<CartState>((state, event) => foldCart(state, { event, context }).state, { closedCarts: [] });
}

/** Without what depends on how it was grouped into chunks, and on what is only remembered. */
const seen = ({ cart, lastOrderAt }: CartState): object => ({ cart: { ...cart, from: '' }, lastOrderAt });
const cartIn = async (world: TestWorld): Promise<object> => seen((await theOne(world, ada)).hot);

/** The envelopes in any order, and the place among them where the two identifiers turn out to be one person's. */
const inAnyOrder = fc.tuple(requests, fc.nat(), fc.infiniteStream(fc.nat())).map(([said, met, stream]) => {
  const shuffled = atTheDoor(said)
    .map((one): readonly [number, Envelope] => [Number(stream.next().value), one])
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
  return { said, envelopes: shuffled.toSpliced(met % (shuffled.length + 1), 0, join) };
});

describe('events of the very same time', () => {
  const adding: readonly [string, JsonObject] = ['Product Added', { product_id: 'p' }];
  const removing: readonly [string, JsonObject] = ['Product Removed', { product_id: 'p' }];
  const viewing = (product_id: string): readonly [string, JsonObject] => ['Cart Viewed', { products: [{ product_id }] }];

  test.each([
    ['what was added and taken out again is not in the cart', [adding, removing], []],
    ['what was taken out and added again is in the cart', [adding, removing, adding], ['p']],
    ['what the last view shows is in the cart', [viewing('q'), viewing('p')], ['p']],
  ])('%s', async (_what, names, inCart) => {
    for (let at = 0; at < 8; at++) {
      const said = names.map(([name, properties]): Saying => ({ name, properties, who: ada, at: noon + at }));
      for (const grouped of [[said], said.map((one) => [one])]) {
        const world = await aWorld([], noon + minutes(1));
        for (const one of atTheDoor(grouped)) await processEnvelope(world.ports, one);
        const { id, hot } = await theOne(world, ada);
        const lines = foldLines(hot, await cartHistory(world.people, [id], startOfTimeline));
        expect(lines.map(({ product }) => product['product_id'])).toEqual(inCart);
        expect(hot.cart?.quantity ?? 0).toBe(inCart.length);
      }
    }
  });

  test('two halves without a cart have the one they would have had as one person', async () => {
    const product = { product_id: 'p', quantity: 1, price: 5 };
    const told = (name: string, who: Identifier, at: number, properties: JsonObject): Saying => ({ name, who, at, properties });
    const said: Requests = [
      [told('Checkout Started', ada, noon, { checkout_id: 'k', products: [product] })],
      [told('Order Completed', account, noon, { order_id: 'o' })],
      [told('Cart Viewed', ada, noon + 1_000, { products: [product] })],
      [told('Checkout Deleted', ada, noon + 1_000, { checkout_id: 'k' })],
    ];
    const world = await aWorld([], noon + minutes(1));
    for (const one of atTheDoor(said)) await processEnvelope(world.ports, one);
    expect([(await theOne(world, ada)).hot.cart, (await theOne(world, account)).hot.cart]).toEqual([undefined, undefined]);
    await processEnvelope(world.ports, join);
    expect((await theOne(world, ada)).hot.cart).toMatchObject({ quantity: 1 });
    expect(await cartIn(world)).toEqual(seen(asTold(said)));
  });

  test('end as they were told, in whatever order and grouping they are counted, before or after a merge', async () => {
    await fc.assert(
      fc.asyncProperty(inAnyOrder, async ({ said, envelopes }) => {
        const world = await aWorld([], noon + minutes(1));
        for (const one of envelopes) await processEnvelope(world.ports, one);
        expect(await cartIn(world)).toEqual(seen(asTold(said)));
      }),
      { numRuns: 500 },
    );
  });

  test('end as they were told when a worker dies on the way and when an SDK tells all again in one batch', async () => {
    await fc.assert(
      fc.asyncProperty(inAnyOrder, fc.array(fc.nat(14), { maxLength: 4 }), async ({ said, envelopes }, deaths) => {
        const world = await aWorld([], noon + minutes(1));
        const dead: Envelope[] = [];
        for (const [index, one] of envelopes.entries()) {
          let left = deaths[index] ?? Number.POSITIVE_INFINITY;
          const people = slowPeople(world.people, async () => {
            if (left-- <= 0) throw new Error('the worker died');
          });
          await processEnvelope({ ...world.ports, people }, one).catch(() => dead.push(one));
          world.clock.now += minutes(1);
        }
        for (const one of dead) await processEnvelope(world.ports, one);
        const again = said.flatMap((sayings, request) => sayings.map((one, place) => eventOf(one, request, place)));
        await processEnvelope(world.ports, envelope([ada], again.toReversed(), { receivedAt: noon + minutes(1) }));
        expect(await cartIn(world)).toEqual(seen(asTold(said)));
      }),
      { numRuns: 200 },
    );
  });
});
