/** What a condition looks at, and the level it asks for: what check and the privacy records go by. */
import { expect, test } from 'vitest';
import type { Condition } from '../../shared/rules/condition.ts';
import { fieldsOf, leavesIn, orderSpansIn } from '../../shared/rules/fields.ts';
import { levelOf, type Level } from '../../shared/rules/levels.ts';
import { compare, did, span } from './facts.ts';

const known = (path: string): Condition => compare(path, { op: 'exists', value: true });
const orders: Condition = { kind: 'orders', field: 'total', comparison: { op: 'gte', value: 1 }, within: span(1, 'years') };
const views = did(['Product Viewed', 'Product Added'], { where: known('event.price'), same: ['category'] });
const all = (...of: Condition[]): Condition => ({ kind: 'all', of });
const not = (of: Condition): Condition => ({ kind: 'not', of });
const segment = (of: Condition): Condition => ({ kind: 'segment', segment: 'fideles', of });

test('every path and event is listed, each once, wherever it stands', () => {
  const condition = all(
    known('city'),
    not(known('traits.city')),
    segment({ kind: 'any', of: [orders, views, known('place.city')] }),
  );
  expect(fieldsOf(condition)).toEqual([
    ...['Product Added: category', 'Product Added: price', 'Product Viewed: category', 'Product Viewed: price'],
    ...['did Product Added', 'did Product Viewed', 'orders.total', 'place.city', 'traits.city'],
  ]);
  expect(fieldsOf(all())).toEqual([]);
});

test('the parts are found through all, any, not and segments, but not inside what is asked of an event', () => {
  expect(leavesIn(all(views, segment(not(orders)), known('a')))).toEqual([views, orders, known('a')]);
});

test('the spans of orders are those that must be loaded', () => {
  expect(orderSpansIn(all(orders, known('orders.count'), segment(not(orders))))).toEqual([span(1, 'years'), span(1, 'years')]);
});

test.each<[string, Condition, Level]>([
  ['nothing', all(), { level: 1, because: '' }],
  ['who somebody is and what they ordered', all(known('city'), orders, known('orders.count')), { level: 1, because: '' }],
  ['what they did', all(known('city'), not(views)), { level: 2, because: 'did' }],
  ['what they did, in a segment', segment(views), { level: 2, because: 'did' }],
  ['a prediction', all(views, known('predicted.churn'), known('predicted.value')), { level: 3, because: 'predicted.churn' }],
  ['the moment', all(known('predicted.churn'), known('context.weather')), { level: 4, because: 'context.weather' }],
])('%s has its level, and the word that makes it so', (_what, condition, level) => {
  expect(levelOf(condition)).toEqual(level);
});
