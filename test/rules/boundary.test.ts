/**
 * Boundaries (promise 4): walking from one to the next tells the same as asking every minute, across changes of clocks, ends of
 * months and a day that a zone left out.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { before, isoInstant, localDay, startOfDay, type Duration, type Instant } from '../../shared/kernel/time.ts';
import { nextBoundary } from '../../shared/rules/boundary.ts';
import { compileCondition } from '../../shared/rules/compile.ts';
import type { Condition, Facts } from '../../shared/rules/condition.ts';
import { didsIn } from '../../shared/rules/did-state.ts';
import { leavesIn } from '../../shared/rules/fields.ts';
import { isFull, report } from '../prove/figures.ts';
import { aDateComparison, aTimedCondition } from './arbitrary-conditions.ts';
import { aHistory, countedAtOnce, someFacts } from './arbitrary-people.ts';
import { aDate, aMoment, moments } from './arbitrary-values.ts';
import { at, it, seeing, span } from './facts.ts';
import { referenceHolds, type Known } from './reference.ts';

const minute = 60_000;

/** From `facts.now` until `end`: each instant from which on it says something else, and what. */
function walk(condition: Condition, facts: Facts, end: Instant): readonly (readonly [from: Instant, holds: boolean])[] {
  const holds = compileCondition(condition);
  const steps: (readonly [Instant, boolean])[] = [];
  for (let now: Instant | undefined = facts.now; now !== undefined && now <= end;) {
    const here: Facts = { ...facts, now };
    if (steps.at(-1)?.[1] !== holds(here)) steps.push([now, holds(here)]);
    const next = nextBoundary(condition, here);
    if (next !== undefined && next <= now) throw new Error(`the boundary ${isoInstant(next)} is not after ${isoInstant(now)}`);
    now = next;
  }
  return steps;
}

/** The walk as one asks every minute: with the first minute at or after each change, changes within a minute left out. */
function minutesOf(steps: readonly (readonly [Instant, boolean])[], start: Instant): readonly (readonly [string, boolean])[] {
  const last = new Map(steps.map(([from, holds]) => [start + Math.ceil((from - start) / minute) * minute, holds]));
  return changesOf([...last]);
}

const changesOf = (asked: Iterable<readonly [Instant, boolean]>): readonly (readonly [string, boolean])[] => {
  const changes: (readonly [string, boolean])[] = [];
  for (const [now, holds] of asked) if (changes.at(-1)?.[1] !== holds) changes.push([isoInstant(now), holds]);
  return changes;
};

function* everyMinute(condition: Condition, known: Known, end: Instant): Generator<readonly [Instant, boolean]> {
  for (let { now } = known; now <= end; now += minute) yield [now, referenceHolds(condition, { ...known, now })];
}

const hoursWalked = 50;

interface Case {
  readonly condition: Condition;
  readonly facts: Facts;
  readonly known: Known;
}

/** What leaves a span that the condition asks for within a day or so of the change of clocks. */
function momentsFor(condition: Condition, near: Instant, zone: string): fc.Arbitrary<Instant> {
  const spans = leavesIn(condition).flatMap((leaf): readonly Duration[] => {
    if (leaf.kind !== 'compare') return leaf.within === undefined ? [] : [leaf.within];
    const { op, value } = leaf.comparison;
    if (op === 'within') return [value];
    if (op !== 'before' && op !== 'after' && op !== 'on' && op !== 'anniversary') return [];
    return value.kind === 'day' ? [{ ...value.offset, count: -value.offset.count }] : [];
  });
  const spread = fc.oneof(fc.integer({ min: -1_800, max: 1_800 }), fc.constantFrom(0, -60, 60, -1_440, 1_440));
  return fc
    .record({ within: fc.constantFrom(span(0, 'days'), ...spans, ...spans), minutes: spread })
    .map(({ within, minutes }) => before(near + minutes * minute, within, zone));
}

/** Begins half a day or more before the change of clocks, and ends after it. */
const aCase: fc.Arbitrary<Case> = fc
  .constantFrom(...moments)
  .chain(({ zone, near }) => fc.integer({ min: 12, max: 36 }).map((hours) => ({ zone, near, now: near - hours * 3_600_000 })))
  .chain(({ zone, near, now }) =>
    aTimedCondition(near, zone).chain((condition) => {
      const moment = fc.oneof({ arbitrary: momentsFor(condition, near, zone), weight: 4 }, aMoment(near, zone));
      return fc
        .record({ facts: someFacts(near, zone, moment), history: aHistory(near, zone, moment) })
        .map(({ facts, history }): Case => {
          const past = history.filter(({ occurredAt }) => occurredAt <= now);
          const counts = countedAtOnce(didsIn(condition), past, zone, now);
          return { condition, facts: { ...facts, now, counts }, known: { ...facts, now, history: past } };
        });
    }),
  );

/** Most random people change nothing in two days; asked every quarter of an hour, they are left out but for some. */
function isEventful({ condition, facts }: Case): boolean {
  const holds = compileCondition(condition);
  const isSo = holds(facts);
  const asked = Array.from({ length: hoursWalked * 4 }, (_, quarter) => facts.now + quarter * 15 * minute);
  return asked.some((now) => holds({ ...facts, now }) !== isSo);
}

const walks = isFull ? 1_000 : 60;
const timeout = isFull ? 3_600_000 : 240_000;

describe('a walk from boundary to boundary', () => {
  test(
    `tells what the reference tells when it is asked every minute, on ${walks} histories`,
    () => {
      const found = { changes: 0, minutes: 0 };
      fc.assert(
        fc.property(aCase, fc.nat(9), (one, dice) => {
          fc.pre(dice === 0 || isEventful(one));
          const { condition, facts, known } = one;
          const end = facts.now + hoursWalked * 60 * minute;
          const changes = minutesOf(walk(condition, facts, end), facts.now).filter(([when]) => at(when) <= end);
          expect(changes).toEqual(changesOf(everyMinute(condition, known, end)));
          found.changes += changes.length - 1;
          found.minutes += hoursWalked * 60;
        }),
        { numRuns: walks, maxSkipsPerRun: 1_000 },
      );
      expect(found.changes).toBeGreaterThan(walks / 2); // else nothing was walked over
      report(
        'Boundaries',
        `| histories | minutes | changes |\n| --- | --- | --- |\n| ${walks} | ${found.minutes} | ${found.changes} |`,
      );
    },
    timeout,
  );

  const days = isFull ? 3_600 : 1_500;
  const dateCases = isFull ? 2_000 : 60;

  test(
    `tells of ${dateCases} dates what is so on each of ${days} days`,
    () => {
      const aDated = fc.constantFrom(...moments).chain(({ zone, near }) =>
        aMoment(near, zone).chain((now) =>
          fc.record({
            zone: fc.constant(zone),
            now: fc.constant(now),
            comparison: aDateComparison(now, zone),
            seen: aDate(now, zone),
          }),
        ),
      );
      fc.assert(
        fc.property(aDated, ({ zone, now, comparison, seen }) => {
          const facts = seeing(seen, { now, zone });
          const holds = compileCondition(it(comparison));
          const first = localDay(now, zone);
          const end = startOfDay(first + days, zone);
          const steps = walk(it(comparison), facts, end);
          const starts = Array.from({ length: days }, (_, index) => Math.max(now, startOfDay(first + index, zone)));
          const differing = starts.filter(
            (start) => steps.findLast(([from]) => from <= start)?.[1] !== holds({ ...facts, now: start }),
          );
          expect(differing.map(isoInstant)).toEqual([]);
        }),
        { numRuns: dateCases },
      );
    },
    timeout,
  );
});
