/**
 * What an envelope asks of the past before it can be decided: counts that the hot state does not keep, orders beyond those of
 * the statistics, and what came before it although it happened later. Nothing is asked for events no rule listens to.
 */
import type { Envelope, Event } from '../events/event.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Journey } from '../journeys/journey.ts';
import { waitsFor } from '../journeys/listeners.ts';
import { nameOf } from '../journeys/trigger-state.ts';
import { after, exactDays, type Instant } from '../kernel/time.ts';
import type { History } from '../profile/place-cart-event.ts';
import { chunkKeyAt, onceEach } from '../profile/timeline.ts';
import { concernsCart, type ToldEvent } from '../profile/fold-cart.ts';
import type { HotState } from '../profile/profile.ts';
import type { Statistics } from '../profile/statistics.ts';
import type { Condition, DidCondition } from '../rules/condition.ts';
import { didsIn } from '../rules/did-state.ts';
import { lastCartUpdated } from './cart-updated.ts';
import {
  earliest,
  horizonOf,
  isLate,
  missingHistory,
  missingOrders,
  reachedBy,
  statesFrom,
  withEvent,
  type States,
} from './count-events.ts';
import type { DecisionContext, PersonState } from './decision.ts';
import { statesOf, type Moment } from './person-facts.ts';

export interface Asked {
  readonly conditions: readonly Condition[];
  readonly dids: readonly DidCondition[];
}

type Listening = Pick<DecisionContext, 'listeners' | 'pinned'>;

/** Every condition that these events, and time, may make somebody look at. */
export function conditionsAsked(
  events: readonly Pick<Event, 'name'>[],
  { instances }: Pick<PersonState, 'instances'>,
  { listeners, pinned }: Listening,
): Asked {
  const names = events.length === 0 ? [] : ['Cart Updated', ...events.map(({ name }) => name)];
  const starting = names.flatMap((name) => listeners.starts(name)).map(({ journey }) => journey);
  const watched = [
    ...listeners.watches.flatMap(({ starts }) => starts.map(({ version }) => version)),
    ...listeners.dates.map(({ version }) => version),
  ];
  const conditions = [
    ...[...starting, ...watched.map(({ journey }) => journey)].flatMap(({ start }) => start.where ?? []),
    ...watched.flatMap(({ journey }) => heardConditions(journey)), // a run that time starts hears at once what came since
    ...listeners.watches.map(({ when }) => when),
    ...instances.flatMap(({ version }) => runConditions(pinned.get(version)?.journey, names)),
  ];
  const causes = starting.flatMap(({ start: { cause } }) => (cause.kind === 'did' ? [cause.did] : []));
  const dids = new Map([...causes, ...conditions.flatMap(didsIn)].map((did) => [did.id, did]));
  return { conditions, dids: [...dids.values()] };
}

function runConditions(journey: Journey | undefined, names: readonly string[]): readonly Condition[] {
  if (journey === undefined) return [];
  const awaited = journey.steps.flatMap((step) => (step.kind === 'wait-event' ? [step.pattern] : []));
  return [...(journey.exit === undefined ? [] : [journey.exit]), ...awaited]
    .filter(({ on }) => on.some((name) => names.includes(name)))
    .flatMap(({ where }) => where ?? []);
}

/** All states that are known, with those that are asked; `needs`: from where on the timeline must be read for them. */
export function askedOfPast(
  told: readonly ToldEvent[],
  envelope: Pick<Envelope, 'imported' | 'receivedAt'>,
  person: PersonState,
  context: DecisionContext,
): { readonly states: States } | { readonly needs: string } {
  const { zone, now, history } = context;
  const events = told.map(({ event }) => event);
  const known = statesOf(person.hot, zone);
  const missed = envelope.imported === true ? [] : askedByLate(told, envelope.receivedAt, person, known, context);
  const asked = conditionsAsked(events, person, context);
  const conditions = [...asked.conditions, ...missed.flatMap((one) => one.conditions)];
  const dids = [...asked.dids, ...missed.flatMap((one) => one.conditions).flatMap(didsIn)];
  const first: Moment = { now: events.reduce((least, { occurredAt }) => Math.min(least, occurredAt), now), zone };
  const isRead = (key: string): boolean => history !== undefined && history.from <= key;
  const needs = [
    missingHistory(dids, known, history, first),
    missingOrders(conditions, person.statistics, history, { now, zone }),
    ...missed.map(({ from }) => from).filter((key) => !isRead(key)),
  ].filter((key) => key !== undefined);
  if (needs.length > 0) return { needs: earliest(needs) };
  const missing = dids.filter(({ id }) => known[id] === undefined);
  return { states: missing.length === 0 ? known : { ...known, ...statesFrom(missing, history, zone) } };
}

