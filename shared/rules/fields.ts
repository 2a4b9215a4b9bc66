/**
 * Everything a condition looks at: by name, the base of the record of what is processed about people; and what must be loaded
 * before it can be asked.
 */
import type { Duration } from '../kernel/time.ts';
import type { Condition } from './condition.ts';
import { isRoot, pathText } from './paths.ts';

/** The parts that look at something themselves. */
export type Leaf = Extract<Condition, { readonly kind: 'compare' | 'orders' | 'did' }>;

/** Those of segments included; what a `did` asks of its events is its own. */
export function leavesIn(condition: Condition): readonly Leaf[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesIn);
    case 'not':
    case 'segment':
      return leavesIn(condition.of);
    case 'compare':
    case 'orders':
    case 'did':
      return [condition];
  }
}

/**
 * Paths with their root (`traits.city`, `cart.value`), and events as `did Order Completed` with `Order Completed: channel`.
 * Sorted, each once.
 */
export const fieldsOf = (condition: Condition): readonly string[] =>
  [...new Set(leavesIn(condition).flatMap(fieldsOfLeaf))].toSorted();

function fieldsOfLeaf(leaf: Leaf): readonly string[] {
  switch (leaf.kind) {
    case 'compare':
      return [isRoot(leaf.path[0]) ? pathText(leaf.path) : `traits.${pathText(leaf.path)}`];
    case 'orders':
      return [`orders.${leaf.field}`];
    case 'did': {
      const where = leaf.where === undefined ? [] : leavesIn(leaf.where).flatMap(fieldsOfLeaf);
      const same = leaf.same === undefined ? [] : [pathText(leaf.same)];
      // `channel`, `event.channel` and `traits.channel` are the same property of the event.
      const properties = [...where, ...same].map((field) => field.replace(/^(?:event|traits)\./, ''));
      return leaf.events.flatMap((event) => [`did ${event}`, ...properties.map((property) => `${event}: ${property}`)]);
    }
  }
}

/** The spans of which `Facts.orderList` must hold every order; empty where none is asked. */
export const orderSpansIn = (condition: Condition): readonly Duration[] =>
  leavesIn(condition).flatMap((leaf) => (leaf.kind === 'orders' ? [leaf.within] : []));
