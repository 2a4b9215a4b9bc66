/**
 * Conditions become closures, once per condition and container: deciding costs a walk, not an interpretation.
 */
import { isWithin } from '../kernel/time.ts';
import { meets } from './comparison.ts';
import type { Condition, Facts } from './condition.ts';
import { countOf } from './did-state.ts';
import { readerOf } from './paths.ts';

export type Holds = (facts: Facts) => boolean;

/** Conditions are data that never changes, so one object has one closure. */
const compiled = new WeakMap<Condition, Holds>();

/** `all` of nothing holds, `any` of nothing does not. Never throws, whatever the facts are. */
export function compileCondition(condition: Condition): Holds {
  const known = compiled.get(condition);
  if (known !== undefined) return known;
  const holds = closureOf(condition);
  compiled.set(condition, holds);
  return holds;
}

function closureOf(condition: Condition): Holds {
  switch (condition.kind) {
    case 'all': {
      const parts = condition.of.map(compileCondition);
      return (facts) => parts.every((part) => part(facts));
    }
    case 'any': {
      const parts = condition.of.map(compileCondition);
      return (facts) => parts.some((part) => part(facts));
    }
    case 'not': {
      const part = compileCondition(condition.of);
      return (facts) => !part(facts);
    }
    case 'compare': {
      const read = readerOf(condition.path);
      const test = meets(condition.comparison);
      return (facts) => test(read(facts), facts);
    }
    case 'segment':
      return compileCondition(condition.of);
    case 'did': {
      const { times, id } = condition;
      return (facts) => {
        const state = facts.counts[id];
        if (state === undefined) throw new Error(`nothing was counted for ${id}`);
        const count = countOf(condition, state, facts.zone, facts.now);
        return count >= times.min && (times.max === undefined || count <= times.max);
      };
    }
    case 'orders': {
      const test = meets(condition.comparison);
      return (facts) => {
        const counted = facts.orderList.filter(({ at }) => isWithin(at, condition.within, facts.now, facts.zone));
        const currencies = new Set(counted.map(({ currency }) => currency));
        const total = counted.reduce((sum, { amount }) => sum + amount, 0);
        const seen = condition.field === 'count' ? counted.length : currencies.size > 1 ? undefined : total;
        return test(seen, facts);
      };
    }
  }
}
