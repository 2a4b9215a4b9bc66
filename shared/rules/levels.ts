/** Which maturity level a condition needs, and the word that makes it so (design 7). */
import type { Condition } from './condition.ts';
import { leavesIn, type Leaf } from './fields.ts';

export interface Level {
  readonly level: 1 | 2 | 3 | 4;
  /** The word as config/ writes it; empty on level 1. */
  readonly because: string;
}

const lowest: Level = { level: 1, because: '' };

/** 2: what people did. 3: predictions. 4: the moment. */
export const levelOf = (condition: Condition): Level =>
  leavesIn(condition)
    .map(levelOfLeaf)
    .reduce((high, one) => (one.level > high.level ? one : high), lowest);

function levelOfLeaf(leaf: Leaf): Level {
  switch (leaf.kind) {
    case 'did':
      return { level: 2, because: 'did' };
    case 'compare':
      return levelOfPath(leaf.path);
    case 'orders':
      return lowest;
  }
}

export function levelOfPath(path: readonly string[]): Level {
  if (path[0] === 'predicted') return { level: 3, because: path.join('.') };
  return path[0] === 'context' ? { level: 4, because: path.join('.') } : lowest;
}
