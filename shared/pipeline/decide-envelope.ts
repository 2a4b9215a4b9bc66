/**
 * What one envelope means for one person: facts, cart, statistics, counts, journeys, and why. Pure: the stage loads before and
 * commits after; when it must know more of the past, it is told so. An envelope without events is a moment that passed.
 */
import type { Envelope, Event } from '../events/event.ts';
import type { Instance } from '../journeys/instance.ts';
import { sendKeysOf } from '../journeys/listeners.ts';
import { nameOf, type TriggerState } from '../journeys/trigger-state.ts';
import { closeCart, trigger } from '../journeys/trigger.ts';
import { hours } from '../kernel/time.ts';
import { foldFacts, type FoldedFacts } from '../profile/fold-attributes.ts';
import { inCartTime, type CartState, type ToldEvent } from '../profile/fold-cart.ts';
import { asksPast, changesStatistics, foldStatistics, orderTold } from '../profile/fold-statistics.ts';
import { placeCartEvent, toldIn } from '../profile/place-cart-event.ts';
import type { Attributes, HotState } from '../profile/profile.ts';
import { remember } from '../profile/ring.ts';
import type { Order, Statistics } from '../profile/statistics.ts';
import { onceEach, startOfTimeline } from '../profile/timeline.ts';
import { foldWhereabouts } from '../profile/whereabouts.ts';
import { askedOfPast, conditionsAsked } from './asked-of-past.ts';
import { cartUpdated } from './cart-updated.ts';
import { keptCounts, withEvent, type States } from './count-events.ts';
import { decideWatches } from './decide-watches.ts';
import type { DecisionContext, Outcome, PersonState, Progress } from './decision.ts';
import { followDates } from './follow-dates.ts';
import { triggerContextOf } from './trigger-context.ts';

/** `fresh`: the events of the envelope that no one has seen. */
export function decideEnvelope(
  envelope: Envelope,
  fresh: readonly Event[],
  person: PersonState,
  context: DecisionContext,
): Outcome {
  const told = toldIn(envelope, fresh).toSorted(inCartTime);
  const events = told.map(({ event }) => event);
  const { attributes: known } = person;
  const facts = foldFacts(known.version === 0 ? { ...known, createdAt: envelope.receivedAt } : known, events, {
    source: envelope.source,
    trust: envelope.trust,
    mayWrite: context.mayWrite,
    identifiers: context.identifiers,
    lastSeen: person.hot.lastSeen,
    ...(context.history === undefined ? {} : { history: context.history }),
  });
  if ('needs' in facts) return { kind: 'needs-history', from: facts.needs };
  const instances = new Map(person.instances.map((instance) => [nameOf(instance), instance]));
  const past = askedOfPast(told, envelope, person, context);
  if ('needs' in past) return { kind: 'needs-history', from: past.needs, final: true };
  let progress: Progress = {
    hot: person.hot,
    statistics: person.statistics,
    states: past.states,
    triggers: { open: person.hot.open, instances, decisions: [] },
  };
  for (const [index, one] of told.entries()) {
    const next = foldEvent(progress, one, told.slice(0, index), envelope, facts.attributes, person, context);
    if ('needs' in next) return { kind: 'needs-history', from: next.needs, ...(next.final && { final: true }) };
    progress = next;
  }
  return conclude(envelope, told, person, facts, past.states, progress, context);
}

function foldEvent(
  before: Progress,
  told: ToldEvent,
  folded: readonly ToldEvent[],
  envelope: Envelope,
  attributes: Attributes,
  person: PersonState,
  context: DecisionContext,
): Progress | { readonly needs: string; readonly final?: true } {
  const { event } = told;
  const placed = placeCartEvent(cartStateOf(before.hot), told, {
    folded,
    lastSeen: person.hot.lastSeen,
    ...(context.history === undefined ? {} : { history: context.history }),
  });
  if ('needs' in placed) return placed;
  if (asksPast(before.statistics, event) && context.history?.from !== startOfTimeline)
    return { needs: startOfTimeline, final: true };
  const { device: _device, place: _place, ...known } = before.hot;
  const seen = {
    ...known,
    ...(context.whereabouts ? foldWhereabouts(before.hot, event) : {}),
    lastSeen: Math.max(before.hot.lastSeen, event.occurredAt),
  };
  const hot = withCart(seen, placed.state);
  const statistics = foldStatistics(before.statistics, event, context.zone, pastOrder(before.statistics, event, folded, context));
  const states = withEvent(before.states, didsCounting(event, before.states, person, context), event, context.zone);
  const triggerContext = triggerContextOf({ hot, statistics, states }, told, folded, envelope, attributes, person, context);
  let triggers = trigger(before.triggers, event, triggerContext);
  if (placed.outcome.kind === 'closed') triggers = closeCart(triggers, event, placed.outcome.cartId, triggerContext);
  // A late order ended the run of an older cart: the cart that came after it begins its own.
  const isFreed = event.name === 'Order Completed' && triggers.open.length < before.triggers.open.length;
  if ((placed.outcome.kind === 'updated' || isFreed) && hot.cart !== undefined) {
    const updated = cartUpdated(event, hot.cart, hot);
    const facts = { ...triggerContext.facts, event: updated.properties };
    triggers = trigger(triggers, updated, { ...triggerContext, facts });
  }
  return { hot, statistics, states, triggers };
}

