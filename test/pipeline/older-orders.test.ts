/** Orders beyond the fifty that the statistics list: told again, refunded or cancelled, they count as if all were listed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import { Conflict, Unavailable } from '../../shared/kernel/errors.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { ordersSince } from '../../shared/pipeline/count-events.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { foldStatistics, mergeStatistics, ordersFacts } from '../../shared/profile/fold-statistics.ts';
import { newStatistics } from '../../shared/profile/statistics.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { ada, aJourney, aWorld, goal, runs, span, wait } from './language-world.ts';
import { envelope, noon, theOne, track, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const at = (order: number): number => noon + minutes(order);
const placed = (order: number, id = `o${order}`): Event =>
  track(id, 'Order Completed', at(order), { order_id: `${order}`, total: 10, currency: order % 2 === 0 ? 'EUR' : 'eur' });
const refunded = (order: number, refund: string, total = 4): Event =>
  track(`${refund}-${order}`, 'Order Refunded', noon + minutes(200), { order_id: `${order}`, refund_id: refund, total });
const cancelled = (order: number, id = `c${order}`): Event =>
  track(id, 'Order Cancelled', noon + minutes(300), { order_id: `${order}` });

async function hear(world: TestWorld, ...events: readonly Event[]): Promise<void> {
  world.clock.now = Math.max(world.clock.now, ...events.map(({ occurredAt }) => occurredAt));
  await processEnvelope(world.ports, envelope([ada], events, { receivedAt: world.clock.now }));
}

const sixty = Array.from({ length: 60 }, (_, order) => placed(order));

async function factsOf(world: TestWorld) {
  const { id } = await theOne(world, ada);
  const statistics = await world.people.statistics(id);
  return { ...ordersFacts(statistics), pieces: Object.values(statistics.hours).reduce((sum, count) => sum + count, 0) };
}

const times = { lastAt: at(59) };

test.each<[string, readonly Event[], { count: number; total: number; pieces: number }]>([
  ['is told again by another event', [placed(3, 'again')], { count: 60, total: 600, pieces: 60 }],
  ['is refunded', [refunded(3, 'r')], { count: 60, total: 596, pieces: 60 }],
  [
    'is refunded twice by one refund',
    [refunded(3, 'r'), { ...refunded(3, 'r'), id: 'r2' }],
    { count: 60, total: 596, pieces: 60 },
  ],
  ['is refunded in two parts', [refunded(3, 'r'), refunded(3, 's', 2)], { count: 60, total: 594, pieces: 60 }],
  ['is cancelled', [cancelled(3)], { count: 59, total: 590, pieces: 60 }],
  [
    'is refunded, cancelled and told again',
    [refunded(3, 'r'), cancelled(3), placed(3, 'x')],
    { count: 59, total: 590, pieces: 60 },
  ],
  [
    'was never told before',
    [{ ...placed(3, 'new'), properties: { order_id: 'n', total: 7 } }],
    { count: 61, total: 607, pieces: 61 },
  ],
])('an order beyond the last fifty that %s', async (_what, events, facts) => {
  for (const together of [true, false]) {
    const world = await aWorld();
    for (const one of sixty) await hear(world, one);
    if (together) await hear(world, ...events);
    else for (const one of events) await hear(world, one);
    expect(await factsOf(world)).toEqual({ ...facts, ...times });
  }
});

test('in a span, too, a refund takes its money off an older order, and the order stays one', async () => {
  const all = (field: 'count' | 'total', value: number): Condition => ({
    kind: 'orders',
    field,
    comparison: { op: 'eq', value },
    within: span('365 days'),
  });
  const start = { on: ['Order Refunded'], where: { kind: 'all', of: [all('count', 60), all('total', 596)] } } as const;
  const world = await aWorld([aJourney('j', start, [wait('1', '1 hour'), goal('2')])]);
  for (const one of sixty) await hear(world, one);
  await hear(world, refunded(3, 'r'));
  expect(await runs(world)).toHaveLength(1);
});

test('whatever comes in whatever order, lifetime sums are those of all orders by themselves', async () => {
  const order = fc.integer({ min: 0, max: 20 });
  const more = fc.oneof(
    fc.tuple(order, fc.constantFrom('r', 's')).map(([one, refund]) => refunded(one, refund)),
    order.map((one) => cancelled(one)),
    order.map((one) => placed(one, `again-${one}`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(more, { maxLength: 8, selector: ({ id }) => id }), async (others) => {
      const world = await aWorld();
      for (let from = 0; from < 80; from += 16)
        await hear(world, ...Array.from({ length: 16 }, (_, index) => placed(from + index)));
      for (const one of others) await hear(world, one);
      const named = (name: string) => others.filter((event) => event.name === name);
      const gone = new Set(named('Order Cancelled').map(({ properties }) => properties['order_id']));
      const back = named('Order Refunded').filter(({ properties }) => !gone.has(properties['order_id']));
      const count = 80 - gone.size;
      expect(await factsOf(world)).toMatchObject({ count, total: 10 * count - 4 * back.length, pieces: 80 });
    }),
    { numRuns: 60 },
  );
});

test('a refund that another half of the person was told drops no older order from a span', () => {
  const all = [...sixty, refunded(3, 'r')];
  const context = { chunk: 'E#', source: 's', trust: 'server', receivedAt: noon } as const;
  const half = sixty.reduce((known, event) => foldStatistics(known, event, 'Europe/Paris'), newStatistics());
  const other = foldStatistics(newStatistics(), refunded(3, 'r'), 'Europe/Paris');
  const history = { from: 'E#', told: all.map((event) => ({ event, context })) };
  const orders = ordersSince(history, mergeStatistics(half, other), 'Europe/Paris');
  expect([orders.length, orders.reduce((sum, { amount }) => sum + amount, 0)]).toEqual([60, 596]);
});

describe('of somebody with sixty orders', () => {
  test('the next one reads nothing of the past, an older one does', async () => {
    const world = await aWorld();
    for (const one of sixty) await hear(world, one);
    let reads = 0;
    const { people } = world;
    const timeline: typeof people.timeline = (...asked) => {
      reads += 1;
      return people.timeline(...asked);
    };
    const ports = { ...world.ports, people: { ...slowPeople(people, async () => undefined), timeline } };
    await hear({ ...world, ports }, placed(61));
    expect(reads).toBe(0);
    await hear({ ...world, ports }, refunded(3, 'r'));
    expect(reads).toBe(1);
  });

  test('a refund waits for an older order whose worker died before its timeline was written', async () => {
    const world = await aWorld();
    for (const one of sixty) await hear(world, one);
    world.clock.now = noon + minutes(200);
    const older = envelope([ada], [{ ...placed(2, 'late'), properties: { order_id: 'late', total: 10 } }], {
      receivedAt: world.clock.now,
    });
    const keepChunk = () => Promise.reject(new Unavailable('the worker died'));
    const dying = { ...world.ports, people: { ...slowPeople(world.people, async () => undefined), keepChunk } };
    await expect(processEnvelope(dying, older)).rejects.toThrow(Unavailable);
    world.clock.now += minutes(1);
    const refund = track('r', 'Order Refunded', world.clock.now, { order_id: 'late', refund_id: 'r', total: 4 });
    await expect(hear(world, refund)).rejects.toThrow(Conflict);
    await processEnvelope(world.ports, older);
    await hear(world, refund);
    expect(await factsOf(world)).toEqual({ count: 61, total: 606, pieces: 61, ...times });
  }, 20_000);
});
