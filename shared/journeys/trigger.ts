/**
 * What one event does to a person's journeys: ends, restarts, starts, each with the reason it did or did not (promise 5).
 * Pure; what is returned is committed with the hot state or not at all.
 */
import type { Event } from '../events/event.ts';
import { at as valueAt, textOf, type Json } from '../kernel/json.ts';
import { after, durationText, isoInstant, type Instant } from '../kernel/time.ts';
import type { OpenJourney } from '../profile/profile.ts';
import type { Decision } from '../profile/timeline.ts';
import type { Facts } from '../rules/condition.ts';
import { compileCondition } from '../rules/compile.ts';
import { explainCondition } from '../rules/explain.ts';
import { isRoot, valueAt as factAt } from '../rules/paths.ts';
import { begin, end, leftNothing } from './advance.ts';
import type { Instance } from './instance.ts';
import type { EventPattern } from './journey.ts';
import { isAboutCart, restartsOn, type Listeners, type VersionOf } from './listeners.ts';

export interface TriggerState {
  readonly open: readonly OpenJourney[];
  /** Loaded or just begun, by `nameOf`. */
  readonly instances: ReadonlyMap<string, Instance>;
  readonly decisions: readonly Decision[];
}

export interface TriggerContext {
  readonly now: Instant;
  readonly zone: string;
  readonly receivedAt: Instant;
  readonly imported: boolean;
  readonly chunk: string;
  readonly facts: Facts;
  readonly listeners: Listeners;
  /** Versions that open runs are pinned to, by hash. */
  readonly pinned: ReadonlyMap<string, VersionOf>;
  readonly lastMessages: Readonly<Record<string, Instant>>;
  /** Runs that exist although they are not open, by `nameOf`; `stored` is 0 where the item is another of the person's ids'. */
  readonly existing: ReadonlyMap<string, Instance>;
  /** Keyed hash, for re-entry keys that could be personal data. */
  readonly hashed: (text: string) => string;
}

export const nameOf = ({ journey, key }: { readonly journey: string; readonly key: string }): string => `${journey}\n${key}`;

type Ruling =
  { readonly fires: true; readonly because: string } | { readonly fires: false; readonly because: string; readonly seen: Json };

export function trigger(state: TriggerState, event: Event, context: TriggerContext): TriggerState {
  if (context.imported) return state; // history changes the profile only
  const settled = state.open.reduce((now, open) => settle(now, open, event, context), state);
  return context.listeners.starts(event.name).reduce((now, version) => start(now, version, event, context), settled);
}

/** The cart is gone: runs about it have nothing left to say. */
export function closeCart(state: TriggerState, event: Event, cartId: string, context: TriggerContext): TriggerState {
  if (context.imported) return state;
  return state.open.reduce((now, open) => {
    const version = context.pinned.get(open.version);
    const instance = now.instances.get(nameOf(open));
    if (version === undefined || instance === undefined || instance.state.kind === 'ended' || !isAboutCart(version.journey))
      return now;
    const because = 'the cart was closed or emptied';
    const ended = end(instance, 'cart-closed', { at: context.now, outcome: 'ended', because, seen: cartId });
    const decision = decided(open.journey, event, 'exit', { fires: true, because }, context.now);
    return { open: without(now.open, open), instances: withInstance(now, ended), decisions: [...now.decisions, decision] };
  }, state);
}

/** Ends or restarts one open run; forgets it where it has ended meanwhile. */
function settle(state: TriggerState, open: OpenJourney, event: Event, context: TriggerContext): TriggerState {
  const version = context.pinned.get(open.version);
  const instance = state.instances.get(nameOf(open));
  if (version === undefined || instance === undefined) return state;
  if (instance.state.kind === 'ended') return { ...state, open: without(state.open, open) };
  const { exit } = version.journey;
  if (exit?.on.includes(event.name) === true) {
    const ruling = rulesExit(exit, instance, event, context);
    const decision = decided(open.journey, event, 'exit', ruling, context.now);
    const ruled = { ...state, decisions: [...state.decisions, decision] };
    if (!ruling.fires) return ruled;
    const ended = end(instance, 'exit', {
      at: context.now,
      outcome: 'ended',
      because: `${event.name} at ${isoInstant(event.occurredAt)}`,
    });
    return { ...ruled, open: without(ruled.open, open), instances: withInstance(ruled, ended) };
  }
  return restartsOn(version.journey, event.name) ? restart(state, open, instance, version, event, context) : state;
}

/** At equal seconds the exit wins. */
const second = (at: Instant): number => Math.floor(at / 1_000);

function rulesExit(exit: EventPattern, instance: Instance, event: Event, context: TriggerContext): Ruling {
  if (second(event.occurredAt) < second(instance.entry.at)) {
    return {
      fires: false,
      because: `happened before the journey's own ${instance.entry.event}`,
      seen: isoInstant(event.occurredAt),
    };
  }
  return rulesWhere(exit, context.facts, 'exit condition holds');
}

function rulesWhere(pattern: EventPattern, facts: Facts, because: string): Ruling {
  if (pattern.where === undefined || compileCondition(pattern.where)(facts)) return { fires: true, because };
  const explained = explainCondition(pattern.where, facts);
  return explained.holds ? { fires: true, because } : { fires: false, because: explained.because, seen: explained.seen };
}

