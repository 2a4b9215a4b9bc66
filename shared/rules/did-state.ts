/**
 * What somebody did, as far as conditions can ask for it: per value the few instants that last longest. Sets by time: the
 * order in which events are told changes nothing.
 */
import { contentHash, shortHash } from '../kernel/ids.ts';
import { canonicalJson, parseJson, textOf, type JsonObject } from '../kernel/json.ts';
import { after, exactDays, isWithin, type Instant } from '../kernel/time.ts';
import { compileCondition } from './compile.ts';
import type { Condition, DidCondition, DidState, Facts } from './condition.ts';
import { leavesIn } from './fields.ts';
import { readerOf } from './paths.ts';

export { countOf, countOfValue, isAsked } from './did-count.ts';

/** How many instants of one value can matter: enough to know that the count is reached, or passed. */
export const keptInstants = ({ min, max }: DidCondition['times']): number => Math.max(min, max === undefined ? 0 : max + 1);

/**
 * More values of `same`, or more instants of all of them, are no person, and would not fit beside what else is kept: such a
 * state is given up, and the timeline is read instead. Deflated, an instant takes six bytes.
 */
export const mostValues = 200;
export const mostInstants = 4_000;

export function isKept(state: DidState): boolean {
  const values = Object.values(state);
  return values.length <= mostValues && values.reduce((sum, { length }) => sum + length, 0) <= mostInstants;
}

/** Content hash of what is counted and how much of it is kept: conditions that count alike share one state. */
export function didId({ events, where, same, within, times }: Omit<DidCondition, 'id'>): string {
  const counted = { events: [...new Set(events)].toSorted(), where, same, within, kept: keptInstants(times) };
  return contentHash('did', canonicalJson(parseJson(JSON.stringify(counted))));
}

/** Every `did` it asks for, those of segments included, each state once: what `Facts.counts` must hold. */
export function didsIn(condition: Condition): readonly DidCondition[] {
  const dids = leavesIn(condition).flatMap((leaf) => (leaf.kind === 'did' ? [leaf] : []));
  return [...new Map(dids.map((did) => [did.id, did])).values()];
}

/** An event as far as it is counted. */
export interface CountedEvent {
  readonly name: string;
  readonly occurredAt: Instant;
  readonly properties: JsonObject;
}

/** Which of them an event may concern: built once, so that an event costs what listens to it and not what exists. */
export type DidIndex = (eventName: string) => readonly DidCondition[];

export function didIndex(dids: readonly DidCondition[]): DidIndex {
  const byEvent = new Map<string, DidCondition[]>();
  for (const did of new Map(dids.map((one) => [one.id, one])).values()) {
    for (const name of new Set(did.events)) byEvent.set(name, [...(byEvent.get(name) ?? []), did]);
  }
  return (eventName) => byEvent.get(eventName) ?? [];
}

/** All that `where` may look at; a day is the day on which it happened. */
const factsOfEvent = ({ properties, occurredAt }: CountedEvent, zone: string): Facts => ({
  now: occurredAt,
  zone,
  event: properties,
  traits: properties,
  cart: {},
  orders: {},
  orderList: [],
  device: {},
  place: {},
  predicted: {},
  context: {},
  counts: {},
});

/** Under which value of `same` it counts (short hash; `''` where nothing is told apart); undefined where it does not. */
export function countedAs(did: DidCondition, event: CountedEvent, zone: string): string | undefined {
  if (!did.events.includes(event.name)) return undefined;
  if (did.where === undefined && did.same === undefined) return '';
  const facts = factsOfEvent(event, zone);
  if (did.where !== undefined && !compileCondition(did.where)(facts)) return undefined;
  if (did.same === undefined) return '';
  const value = textOf(readerOf(did.same)(facts));
  return value === undefined ? undefined : shortHash(value);
}

/**
 * The state with one more event; the very same where it does not count. What has expired at `now` is left out.
 * Undefined: it is too large.
 */
