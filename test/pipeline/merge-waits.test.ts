/** When two people become one makes no difference to what they are reminded of and when (promises 1 and 4). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Envelope, Event } from '../../shared/events/event.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { minutes, type Instant } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { foldCart, type CartState } from '../../shared/profile/fold-cart.ts';
import { toldIn } from '../../shared/profile/place-cart-event.ts';
import { aWorld, cartJourney, device, email, envelope, noon, theOne, track, type TestWorld } from './process-events-world.ts';

const ada = email('ada@example.com');
const phone = device('phone');

interface Doing {
  readonly who: Identifier;
  readonly event: Event;
}

/** Runs every timer of either in the order of time; answers when each message was due. */
async function remindersUntil(world: TestWorld, until: Instant): Promise<readonly Instant[]> {
  const sent = new Set<Instant>();
  for (;;) {
    const people = [...new Set(await Promise.all([ada, phone].map(async (one) => (await theOne(world, one)).id)))];
    const open = (await Promise.all(people.map((person) => world.people.allInstances([person]))))
      .flat()
      .flatMap(({ person, instance: { journey, key, state } }) =>
        state.kind === 'waiting' && state.due <= until ? [{ person, journey, key, due: state.due }] : [],
      );
    const [next] = open.toSorted((a, b) => a.due - b.due);
    if (next === undefined) break;
    world.clock.now = Math.max(world.clock.now, next.due);
    await advanceJourneys(world.ports, next);
  }
  for (const one of [ada, phone]) {
    const { id } = await theOne(world, one);
    for (const { instance } of await world.people.allInstances([id]))
      if (instance.state.kind === 'sending') sent.add(instance.state.orderTime);
  }
  return [...sent];
}

const met = (at: Instant): Envelope => envelope([ada, phone], [track('met', 'Noted', at)]);

/** `metBefore`: how many of the doings came before both were known to be one. */
async function live(doings: readonly Doing[], metBefore: number): Promise<TestWorld> {
  const world = await aWorld([cartJourney], noon - 2);
  await processEnvelope(world.ports, envelope([ada], [track('one', 'Noted', noon - 2)]));
  await processEnvelope(world.ports, envelope([phone], [track('other', 'Noted', noon - 2)]));
  const before = doings[metBefore - 1]?.event.occurredAt ?? noon - 2;
  const envelopes = doings.map(({ who, event }) => envelope([who], [event])).toSpliced(metBefore, 0, met(before + 1));
  for (const one of envelopes) {
    world.clock.now = one.receivedAt;
    await processEnvelope(world.ports, one);
  }
  return world;
}

const added = (minute: number, who: Identifier, id: string): Doing => ({
  who,
  event: track(`e${minute}`, 'Product Added', noon + minutes(minute), { cart_id: id, product_id: id, price: 5 }),
});

const piece = fc.record<JsonObject>({
  product_id: fc.constantFrom('p', 'q'),
  quantity: fc.integer({ min: 1, max: 2 }),
  price: fc.constant(5),
});
const cart = fc.constantFrom<JsonObject>({}, { cart_id: 'c1' }, { cart_id: 'c2' });
const doing = fc.oneof(
  fc.tuple(fc.constant('Product Added'), piece),
  fc.tuple(fc.constant('Product Added'), piece),
  fc.tuple(fc.constant('Product Removed'), piece),
  fc.tuple(fc.constant('Cart Viewed'), fc.record<JsonObject>({ products: fc.array(piece, { maxLength: 2 }) })),
  fc.tuple(fc.constant('Coupon Applied'), fc.constant<JsonObject>({})),
);
/** All within the first wait, some minutes apart; each device has its own cart, with or without a name, or both have one. */
const someDoings: fc.Arbitrary<readonly Doing[]> = fc
  .tuple(
    cart,
    cart,
    fc.array(fc.tuple(fc.constantFrom(ada, phone), doing, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 7 }),
  )
  .map(([mine, theirs, all]) => {
    let at = noon;
    return all.map(([who, [name, properties], gap], index) => {
      at += minutes(gap);
      return { who, event: track(`e${index}`, name, at, { ...properties, ...(who === ada ? mine : theirs) }) };
    });
  });

/**
 * A cart that one half emptied while the other filled it is another question: a run that has begun on the other half goes on.
 */
function isEmptied(doings: readonly Doing[]): boolean {
  const told = doings.flatMap(({ who, event }) => toldIn(envelope([who], [event]), [event]));
  let state: CartState = { closedCarts: [] };
  return told.some((one) => {
    const step = foldCart(state, one);
    state = step.state;
    return step.outcome.kind === 'closed';
  });
}

describe('a reminder', () => {
  test.each([
    [[added(0, ada, 'alpha'), added(10, phone, 'beta')]],
    [[added(0, phone, 'alpha'), added(10, ada, 'beta')]],
    [[added(0, ada, 'alpha'), added(10, phone, 'alpha')]],
    [[added(0, phone, 'alpha'), added(10, ada, 'alpha')]],
  ])(
    'leaves thirty minutes after the last change on any device, whenever they are known to be one person (%#)',
    async (doings) => {
      for (let metBefore = 0; metBefore <= doings.length; metBefore++) {
        const world = await live(doings, metBefore);
        expect(await remindersUntil(world, noon + minutes(120))).toEqual([noon + minutes(40)]);
      }
    },
  );

  test('does not depend on when the merge came', async () => {
    await fc.assert(
      fc.asyncProperty(someDoings, fc.nat(7), async (doings, metBefore) => {
        const halves = [ada, phone].map((half) => doings.filter(({ who }) => who === half));
        fc.pre(![doings, ...halves].some(isEmptied));
        const together = await remindersUntil(await live(doings, 0), noon + minutes(120));
        const later = await remindersUntil(await live(doings, Math.min(metBefore, doings.length)), noon + minutes(120));
        expect(later).toEqual(together);
      }),
      { numRuns: 400 },
    );
  });
});
