/**
 * What one event does to a person's journeys: ends, moves, restarts, starts, each with the reason it did or did not
 * (promise 5). Pure; what is returned is committed with the hot state or not at all.
 */
import type { Event } from '../events/event.ts';
import { isoInstant, type Instant } from '../kernel/time.ts';
import type { OpenJourney } from '../profile/profile.ts';
import type { Decision } from '../profile/timeline.ts';
import { awaits, end, resume, wasHeard } from './advance.ts';
import type { Instance } from './instance.ts';
import type { Journey, RunPattern } from './journey.ts';
import { isAboutCart, mentionsEvent, restartsOn, waitsFor, type VersionOf } from './listeners.ts';
import { decided, rulesPattern, type Ruling } from './rulings.ts';
import { startRuns } from './start-runs.ts';
import { nameOf, type TriggerContext, type TriggerState } from './trigger-state.ts';

export function trigger(state: TriggerState, event: Event, context: TriggerContext): TriggerState {
  if (context.imported) return state; // history changes the profile only
  const settled = state.open.reduce((now, open) => settle(now, open, event, context), state);
  return context.listeners.starts(event.name).reduce((now, version) => {
    const started = startRuns(now, version, event, context);
    const begun = started.open.filter((open) => !now.open.includes(open));
    return begun.reduce((all, open) => catchUp(all, open, context), started);
  }, settled);
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

/** A run that was just begun sees what was told before and happened after what it began with, or after `from`, in time. */
export function catchUp(state: TriggerState, open: OpenJourney, context: TriggerContext, from?: Instant): TriggerState {
  const start = from ?? state.instances.get(nameOf(open))?.entry.at;
  if (start === undefined) return state;
  const missed = context.since(start).filter(({ occurredAt }) => occurredAt > start);
  return missed.reduce((now, other) => {
    const current = now.open.find((one) => nameOf(one) === nameOf(open));
    const instance = now.instances.get(nameOf(open));
    if (current === undefined || instance === undefined || wasHeard(instance, other)) return now;
    // What comes after it has its own turn.
    const since = (at: Instant): readonly Event[] => context.since(at).filter(({ occurredAt }) => occurredAt <= other.occurredAt);
    return firedAlone(now, settle(now, current, other, { ...about(other, context), since }));
  }, state);
}

/** A wait that this run has come to may be for what was told before. Exits and restarts were seen when they were told. */
function hear(state: TriggerState, open: OpenJourney, version: VersionOf, from: Instant, context: TriggerContext): TriggerState {
  const instance = state.instances.get(nameOf(open));
  if (instance === undefined) return state;
  for (const other of context.since(from)) {
    if (wasHeard(instance, other) || awaits(version.journey, instance, other, context).kind !== 'awaited') continue;
    const heard = awaited(state, open, instance, version, other, about(other, context));
    if (heard.instances.get(nameOf(open)) !== instance) return firedAlone(state, heard);
  }
  return state;
}

const about = ({ properties }: Event, context: TriggerContext): TriggerContext => ({
  ...context,
  facts: { ...context.facts, event: properties },
});

/** Of what was explained when it was told, only what changes a run now. */
const firedAlone = (before: TriggerState, after: TriggerState): TriggerState => ({
  ...after,
  decisions: [
    ...before.decisions,
    ...after.decisions.slice(before.decisions.length).filter(({ outcome }) => outcome === 'fired'),
  ],
});

/** Ends, moves or restarts one open run; forgets it where it has ended meanwhile. */
function settle(state: TriggerState, open: OpenJourney, event: Event, context: TriggerContext): TriggerState {
  const version = context.pinned.get(open.version);
  const instance = state.instances.get(nameOf(open));
  if (version === undefined || instance === undefined) return state;
  if (instance.state.kind === 'ended') return { ...state, open: without(state.open, open) };
  const { journey } = version;
  const exited =
    journey.exit?.on.includes(event.name) === true ? exit(state, open, instance, journey.exit, event, context) : state;
  if (exited.open.length < state.open.length) return exited;
  const moved = waitsFor(journey, event.name) ? awaited(exited, open, instance, version, event, context) : exited;
  return restartsOn(journey, event.name) ? restart(moved, open, instance, version, event, context) : moved;
}

/** At equal seconds the exit wins. */
const second = (at: Instant): number => Math.floor(at / 1_000);

function exit(
  state: TriggerState,
  open: OpenJourney,
  instance: Instance,
  pattern: RunPattern,
  event: Event,
  context: TriggerContext,
): TriggerState {
  const ruling = rulesExit(pattern, instance, event, context);
  const ruled = withDecision(state, decided(open.journey, event, 'exit', ruling, context.now));
  if (!ruling.fires) return ruled;
  const because = `${event.name} at ${isoInstant(event.occurredAt)}`;
  const ended = end(instance, 'exit', { at: context.now, outcome: 'ended', because });
  return { ...ruled, open: without(ruled.open, open), instances: withInstance(ruled, ended) };
}

function rulesExit(pattern: RunPattern, instance: Instance, event: Event, context: TriggerContext): Ruling {
  if (second(event.occurredAt) < second(instance.entry.at)) {
    return {
      fires: false,
      because: `happened before the journey's own ${instance.entry.event}`,
      seen: isoInstant(event.occurredAt),
    };
  }
  return rulesPattern(pattern, instance, event, context.facts, 'exit condition holds');
}

/** To a run, `event` is the one that started it: what looks at it is left to advance-journeys, which knows it. */
const afterWait = ({ facts: { event: _event, ...facts }, ...context }: TriggerContext): TriggerContext => ({
  ...context,
  facts,
  canDecide: (condition) => !mentionsEvent(condition) && context.canDecide(condition),
});

/** What the run waits for, or may wait for later: then it is remembered that it happened. */
function awaited(
  state: TriggerState,
  open: OpenJourney,
  instance: Instance,
  version: VersionOf,
  event: Event,
  context: TriggerContext,
): TriggerState {
  const { journey } = version;
  const known = awaits(journey, instance, event, context);
  switch (known.kind) {
    case 'not-now': {
      const ruling = { fires: false, because: 'no wait for this event is under way', seen: instance.state.kind } as const;
      return remembering(withDecision(state, decided(open.journey, event, 'wait', ruling, context.now)), open, event);
    }
    case 'no': {
      const ruled = withDecision(state, decided(open.journey, event, 'wait', { ...known, fires: false }, context.now));
      return isAwaitedElsewhere(journey, instance, event) ? remembering(ruled, open, event) : ruled;
    }
    case 'awaited': {
      const ruling = rulesPattern(known.pattern, instance, event, context.facts, 'the wait is over');
      const ruled = withDecision(state, decided(open.journey, event, 'wait', ruling, context.now));
      if (!ruling.fires) return isAwaitedElsewhere(journey, instance, event) ? remembering(ruled, open, event) : ruled;
      const resumed = resume(journey, instance, event, afterWait(context));
      const moved = { ...ruled, instances: withInstance(ruled, resumed) };
      return resumed.state.kind === 'ended'
        ? { ...moved, open: without(moved.open, open) }
        : hear(moved, open, version, event.occurredAt, context);
    }
  }
}

/** What is not for this wait may be for the next one. */
const isAwaitedElsewhere = ({ steps }: Journey, { state }: Instance, { name }: Event): boolean =>
  state.kind === 'waiting' &&
  steps.some((step, index) => index !== state.step && step.kind === 'wait-event' && step.pattern.on.includes(name));

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
  const ruling: Ruling = waits
    ? { fires: true, because: 'the wait counts again from here' }
    : { fires: false, because: 'no wait that this event restarts is under way', seen: instance.state.kind };
  return remembering(withDecision(state, decided(open.journey, event, 'restart', ruling, context.now)), open, event);
}

/** The hot state is written anyway: the run's own item is left alone. */
function remembering(state: TriggerState, open: OpenJourney, event: Event): TriggerState {
  const heard = (one: OpenJourney): OpenJourney => ({
    ...one,
    restarts: { ...one.restarts, [event.name]: Math.max(event.occurredAt, one.restarts?.[event.name] ?? 0) },
  });
  return { ...state, open: state.open.map((other) => (nameOf(other) === nameOf(open) ? heard(other) : other)) };
}

const withDecision = (state: TriggerState, decision: Decision): TriggerState => ({
  ...state,
  decisions: [...state.decisions, decision],
});

const without = (open: readonly OpenJourney[], gone: OpenJourney): readonly OpenJourney[] =>
  open.filter((other) => nameOf(other) !== nameOf(gone));

const withInstance = (state: TriggerState, instance: Instance): ReadonlyMap<string, Instance> =>
  new Map([...state.instances, [nameOf(instance), instance]]);
