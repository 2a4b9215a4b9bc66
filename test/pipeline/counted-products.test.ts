/** A newsletter about a category shows what its reader looked at there, and nothing else (promise 5: what started it is told). */
import { expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import { exactDays, minutes } from '../../shared/kernel/time.ts';
import { countedProducts } from '../../shared/pipeline/counted-products.ts';
import type { CartLine } from '../../shared/profile/cart-lines.ts';
import type { DidCondition } from '../../shared/rules/condition.ts';
import { ada, aWorld, byCount, did, goal, span, tell } from './language-world.ts';
import { email, envelope, noon, theOne, track, type TestWorld } from './process-events-world.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';

const views = did(['Product Viewed'], { times: { min: 3 }, within: span('14 days'), same: ['category'] });
const view = (id: string, at: number, product: string, category = 'robes'): Event =>
  track(id, 'Product Viewed', at, { category, product_id: product, name: `Robe ${product}`, price: 129, currency: 'EUR' });

const aReader = (counted: DidCondition): Promise<TestWorld> => aWorld([byCount('infolettre', counted, [goal('1')])]);

/** Of the first run of Ada's. */
async function shown(world: TestWorld, counted = views): Promise<readonly CartLine[]> {
  const { id, attributes } = await theOne(world, ada);
  const family = [id, ...attributes.aliases];
  const [run] = await world.people.allInstances(family);
  if (run === undefined) throw new Error('nothing was started');
  return countedProducts(world.people, family, counted, run.instance.entry, 'Europe/Paris');
}

const names = (lines: readonly CartLine[]): readonly unknown[] => lines.map(({ product }) => product['product_id']);

test('those of that category, newest first, each once', async () => {
  const world = await aReader(views);
  await tell(world, view('1', noon, 'a'), view('2', noon + 1, 'b'), view('3', noon + 2, 'x', 'sacs'), view('4', noon + 3, 'a'));
  expect(await shown(world)).toMatchObject([
    { product: { product_id: 'a', name: 'Robe a' }, quantity: 1, currency: 'EUR' },
    { product: { product_id: 'b' } },
  ]);
});

test('none that is too old to be counted for long, and none that came after', async () => {
  const world = await aReader(views);
  await tell(world, view('old', noon - exactDays(20), 'old'));
  await tell(world, view('1', noon, 'a'), view('2', noon + 1, 'b'), view('3', noon + 2, 'c'));
  world.clock.now = noon + minutes(5);
  await tell(world, view('4', noon + minutes(5), 'd'));
  expect(names(await shown(world))).toEqual(['c', 'b', 'a']);
});

test('none that was too old to be counted by a second, and one that was not', async () => {
  const world = await aReader(views);
  const oldest = noon + minutes(5) - exactDays(14);
  await tell(world, view('out', oldest, 'out'), view('in', oldest + 2, 'in'));
  world.clock.now = noon + minutes(5);
  await tell(world, view('1', noon + minutes(5), 'a'), view('2', noon + minutes(5) + 1, 'b'));
  expect(names(await shown(world))).toEqual(['b', 'a', 'in']);
});

test('those of lists, at most twelve, and what a browser told is not believed', async () => {
  const lists = did(['Product List Viewed'], { times: { min: 1 } });
  const world = await aReader(lists);
  const products = Array.from({ length: 30 }, (_, index) => ({ product_id: `p${index}`, price: 10 }));
  const listed = track('l', 'Product List Viewed', noon, {
    currency: 'EUR',
    products: [...products, 'no product', { price: 3 }],
  });
  await processEnvelope(world.ports, envelope([ada], [listed], { trust: 'browser' }));
  const lines = await shown(world, lists);
  expect(lines).toHaveLength(12);
  expect(lines[0]).toEqual({ product: products[0], quantity: 1, currency: 'EUR', verified: false });
});

test('those that were told before two people turned out to be one', async () => {
  const world = await aReader(views);
  const other = email('ada@work.example');
  await processEnvelope(world.ports, envelope([other], [view('1', noon, 'a')]));
  await tell(world, view('2', noon + 1, 'b'));
  await processEnvelope(world.ports, envelope([ada, other], [view('3', noon + 2, 'c')], { receivedAt: noon + 2 }));
  expect(names(await shown(world))).toEqual(['c', 'b', 'a']);
});
