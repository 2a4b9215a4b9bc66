/**
 * How often things happened, event by event, as conditions ask for it: from the states in the hot state where they suffice,
 * else from the timeline. Pure, and the same whatever the order of arrival.
 */
import type { Event } from '../events/event.ts';
import type { EventInChunk } from '../journeys/trigger-state.ts';
import { after, before, exactDays, type Instant } from '../kernel/time.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import { changesStatistics, foldStatistics } from '../profile/fold-statistics.ts';
import type { History } from '../profile/place-cart-event.ts';
import type { HotState } from '../profile/profile.ts';
import { newStatistics, type Statistics } from '../profile/statistics.ts';
import { chunkKeyAt, onceEach, startOfTimeline } from '../profile/timeline.ts';
import type { Condition, DatedOrder, DidCondition, DidState, Facts } from '../rules/condition.ts';
import { countOfValue, isAsked } from '../rules/did-count.ts';
import { countedAs, countEvent, exactStateOf, isKept } from '../rules/did-state.ts';
import { orderSpansIn } from '../rules/fields.ts';
import { textOf } from '../kernel/json.ts';
import { datedOrders, type Moment } from './person-facts.ts';

export type States = Facts['counts'];

/** How far a chunk's stated time may lie from that of its events. */
const clockSkew = exactDays(1);

/** From where on the timeline must be known to count this at `now` and later. */
export const horizonOf = ({ within }: Pick<DidCondition, 'within'>, { now, zone }: Moment): string =>
  within === undefined ? startOfTimeline : chunkKeyAt(before(now, within, zone) - clockSkew);

export const earliest = (keys: readonly string[]): string => keys.reduce((first, key) => (key < first ? key : first));

/** What these would need of the timeline: nothing where all are counted, or the history reaches back far enough. */
export function missingHistory(
  dids: readonly DidCondition[],
  states: States,
  history: History | undefined,
  moment: Moment,
): string | undefined {
  const keys = dids.filter(({ id }) => states[id] === undefined).map((did) => horizonOf(did, moment));
  if (keys.length === 0) return undefined;
  const from = earliest(keys);
  return history !== undefined && history.from <= from ? undefined : from;
}

/** Those that no state answers, from the timeline: exact, however many values there are. */
export function statesFrom(dids: readonly DidCondition[], history: History | undefined, zone: string): States {
  const told = history === undefined ? [] : onceEach(history.told).map(({ event }) => event);
  return Object.fromEntries(
    dids.map((did) => {
      const own = told.filter((event) => countedAs(did, event, zone) !== undefined);
      return [did.id, exactStateOf(did, own, zone, latestOf(own.map(({ occurredAt }) => occurredAt)))];
    }),
  );
}

const latestOf = (instants: readonly Instant[]): Instant => instants.reduce((latest, at) => Math.max(latest, at), 0);

/** Every state that counts this event, with it. */
export function withEvent(states: States, dids: readonly DidCondition[], event: Event, zone: string): States {
  const counted = dids.flatMap((did) => {
    const state = states[did.id];
    return state === undefined ? [] : [[did.id, added(did, state, event, zone)] as const];
  });
  return counted.length === 0 ? states : { ...states, ...Object.fromEntries(counted) };
}

/** Judged at the latest instant that is counted, so that the order of arrival plays no part. */
function added(did: DidCondition, state: DidState, event: Event, zone: string): DidState {
  const at = latestOf([event.occurredAt, ...Object.values(state).flat()]);
  const value = countedAs(did, event, zone);
  if (value === undefined) return state;
  const counted = countEvent(state, did, event, zone, at);
  if (counted !== undefined) return counted;
  // Too many values to be kept: this decision goes on with all of them.
  const own = countEvent(state[value] === undefined ? {} : { [value]: state[value] }, did, event, zone, at);
  return { ...state, ...own };
}

/** What of them the hot state keeps; absent where it keeps nothing. */
export function keptCounts(states: States, isAsked: (id: string) => boolean, zone: string): Pick<HotState, 'counts'> {
  const kept = Object.entries(states).filter(([id, state]) => isAsked(id) && isKept(state));
  return kept.length === 0 ? {} : { counts: { zone, states: Object.fromEntries(kept) } };
}

/** Did something that counts happen later than this? Then its count is asked of the timeline. */
export function isLate(did: DidCondition, state: DidState | undefined, event: Event, zone: string): boolean {
  return countedAs(did, event, zone) !== undefined && latestOf(Object.values(state ?? {}).flat()) > event.occurredAt;
}

/**
 * Where the count is reached because of this event: at the event itself, and where it came late at later ones of the same
 * value that were counted without it. `states`: with the event; `told`: all others that are known, where it came late.
 */
export function reachedBy(
  did: DidCondition,
  { event, chunk }: EventInChunk,
  states: States,
  told: readonly ToldEvent[] | undefined,
  zone: string,
): readonly EventInChunk[] {
  const value = countedAs(did, event, zone);
  if (value === undefined) return [];
  const reaches = (count: number): boolean => isAsked(did, count);
  if (told === undefined) {
    const count = countOfValue(did, states[did.id] ?? {}, value, zone, event.occurredAt);
    return reaches(count) ? [{ event, chunk }] : [];
  }
  const same = onceEach(told).filter((one) => one.event.id !== event.id && countedAs(did, one.event, zone) === value);
  const others = same.map((one) => one.event.occurredAt);
  const countAt = (moment: Instant, instants: readonly Instant[]): number =>
    instants.filter((at) => at <= moment && (did.within === undefined || after(at, did.within, zone) > moment)).length;
  const later = same
    .filter((one) => one.event.occurredAt > event.occurredAt)
    .filter(
      ({ event: { occurredAt: at } }) => !reaches(countAt(at, others)) && reaches(countAt(at, [...others, event.occurredAt])),
    );
  const isReached = reaches(countAt(event.occurredAt, [...others, event.occurredAt]));
  return [...(isReached ? [{ event, chunk }] : []), ...later.map((one) => ({ event: one.event, chunk: one.context.chunk }))];
}

/** Orders of a span that reaches back beyond those that the statistics keep need the timeline from here on. */
export function missingOrders(
  conditions: readonly Condition[],
  statistics: Statistics,
  history: History | undefined,
  moment: Moment,
): string | undefined {
  const oldest = statistics.orders[0]?.at ?? 0;
  if (statistics.earlier.count === 0) return undefined;
  const spans = conditions.flatMap(orderSpansIn).filter((within) => before(moment.now, within, moment.zone) < oldest);
  if (spans.length === 0) return undefined;
  const from = earliest(spans.map((within) => horizonOf({ within }, moment)));
  return history !== undefined && history.from <= from ? undefined : from;
}

/** All that are told since the history begins, beside those that the statistics keep. */
export function ordersSince(history: History, statistics: Statistics, zone: string): readonly DatedOrder[] {
  const told = onceEach(history.told)
    .map(({ event }) => event)
    .filter(changesStatistics);
  const kept = new Set(statistics.orders.map(({ id }) => id));
  const byOrder = Map.groupBy(told, (event) => textOf(event.properties['order_id']) ?? event.id);
  const older = [...byOrder].flatMap(([id, events]) =>
    kept.has(id) ? [] : events.reduce((known, event) => foldStatistics(known, event, zone), newStatistics()).orders,
  );
  return datedOrders([...older, ...statistics.orders]);
}
