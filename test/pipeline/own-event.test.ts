/** Each run knows the event that started it, whatever else was told with it (promise 5: what started it is told). */
import { describe, expect, test } from 'vitest';
import { entryIdOf } from '../../shared/journeys/entry.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import { textOf } from '../../shared/kernel/json.ts';
import { seconds } from '../../shared/kernel/time.ts';
import { countedProducts } from '../../shared/pipeline/counted-products.ts';
import { entryOf } from '../../shared/pipeline/entry-event.ts';
import { performCall } from '../../shared/pipeline/perform-call.ts';
import { ada, aJourney, aWorld, byCount, did, goal, is, runs, settle, tell, wait } from './language-world.ts';
import { noon, theOne, track, type TestWorld } from './process-events-world.ts';

const ready = (id: string, orderId: string) => track(id, 'Order Ready for Pickup', noon, { order_id: orderId });
const perOrder = { on: ['Order Ready for Pickup'], reentry: { kind: 'once-per', path: ['order_id'] } } as const;

/** What each run says of its own event, in the order of their keys. */
async function ownEvents(world: TestWorld) {
  const { id } = await theOne(world, ada);
  const stored = await world.people.allInstances([id]);
  return Promise.all(stored.map(async ({ instance }) => ({ instance, own: await entryOf(world.people, [id], instance.entry) })));
}

describe('of two orders that are ready in the same second and told at once', () => {
  test.each([
    ['A', 'B'],
    ['B', 'A'],
  ])('each run tells its own (%s before %s)', async (...told) => {
    const hook: Step = { kind: 'webhook', label: '1', url: 'https://caisse.example/crochet' };
    const world = await aWorld([aJourney('retrait', perOrder, [hook])]);
    await tell(world, ...told.map((orderId, index) => ready(`r${index}`, orderId)));
    for (const item of world.queues.takeOutbox('triggered')) if ('journey' in item) await performCall(world.ports, item);
    const bodies = world.webhooks.calls().map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    for (const order of told) expect(bodies.filter((body) => body.includes(`"order_id":"${order}"`))).toHaveLength(1);
    expect((await ownEvents(world)).map(({ own }) => textOf(own.properties['order_id']) ?? '').toSorted()).toEqual(['A', 'B']);
  });

  test('each `if` after a wait asks its own', async () => {
    const asks: Step = { kind: 'branch', label: '2', condition: is('event.order_id', 'eq', 'B'), otherwise: 3 };
    const world = await aWorld([aJourney('retrait', perOrder, [wait('1', '10 seconds'), asks, goal('2.then.1', 'B')])]);
    await tell(world, ready('1', 'A'), ready('2', 'B'));
    world.clock.now += seconds(20);
    await settle(world);
    expect((await runs(world)).map(({ went }) => went).toSorted((a, b) => a.length - b.length)).toEqual([
      ['waited', 'else'],
      ['waited', 'then', 'goal B'],
    ]);
  });
});

test('the category that brought a count to what is asked is the one whose products are shown', async () => {
  const views = did(['Product Viewed'], { times: { min: 1 }, same: ['category'] });
  const world = await aWorld([byCount('vues', views, [goal('1')], { reentry: { kind: 'once-per', path: ['category'] } })]);
  const view = (category: string) => track(category, 'Product Viewed', noon, { category, product_id: `de ${category}` });
  await tell(world, view('robes'), view('sacs'));
  const { id } = await theOne(world, ada);
  const shown = await Promise.all(
    (await ownEvents(world)).map(async ({ instance, own }) => {
      const lines = await countedProducts(world.people, [id], views, instance.entry, 'Europe/Paris');
      return [textOf(own.properties['category']), ...lines.map(({ product }) => textOf(product['product_id']))].join(' shows ');
    }),
  );
  expect(shown.toSorted()).toEqual(['robes shows de robes', 'sacs shows de sacs']);
});

test('a change of the cart is known by the event that changed it, though both happened in the same second', async () => {
  const world = await aWorld([aJourney('panier', { on: ['Cart Updated'] }, [wait('1', '1 hour')])]);
  const added = track('2', 'Product Added', noon, { cart_id: 'c', product_id: 'p', price: 3 });
  await tell(world, track('1', 'Page Viewed', noon, { url: 'https://boutique.example/' }), added);
  expect(await ownEvents(world)).toMatchObject([{ own: { properties: { event: 'Cart Updated', product_id: 'p' } } }]);
});

test('a run that began before its event was kept by id still finds it by name and time', async () => {
  const world = await aWorld([aJourney('retrait', perOrder, [wait('1', '1 hour')])]);
  await tell(world, track('0', 'Page Viewed', noon), ready('1', 'A'));
  const [run] = await ownEvents(world);
  if (run === undefined) throw new Error('nothing was started');
  const { id: _id, ...before } = run.instance.entry;
  const { id } = await theOne(world, ada);
  expect(await entryOf(world.people, [id], before)).toMatchObject({ properties: { order_id: 'A' } });
});

test('of two halves that were told parts of one envelope, the part that holds it is found', async () => {
  const world = await aWorld([]);
  const key = `E#${String(noon).padStart(13, '0')}#e`;
  const part = { key, source: 'test', trust: 'server', receivedAt: noon, claims: [], decisions: [] } as const;
  await world.people.keepChunk('winner', { ...part, events: [ready('1', 'A')] });
  await world.people.keepChunk('loser', { ...part, events: [ready('2', 'B')] });
  const entry = { event: 'Order Ready for Pickup', at: noon, chunk: key, id: entryIdOf({ id: '2' }) };
  for (const family of [
    ['winner', 'loser'],
    ['loser', 'winner'],
  ])
    expect(await entryOf(world.people, family, entry)).toMatchObject({ properties: { order_id: 'B' } });
});
