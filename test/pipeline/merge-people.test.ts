/** Two people turn out to be one: as if they had been one all along, whoever wins, and nothing is lost (promise 1). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Envelope, Event } from '../../shared/events/event.ts';
import type { Json, JsonObject } from '../../shared/kernel/json.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import { exactDays, minutes } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { ordersFacts } from '../../shared/profile/fold-statistics.ts';
import { aJourney, goal, is, later, runs, wait } from './language-world.ts';
import { aWorld, email, envelope, noon, theOne, told, track, user, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const ada = email('ada@example.com');
const account = user('ada-1');
const both = envelope([account, ada], [track('join', 'Noted', noon + minutes(2))], { receivedAt: noon + minutes(2) });

const product = fc.record({
  product_id: fc.constantFrom('p', 'q'),
  quantity: fc.integer({ min: 1, max: 3 }),
  price: fc.constant(5),
});
const cart = fc.constantFrom<JsonObject>({}, { cart_id: 'c1' }, { cart_id: 'c2' });
const all = (...parts: readonly fc.Arbitrary<JsonObject>[]): fc.Arbitrary<JsonObject> =>
  fc.tuple(...parts).map((some) => some.reduce((one, other) => ({ ...one, ...other }), {}));
const order = fc.record<JsonObject>({ order_id: fc.constantFrom('o1', 'o2', 'o3', 'o4'), total: fc.constant(10) });

const saying = fc.oneof(
  fc.tuple(fc.constant('Product Added'), all(cart, product)),
  fc.tuple(fc.constant('Product Removed'), all(cart, product)),
  fc.tuple(fc.constant('Checkout Updated'), all(cart, fc.record({ products: fc.array(product, { maxLength: 2 }) }))),
  fc.tuple(fc.constant('Order Completed'), order),
  fc.tuple(fc.constantFrom('Order Refunded', 'Order Cancelled'), all(order, fc.constant({ refund_id: 'r', total: 4 }))),
  fc.tuple(fc.constant('Noted'), fc.constant({})),
);
const traits = fc.dictionary(fc.constantFrom('city', 'vip'), fc.constantFrom<Json>('Paris', 'Lyon'), { maxKeys: 1 });
const consent = fc.option(fc.constantFrom('granted' as const, 'withdrawn' as const), { freq: 3 });

/** What both halves tell, in the order in which it is told; every instant another one. */
const someHalves = fc
  .array(fc.tuple(fc.boolean(), saying, traits, consent, fc.nat(20)), { minLength: 1, maxLength: 8 })
  .map((tellings) =>
    tellings.map(([isAccount, [name, properties], said, state, time], index) => ({
      half: isAccount ? account : ada,
      event: track(`e${index}`, name, noon + time * 700 + index, properties, {
        traits: said,
        ...(state === null ? {} : { consent: [{ channel: 'email', state, kind: 'statement' }] }),
      }),
    })),
  );

/** A merge moves orders by their id; which telling of an order was the first is told by both in the same words. */
const facts = async (world: TestWorld): Promise<object> => {
  const person = await theOne(world, ada);
  const { attributes, hot } = person;
  return {
    traits: Object.fromEntries(Object.entries(attributes.traits).map(([name, { value }]) => [name, value])),
    consents: attributes.consents,
    identifiers: attributes.identifiers.toSorted((a, b) => (a.value < b.value ? -1 : 1)),
    cart: { ...hot.cart, from: '' },
    lastOrderAt: hot.lastOrderAt,
    orders: ordersFacts(await world.people.statistics(person.id)),
    told: (await told(world, person)).map(({ id }) => id).toSorted(),
  };
};

async function hear(envelopes: readonly Envelope[]): Promise<TestWorld> {
  const world = await aWorld([], noon + minutes(1));
  for (const one of envelopes) await processEnvelope(world.ports, one);
  return world;
}

describe('a merge', () => {
  test('ends as if both had been one all along, whoever is older', async () => {
    await fc.assert(
      fc.asyncProperty(someHalves, async (halves) => {
        const tellings = halves.map(({ half, event }) => envelope([half], [event]));
        const first = (who: typeof ada): Envelope => envelope([who], [track(`first:${who.type}`, 'Noted', noon - 1)]);
        const begun = [first(ada), first(account)];
        const one = await hear([...begun, ...tellings, both]);
        const other = await hear([...begun.toReversed(), ...tellings, both]);
        const together = await hear([...begun, both, ...tellings]);
        expect(await facts(one)).toEqual(await facts(other));
        expect(await facts(one)).toEqual(await facts(together));
        expect((await theOne(one, ada)).id).toBe((await theOne(one, account)).id);
      }),
      { numRuns: 200 },
    );
  });

  test('that dies anywhere is finished by whoever comes next', async () => {
    const events: readonly Event[] = [
      track('a', 'Product Added', noon, { cart_id: 'c1', quantity: 1, price: 5 }, { traits: { city: 'Paris' } }),
      track('b', 'Order Completed', noon - 9_000, { order_id: 'o1', total: 10 }),
    ];
    const story = [envelope([ada], [events[0]!]), envelope([account], [events[1]!])];
    const untroubled = await facts(await hear([...story, both]));
    for (let alive = 0; alive <= 25; alive++) {
      const world = await hear(story);
      world.clock.now += minutes(3);
      let calls = 0;
      const dying = slowPeople(world.people, async () => {
        if (++calls > alive) throw new Error('the worker died');
      });
      await processEnvelope({ ...world.ports, people: dying }, both).catch(() => undefined);
      await processEnvelope(world.ports, both);
      expect(await facts(world)).toEqual(untroubled);
    }
  });
});

test.each([
  ['an account', 'first', account, ada],
  ['an account', 'last', account, ada],
  ['an address', 'first', ada, account],
  ['an address', 'last', ada, account],
])('the runs of both are judged with the orders of both: those of %s that was known %s', async (_who, known, buyer, other) => {
  const exit = { on: ['Page Viewed'], where: is('orders.count', 'lt', 1) };
  const world = await aWorld([aJourney('j', { on: ['Signed Up'] }, [wait('1', '1 day'), goal('2')], { exit })]);
  const say = async (minute: number, name: string, ...who: readonly Identifier[]): Promise<void> => {
    world.clock.now = noon + minutes(minute);
    const properties = name === 'Order Completed' ? { order_id: 'o', total: 10 } : {};
    await processEnvelope(world.ports, envelope(who, [track(`${minute}`, name, world.clock.now, properties)]));
  };
  if (known === 'last') await say(-1, 'Noted', other);
  await say(0, 'Order Completed', buyer);
  await say(1, 'Signed Up', buyer);
  await say(2, 'Page Viewed', other);
  await say(3, 'Noted', buyer, other);
  await later(world, exactDays(2));
  expect((await runs(world, buyer)).map(({ went }) => went)).toEqual([['waited', 'goal fait']]);
});
