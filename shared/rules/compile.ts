/**
 * Conditions become closures, once per condition and container: deciding costs a walk, not an interpretation.
 */
import type { Json } from '../kernel/json.ts';
import { isWithin } from '../kernel/time.ts';
import { meets } from './comparison.ts';
import type { Condition, DidCondition, Facts } from './condition.ts';
import { countOf, isAsked, stateIn } from './did-count.ts';
import { readerOf } from './paths.ts';

export type Holds = (facts: Facts) => boolean;

/** Conditions are data that never changes, so one object has one closure. */
const compiled = new WeakMap<Condition, Holds>();

/**
 * `all` of nothing holds, `any` of nothing does not. Never throws, whatever the facts are, but for a `did` whose state the
 * caller did not bring.
 */
export function compileCondition(condition: Condition): Holds {
  const known = compiled.get(condition);
  if (known !== undefined) return known;
  const holds = closureOf(condition);
  compiled.set(condition, holds);
  return holds;
}

function closureOf(condition: Condition): Holds {
  switch (condition.kind) {
    case 'all':
      return allOf(condition.of.map(compileCondition));
    case 'any':
      return anyOf(condition.of.map(compileCondition));
    case 'not': {
      const part = compileCondition(condition.of);
      return (facts) => !part(facts);
    }
    case 'compare': {
      const read = readerOf(condition.path);
      const test = meets(condition.comparison);
      return (facts) => test(read(facts), facts);
    }
    case 'orders': {
      const test = meets(condition.comparison);
      return (facts) => test(ordersValue(condition, facts), facts);
    }
    case 'did':
      return didClosure(condition);
    case 'segment':
      return compileCondition(condition.of);
  }
}

function allOf(parts: readonly Holds[]): Holds {
  const [first, second, ...more] = parts;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (more.length === 0) return (facts) => first(facts) && second(facts);
  return (facts) => {
    for (const part of parts) if (!part(facts)) return false;
    return true;
  };
}

function anyOf(parts: readonly Holds[]): Holds {
  const [first, second, ...more] = parts;
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  if (more.length === 0) return (facts) => first(facts) || second(facts);
  return (facts) => {
    for (const part of parts) if (part(facts)) return true;
    return false;
  };
}

function didClosure(did: DidCondition): Holds {
  return (facts) => isAsked(did, countOf(did, stateIn(facts.counts, did), facts.zone, facts.now));
}

export type OrdersCondition = Extract<Condition, { readonly kind: 'orders' }>;

/**
 * Number of the orders within the span, or what was paid for them, to the cent. Undefined where they are of several
 * currencies: nothing is ever summed across them. What tells no currency is of the others'; what costs nothing is of every one.
 */
export function ordersValue(condition: OrdersCondition, { orderList, now, zone }: Facts): Json | undefined {
  let [count, total] = [0, 0];
  let currency: string | undefined;
  for (const order of orderList) {
    if (!isWithin(order.at, condition.within, now, zone)) continue;
    count += 1;
    total += order.amount;
    if (order.currency === undefined || order.amount === 0) continue;
    if (condition.field === 'total' && currency !== undefined && currency !== order.currency) return undefined;
    currency = order.currency;
  }
  return condition.field === 'count' ? count : Math.round(total * 100) / 100;
}
