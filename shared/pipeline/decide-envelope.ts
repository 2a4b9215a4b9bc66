/**
 * What one envelope means for one person: facts, cart, statistics, journeys, and why. Pure: the stage loads before and
 * commits after; when it must know more of the past, it is told so.
 */
import type { Consents } from '../consent/consent.ts';
import type { Envelope, Event } from '../events/event.ts';
import type { Identifier } from '../events/identifier.ts';
import type { Instance } from '../journeys/instance.ts';
import { sendKeysOf, type Listeners, type VersionOf } from '../journeys/listeners.ts';
import { closeCart, nameOf, trigger, type TriggerContext, type TriggerState } from '../journeys/trigger.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { hours, type Instant } from '../kernel/time.ts';
import type { Proof } from '../ports.ts';
import type { Cart } from '../profile/cart.ts';
import { foldFacts, type FoldedFacts } from '../profile/fold-attributes.ts';
import { inCartTime, type CartState, type ToldEvent } from '../profile/fold-cart.ts';
import { changesStatistics, foldStatistics, ordersFacts } from '../profile/fold-statistics.ts';
import { placeCartEvent, toldIn, type History } from '../profile/place-cart-event.ts';
import type { Attributes, HotState } from '../profile/profile.ts';
import { remember } from '../profile/ring.ts';
import type { Statistics } from '../profile/statistics.ts';
import type { Decision } from '../profile/timeline.ts';
import type { Facts } from '../rules/condition.ts';

export interface PersonState {
  readonly attributes: Attributes;
  readonly hot: HotState;
  readonly statistics: Statistics;
  readonly instances: readonly Instance[];
  /** Runs found to exist that are not open, by `nameOf`. */
  readonly existing: ReadonlyMap<string, Instance>;
}

export interface DecisionContext {
  readonly now: Instant;
  readonly zone: string;
  readonly generation: number;
  readonly mayWrite: boolean;
  readonly identifiers: readonly Identifier[];
  readonly listeners: Listeners;
  readonly pinned: ReadonlyMap<string, VersionOf>;
  readonly hashed: (text: string) => string;
  /** The person's events from the asked chunk on, once they were asked for. */
  readonly history?: History;
}

export interface Decided {
  readonly kind: 'decided';
  readonly attributes: Attributes;
  readonly factsChanged: boolean;
  readonly proofs: readonly Proof[];
  readonly hot: HotState;
  /** Only when they changed. */
  readonly statistics?: Statistics;
  /** Begun, moved or ended here. */
  readonly instances: readonly Instance[];
  readonly decisions: readonly Decision[];
}

export type Outcome = Decided | { readonly kind: 'needs-history'; readonly from: string };

interface Progress {
  readonly hot: HotState;
  readonly statistics: Statistics;
  readonly triggers: TriggerState;
}

/** `fresh`: the events of the envelope that no one has seen, at least one. */
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
  let progress: Progress = {
    hot: person.hot,
    statistics: person.statistics,
    triggers: { open: person.hot.open, instances, decisions: [] },
  };
  for (const [index, one] of told.entries()) {
    const next = foldEvent(progress, one, told.slice(0, index), envelope, facts.attributes, person, context);
    if ('needs' in next) return { kind: 'needs-history', from: next.needs };
    progress = next;
  }
  return conclude(envelope, events, person, facts, progress, context);
}

function foldEvent(
  before: Progress,
  told: ToldEvent,
  folded: readonly ToldEvent[],
  envelope: Envelope,
  attributes: Attributes,
  person: PersonState,
  context: DecisionContext,
): Progress | { readonly needs: string } {
  const { event } = told;
  const placed = placeCartEvent(cartStateOf(before.hot), told, {
    folded,
    lastSeen: person.hot.lastSeen,
    ...(context.history === undefined ? {} : { history: context.history }),
  });
  if ('needs' in placed) return placed;
  const hot = withCart({ ...before.hot, lastSeen: Math.max(before.hot.lastSeen, event.occurredAt) }, placed.state);
  const statistics = foldStatistics(before.statistics, event, context.zone);
  const triggerContext: TriggerContext = {
    ...context,
    receivedAt: envelope.receivedAt,
    imported: envelope.imported === true,
    chunk: told.context.chunk,
    facts: factsOf(attributes, hot, statistics, event.properties),
    lastMessages: hot.lastMessages,
    existing: person.existing,
  };
  let triggers = trigger(before.triggers, event, triggerContext);
  if (placed.outcome.kind === 'closed') triggers = closeCart(triggers, event, placed.outcome.cartId, triggerContext);
  // A late order ended the run of an older cart: the cart that came after it begins its own.
  const isFreed = event.name === 'Order Completed' && triggers.open.length < before.triggers.open.length;
  if ((placed.outcome.kind === 'updated' || isFreed) && hot.cart !== undefined) {
    const updated = cartUpdated(event, hot.cart, hot);
    triggers = trigger(triggers, updated, { ...triggerContext, facts: factsOf(attributes, hot, statistics, updated.properties) });
  }
  return { hot, statistics, triggers };
}

/** Raised after every event that changes the cart or checkout, whatever the source; a late one moves no wait back. */
export const cartUpdated = (cause: Pick<Event, 'id'>, cart: Cart, hot: HotState): Event => ({
  id: `${cause.id}/cart`,
  type: 'track',
  name: 'Cart Updated',
  occurredAt: cart.changedAt,
  properties: { ...cartFacts(hot), cart_id: cart.id },
});

function conclude(
  envelope: Envelope,
  events: readonly Event[],
  person: PersonState,
  facts: FoldedFacts,
  { hot, statistics, triggers }: Progress,
  context: DecisionContext,
): Decided {
  const loaded = new Set<Instance>(person.instances);
  const changed = [...triggers.instances.values()].filter((instance) => !loaded.has(instance));
  return {
    kind: 'decided',
    attributes: facts.attributes,
    factsChanged: facts.changed,
    proofs: facts.consentChanges.map((change) => ({ ...change, envelopeId: envelope.id })),
    hot: {
      ...hot,
      generation: context.generation,
      ring: remember(hot.ring, events, { receivedAt: envelope.receivedAt, now: context.now }),
      open: triggers.open,
      claims: unsettledClaims(hot, triggers, context),
    },
    ...(events.some(changesStatistics) ? { statistics } : {}),
    instances: changed,
    decisions: triggers.decisions,
  };
}

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

/** What conditions may look at. */
export const factsOf = (attributes: Attributes, hot: HotState, statistics: Statistics, event?: JsonObject): Facts => ({
  ...(event === undefined ? {} : { event }),
  traits: { ...traitValues(attributes), consent: consentFacts(attributes.consents) },
  cart: cartFacts(hot),
  orders: { ...ordersFacts(statistics) },
});

const traitValues = (attributes: Attributes): Record<string, Json> =>
  Object.fromEntries(Object.entries(attributes.traits).map(([name, { value }]) => [name, value]));

const consentFacts = (consents: Consents): JsonObject =>
  Object.fromEntries(Object.entries(consents).map(([key, state]) => [key.split('.', 1)[0] ?? key, state.state === 'granted']));

function cartFacts({ cart }: HotState): JsonObject {
  if (cart === undefined) return {};
  const { id, value, quantity, currency, url } = cart;
  const money = { ...(value === undefined ? {} : { value }), ...(currency === undefined ? {} : { currency }) };
  return { id, quantity, ...money, ...(url === undefined ? {} : { url }) };
}
