/** What must be read of a person before a condition can be asked of them: a sweep loads nothing else. Pure. */
import type { Condition } from '../rules/condition.ts';
import { isRoot } from '../rules/paths.ts';

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

export function needsOf(condition: Condition): Needs {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.map(needsOf).reduce(both, nothing);
    case 'not':
    case 'segment':
      return needsOf(condition.of);
    case 'orders':
      return { ...nothing, statistics: true };
    case 'did':
      return { ...nothing, timeline: true };
    case 'compare':
      return neededAt(condition.path[0]);
  }
}

/** Whatever is no trait and no order is read from the hot state, or from what is predicted by both. */
function neededAt(root: string | undefined): Needs {
  if (!isRoot(root)) return nothing;
  switch (root) {
    case 'cart':
    case 'device':
    case 'place':
    case 'context':
      return { ...nothing, hot: true };
    case 'orders':
      return { ...nothing, statistics: true };
    case 'predicted':
      return { ...nothing, hot: true, statistics: true };
    case 'traits':
    case 'event':
      return nothing;
  }
}
