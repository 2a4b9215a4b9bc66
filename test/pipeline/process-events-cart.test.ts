/** The cart of a person is the same for any order of arrival, and its lines say what its sums say (promise 1). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { cartHistory } from '../../shared/pipeline/cart-history.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { foldLines } from '../../shared/profile/cart-lines.ts';
import { foldCart, inCartTime, type CartState, type ToldEvent } from '../../shared/profile/fold-cart.ts';
import { foldCartAgain, toldIn } from '../../shared/profile/place-cart-event.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { aWorld, cartJourney, email, envelope, noon, theOne, track, type TestWorld } from './process-events-world.ts';

const products = fc.array(
  fc.record({ product_id: fc.constantFrom('p', 'q'), quantity: fc.integer({ min: 1, max: 3 }), price: fc.constant(5) }),
  {
    maxLength: 2,
  },
);
const cartId = fc.constantFrom<JsonObject>({}, { cart_id: 'c1' }, { cart_id: 'c2' });
const checkoutId = fc.constantFrom<JsonObject>(
  { checkout_id: 'k1' },
  { checkout_id: 'k2' },
  { cart_id: 'c1', checkout_id: 'k1' },
);
const flag = (name: string): fc.Arbitrary<JsonObject> => fc.constantFrom<JsonObject>({}, {}, { [name]: true });
const currency = fc.constantFrom<JsonObject>({}, { currency: 'EUR' }, { currency: 'JPY' });
const piece = fc.record({
  product_id: fc.constantFrom('p', 'q'),
  quantity: fc.integer({ min: 1, max: 2 }),
  price: fc.constant(5),
});

const all = (...parts: readonly fc.Arbitrary<JsonObject>[]): fc.Arbitrary<JsonObject> =>
  fc.tuple(...parts).map((some) => some.reduce((one, other) => ({ ...one, ...other }), {}));

const saying = fc.oneof(
  fc.tuple(fc.constant('Product Added'), all(cartId, piece, currency)),
  fc.tuple(fc.constant('Product Removed'), all(cartId, piece, currency)),
  fc.tuple(fc.constant('Cart Viewed'), all(cartId, fc.record({ products }), currency)),
  fc.tuple(
    fc.constantFrom('Checkout Started', 'Checkout Updated'),
    all(checkoutId, fc.record({ products }), flag('completed'), currency),
  ),
  fc.tuple(fc.constantFrom('Coupon Applied', 'Checkout Step Viewed'), all(checkoutId, fc.constant({ value: 7 }), currency)),
  fc.tuple(fc.constant('Checkout Deleted'), checkoutId),
  fc.tuple(fc.constant('Order Completed'), cartId),
);

/** Around half seconds, so that instants and seconds collide; ids of one length, so that their order is that of their numbers. */
const someEvents = fc
  .array(fc.tuple(saying, fc.nat(9)), { minLength: 1, maxLength: 9 })
  .map((all_) =>
    all_.map(([[name, properties], time], index) => track(`e${index}`, name, noon + time * 500 + (index % 3), properties)),
  );

interface Arrival {
  readonly events: readonly Event[];
  readonly source: string;
}

/** The same events in any order, in envelopes of one or several, told by a shop or a site. */
const someArrivals: fc.Arbitrary<readonly Arrival[]> = someEvents
  .chain((events) =>
    fc.tuple(
      fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length }),
      fc.array(fc.boolean(), { minLength: events.length, maxLength: events.length }),
      fc.constantFrom('segment', 'shopify'),
    ),
  )
  .map(([events, cuts, source]) => {
    const groups: Event[][] = [];
    for (const [index, event] of events.entries()) {
      if (index === 0 || cuts[index] === true) groups.push([event]);
      else groups.at(-1)?.push(event);
    }
    return groups.map((group) => ({ events: group, source }));
  });

const ada = email('ada@example.com');
const toldBy = ({ events, source }: Arrival): readonly ToldEvent[] => toldIn(envelope([ada], events, { source }), events);

async function arrive(arrivals: readonly Arrival[]): Promise<TestWorld> {
  const world = await aWorld([], noon + minutes(1));
  for (const { events, source } of arrivals) await processEnvelope(world.ports, envelope([ada], events, { source }));
  return world;
}