/** The order as it was counted, where the statistics list it no longer. */
function pastOrder(
  statistics: Statistics,
  event: Event,
  folded: readonly ToldEvent[],
  { history }: DecisionContext,
): Order | undefined {
  if (history === undefined || !asksPast(statistics, event)) return undefined;
  const told = [...onceEach(history.told), ...folded];
  return orderTold(
    told.map((one) => one.event),
    event,
  );
}

/** What the hot state keeps, and what this decision counted besides for runs of older versions. */
function didsCounting(event: Event, states: States, person: PersonState, { listeners, ...context }: DecisionContext) {
  const kept = listeners.counted(event.name);
  const besides = conditionsAsked([event], person, { listeners, ...context }).dids.filter(
    ({ id, events }) => !listeners.dids.has(id) && states[id] !== undefined && events.includes(event.name),
  );
  return [...kept, ...besides];
}

function conclude(
  envelope: Envelope,
  told: readonly ToldEvent[],
  person: PersonState,
  facts: FoldedFacts,
  statesBefore: States,
  progress: Progress,
  context: DecisionContext,
): Outcome {
  const events = told.map(({ event }) => event);
  const { statistics, states } = progress;
  const hot = { ...without(progress.hot), ...keptCounts(states, (id) => context.listeners.dids.has(id), context.zone) };
  const watched = decideWatches(envelope, told, person, facts.attributes, statesBefore, { ...progress, hot }, context);
  if ('needs' in watched) return { kind: 'needs-history', from: watched.needs, final: true };
  const now = { attributes: facts.attributes, hot, statistics };
  const triggers = followDates(withoutEnded(watched.triggers), now, context);
  const loaded = new Set<Instance>(person.instances);
  const changed = [...triggers.instances.values()].filter((instance) => !loaded.has(instance));
  return {
    kind: 'decided',
    attributes: facts.attributes,
    factsChanged: facts.changed,
    proofs: facts.consentChanges.map((change) => ({ ...change, envelopeId: envelope.id })),
    hot: {
      ...hot,
      ...watched.hot,
      generation: context.generation,
      ring: remember(hot.ring, events, { receivedAt: envelope.receivedAt, now: context.now }),
      open: triggers.open,
      claims: unsettledClaims(hot, triggers, context),
    },
    ...(events.some(changesStatistics) ? { statistics } : {}),
    instances: [...changed, ...watched.timer],
    decisions: triggers.decisions,
  };
}

/** What the active config no longer asks for is kept no longer. */
function without({ counts: _counts, watched: _watched, watching: _watching, dates: _dates, ...hot }: HotState): HotState {
  return hot;
}

/** Runs end while nobody tells anything: the hot state forgets those that were looked at. */
const withoutEnded = (state: TriggerState): TriggerState => ({
  ...state,
  open: state.open.filter((run) => state.instances.get(nameOf(run))?.state.kind !== 'ended'),
});

/** Longer than any sender lives: what such a claim was for is logged, or never will be. */
const settledAge = hours(1);

/** A claim leaves with the run it was made for; a run that has ended writes no more. */
function unsettledClaims(
  { claims, open }: HotState,
  triggers: TriggerState,
  { now, pinned }: DecisionContext,
): HotState['claims'] {
  if (claims.length === 0) return claims;
  const gone = open.filter((run) => !triggers.open.some((other) => nameOf(other) === nameOf(run)));
  const settled = new Set(
    gone.flatMap(({ version, key }) => {
      const journey = pinned.get(version)?.journey;
      return journey === undefined ? [] : sendKeysOf(journey, key);
    }),
  );
  return claims.filter(({ sendKey, at }) => !settled.has(sendKey) || at > now - settledAge);
}

export function cartStateOf(hot: HotState): CartState {
  return {
    closedCarts: hot.closedCarts,
    ...(hot.cart === undefined ? {} : { cart: hot.cart }),
    ...(hot.lastOrderAt === undefined ? {} : { lastOrderAt: hot.lastOrderAt }),
  };
}

export function withCart({ cart: _cart, lastOrderAt: _order, ...hot }: HotState, carts: CartState): HotState {
  return { ...hot, ...carts };
}
