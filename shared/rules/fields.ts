/** Everything a condition looks at, by name: the base of the record of what is processed about people. */
import type { Condition } from './condition.ts';
import { isRoot, pathText } from './paths.ts';

/** Paths with their root (`traits.city`, `cart.value`), and events as `did Order Completed` with `Order Completed: channel`. */
export const fieldsOf = (condition: Condition): readonly string[] => [...new Set(fieldsIn(condition))].toSorted();

function fieldsIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(fieldsIn);
    case 'not':
    case 'segment':
      return fieldsIn(condition.of);
    case 'compare':
      return [isRoot(condition.path[0]) ? pathText(condition.path) : `traits.${pathText(condition.path)}`];
    case 'orders':
      return [`orders.${condition.field}`];
    case 'did': {
      const same = condition.same === undefined ? [] : [`event.${pathText(condition.same)}`];
      const looked = [...(condition.where === undefined ? [] : fieldsIn(condition.where)), ...same];
      return condition.events.flatMap((event) => [
        `did ${event}`,
        ...looked.map((field) => `${event}: ${field.replace(/^(?:event|traits)\./, '')}`),
      ]);
    }
  }
}
