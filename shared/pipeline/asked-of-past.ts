/**
 * What an envelope asks of the past before it can be decided: counts that the hot state does not keep, orders beyond those of
 * the statistics, and what came before it although it happened later. Nothing is asked for events no rule listens to.
 */
import type { Event } from '../events/event.ts';
import type { Journey } from '../journeys/journey.ts';
import type { Listeners } from '../journeys/listeners.ts';
import { after, hours, type Instant } from '../kernel/time.ts';
import type { History } from '../profile/place-cart-event.ts';
import { chunkKeyAt, onceEach } from '../profile/timeline.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import type { Statistics } from '../profile/statistics.ts';
import type { Condition, DidCondition } from '../rules/condition.ts';
import { didsIn } from '../rules/did-state.ts';
import { earliest, horizonOf, isLate, missingHistory, missingOrders, statesFrom, type States } from './count-events.ts';
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
  events: readonly Event[],
  person: PersonState,
  imported: boolean,
  context: DecisionContext,
): { readonly states: States } | { readonly needs: string } {
  const { zone, now, history, listeners } = context;
  const asked = conditionsAsked(events, person, context);
  const first: Moment = { now: events.reduce((least, { occurredAt }) => Math.min(least, occurredAt), now), zone };
  const known = statesOf(person.hot, zone);
  const needs = [
    missingHistory(asked.dids, known, history, first),
    missingOrders(asked.conditions, person.statistics, history, { now, zone }),
    ...(imported ? [] : events.flatMap((event) => askedByLate(event, person, known, listeners, history, zone))),
  ].filter((key) => key !== undefined);
  if (needs.length > 0) return { needs: earliest(needs) };
  const missing = asked.dids.filter(({ id }) => known[id] === undefined);
  return { states: missing.length === 0 ? known : { ...known, ...statesFrom(missing, history, zone) } };
}

/** Doors put events of one hour of stated time into an envelope: a chunk begins at most this long before its events. */
export const chunkSpan = hours(1);

function askedByLate(
  event: Event,
  { hot }: PersonState,
  known: States,
  listeners: Listeners,
  history: History | undefined,
  zone: string,
): readonly string[] {
  if (event.occurredAt >= hot.lastSeen) return [];
  const keys = listeners.starts(event.name).flatMap(({ journey }) => {
    const { cause, late } = journey.start;
    if (cause.kind === 'did' && isLate(cause.did, known[cause.did.id], event, zone))
      return [horizonOf(cause.did, { now: event.occurredAt, zone })];
    const isTimely = after(event.occurredAt, late, zone) >= hot.lastSeen;
    return cause.kind === 'event' && isTimely && mayMiss(journey) ? [chunkKeyAt(event.occurredAt - chunkSpan)] : [];
  });
  if (keys.length === 0) return [];
  const from = earliest(keys);
  return history !== undefined && history.from <= from ? [] : [from];
}

/** Would what happened since have ended or moved the run that begins late? */
export const mayMiss = ({ exit, steps }: Journey): boolean =>
  exit !== undefined || steps.some((step) => step.kind === 'wait-event' || (step.kind === 'wait' && step.restartOn.length > 0));

/** In time; told before it. */
export const laterThan = (at: Instant, told: readonly ToldEvent[]): readonly Event[] =>
  onceEach(told)
    .map(({ event }) => event)
    .filter(({ occurredAt }) => occurredAt > at);

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
