/**
 * The closures decide as a slow reference does that knows the whole history, for whatever condition, person, event and time;
 * and the explanation agrees with both (promise 5). 100,000 cases in `npm run prove -- rules`.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import { compileCondition } from '../../shared/rules/compile.ts';
import type { Comparison, Condition, Facts } from '../../shared/rules/condition.ts';
import { didsIn } from '../../shared/rules/did-state.ts';
import { explainCondition } from '../../shared/rules/explain.ts';
import { isFull, report } from '../prove/figures.ts';
import { aCondition } from './arbitrary-conditions.ts';
import { aHistory, countedAtOnce, countedOneByOne, someFacts } from './arbitrary-people.ts';
import { aMoment, awkward, moments } from './arbitrary-values.ts';
import { it, seeing } from './facts.ts';
import { referenceHolds, type Known } from './reference.ts';

interface Case {
  readonly condition: Condition;
  readonly facts: Facts;
  readonly known: Known;
}

const aCaseAt = (now: Instant, zone: string): fc.Arbitrary<Case> =>
  fc
    .record({
      condition: aCondition(now, zone),
      facts: someFacts(now, zone),
      history: aHistory(now, zone),
      isToldOneByOne: fc.boolean(),
    })
    .map(({ condition, facts, history, isToldOneByOne }) => {
      const dids = didsIn(condition);
      const counts = isToldOneByOne ? countedOneByOne(dids, history, zone) : countedAtOnce(dids, history, zone, now);
      return { condition, facts: { ...facts, counts }, known: { ...facts, history } };
    });

const aCase: fc.Arbitrary<Case> = fc
  .constantFrom(...moments)
  .chain(({ zone, near }) => aMoment(near, zone).chain((now) => aCaseAt(now, zone)));

const cases = isFull ? 100_000 : 4_000;
const timeout = isFull ? 1_800_000 : 120_000;

describe('whatever the condition, the person, the event and the time', () => {
  test(
    `the closure decides as the slow reading of ${cases} cases does, and the explanation as the closure`,
    () => {
      const found = { holds: 0, not: 0 };
      fc.assert(
        fc.property(aCase, ({ condition, facts, known }) => {
          const holds = compileCondition(condition)(facts);
          found[holds ? 'holds' : 'not'] += 1;
          expect(holds).toBe(referenceHolds(condition, known));
          const explained = explainCondition(condition, facts);
          expect(explained.holds).toBe(holds);
          expect(explained.holds ? 'must' : explained.because).toMatch(/must|nothing is asked/);
        }),
        { numRuns: cases },
      );
      expect(Math.min(found.holds, found.not)).toBeGreaterThan(cases / 5); // else most cases would decide nothing
      report('Conditions', `| cases | hold | do not |\n| --- | --- | --- |\n| ${cases} | ${found.holds} | ${found.not} |`);
    },
    timeout,
  );

  const scalarOps: readonly ((value: Json) => Comparison)[] = [
    (value) => ({ op: 'eq', value }),
    (value) => ({ op: 'gt', value }),
    (value) => ({ op: 'gte', value }),
    (value) => ({ op: 'lt', value }),
    (value) => ({ op: 'lte', value }),
    (value) => ({ op: 'contains', value }),
    (value) => ({ op: 'any-of', value: [value] }),
    (value) => ({ op: 'all-of', value: [value] }),
  ];

  test('every pair of awkward values compares as the slow reading does', () => {
    const differing = awkward.flatMap((seen) =>
      awkward.flatMap((value) =>
        scalarOps
          .map((op): Condition => it(op(value)))
          .filter((condition) => {
            const facts = seeing(seen);
            return compileCondition(condition)(facts) !== referenceHolds(condition, { ...facts, history: [] });
          })
          .map((condition) => `${JSON.stringify(seen)} against ${JSON.stringify(condition)}`),
      ),
    );
    expect(differing).toEqual([]);
  });

  test('a count that was not brought is a mistake that is told, not a guess', () => {
    const [condition] = fc.sample(
      aCondition(0, 'UTC').filter((one) => one.kind === 'did'),
      1,
    );
    expect(() => compileCondition(condition!)(seeing(1))).toThrow(/lack the state/);
  });
});
