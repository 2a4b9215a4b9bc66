/** Conditions come back from the table as they were published, and what this version does not know is refused. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { condition } from '../../shared/adapters/aws/condition-shape.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { aCondition } from '../rules/arbitrary-conditions.ts';
import { at, compare } from '../rules/facts.ts';

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a condition in the table', () => {
  test('is read back word for word', () => {
    fc.assert(
      fc.property(aCondition(at('2026-11-24T10:00:00Z'), 'Europe/Paris'), (given) => {
        expect(v.parse(condition, stored(given))).toEqual(stored(given));
      }),
      { numRuns: 2_000 },
    );
  });

  test('that is nested as deep as JSON may be is read at once', () => {
    const deep = Array.from({ length: 60 }).reduce<Condition>(
      (of, _, level) =>
        level % 2 === 0 ? { kind: 'not', of } : { kind: 'segment', segment: 's', of: { kind: 'any', of: [of] } },
      compare('a', { op: 'within', value: { count: 1, unit: 'days' } }),
    );
    const begun = performance.now();
    expect(v.parse(condition, stored(deep))).toEqual(stored(deep));
    expect(performance.now() - begun).toBeLessThan(500);
  });

  test.each<[string, unknown]>([
    ['a kind from a later version', { kind: 'weather', of: [] }],
    ['a name of every object', { kind: 'constructor' }],
    ['a comparison from a later version', { kind: 'compare', path: ['a'], comparison: { op: 'near', value: 1 } }],
    ['a word too many', { kind: 'not', of: compare('a', { op: 'exists', value: true }), unless: 1 }],
    ['a word too few', { kind: 'orders', field: 'count', comparison: { op: 'gte', value: 1 } }],
    ['a count below nothing', { kind: 'did', id: 'x', events: ['A'], times: { min: -1 } }],
    ['half a time', { kind: 'did', id: 'x', events: ['A'], times: { min: 0.5 } }],
    ['a day without its offset', { kind: 'compare', path: ['a'], comparison: { op: 'on', value: { kind: 'day' } } }],
    [
      'hours as an offset of days',
      { kind: 'compare', path: ['a'], comparison: { op: 'on', value: { kind: 'day', offset: { count: 1, unit: 'hours' } } } },
    ],
    ['no condition', 'always'],
    ['nothing', null],
  ])('%s is refused', (_what, given) => {
    expect(v.safeParse(condition, stored(given)).success).toBe(false);
  });
});
