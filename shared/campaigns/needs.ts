/** What must be read of a person before a condition can be asked of them: a sweep loads nothing else. Pure. */
import type { Condition } from '../rules/condition.ts';
import { leavesIn, type Leaf } from '../rules/fields.ts';

export interface Needs {
  /** Cart, device, place, what conditions keep count of. */
  readonly hot: boolean;
  /** Orders. */
  readonly statistics: boolean;
  /** What they did. */
  readonly timeline: boolean;
}

const nothing: Needs = { hot: false, statistics: false, timeline: false };

const both = (a: Needs, b: Needs): Needs => ({
  hot: a.hot || b.hot,
  statistics: a.statistics || b.statistics,
  timeline: a.timeline || b.timeline,
});

export const needsOf = (condition: Condition): Needs => leavesIn(condition).map(neededBy).reduce(both, nothing);

function neededBy(leaf: Leaf): Needs {
  switch (leaf.kind) {
    case 'orders':
      return { ...nothing, statistics: true };
    case 'did':
      return { ...nothing, timeline: true };
    case 'compare':
      return neededAt(leaf.path[0]);
  }
}

const rootsOf: Readonly<Record<keyof Omit<Needs, 'timeline'>, readonly string[]>> = {
  hot: ['cart', 'device', 'place', 'context', 'predicted'],
  statistics: ['orders', 'predicted'],
};

/** Whatever is no root is a trait, which the directory says. */
const neededAt = (root = ''): Needs => ({
  hot: rootsOf.hot.includes(root),
  statistics: rootsOf.statistics.includes(root),
  timeline: false,
});
