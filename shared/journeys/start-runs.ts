/**
 * Does this start a journey, and under which key? From "too late" to "already run", the first that speaks is the reason
 * that is kept (promise 5).
 */
import type { Event } from '../events/event.ts';
import { at as valueAt, textOf, type Json } from '../kernel/json.ts';
import { after, durationText, isoInstant, type Instant } from '../kernel/time.ts';
import type { OpenJourney } from '../profile/profile.ts';
import type { Facts } from '../rules/condition.ts';
import { explainCondition } from '../rules/explain.ts';
import { isRoot, valueAt as factAt } from '../rules/paths.ts';
import { begin, leftNothing } from './advance.ts';
import { entryIdOf } from './entry.ts';
import type { Entry, Instance } from './instance.ts';
import { comparedPaths, type VersionOf } from './listeners.ts';
import { decided, rulesWhere, valuesAt, type Ruling } from './rulings.ts';
import { nameOf, type EventInChunk, type TriggerContext, type TriggerState } from './trigger-state.ts';

/** All that this event starts of one journey: a late one may bring the counts of several others to what is asked. */
export function startRuns(state: TriggerState, version: VersionOf, event: Event, context: TriggerContext): TriggerState {
  const { cause } = version.journey.start;
  switch (cause.kind) {
    case 'segment':
    case 'date':
      return state; // raised by watch.ts alone, whatever a source calls its events
    case 'api':
      return event.properties['journey'] === version.journey.name
        ? startRun(state, version, { event, chunk: context.chunk }, context)
        : state;
    case 'event':
      return startRun(state, version, { event, chunk: context.chunk }, context);
    case 'did': {
      const reached = context.reached(cause.did, event);
      if (reached.length > 0) return reached.reduce((now, one) => startRun(now, version, one, context), state);
      const explained = explainCondition(cause.did, context.facts);
      const ruling: Ruling = {
        fires: false,
        because: explained.holds ? 'not reached by this event' : explained.because,
        seen: explained.holds ? null : explained.seen,
      };
      return { ...state, decisions: [...state.decisions, decided(version.journey.name, event, 'start', ruling, context.now)] };
    }
  }
}

/** `isTimely`: what time alone starts is late only by our own backlog, which loses nothing. */
export function startRun(
  state: TriggerState,
  version: VersionOf,
  { event, chunk }: EventInChunk,
  context: TriggerContext,
  isTimely = false,
): TriggerState {
  const { journey } = version;
  const facts: Facts = { ...context.facts, event: event.properties };
  const key = keyFor(version, event, { ...context, facts });
  const former = key === undefined ? undefined : formerRun(state, nameOf({ journey: journey.name, key }), context);
  const ruling = rulesStart(state, version, event, { key, former, isTimely }, { ...context, facts });
  const decisions = [...state.decisions, decided(journey.name, event, 'start', ruling, context.now)];
  if (!ruling.fires || key === undefined) return { ...state, decisions };
  const entry: Entry = {
    event: event.name,
    at: event.occurredAt,
    chunk,
    ...(chunk === '' ? {} : { id: entryIdOf(event) }),
    ...valuesAt(comparedPaths(journey), event),
  };
  const begun = begin(
    journey,
    { journey: journey.name, key, version: version.hash, startedAt: context.now, entry },
    { ...context, facts },
  );
  const isOpen = begun.state.kind !== 'ended';
  const open: OpenJourney = { journey: journey.name, key, version: version.hash };
  const instances = new Map([...state.instances, [nameOf(begun), { ...begun, stored: former?.stored ?? 0 }]]);
  return { open: isOpen ? [...state.open, open] : state.open, instances, decisions };
}

const formerRun = ({ instances }: TriggerState, name: string, { existing }: TriggerContext): Instance | undefined =>
  instances.get(name) ?? existing.get(name);

interface Candidate {
  readonly key: string | undefined;
  readonly former: Instance | undefined;
  readonly isTimely: boolean;
}

function rulesStart(
  state: TriggerState,
  version: VersionOf,
  event: Event,
  { key, former, isTimely }: Candidate,
  context: TriggerContext,
): Ruling {
  const { journey } = version;
  const { late, rest } = journey.start;
  const limit = (from: Instant): Instant => after(from, late, context.zone);
  if (!isTimely && (limit(event.occurredAt) < context.receivedAt || limit(context.receivedAt) < context.now)) {
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

/** Ids of things stay readable; whatever could name a person is hashed. A date comes once on its day, whatever the run is named by. */
function keyFor({ journey }: VersionOf, event: Event, context: TriggerContext): string | undefined {
  const { reentry, cause } = journey.start;
  switch (reentry.kind) {
    case 'once':
      return '-';
    case 'always':
      return cause.kind === 'date' ? textOf(event.properties['day']) : context.hashed(event.id);
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
