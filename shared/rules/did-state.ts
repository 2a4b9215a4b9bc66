/**
 * What people did, as it is remembered: which counts a condition asks for, and the name under which each is kept.
 */
import { contentHash } from '../kernel/ids.ts';
import { canonicalJson, parseJson } from '../kernel/json.ts';
import type { Condition, DidCondition } from './condition.ts';

/** How many instants of one value can matter: enough to know that the count is reached, or passed. */
export const keptInstants = ({ min, max }: DidCondition['times']): number => Math.max(min, max === undefined ? 0 : max + 1);

/** Content hash of what is counted and how much of it is kept: two conditions that count alike share one state. */
export function didId({ events, where, same, within, times }: Omit<DidCondition, 'id'>): string {
  const counted = { events: [...events].toSorted(), where, same, within, kept: keptInstants(times) };
  return contentHash('did', canonicalJson(parseJson(JSON.stringify(counted))));
}

/** Every `did` the condition asks for, those of its segments included. */
export function didsIn(condition: Condition): readonly DidCondition[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(didsIn);
    case 'not':
    case 'segment':
      return didsIn(condition.of);
    case 'did':
      return [condition];
    case 'compare':
    case 'orders':
      return [];
  }
}
