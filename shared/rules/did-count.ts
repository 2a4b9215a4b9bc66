/**
 * Counting what somebody did, from the state of a `did` (did-state.ts builds it). An occurrence at `t` counts at a moment
 * from `t` on until `within` after it, by calendar; at that very instant it no longer counts.
 */
import { isWithin, type Instant } from '../kernel/time.ts';
import type { DidCondition, DidState, Facts } from './condition.ts';

/** Throws where the caller did not bring the state of a `did` that is asked: a guess would start or stop a journey. */
export function stateIn(counts: Facts['counts'], did: DidCondition): DidState {
  const state = Object.hasOwn(counts, did.id) ? counts[did.id] : undefined;
  if (state === undefined) throw new Error(`the facts lack the state of "did ${did.events.join(', ')}" (${did.id})`);
  return state;
}

/**
 * With `same`: of the value that has most. At most as many as the state keeps, which is all that can matter. Exact at every
 * moment that is not earlier than the newest occurrence in the state.
 */
export function countOf(did: DidCondition, state: DidState, zone: string, now: Instant): number {
  if (did.same === undefined) return countOfValue(did, state, '', zone, now);
  let most = 0;
  for (const value of Object.keys(state)) most = Math.max(most, countOfValue(did, state, value, zone, now));
  return most;
}

/** Of one value of `same`, by its key in the state; `''` where nothing is told apart. */
export function countOfValue({ within }: DidCondition, state: DidState, value: string, zone: string, now: Instant): number {
  const instants = Object.hasOwn(state, value) ? state[value] : undefined;
  if (instants === undefined) return 0;
  let count = 0;
  for (const at of instants) if (within === undefined ? at <= now : isWithin(at, within, now, zone)) count += 1;
  return count;
}

/** Is that count what is asked for? */
export const isAsked = ({ times: { min, max } }: DidCondition, count: number): boolean =>
  count >= min && (max === undefined || count <= max);