describe('the cart', () => {
  test('is what all its events in time make of it, in whatever order and grouping they come', async () => {
    await fc.assert(
      fc.asyncProperty(someArrivals, async (arrivals) => {
        const { hot } = await theOne(await arrive(arrivals), ada);
        const slow = foldCartAgain({ closedCarts: [] }, arrivals.flatMap(toldBy));
        expect({ ...hot.cart, from: '' }).toEqual({ ...slow.cart, from: '' });
        expect(hot.lastOrderAt).toBe(slow.lastOrderAt);
        expect(new Set(hot.closedCarts)).toEqual(new Set(slow.closedCarts));
      }),
      { numRuns: 700 },
    );
  });

  test('folded again from where it says it began is the same cart', async () => {
    await fc.assert(
      fc.asyncProperty(someArrivals, async (arrivals) => {
        fc.pre(isOneByOne(arrivals.flatMap(toldBy)));
        const world = await arrive(arrivals);
        const { id, hot } = await theOne(world, ada);
        fc.pre(hot.cart !== undefined);
        const everything = await cartHistory(world.people, [id], 'E#');
        const sinceItBegan = await cartHistory(world.people, [id], hot.cart?.from ?? '');
        expect(foldLines(hot, sinceItBegan)).toEqual(foldLines(hot, everything));
      }),
      { numRuns: 300 },
    );
  });

  /** A cart keeps the instant it began, not which of several events of that instant began it. */
  const isOneByOne = (told: readonly ToldEvent[]): boolean =>
    new Set(told.map(({ event }) => event.occurredAt)).size === told.length;

  /** That a checkout is a cart's is known once both are named together; lines take it as known from the start. */
  const namesItsCart = ({ properties }: Event): boolean => !('checkout_id' in properties) || 'cart_id' in properties;

  /** Sums cannot know what was never in the cart: a removal of it would be taken from something else. */
  const removesOnlyWhatIsThere = (told: readonly ToldEvent[]): boolean => {
    const inTime = told.toSorted(inCartTime);
    let state: CartState = { closedCarts: [] };
    return inTime.every((one, index) => {
      const line =
        state.cart === undefined
          ? undefined
          : foldLines(state, inTime.slice(0, index)).find(
              ({ product }) => product['product_id'] === one.event.properties['product_id'],
            );
      const isThere = one.event.name !== 'Product Removed' || (line?.quantity ?? 0) >= Number(one.event.properties['quantity']);
      state = foldCart(state, one).state;
      return isThere;
    });
  };

  test('of several currencies meets no condition on its value, and the decision says what was seen', async () => {
    const where: Condition = { kind: 'compare', path: ['cart', 'value'], comparison: { op: 'gte', value: 30 } };
    const { journey } = cartJourney;
    const world = await aWorld([{ ...cartJourney, journey: { ...journey, start: { ...journey.start, where } } }]);
    const added = [
      track('y', 'Product Added', noon - 2, { product_id: 'y', price: 29, currency: 'JPY' }),
      track('e', 'Product Added', noon - 1, { product_id: 'e', price: 10.5, currency: 'EUR' }),
    ];
    await processEnvelope(world.ports, envelope([ada], added));
    const { id } = await theOne(world, ada);
    const [chunk] = [...world.people.stored(id).chunks.values()];
    expect(chunk?.decisions.map(({ outcome, because, seen }) => [outcome, because, seen])).toEqual([
      ['not', 'cart.value must be at least 30', 29],
      ['not', 'cart.value must be at least 30', null],
    ]);
  });

  test('has a total where all that costs something is of one currency, and none where it is not', () => {
    fc.assert(
      fc.property(someArrivals, (arrivals) => {
        const told = arrivals.flatMap(toldBy);
        fc.pre(isOneByOne(told) && told.every(({ event }) => namesItsCart(event)) && removesOnlyWhatIsThere(told));
        const { cart, ...rest } = foldCartAgain({ closedCarts: [] }, told);
        fc.pre(cart !== undefined);
        const lines = foldLines({ cart, ...rest }, told).filter(({ currency }) => currency !== undefined);
        const currencies = new Set(lines.map(({ currency }) => currency));
        const isRight = currencies.size === 0 || (currencies.size === 1 && currencies.has(cart.currency));
        expect(cart.value === undefined || isRight).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has lines that add up to its pieces', async () => {
    await fc.assert(
      fc.asyncProperty(someArrivals, async (arrivals) => {
        const told = arrivals.flatMap(toldBy);
        fc.pre(isOneByOne(told) && told.every(({ event }) => namesItsCart(event)));
        fc.pre(removesOnlyWhatIsThere(told));
        const world = await arrive(arrivals);
        const { id, hot } = await theOne(world, ada);
        const lines = hot.cart === undefined ? [] : foldLines(hot, await cartHistory(world.people, [id], hot.cart.from));
        expect(lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(hot.cart?.quantity ?? 0);
      }),
      { numRuns: 400 },
    );
  });
});
