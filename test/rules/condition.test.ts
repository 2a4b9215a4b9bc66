/** Conditions decide as config/README.md says, for whatever values come, and say why not (promise 5). */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { compileCondition } from '../../shared/rules/compile.ts';
import type { Comparison, Condition, Facts } from '../../shared/rules/condition.ts';
import { explainCondition } from '../../shared/rules/explain.ts';
import { at, compare, did, it, nobody, seeing, span } from './facts.ts';
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
    ['a post code that lost its zero on the way', { op: 'eq', value: '01000' }, 1000, true],
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

describe('an explanation', () => {
  const cart = (value: number): Facts => ({ ...nobody, cart: { value } });
  const dear = compare('cart.value', { op: 'gte', value: 30 });
  const inLyon = compare('city', { op: 'eq', value: 'Lyon' });

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
