/** An event costs what listens to it: the index names exactly the journeys that start, end or wait again. */
import { expect, test } from 'vitest';
import type { Journey, Step } from '../../shared/journeys/journey.ts';
import { indexByEvent } from '../../shared/rules/event-index.ts';

const waiting = (...restartOn: string[]): Step => ({
  kind: 'wait',
  label: '1',
  duration: { count: 30, unit: 'minutes' },
  restartOn,
});
const journey = (name: string, on: string[], exit: string[], steps: Step[]): Journey => ({
  name,
  start: { on, reentry: { kind: 'always' }, late: { count: 1, unit: 'hours' } },
  ...(exit.length === 0 ? {} : { exit: { on: exit } }),
  steps,
});

test('finds who starts, ends and waits again, each once and in the order given', () => {
  const cart = journey(
    'cart',
    ['Cart Updated'],
    ['Order Completed'],
    [waiting('Cart Updated'), waiting('Cart Updated', 'Product Viewed')],
  );
  const welcome = journey('welcome', ['Signed Up', 'Signed Up', 'Cart Updated'], [], [{ kind: 'jump', to: 1 }]);
  const index = indexByEvent([cart, welcome]);

  expect([...index.keys()].toSorted()).toEqual(['Cart Updated', 'Order Completed', 'Product Viewed', 'Signed Up']);
  expect(index.get('Cart Updated')).toEqual({ start: [cart, welcome], exit: [], restart: [cart] });
  expect(index.get('Order Completed')).toEqual({ start: [], exit: [cart], restart: [] });
  expect(index.get('Product Viewed')).toEqual({ start: [], exit: [], restart: [cart] });
  expect(index.get('Signed Up')).toEqual({ start: [welcome], exit: [], restart: [] });
});
