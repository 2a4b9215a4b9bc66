/** Who is in the segment of a campaign: decided on what each person is at that moment, and reading no more than that asks for. */
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../shared/events/event.ts';
import { exactDays, hours, minutes } from '../../shared/kernel/time.ts';
import { mergePeople } from '../../shared/pipeline/merge-people.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { runCampaigns } from '../../shared/pipeline/run-campaigns.ts';
import type { Condition, DidCondition } from '../../shared/rules/condition.ts';
import { didId } from '../../shared/rules/did-state.ts';
import { aCampaign, aCampaignWorld, crowd, deliverAll, hasTrait, ten, type CampaignWorld } from './campaigns-world.ts';
import { email, envelope, theOne, track, user } from './process-events-world.ts';
import { watchedPorts } from './watched-ports.ts';

const did = (given: Partial<Omit<DidCondition, 'id' | 'kind'>>): DidCondition => {
  const what = { kind: 'did' as const, events: ['Order Completed'], times: { min: 1 }, ...given };
  return { ...what, id: didId(what) };
};
const compare = (path: string, op: 'gte' | 'lte' | 'eq', value: number | string): Condition => ({
  kind: 'compare',
  path: path.split('.'),
  comparison: { op, value },
});

const tells = (name: string, ...events: Envelope['events']): Envelope =>
  envelope([user(name), email(`${name}@example.com`)], events);
const agrees = (name: string): Envelope =>
  tells(
    name,
    track(
      `${name}-is`,
      'Identify',
      ten - exactDays(400),
      {},
      { consent: [{ channel: 'email', state: 'granted', kind: 'statement' }] },
    ),
  );
const orders = (name: string, id: string, daysAgo: number, total: number, given: Envelope['events'][number]['properties'] = {}) =>
  tells(
    name,
    track(`${name}-${id}`, 'Order Completed', ten - exactDays(daysAgo), { order_id: id, total, currency: 'EUR', ...given }),
  );

async function whoGets(when: Condition, told: readonly Envelope[]): Promise<readonly string[]> {
  const world = await aCampaignWorld([aCampaign({ when })], ten - hours(1));
  const names = new Set(told.map(({ identifiers: [first] }) => first?.value ?? ''));
  for (const name of names) await processEnvelope(world.ports, agrees(name));
  for (const one of told) await processEnvelope(world.ports, one);
  world.clock.now = ten;
  return gets(world);
}

async function gets(world: CampaignWorld): Promise<readonly string[]> {
  await runCampaigns(world.ports);
  await deliverAll(world);
  return world.carriers
    .sent()
    .map(({ to }) => to.replace('@example.com', ''))
    .toSorted();
}

const shop = [
  orders('ada', '1', 10, 200),
  orders('ada', '2', 40, 150, { channel: 'store' }),
  orders('bea', '1', 300, 500),
  orders('cyd', '1', 5, 20, { channel: 'store' }),
  tells('dan', track('dan-adds', 'Product Added', ten - minutes(90), { cart_id: 'c', product_id: 'p', price: 80, quantity: 1 })),
];

describe('a segment', () => {
  test.each<[string, Condition, readonly string[]]>([
    ['by all orders', compare('orders.count', 'gte', 2), ['ada']],
    [
      'by the orders of a span',
      { kind: 'orders', field: 'total', comparison: { op: 'gte', value: 300 }, within: { count: 90, unit: 'days' } },
      ['ada'],
    ],
    ['by what is in the cart', compare('cart.value', 'gte', 50), ['dan']],
    ['by what they did', did({ within: { count: 30, unit: 'days' } }), ['ada', 'cyd']],
    ['by what they did where', did({ where: compare('channel', 'eq', 'store') }), ['ada', 'cyd']],
    ['by what they did not', did({ times: { min: 0, max: 0 }, within: { count: 60, unit: 'days' } }), ['bea', 'dan']],
    ['by how often', did({ times: { min: 2 } }), ['ada']],
    [
      'that uses another',
      {
        kind: 'all',
        of: [
          { kind: 'segment', segment: 's', of: did({}) },
          { kind: 'not', of: compare('orders.count', 'gte', 2) },
        ],
      },
      ['bea', 'cyd'],
    ],
  ])('%s finds who is in it now', async (_what, when, expected) => {
    expect(await whoGets(when, shop)).toEqual(expected);
  });

  test('counts to the day: what is over today does not count, what is over tomorrow does', async () => {
    const told = [orders('ada', '1', 30, 10), orders('bea', '1', 29, 10)];
    expect(await whoGets(did({ within: { count: 30, unit: 'days' } }), told)).toEqual(['bea']);
  });

  test('sums orders that the statistics keep no more', async () => {
    const told = [
      ...Array.from({ length: 60 }, (_, index) => orders('ada', String(index), 1 + index, 10)),
      ...Array.from({ length: 40 }, (_, index) => orders('bea', String(index), 1 + index, 10)),
    ];
    const atLeast = (value: number): Condition => ({
      kind: 'orders',
      field: 'total',
      comparison: { op: 'gte', value },
      within: { count: 90, unit: 'days' },
    });
    expect(await whoGets(atLeast(590), told)).toEqual(['ada']);
    expect(await whoGets(atLeast(610), told)).toEqual([]);
  });

  test('counts what somebody did under every name they had', async () => {
    const world = await aCampaignWorld([aCampaign({ when: did({ times: { min: 2 } }) })], ten - hours(1));
    for (const name of ['ada', 'bea']) {
      await processEnvelope(world.ports, agrees(name));
      await processEnvelope(world.ports, orders(name, `of-${name}`, 20, 10));
    }
    await mergePeople(world.ports, await theOne(world, user('ada')), await theOne(world, user('bea')));
    world.clock.now = ten;
    expect(await gets(world)).toHaveLength(1);
  });
});

describe('a sweep reads', () => {
  const readsOf = async (when: Condition, zone: 'brand' | 'recipient' = 'brand'): Promise<Readonly<Record<string, number>>> => {
    const world = await aCampaignWorld([aCampaign({ when, zone })]);
    await crowd(world.ports, 100);
    const reads: Record<string, number> = { directory: 0, parts: 0, timeline: 0 };
    const { people } = watchedPorts(world.ports, () => Promise.resolve());
    await runCampaigns({
      ...world.ports,
      people: {
        ...people,
        directory: (from, limit) => ((reads['directory']! += 1), people.directory(from, limit)),
        parts: (all, asked) => (
          (reads['parts']! += all.length * Object.values(asked).filter(Boolean).length),
          people.parts(all, asked)
        ),
        timeline: (all, from, to) => ((reads['timeline']! += 1), people.timeline(all, from, to)),
      },
    });
    return reads;
  };

  test.each<[string, Condition, Readonly<Record<string, number>>]>([
    ['nothing of anybody for what the directory says', hasTrait('club', true), { directory: 1, parts: 0, timeline: 0 }],
    ['orders alone for orders', compare('orders.count', 'gte', 1), { directory: 1, parts: 100, timeline: 0 }],
    ['the hot state alone for the cart', compare('cart.value', 'gte', 1), { directory: 1, parts: 100, timeline: 0 }],
    ['timelines where something done is asked for', did({}), { directory: 1, parts: 100, timeline: 100 }],
  ])('%s', async (_what, when, expected) => {
    expect(await readsOf(when)).toEqual(expected);
  });
});
