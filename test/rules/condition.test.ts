/** Conditions decide as config/README.md says, for whatever values come, and say why not (promise 5). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { compileCondition } from '../../shared/rules/compile.ts';
import type { Comparison, Condition, Facts } from '../../shared/rules/condition.ts';
import { explainCondition, pathsOf } from '../../shared/rules/explain.ts';
import { referenceHolds } from './reference.ts';

const nobody: Facts = { traits: {}, cart: {}, orders: {} };
const compare = (path: string, comparison: Comparison): Condition => ({ kind: 'compare', path: path.split('.'), comparison });
const seeing = (value: Json): Facts => ({ ...nobody, traits: { it: value } });
const it = (comparison: Comparison): Condition => compare('it', comparison);

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
    ['nothing is not something else', { op: 'ne', value: 'FR' }, null, true],
    ['nothing is in no list', { op: 'in', value: ['FR'] }, null, false],
    ['false is a value', { op: 'exists', value: true }, false, true],
    ['zero is a value', { op: 'eq', value: 0 }, 0, true],
  ])('%s', (_why, comparison, seen, holds) => {
    expect(compileCondition(it(comparison))(seeing(seen))).toBe(holds);
    expect(referenceHolds(it(comparison), seeing(seen))).toBe(holds);
  });

  test('reads traits by bare name, and cart, orders and event by their root', () => {
    const facts: Facts = {
      traits: { cart: 'a trait', address: { city: 'Lyon' } },
      cart: { value: 5 },
      orders: { count: 2 },
      event: { total: 9 },
    };
    expect(compileCondition(compare('address.city', { op: 'eq', value: 'Lyon' }))(facts)).toBe(true);
    expect(compileCondition(compare('traits.cart', { op: 'eq', value: 'a trait' }))(facts)).toBe(true);
    expect(compileCondition(compare('cart.value', { op: 'eq', value: 5 }))(facts)).toBe(true);
    expect(compileCondition(compare('orders.count', { op: 'lt', value: 3 }))(facts)).toBe(true);
    expect(compileCondition(compare('event.total', { op: 'gte', value: 9 }))(facts)).toBe(true);
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

  test('lists every path a condition looks at', () => {
    expect(pathsOf({ kind: 'all', of: [dear, { kind: 'not', of: inLyon }] })).toEqual([['cart', 'value'], ['city']]);
  });
});

const awkward: readonly Json[] = [
  ...[null, true, false, 0, -0, 1, 30, 29.99, 1e21, -5, 1000, 60381234567890130],
  ...[
    '',
    ' ',
    '30',
    '30.00',
    '+30',
    '030',
    '01000',
    '1000',
    '1e3',
    '0x1E',
    '-5',
    '60381234567890123',
    '60381234567890124',
    '0.1',
    '.1',
  ],
  ...[
    'Lyon',
    'lyon ',
    'LYON',
    'Élodie',
    'e\u0301lodie',
    'Elodie',
    '\u00a0Lyon',
    'true',
    'False',
    'ß',
    'İ',
    '😀',
    '\ud800',
    'NaN',
    'Infinity',
  ],
  ...['2025-06-01', '2025-06-01T10:00:00Z', '2025-06-01T11:00:00+02:00', 'a\u202fb', 'a b'],
  ...[[], ['Lyon'], [1, '30'], {}, { a: 1, b: [2] }, { b: [2], a: 1 }],
];
const anyValue = fc.oneof(
  fc.constantFrom(...awkward),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 3 }),
);
const anyComparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({
    op: fc.constantFrom('eq' as const, 'ne' as const, 'gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
    value: anyValue,
  }),
  fc.record({ op: fc.constantFrom('in' as const, 'not-in' as const), value: fc.array(anyValue, { maxLength: 3 }) }),
  fc.record({ op: fc.constant('contains' as const), value: anyValue }),
  fc.record({ op: fc.constant('exists' as const), value: fc.boolean() }),
);
const scalarOps: readonly ((value: Json) => Comparison)[] = [
  (value) => ({ op: 'eq', value }),
  (value) => ({ op: 'gt', value }),
  (value) => ({ op: 'gte', value }),
  (value) => ({ op: 'lt', value }),
  (value) => ({ op: 'lte', value }),
  (value) => ({ op: 'contains', value }),
];
const anyPath = fc.constantFrom(
  ...[
    ['a'],
    ['b'],
    ['traits', 'a'],
    ['cart', 'value'],
    ['cart'],
    ['orders', 'count'],
    ['event', 'x'],
    ['event', 'x', '0'],
    ['__proto__'],
    ['a', 'length'],
  ],
);
const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('compare' as const), path: anyPath, comparison: anyComparison }),
    fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
  ),
}));
const anyFacts: fc.Arbitrary<Facts> = fc.record(
  {
    event: fc.oneof(fc.record({ x: anyValue }), anyValue),
    traits: fc.oneof(fc.record({ a: anyValue, b: anyValue }), anyValue),
    cart: fc.oneof(fc.record({ value: anyValue }), fc.constant({})),
    orders: fc.record({ count: fc.nat(5) }),
  },
  { requiredKeys: ['traits', 'cart', 'orders'] },
);

describe('whatever the condition and the facts', () => {
  test('the closure decides as the slow reading does', () => {
    fc.assert(
      fc.property(anyCondition, anyFacts, (condition, facts) => {
        expect(compileCondition(condition)(facts)).toBe(referenceHolds(condition, facts));
      }),
      { numRuns: 20_000 },
    );
  });

  test('every pair of awkward values compares as the slow reading does', () => {
    const differing = awkward.flatMap((seen) =>
      awkward.flatMap((value) =>
        scalarOps
          .map((op): Condition => it(op(value)))
          .filter((condition) => compileCondition(condition)(seeing(seen)) !== referenceHolds(condition, seeing(seen)))
          .map((condition) => `${JSON.stringify(seen)} against ${JSON.stringify(condition)}`),
      ),
    );
    expect(differing).toEqual([]);
  });

  test('the explanation agrees with the decision, and always has words', () => {
    fc.assert(
      fc.property(anyCondition, anyFacts, (condition, facts) => {
        const explained = explainCondition(condition, facts);
        expect(explained.holds).toBe(compileCondition(condition)(facts));
        expect(explained.holds ? 'must' : explained.because).toMatch(/must|nothing is asked/);
      }),
    );
  });
});
