/**
 * An event that is told again, perhaps in other words: the telling that was committed stands everywhere, whoever tells it
 * again, and whatever dies on the way (promises 1 and 2).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JourneyVersion } from '../../shared/config/config.ts';
import type { Envelope, Event } from '../../shared/events/event.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { hours, minutes, seconds, type Instant } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { aWorld, cartJourney, email, envelope, noon, theOne, told, track, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const ada = email('ada@example.com');

/** As a door makes it of a call without a timestamp: it happened when it was received. */
function untimed(id: string, at: Instant, price = 10, name = 'Product Added'): Event {
  const { statedAt: _none, ...event } = track(id, name, at, {
    product_id: 'p',
    quantity: 1,
    price,
    order_id: 'o1',
    total: price,
  });
  return event;
}

const telling = (at: Instant, price: number, ...others: readonly Event[]): Envelope =>
  envelope([ada], [untimed('m1', at, price), ...others], { receivedAt: at });

async function process(world: TestWorld, one: Envelope): Promise<string> {
  world.clock.now = Math.max(world.clock.now, one.receivedAt);
  return (await processEnvelope(world.ports, one)).kind;
}

/** The hot state and the statistics are written, the chunk is not. */
async function dieBeforeTimeline(world: TestWorld, one: Envelope): Promise<void> {
  const people = slowPeople(world.people, async () => undefined);
  const keepChunk = async (): Promise<never> => {
    throw new Unavailable('the worker died');
  };
  world.clock.now = Math.max(world.clock.now, one.receivedAt);
  await expect(processEnvelope({ ...world.ports, people: { ...people, keepChunk } }, one)).rejects.toThrow(Unavailable);
}

interface State {
  readonly cart: unknown;
  readonly told: readonly Event[];
  readonly chunks: number;
  readonly orders: unknown;
}

async function stateOf(world: TestWorld): Promise<State> {
  const person = await theOne(world, ada);
  return {
    cart: person.hot.cart,
    told: await told(world, person),
    chunks: world.people.stored(person.id).chunks.size,
    orders: (await world.people.statistics(person.id)).orders,
  };
}

/** What one telling of it comes to. */
async function alone(one: Envelope): Promise<State> {
  const world = await aWorld();
  await process(world, one);
  return stateOf(world);
}

const first = telling(noon, 10);

describe('an event without a time that is told again in other words', () => {
  test.each([
    ['at once', noon],
    ['a moment later', noon + 3],
    ['a minute later', noon + minutes(1)],
    ['four hours later', noon + hours(4)],
    ['a day later', noon + hours(24)],
  ])('%s is what it was', async (_when, at) => {
    const world = await aWorld();
    await process(world, first);
    expect(await process(world, telling(at, 99))).toBe('repeated');
    expect(await stateOf(world)).toEqual(await alone(first));
  });

  test('twice in one envelope is what was told first', async () => {
    const world = await aWorld();
    await process(world, { ...first, events: [untimed('m1', noon, 10), untimed('m1', noon, 99)] });
    expect((await stateOf(world)).told).toEqual(first.events);
  });

  test('and overtakes the first in the queue by hours counts once, in the words that were committed', async () => {
    const world = await aWorld([], noon + hours(5));
    const second = telling(noon + hours(4), 99);
    await process(world, second);
    // So much happens before the first is processed that the recent events no longer know it.
    for (let view = 0; view < 45; view++) {
      await process(world, envelope([ada], [track(`v${view}`, 'Product Viewed', noon + hours(5) + view)]));
    }
    world.clock.now += minutes(20);
    await process(world, envelope([ada], [track('v', 'Product Viewed', world.clock.now)]));
    expect(await process(world, first)).toBe('repeated');
    const { told: all, cart } = await stateOf(world);
    expect(all.filter(({ id }) => id === 'm1')).toEqual(second.events);
    expect(cart).toMatchObject({ quantity: 1, value: 99 });
  });
});

describe('a worker that dies before the timeline', () => {
  const copies: readonly (readonly [string, Envelope])[] = [
    ['the same content, told at the same moment', telling(noon, 10)],
    ['other content, told at the same moment', telling(noon, 99)],
    ['other content, in the queue before the worker died', telling(noon + 400, 99)],
    ['the same content, a minute later', telling(noon + minutes(1), 10)],
    ['other content, four hours later', telling(noon + hours(4), 99)],
    ['other content, in another batch', telling(noon + seconds(30), 99, untimed('m2', noon + seconds(30)))],
  ];

  test.each(copies)('leaves its place to its own redelivery, not to a copy: %s', async (_what, copy) => {
    const world = await aWorld([], noon + 700);
    await dieBeforeTimeline(world, first);
    world.clock.now += seconds(20);
    await process(world, copy);
    world.clock.now += minutes(6);
    expect(await process(world, first)).toBe('repeated');
    expect(await process(world, copy)).toBe('repeated');
    const { told: all, cart } = await stateOf(world);
    expect(all.filter(({ id }) => id === 'm1')).toEqual(first.events);
    expect(cart).toMatchObject({ openedAt: noon, id: `cart-${noon}`, value: copy.events.length * 10 });
  });

  test('and a copy that comes after the redelivery changes nothing either', async () => {
    const world = await aWorld();
    await dieBeforeTimeline(world, first);
    world.clock.now += minutes(6);
    await process(world, first);
    await process(world, telling(noon + hours(4), 99));
    expect(await stateOf(world)).toEqual(await alone(first));
  });
});

/** One delivery: of which telling, and whether its worker dies before the timeline. */
const deliveries = fc.array(fc.record({ telling: fc.nat(3), dies: fc.boolean(), pause: fc.constantFrom(0, 11, 360, 1_000) }), {
  minLength: 1,
  maxLength: 12,
});
const receipts = fc.array(fc.constantFrom(0, 1, 400, minutes(2), hours(4)), { minLength: 4, maxLength: 4 });

/** Starts also for what was told hours ago. */
const patientJourney: JourneyVersion = {
  ...cartJourney,
  journey: { ...cartJourney.journey, start: { ...cartJourney.journey.start, late: { count: 2, unit: 'days' } } },
};

test('whichever telling is committed stands in cart, orders and timeline, and starts one journey', async () => {
  await fc.assert(
    fc.asyncProperty(receipts, deliveries, async (received, tries) => {
      const world = await aWorld([patientJourney], noon + hours(4));
      const tellings = received.map((after, index) =>
        telling(noon + after, 10 + index, untimed('m2', noon + after, 50 + index, 'Order Refunded')),
      );
      const tried: Envelope[] = [];
      for (const { telling: index, dies, pause } of tries) {
        const one = tellings[index] ?? first;
        tried.push(one);
        world.clock.now += seconds(pause);
        const people = slowPeople(world.people, async () => undefined);
        const dying = { ...people, keepChunk: () => Promise.reject(new Unavailable('the worker died')) };
        await processEnvelope({ ...world.ports, people: dies ? dying : people }, one).catch(() => undefined);
      }
      // Each comes back until it is done.
      for (const one of tried) await process(world, one);
      const [committed = first] = tried;
      expect(await stateOf(world)).toEqual(await alone(committed));
      const { id, hot } = await theOne(world, ada);
      expect(hot.open).toHaveLength(1);
      expect(world.people.stored(id).instances.size).toBe(1);
    }),
    { numRuns: 100 },
  );
});