/** What must be known of the time since, and what those who then hear of it ask. */
interface Missed {
  readonly from: string;
  readonly conditions: readonly Condition[];
}

/** What came before these events although it happened later: it may have ended or moved the runs that they begin or move. */
function askedByLate(
  told: readonly ToldEvent[],
  receivedAt: Instant,
  person: PersonState,
  known: States,
  context: DecisionContext,
): readonly Missed[] {
  const { listeners, zone } = context;
  let states = known;
  return told.flatMap((one) => {
    const { event } = one;
    states = withEvent(states, listeners.counted(event.name), event, zone);
    const moved = person.instances.flatMap((instance) => missedByMoved(event, instance, person, context));
    if (event.occurredAt >= person.hot.lastSeen) return moved;
    const names = [event.name, ...(concernsCart(one) ? ['Cart Updated'] : [])];
    const starting = names.flatMap((name) => listeners.starts(name));
    return [...moved, ...starting.flatMap(({ journey }) => missedByBegun(event, journey, receivedAt, states, zone))];
  });
}

/** A run that goes on to its next wait: what it remembers to have been told, by name and time, may be what it waits for. */
function missedByMoved(
  { name, occurredAt }: Event,
  instance: Instance,
  { hot }: PersonState,
  { pinned }: DecisionContext,
): readonly Missed[] {
  const journey = pinned.get(instance.version)?.journey;
  if (journey === undefined || !waitsFor(journey, name)) return [];
  const remembered = hot.open.find((open) => nameOf(open) === nameOf(instance))?.restarts ?? {};
  const isAhead = ([other, at]: readonly [string, Instant]): boolean =>
    waitsFor(journey, other) && second(at) >= second(occurredAt);
  return Object.entries(remembered).some(isAhead) ? [missedSince(occurredAt, waitConditions(journey))] : [];
}

function missedByBegun(event: Event, journey: Journey, receivedAt: Instant, states: States, zone: string): readonly Missed[] {
  const { cause, late } = journey.start;
  const since = missedSince(event.occurredAt, heardConditions(journey));
  const isMissed = mayMiss(journey) && after(event.occurredAt, late, zone) >= receivedAt;
  switch (cause.kind) {
    case 'did':
      // Where the count is not known, all that it counts is read anyway.
      if (isLate(cause.did, states[cause.did.id], event, zone))
        return [{ ...since, from: horizonOf(cause.did, { now: event.occurredAt, zone }) }];
      return isMissed && reachedBy(cause.did, { event, chunk: '' }, states, undefined, zone).length > 0 ? [since] : [];
    case 'api':
      return isMissed && event.properties['journey'] === journey.name ? [since] : [];
    case 'event':
      return isMissed ? [since] : [];
    case 'segment':
    case 'date':
      return []; // raised by watch.ts alone
  }
}

const missedSince = (at: Instant, conditions: readonly Condition[]): Missed => ({
  from: timelineSince(at),
  conditions,
});

/** How far a chunk's stated time may lie before what it tells. */
const clockSkew = exactDays(1);

/** Where the timeline of what happened since begins. */
export const timelineSince = (at: Instant): string => chunkKeyAt(at - clockSkew);

const heardConditions = (journey: Journey): readonly Condition[] => [
  ...(journey.exit?.where === undefined ? [] : [journey.exit.where]),
  ...waitConditions(journey),
];

const waitConditions = ({ steps }: Journey): readonly Condition[] =>
  steps.flatMap((step) => (step.kind === 'wait-event' && step.pattern.where !== undefined ? [step.pattern.where] : []));

/** Would what happened since have ended or moved the run that begins late? */
export const mayMiss = ({ exit, steps }: Journey): boolean =>
  exit !== undefined || steps.some((step) => step.kind === 'wait-event' || (step.kind === 'wait' && step.restartOn.length > 0));

const second = (at: Instant): number => Math.floor(at / 1_000);

/** In time, from that second on. Changes of the cart stand in no timeline: the last one does for all. */
export const heardSince = (at: Instant, told: readonly ToldEvent[], hot: HotState): readonly Event[] =>
  [...onceEach(told).map(({ event }) => event), ...lastCartUpdated(hot)]
    .filter(({ occurredAt }) => second(occurredAt) >= second(at))
    .toSorted((a, b) => a.occurredAt - b.occurredAt);

/** Do the facts hold all that this condition asks for? */
export const isCounted = (
  condition: Condition,
  states: States,
  statistics: Statistics,
  history: History | undefined,
  moment: Moment,
): boolean =>
  didsIn(condition).every(({ id }) => states[id] !== undefined) &&
  missingOrders([condition], statistics, history, moment) === undefined;
