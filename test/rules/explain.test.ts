/** What was not so is said in the words of config/, with the value that was seen (promise 5). */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import type { Condition, DidCondition, Facts } from '../../shared/rules/condition.ts';
import { exactStateOf } from '../../shared/rules/did-state.ts';
import { explainCondition } from '../../shared/rules/explain.ts';
import { compare, did, nobody, seeing, span } from './facts.ts';

describe('an explanation', () => {
  const cart = (value: number): Facts => ({ ...nobody, cart: { value } });
  const dear = compare('cart.value', { op: 'gte', value: 30 });
  const inLyon = compare('city', { op: 'eq', value: 'Lyon' });

  const twice = did('Order Completed', {
    ...{ times: { min: 2 }, within: span(12, 'months') },
    where: compare('channel', { op: 'eq', value: 'store' }),
  });
  const away = did('Order Refunded', { times: { min: 0, max: 0 }, within: span(90, 'days') });
  const rarely = did(['Page Viewed', 'Screen Viewed'], { times: { min: 0, max: 1 } });
  const views = did('Product Viewed', { times: { min: 3 }, within: span(14, 'days'), same: ['category'] });
  const counted = (condition: DidCondition, times: number): Facts => {
    const happened = Array.from({ length: times }, () => ({
      ...{ name: condition.events[0] ?? '', occurredAt: nobody.now },
      properties: { channel: 'store', category: 'robes' },
    }));
    return { ...nobody, counts: { [condition.id]: exactStateOf(condition, happened, nobody.zone, nobody.now) } };
  };

  test.each<[string, Condition, Facts, string, Json]>([
    ['a limit', dear, cart(24.9), 'cart.value must be at least 30', 24.9],
    ['what is not known', inLyon, nobody, 'city must be Lyon', null],
    ['the first of all that fails', { kind: 'all', of: [dear, inLyon] }, cart(40), 'city must be Lyon', null],
    [
      'any, when none holds',
      { kind: 'any', of: [dear, inLyon] },
      cart(5),
      'one of these must hold: cart.value must be at least 30; city must be Lyon',
      { 'cart.value': 5, city: null },
    ],
    ['not', { kind: 'not', of: dear }, cart(31), 'cart.value must not be at least 30', 31],
    [
      'what must not be known',
      { kind: 'not', of: compare('it', { op: 'exists', value: true }) },
      seeing('x'),
      'it must not be known',
      'x',
    ],
    ['any of one, as if it stood alone', { kind: 'any', of: [dear] }, cart(5), 'cart.value must be at least 30', 5],
    [
      'a count',
      twice,
      counted(twice, 1),
      'Order Completed (channel must be store) must have happened at least 2 times within 12 months',
      1,
    ],
    ['what must not have happened', away, counted(away, 1), 'Order Refunded must not have happened within 90 days', 1],
    ['what was done too often', rarely, counted(rarely, 3), 'Page Viewed or Screen Viewed must have happened at most once', 2],
    [
      'not often',
      { kind: 'not', of: twice },
      counted(twice, 2),
      'Order Completed (channel must be store) must not have happened at least 2 times within 12 months',
      2,
    ],
    ['not never', { kind: 'not', of: away }, counted(away, 0), 'Order Refunded must have happened within 90 days', 0],
    [
      'the same value again',
      views,
      counted(views, 2),
      'Product Viewed (with the same category) must have happened at least 3 times within 14 days',
      2,
    ],
    [
      'orders of a span',
      { kind: 'orders', field: 'total', comparison: { op: 'gte', value: 300 }, within: span(365, 'days') },
      { ...nobody, orderList: [{ at: nobody.now, amount: 120, currency: 'EUR' }] },
      'orders.total within 365 days must be at least 300',
      120,
    ],
    [
      'orders of several currencies',
      { kind: 'orders', field: 'total', comparison: { op: 'gte', value: 1 }, within: span(1, 'days') },
      { ...nobody, orderList: ['EUR', 'CHF'].map((currency) => ({ at: nobody.now, amount: 120, currency })) },
      'orders.total within 1 day must be at least 1',
      null,
    ],
    [
      'the part of a segment',
      { kind: 'segment', segment: 'fideles', of: { kind: 'all', of: [inLyon, away] } },
      { ...counted(away, 1), traits: { city: 'lyon' } },
      'must be in segment fideles: Order Refunded must not have happened within 90 days',
      1,
    ],
    [
      'a segment that somebody is in',
      { kind: 'not', of: { kind: 'segment', segment: 'fideles', of: inLyon } },
      { ...nobody, traits: { city: 'Lyon' } },
      'must not be in segment fideles',
      'Lyon',
    ],
    [
      'a day',
      compare('birthday', { op: 'anniversary', value: { kind: 'day', offset: span(7, 'days') } }),
      { ...nobody, traits: { birthday: '1990-01-01' } },
      'birthday must have its anniversary: in 7 days',
      '1990-01-01',
    ],
    [
      'a day that is past',
      compare('lastVisit', { op: 'before', value: { kind: 'day', offset: span(-1, 'months') } }),
      { ...nobody, traits: { lastVisit: '2026-11-20' } },
      'lastVisit must be before 1 month ago',
      '2026-11-20',
    ],
    [
      'a span of time',
      compare('signedUpAt', { op: 'within', value: span(7, 'days') }),
      nobody,
      'signedUpAt must be within the last 7 days',
      null,
    ],
    [
      'a list',
      compare('interests', { op: 'none-of', value: ['a', 'b'] }),
      { ...nobody, traits: { interests: ['b'] } },
      'interests must not have one of a, b',
      ['b'],
    ],
    ['one of', compare('country', { op: 'in', value: ['FR', 'BE'] }), nobody, 'country must be one of FR, BE', null],
    [
      'not all',
      { kind: 'not', of: { kind: 'all', of: [dear, compare('cart.value', { op: 'lt', value: 50 })] } },
      cart(31),
      'this must not be so: cart.value must be at least 30, and cart.value must be less than 50',
      31,
    ],
  ])('names %s', (_what, condition, facts, because, seen) => {
    expect(explainCondition(condition, facts)).toEqual({ holds: false, because, seen });
  });
});
