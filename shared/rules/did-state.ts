/**
 * What people did, as it is remembered: which counts a condition asks for, and the name under which each is kept.
 */
import { contentHash, shortHash } from '../kernel/ids.ts';
import { at, canonicalJson, parseJson, textOf, type JsonObject } from '../kernel/json.ts';
import { after, type Instant } from '../kernel/time.ts';
import { compileCondition } from './compile.ts';
import type { Condition, DidCondition, DidState, Facts } from './condition.ts';

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

/** An event as far as it is counted. */
export interface CountedEvent {
  readonly name: string;
  readonly occurredAt: Instant;
  readonly properties: JsonObject;
}

const noFacts: Facts = {
  now: 0,
  zone: 'UTC',
  traits: {},
  cart: {},
  orders: {},
  orderList: [],
  device: {},
  place: {},
  predicted: {},
  context: {},
  counts: {},
};

/** Values of `same` beyond this are no person: the state is given up, and the timeline is read instead. */
export const mostValues = 200;

/** Under which value of `same` it counts (`''` where nothing is told apart); undefined where it does not. */
export function countedAs(did: DidCondition, event: CountedEvent): string | undefined {
  if (!did.events.includes(event.name)) return undefined;
  if (did.where !== undefined) {
    const facts = { ...noFacts, event: event.properties, traits: event.properties };
    if (!compileCondition(did.where)(facts)) return undefined;
  }
  if (did.same === undefined) return '';
  const path = did.same[0] === 'event' ? did.same.slice(1) : did.same;
  const value = textOf(at(event.properties, path));
  return value === undefined ? undefined : shortHash(value);
}

/** The state with one more event; undefined: it has too many values. `now`: what has expired then is left out. */
export function countEvent(
  state: DidState,
  did: DidCondition,
  event: CountedEvent,
  zone: string,
  now: Instant,
): DidState | undefined {
  const value = countedAs(did, event);
  return value === undefined ? state : pruned({ ...state, [value]: [...(state[value] ?? []), event.occurredAt] }, did, zone, now);
}

export function stateOf(did: DidCondition, events: readonly CountedEvent[], zone: string, now: Instant): DidState | undefined {
  const state: Record<string, Instant[]> = {};
  for (const event of events) {
    const value = countedAs(did, event);
    if (value !== undefined) (state[value] ??= []).push(event.occurredAt);
  }
  return pruned(state, did, zone, now);
}

function pruned(state: DidState, did: DidCondition, zone: string, now: Instant): DidState | undefined {
  const kept = Object.entries(state).flatMap(([value, instants]) => {
    const counting = instants
      .filter((instant) => did.within === undefined || after(instant, did.within, zone) > now)
      .toSorted((a, b) => a - b)
      .slice(-keptInstants(did.times));
    return counting.length === 0 ? [] : [[value, counting] as const];
  });
  return kept.length > mostValues ? undefined : Object.fromEntries(kept);
}

/** How often at `now`: the most of one value where values are told apart. */
export function countOf(did: DidCondition, state: DidState, zone: string, now: Instant): number {
  const counts = Object.values(state).map(
    (instants) => instants.filter((at) => at <= now && (did.within === undefined || after(at, did.within, zone) > now)).length,
  );
  return Math.max(0, ...counts);
}
