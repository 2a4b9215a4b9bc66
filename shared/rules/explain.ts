/**
 * The slow pass that explains (promise 5): the first part of a condition that failed, in the words of config/, and the
 * value that was seen. It agrees with the closures on every input.
 */
import type { Json } from '../kernel/json.ts';
import { compileCondition, ordersValue } from './compile.ts';
import type { Condition, Explained, Facts } from './condition.ts';
import { countOf, stateIn } from './did-count.ts';
import { leavesIn, type Leaf } from './fields.ts';
import { valueAt } from './paths.ts';
import { negatedWords, subject, words } from './words.ts';

export { words } from './words.ts';

interface Failure {
  readonly because: string;
  readonly seen: Json;
}

/**
 * `because`: "cart.value must be at least 30"; `seen`: 24.9, null where nothing was there, an object by what was asked where
 * several count. Of a `did`: how often, as far as it matters (2 where at most 1 is asked, however many more there were).
 */
export function explainCondition(condition: Condition, facts: Facts): Explained {
  const failure = firstFailure(condition, facts);
  return failure === undefined ? { holds: true } : { holds: false, ...failure };
}

function firstFailure(condition: Condition, facts: Facts): Failure | undefined {
  if (compileCondition(condition)(facts)) return undefined;
  const itself = (): Failure => ({ because: words(condition), seen: seenBy(condition, facts) });
  switch (condition.kind) {
    case 'all':
      return firstOf(condition.of, facts) ?? itself();
    case 'any': {
      const [only, ...more] = condition.of;
      return (more.length === 0 && only !== undefined ? firstFailure(only, facts) : undefined) ?? itself();
    }
    case 'not':
      return { because: negatedWords(condition.of), seen: seenBy(condition, facts) };
    case 'segment': {
      const failure = firstFailure(condition.of, facts) ?? itself();
      return { ...failure, because: `must be in segment ${condition.segment}: ${failure.because}` };
    }
    case 'compare':
    case 'orders':
    case 'did':
      return itself();
  }
}

function firstOf(parts: readonly Condition[], facts: Facts): Failure | undefined {
  for (const part of parts) {
    const failure = firstFailure(part, facts);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** The value where one thing counts; by its name where several do. */
function seenBy(condition: Condition, facts: Facts): Json {
  const values = new Map(leavesIn(condition).map((leaf) => [subject(leaf), seenAt(leaf, facts)]));
  const [first, ...more] = values.values();
  return more.length === 0 ? (first ?? null) : Object.fromEntries(values);
}

function seenAt(leaf: Leaf, facts: Facts): Json {
  switch (leaf.kind) {
    case 'compare':
      return valueAt(facts, leaf.path) ?? null;
    case 'orders':
      return ordersValue(leaf, facts) ?? null;
    case 'did':
      return countOf(leaf, stateIn(facts.counts, leaf), facts.zone, facts.now);
  }
}