function restart(
  state: TriggerState,
  open: OpenJourney,
  instance: Instance,
  version: VersionOf,
  event: Event,
  context: TriggerContext,
): TriggerState {
  const step = instance.state.kind === 'waiting' ? version.journey.steps[instance.state.step] : undefined;
  const waits = step?.kind === 'wait' && step.restartOn.includes(event.name);
  const restarted: OpenJourney = {
    ...open,
    restarts: { ...open.restarts, [event.name]: Math.max(event.occurredAt, open.restarts?.[event.name] ?? 0) },
  };
  const ruling: Ruling = waits
    ? { fires: true, because: 'the wait counts again from here' }
    : { fires: false, because: 'no wait that this event restarts is under way', seen: instance.state.kind };
  return {
    ...state,
    open: state.open.map((other) => (nameOf(other) === nameOf(open) ? restarted : other)),
    decisions: [...state.decisions, decided(open.journey, event, 'restart', ruling, context.now)],
  };
}

function start(state: TriggerState, version: VersionOf, event: Event, context: TriggerContext): TriggerState {
  const key = keyFor(version, event, context);
  const former = key === undefined ? undefined : formerRun(state, nameOf({ journey: version.journey.name, key }), context);
  const ruling = rulesStart(state, version, event, { key, former }, context);
  const decisions = [...state.decisions, decided(version.journey.name, event, 'start', ruling, context.now)];
  if (!ruling.fires || key === undefined) return { ...state, decisions };
  const entry = { event: event.name, at: event.occurredAt, chunk: context.chunk };
  const begun = begin(
    version.journey,
    { journey: version.journey.name, key, version: version.hash, startedAt: context.now, entry },
    context,
  );
  const isOpen = begun.state.kind !== 'ended';
  const open: OpenJourney = { journey: version.journey.name, key, version: version.hash };
  const instances = withInstance(state, { ...begun, stored: former?.stored ?? 0 });
  return { open: isOpen ? [...state.open, open] : state.open, instances, decisions };
}

const formerRun = ({ instances }: TriggerState, name: string, { existing }: TriggerContext): Instance | undefined =>
  instances.get(name) ?? existing.get(name);

/** From "too late" to "already run": the first that speaks is the reason that is kept. */
function rulesStart(
  state: TriggerState,
  version: VersionOf,
  event: Event,
  { key, former }: { readonly key: string | undefined; readonly former: Instance | undefined },
  context: TriggerContext,
): Ruling {
  const { journey } = version;
  const { late, rest } = journey.start;
  const limit = (from: Instant): Instant => after(from, late, context.zone);
  if (limit(event.occurredAt) < context.receivedAt || limit(context.receivedAt) < context.now) {
    return {
      fires: false,
      because: `older than ${durationText(late)} when it was seen`,
      seen: isoInstant(event.occurredAt),
    };
  }
  const where = rulesWhere(journey.start, context.facts, 'start condition holds');
  if (!where.fires) return where;
  if (rest !== undefined) {
    const open = state.open.find(
      (other) => other.journey === journey.name && state.instances.get(nameOf(other))?.state.kind !== 'ended',
    );
    if (open !== undefined) return { fires: false, because: 'already under way', seen: open.key };
    const last = context.lastMessages[journey.name];
    if (last !== undefined && after(last, rest, context.zone) > event.occurredAt) {
      return { fires: false, because: `rests ${durationText(rest)} after its last message`, seen: isoInstant(last) };
    }
  }
  if (key === undefined) return { fires: false, because: `no value for ${reentryPath(version)} to run once per`, seen: null };
  if (former !== undefined && !leftNothing(former)) return { fires: false, because: `already run once for ${key}`, seen: key };
  return { fires: true, because: where.because };
}

const reentryPath = ({ journey }: VersionOf): string =>
  journey.start.reentry.kind === 'once-per' ? journey.start.reentry.path.join('.') : '';

/** Ids of things stay readable; whatever could name a person is hashed. */
function keyFor({ journey }: VersionOf, event: Event, context: TriggerContext): string | undefined {
  const { reentry } = journey.start;
  switch (reentry.kind) {
    case 'once':
      return '-';
    case 'always':
      return context.hashed(event.id);
    case 'once-per': {
      const value = textOf(valueFor(reentry.path, event, context.facts));
      const isPlain = value !== undefined && reentry.path[0] === 'cart' && /^[\w.:-]{1,64}$/.test(value);
      return value === undefined || isPlain ? value : context.hashed(value);
    }
  }
}

/** A path without a root names a property of the event, else a trait. */
const valueFor = (path: readonly string[], event: Event, facts: Facts): Json | undefined =>
  isRoot(path[0]) ? factAt(facts, path) : (valueAt(event.properties, path) ?? valueAt(facts.traits, path));

const decided = (rule: string, event: Event, moment: Decision['moment'], ruling: Ruling, at: Instant): Decision => ({
  at,
  rule,
  event: event.name,
  moment,
  outcome: ruling.fires ? 'fired' : 'not',
  because: ruling.because,
  seen: ruling.fires ? null : ruling.seen,
});

const without = (open: readonly OpenJourney[], gone: OpenJourney): readonly OpenJourney[] =>
  open.filter((other) => nameOf(other) !== nameOf(gone));

const withInstance = (state: TriggerState, instance: Instance): ReadonlyMap<string, Instance> =>
  new Map([...state.instances, [nameOf(instance), instance]]);