export function countEvent(
  state: DidState,
  did: DidCondition,
  event: CountedEvent,
  zone: string,
  now: Instant,
): DidState | undefined {
  const value = countedAs(did, event, zone);
  if (value === undefined) return state;
  const before = Object.hasOwn(state, value) ? (state[value] ?? []) : [];
  return kept(pruned({ ...state, [value]: [...before, event.occurredAt] }, did, zone, now));
}

/**
 * Every state that an event concerns, with it; the very same record where there is none. A state that is not there stays so,
 * because its past must be counted first; one that is too large is dropped, for the same reason.
 */
export function countInAll(
  states: Facts['counts'],
  index: DidIndex,
  event: CountedEvent,
  zone: string,
  now: Instant,
): Facts['counts'] {
  let counted: Record<string, DidState> | undefined;
  for (const did of index(event.name)) {
    const before = states[did.id];
    const after = before === undefined ? undefined : countEvent(before, did, event, zone, now);
    if (after === before) continue;
    counted ??= { ...states };
    if (after === undefined) delete counted[did.id];
    else counted[did.id] = after;
  }
  return counted ?? states;
}

/** Counted from told events in any order: exact, however many values there are. What has expired at `now` is left out. */
export function exactStateOf(did: DidCondition, events: readonly CountedEvent[], zone: string, now: Instant): DidState {
  const found = new Map<string, Instant[]>();
  for (const event of events) {
    const value = countedAs(did, event, zone);
    if (value === undefined) continue;
    const instants = found.get(value);
    if (instants === undefined) found.set(value, [event.occurredAt]);
    else instants.push(event.occurredAt);
  }
  return pruned(Object.fromEntries(found), did, zone, now);
}

/** The same, to be kept; undefined: it is too large. */
export const stateOf = (did: DidCondition, events: readonly CountedEvent[], zone: string, now: Instant): DidState | undefined =>
  kept(exactStateOf(did, events, zone, now));

/** Of two histories that have no event in common; undefined: it is too large. */
export function mergeStates(did: DidCondition, a: DidState, b: DidState, zone: string, now: Instant): DidState | undefined {
  const values = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const both = values.map((value) => [value, [...(a[value] ?? []), ...(b[value] ?? [])]] as const);
  return kept(pruned(Object.fromEntries(both), did, zone, now));
}

const kept = (state: DidState): DidState | undefined => (isKept(state) ? state : undefined);

/** Without what has expired, and without what expires before those that are as many as can matter. In time. */
function pruned(state: DidState, did: DidCondition, zone: string, now: Instant): DidState {
  const most = keptInstants(did.times);
  const left = Object.entries(state).flatMap(([value, instants]) => {
    const lasting = instants.filter((at) => !hasExpired(at, did, zone, now)).toSorted((a, b) => a - b);
    const longest = lasting.length > most ? longestLasting(lasting, most, did, zone) : lasting;
    return longest.length === 0 ? [] : [[value, longest] as const];
  });
  return Object.fromEntries(left);
}

const hasExpired = (at: Instant, { within }: DidCondition, zone: string, now: Instant): boolean =>
  within !== undefined && at <= now && !isWithin(at, within, now, zone);

/**
 * What began later lasts longer, but for months of unlike length (29, 30 and 31 January all last until the end of February)
 * and for the hours that clocks skip: these lie within days of each other, and the calendar is asked for them.
 */
const reach = exactDays(5);

function longestLasting(lasting: readonly Instant[], most: number, { within }: DidCondition, zone: string): readonly Instant[] {
  const edge = lasting[lasting.length - most];
  if (edge === undefined) return []; // nothing of it can matter
  if (within === undefined) return lasting.slice(-most);
  const certain = lasting.filter((at) => at > edge + reach);
  const near = lasting
    .filter((at) => at >= edge - reach && at <= edge + reach)
    .map((at) => ({ at, until: after(at, within, zone) }))
    .toSorted((a, b) => b.until - a.until || b.at - a.at)
    .slice(0, most - certain.length);
  return [...near.map(({ at }) => at), ...certain].toSorted((a, b) => a - b);
}
