/** Conditions decide as config/README.md says, for whatever values come. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { compileCondition } from '../../shared/rules/compile.ts';
import type { Comparison, Condition, DatedOrder, Facts, When } from '../../shared/rules/condition.ts';
import { at, compare, it, nobody, seeing, span } from './facts.ts';
import { referenceHolds } from './reference.ts';

describe('a comparison', () => {
  test.each<[string, Comparison, Json, boolean]>([
    ['a number at its limit', { op: 'gte', value: 30 }, 30, true],
    ['a number below its limit', { op: 'gte', value: 30 }, 29.99, false],
    ['a number written as text, as shops send amounts', { op: 'gte', value: 30 }, '31.90', true],
    ['a word where a number is asked', { op: 'gte', value: 30 }, 'thirty', false],
    ['a word where a number is asked, from the other side', { op: 'lt', value: 30 }, 'thirty', false],
    ['an amount with a decimal comma is no number', { op: 'gte', value: 30 }, '31,90', false],
    ['yes and no are not ordered', { op: 'gte', value: 0 }, true, false],
    ['a number equals its text', { op: 'eq', value: 30 }, '30.00', true],
    ['two texts of one number', { op: 'eq', value: '1.50' }, '1.5', true],
    ['a post code is no number', { op: 'eq', value: '01000' }, '1000', false],
    ['a post code that lost its zero on the way: Brussels has that one', { op: 'eq', value: '01000' }, 1000, false],
    ['a post code without a zero is not one with it', { op: 'eq', value: 1000 }, '01000', false],
    ['nor in a list', { op: 'in', value: [1000, 2000] }, '01000', false],
    ['a plain number in a list, as text', { op: 'in', value: [1000, 2000] }, ' 1000 ', true],
    [
      'ids beyond what a double holds differ in the last digit',
      { op: 'eq', value: '60381234567890123' },
      '60381234567890124',
      false,
    ],
    ['a number is not true', { op: 'eq', value: true }, 1, false],
    ['true as text', { op: 'eq', value: true }, 'True', true],
    ['case does not count', { op: 'eq', value: 'Lyon' }, 'LYON', true],
    ['accents count', { op: 'eq', value: 'Élodie' }, 'Elodie', false],
    ['composed and decomposed letters are one', { op: 'eq', value: 'Élodie' }, 'E\u0301lodie', true],
    ['a non-breaking space is a space', { op: 'eq', value: 'Saint Étienne' }, ' Saint\u00a0\u00a0Étienne ', true],
    ['one of several', { op: 'in', value: ['FR', 'BE'] }, 'be', true],
    ['none of several', { op: 'not-in', value: ['FR', 'BE'] }, 'DE', true],
    ['a list is no text', { op: 'eq', value: 'vip' }, ['vip'], false],
    ['a list contains', { op: 'contains', value: 'vip' }, ['new', 'VIP'], true],
    ['a text contains', { op: 'contains', value: 'atelier' }, "L'Atelier Lumière", true],
    ['a number contains nothing', { op: 'contains', value: 1 }, 12, false],
    ['dates written year first', { op: 'lt', value: '2000-01-01' }, '1984-02-29', true],
    ['instants in different zones', { op: 'gt', value: '2025-06-01T10:00:00Z' }, '2025-06-01T11:00:00+02:00', false],
    ['blank text is missing', { op: 'exists', value: true }, ' \u00a0', false],
    ['an empty list is missing', { op: 'exists', value: false }, [], true],
    ['one of these is in it', { op: 'any-of', value: ['new', 'vip'] }, ['old', 'VIP'], true],
    ['none of these is in it', { op: 'any-of', value: ['new', 'vip'] }, ['old'], false],
    ['a single value is a list of one', { op: 'any-of', value: ['vip'] }, 'vip', true],
    ['a list of one is no text that contains it', { op: 'any-of', value: ['vip'] }, 'vip client', false],
    ['all of these are in it', { op: 'all-of', value: ['a', 'b'] }, ['b', 'c', 'A'], true],
    ['one of all is lacking', { op: 'all-of', value: ['a', 'b'] }, ['b', 'c'], false],
    ['all of nothing is in every list', { op: 'all-of', value: [] }, ['b'], true],
    ['but not in what is missing', { op: 'all-of', value: [] }, [], false],
    ['none of these', { op: 'none-of', value: ['a'] }, ['b'], true],
    ['none of these, of what is missing', { op: 'none-of', value: ['a'] }, null, true],
    ['none of these, when one is in it', { op: 'none-of', value: ['a'] }, ['b', 'a'], false],
    ['nothing is not something else', { op: 'ne', value: 'FR' }, null, true],
    ['nothing is in no list', { op: 'in', value: ['FR'] }, null, false],
    ['false is a value', { op: 'exists', value: true }, false, true],
    ['zero is a value', { op: 'eq', value: 0 }, 0, true],
  ])('%s', (_why, comparison, seen, holds) => {
    expect(compileCondition(it(comparison))(seeing(seen))).toBe(holds);
    expect(referenceHolds(it(comparison), { ...seeing(seen), history: [] })).toBe(holds);
  });

  test('reads traits by bare name, and cart, orders and event by their root', () => {
    const facts: Facts = {
      ...nobody,
      traits: { cart: 'a trait', address: { city: 'Lyon' } },
      cart: { value: 5 },
      orders: { count: 2 },
      event: { total: 9 },
      device: { type: 'mobile' },
      place: { city: 'Lyon' },
      predicted: { churn: 0.8 },
      context: { weather: 'rain' },
    };
    expect(compileCondition(compare('address.city', { op: 'eq', value: 'Lyon' }))(facts)).toBe(true);
    expect(compileCondition(compare('traits.cart', { op: 'eq', value: 'a trait' }))(facts)).toBe(true);
    expect(compileCondition(compare('cart.value', { op: 'eq', value: 5 }))(facts)).toBe(true);
    expect(compileCondition(compare('orders.count', { op: 'lt', value: 3 }))(facts)).toBe(true);
    expect(compileCondition(compare('event.total', { op: 'gte', value: 9 }))(facts)).toBe(true);
    expect(compileCondition(compare('device.type', { op: 'eq', value: 'mobile' }))(facts)).toBe(true);
    expect(compileCondition(compare('place.city', { op: 'eq', value: 'Lyon' }))(facts)).toBe(true);
    expect(compileCondition(compare('predicted.churn', { op: 'gte', value: 0.7 }))(facts)).toBe(true);
    expect(compileCondition(compare('context.weather', { op: 'eq', value: 'rain' }))(facts)).toBe(true);
    expect(compileCondition(compare('event.total', { op: 'exists', value: true }))(nobody)).toBe(false);
    expect(compileCondition(compare('constructor.name', { op: 'exists', value: true }))(nobody)).toBe(false);
  });
});

describe('a date', () => {
  const now = at('2026-11-24T10:00:00+01:00');
  const day = (count: number): When => ({ kind: 'day', offset: span(count, 'days') });
  const christmas: When = { kind: 'date', day: '2026-12-25' };
  const noon: When = { kind: 'instant', at: at('2026-11-24T12:00:00+01:00') };

  test.each<[string, Comparison, Json, boolean]>([
    ['before a day: the evening before', { op: 'before', value: christmas }, '2026-12-24T22:59:59Z', true],
    ['before a day: its first instant is not', { op: 'before', value: christmas }, '2026-12-24T23:00:00Z', false],
    ['after a day: its last second is not', { op: 'after', value: christmas }, '2026-12-25T22:59:59Z', false],
    ['after a day: the next midnight', { op: 'after', value: christmas }, '2026-12-25T23:00:00Z', true],
    ['after a day: the next day', { op: 'after', value: christmas }, '2026-12-26', true],
    ['neither before nor after itself', { op: 'after', value: christmas }, '2026-12-25', false],
    ['before now', { op: 'before', value: { kind: 'now' } }, '2026-11-24T09:59:59+01:00', true],
    ['now is not before now', { op: 'before', value: { kind: 'now' } }, '2026-11-24T10:00:00+01:00', false],
    ['today began before now', { op: 'before', value: { kind: 'now' } }, '2026-11-24', true],
    ['later than a moment', { op: 'after', value: noon }, '2026-11-24T12:00:00.001+01:00', true],
    ['the very moment is not later', { op: 'after', value: noon }, '2026-11-24T11:00:00Z', false],
    ['on today, in the zone', { op: 'on', value: day(0) }, '2026-11-23T23:30:00Z', true],
    ['on today, not in UTC', { op: 'on', value: day(0) }, '2026-11-24T23:30:00Z', false],
    ['on the day of a moment', { op: 'on', value: noon }, '2026-11-24', true],
    ['30 days ago', { op: 'before', value: day(-30) }, '2026-10-24', true],
    ['exactly 30 days ago', { op: 'before', value: day(-30) }, '2026-10-25', false],
    ['birthday in 7 days', { op: 'anniversary', value: day(7) }, '1984-12-01', true],
    ['birthday without a year', { op: 'anniversary', value: day(7) }, '--12-01', true],
    ['birthday as month and day', { op: 'anniversary', value: day(7) }, '12-01', true],
    ['birthday of a moment, in the zone', { op: 'anniversary', value: day(7) }, '1984-11-30T23:30:00Z', true],
    ['29 February in a common year', { op: 'anniversary', value: { kind: 'date', day: '2027-02-28' } }, '1996-02-29', true],
    [
      '29 February is not 28 February in a leap year',
      { op: 'anniversary', value: { kind: 'date', day: '2028-02-28' } },
      '02-29',
      false,
    ],
    ['29 February in a leap year', { op: 'anniversary', value: { kind: 'date', day: '2028-02-29' } }, '--02-29', true],
    ['nor 1 March', { op: 'anniversary', value: { kind: 'date', day: '2027-03-01' } }, '1996-02-29', false],
    [
      'within 31 days, to the second, across the change of clocks',
      { op: 'within', value: span(31, 'days') },
      '2026-10-24T10:00:01+02:00',
      true,
    ],
    ['at its very end it is no longer within', { op: 'within', value: span(31, 'days') }, '2026-10-24T10:00:00+02:00', false],
    ['what lies ahead is not within', { op: 'within', value: span(7, 'days') }, '2026-11-24T10:00:00.001+01:00', false],
    ['a date without a year has no place in time', { op: 'before', value: christmas }, '--12-01', false],
    ['a date with slashes, its year first', { op: 'on', value: christmas }, '2026/12/25', true],
    ['a date with dots, its year first', { op: 'on', value: christmas }, ' 2026.12.25 ', true],
    ['its year last: nobody knows which is the month', { op: 'on', value: christmas }, '25/12/2026', false],
    ['two kinds of separators are no date', { op: 'on', value: christmas }, '2026/12-25', false],
    ['nor other ones', { op: 'on', value: christmas }, '2026 12 25', false],
    ['a time without an offset is no date', { op: 'before', value: christmas }, '2026-11-01T10:00:00', false],
    ['a day that no calendar has', { op: 'before', value: christmas }, '2026-02-30', false],
    ['a day written the other way round', { op: 'before', value: christmas }, '01/12/2026', false],
    ['a number is no date', { op: 'before', value: christmas }, 1_700_000_000_000, false],
    ['a list is no date', { op: 'on', value: day(0) }, ['2026-11-24'], false],
  ])('%s', (_why, comparison, seen, holds) => {
    const facts = seeing(seen, { now });
    expect(compileCondition(it(comparison))(facts)).toBe(holds);
    expect(referenceHolds(it(comparison), { ...facts, history: [] })).toBe(holds);
  });

  test('has its day in the zone, also where a day was left out', () => {
    const apia = { now: at('2011-12-29T23:00:00-10:00'), zone: 'Pacific/Apia' };
    expect(compileCondition(it({ op: 'on', value: day(0) }))(seeing('2011-12-29', apia))).toBe(true);
    const next = { ...apia, now: at('2011-12-31T00:00:00+14:00') };
    expect(compileCondition(it({ op: 'after', value: day(-2) }))(seeing('2011-12-30', next))).toBe(true);
    expect(compileCondition(it({ op: 'on', value: day(0) }))(seeing('2011-12-30', next))).toBe(false);
  });
});

describe('orders of a span', () => {
  const within = span(365, 'days');
  const order = (when: string, amount: number, currency?: string): DatedOrder => ({
    ...{ at: at(when), amount },
    ...(currency === undefined ? {} : { currency }),
  });
  const inSpan = order('2026-01-10T10:00:00Z', 100.1, 'EUR');
  const total = (comparison: Comparison): Condition => ({ kind: 'orders', field: 'total', comparison, within });
  const count = (comparison: Comparison): Condition => ({ kind: 'orders', field: 'count', comparison, within });

  test.each<[string, Condition, readonly DatedOrder[], boolean]>([
    ['are summed to the cent', total({ op: 'eq', value: 300.3 }), [inSpan, inSpan, inSpan], true],
    ['older ones are left out', count({ op: 'eq', value: 1 }), [inSpan, order('2025-11-24T09:00:00+01:00', 50)], true],
    ['one at the very end is left out', count({ op: 'eq', value: 0 }), [order('2025-11-24T10:00:00+01:00', 50)], true],
    ['one that lies ahead is left out', count({ op: 'eq', value: 0 }), [order('2026-11-25T10:00:00+01:00', 50)], true],
    ['none are worth nothing', total({ op: 'eq', value: 0 }), [], true],
    [
      'of several currencies have no total',
      total({ op: 'exists', value: false }),
      [inSpan, order('2026-02-01T10:00:00Z', 9, 'CHF')],
      true,
    ],
    ['but a number', count({ op: 'eq', value: 2 }), [inSpan, order('2026-02-01T10:00:00Z', 9, 'CHF')], true],
    ['without a currency are of the others', total({ op: 'eq', value: 109.1 }), [inSpan, order('2026-02-01T10:00:00Z', 9)], true],
    [
      'that cost nothing are of every currency',
      total({ op: 'eq', value: 100.1 }),
      [inSpan, order('2026-02-01T10:00:00Z', 0, 'CHF')],
      true,
    ],
  ])('%s', (_why, condition, orderList, holds) => {
    const facts = { ...nobody, orderList };
    expect(compileCondition(condition)(facts)).toBe(holds);
    expect(referenceHolds(condition, { ...facts, history: [] })).toBe(holds);
  });
});
