/** What time alone, and what is told now, mean for segments that are watched and for dates: starts, and when to look again. */
import { startRun } from '../journeys/start-runs.ts';
import { nameOf, type TriggerContext, type TriggerState } from '../journeys/trigger-state.ts';
import { causedBy } from '../journeys/webhook-depth.ts';
import { catchUp } from '../journeys/trigger.ts';
import { watch, watchInstance, watchRef, type FactsAt, type RaisedStart } from '../journeys/watch.ts';
import { datesReached, datesToCome, unreadableDates } from '../journeys/watched-dates.ts';
import type { Envelope, Event } from '../events/event.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Instant } from '../kernel/time.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import type { Attributes, HotState, Watching } from '../profile/profile.ts';
import { mayMiss, timelineSince } from './asked-of-past.ts';
import type { States } from './count-events.ts';
import type { DecisionContext, PersonState, Progress } from './decision.ts';
import { factsOf, recipientZone, type PersonNow } from './person-facts.ts';
import { ordersBesides, triggerContextOf } from './trigger-context.ts';

interface WatchesInput {
  /** Absent for somebody who was nobody. */
  readonly before: FactsAt | undefined;
  readonly after: FactsAt;
  readonly person: PersonNow;
  readonly told: readonly Event[];
  readonly toldAt: Instant | undefined;
  readonly imported: boolean;
  readonly triggers: TriggerState;
  readonly context: TriggerContext;
  /** Where the timeline must be read first, to know what happened since this moment. */
  readonly missingSince: (moment: Instant) => string | undefined;
}

export interface WatchesDecided {
  readonly triggers: TriggerState;
  readonly hot: Pick<HotState, 'watched' | 'watching' | 'dates'>;
  /** The timer, where it must be armed anew. */
  readonly timer: readonly Instance[];
}

/** `needs`: where the timeline must begin. */
export type WatchesOutcome = WatchesDecided | { readonly needs: string };

function decide(input: WatchesInput): WatchesOutcome {
  const { before, after, person, told, toldAt, imported, triggers, context } = input;
  const { listeners, now, zone } = context;
  const { watched = {}, watching, dates: ahead = {} } = person.hot;
  if (listeners.watches.length === 0 && listeners.dates.length === 0) return { triggers, ...atRest(watching, now) };
  const zoneFor = ({ zone: choice }: { readonly zone: 'brand' | 'recipient' }): string =>
    choice === 'brand' ? zone : recipientZone(person.attributes, person.hot, zone);
  const dates = { now, listeners, zoneFor, ahead, traits: after(now).traits };
  const decided = watch({ now, listeners, watched, watching, before, after, toldAt });
  const starts = [...decided.starts, ...datesReached(dates)]
    .filter(({ isTimely }) => isTimely || !imported)
    .toSorted((a, b) => a.event.occurredAt - b.event.occurredAt);
  const decisions = [...triggers.decisions, ...unreadableDates(dates, told)];
  const started = startAll(starts, { ...triggers, decisions }, input);
  if ('needs' in started) return started;
  const toCome = datesToCome(dates, started.came);
  const dues = [decided.due, ...Object.values(toCome).map(({ next }) => next)].filter((due) => due !== undefined);
  const stored = watching?.stored ?? context.existing.get(nameOf(watchRef))?.stored ?? 0;
  const armed = arm(watching, dues.length === 0 ? undefined : Math.min(...dues), now, stored);
  return {
    triggers: started.triggers,
    hot: {
      ...(listeners.watches.length === 0 ? {} : { watched: decided.watched }),
      ...(Object.keys(toCome).length === 0 ? {} : { dates: toCome }),
      ...(armed.watching === undefined ? {} : { watching: armed.watching }),
    },
    timer: armed.timer,
  };
}

/** No live journey watches anything: a timer that lies ahead costs nothing, and ends when it fires. */
function atRest(watching: Watching | undefined, now: Instant): Omit<WatchesDecided, 'triggers'> {
  if (watching?.due === undefined) return { hot: {}, timer: [] };
  if (watching.due > now) return { hot: { watching }, timer: [] };
  return { hot: {}, timer: [watchInstance(undefined, now, watching.stored)] };
}

interface Started {
  readonly triggers: TriggerState;
  /** By name of the journey: when its date started a run. */
  readonly came: ReadonlyMap<string, Instant>;
}

function startAll(
  starts: readonly RaisedStart[],
  triggers: TriggerState,
  { after, context, told, missingSince }: WatchesInput,
): Started | { readonly needs: string } {
  const came = new Map<string, Instant>();
  let state = triggers;
  for (const { version, event, isTimely, hearsFrom } of starts) {
    const { journey } = version;
    const facing = { ...context, facts: after(context.now) };
    const chunked = isTimely ? { event, chunk: '' } : { event: causedBy(event, told), chunk: context.chunk };
    const begun = startRun(state, version, chunked, facing, isTimely);
    const [open] = begun.open.filter((one) => !state.open.includes(one));
    if (begun.instances !== state.instances && journey.start.cause.kind === 'date') came.set(journey.name, event.occurredAt);
    state = begun;
    if (open === undefined || !mayMiss(journey)) continue;
    const needs = missingSince(hearsFrom);
    if (needs !== undefined) return { needs };
    state = catchUp(begun, open, facing, hearsFrom);
  }
  return { triggers: state, came };
}

/** One that moves later is moved when it fires; one that moves earlier at once (design section 3, Timers). */
function arm(
  watching: Watching | undefined,
  due: Instant | undefined,
  now: Instant,
  stored: number,
): { readonly watching?: Watching; readonly timer: readonly Instance[] } {
  const armedFor = watching?.due;
  const stands = armedFor !== undefined && armedFor > now && (due === undefined || due >= armedFor);
  if (stands || (armedFor === undefined && due === undefined)) {
    return { ...(watching === undefined ? {} : { watching }), timer: [] };
  }
  const next: Watching = { stored: stored + 1, ...(due === undefined ? {} : { due }) };
  return { watching: next, timer: [watchInstance(due, now, stored)] };
}

/** `statesBefore`: counted without what is told now. */
export function decideWatches(
  envelope: Envelope,
  told: readonly ToldEvent[],
  person: PersonState,
  attributes: Attributes,
  statesBefore: States,
  { hot, statistics, states, triggers }: Progress,
  context: DecisionContext,
): WatchesOutcome {
  const { zone, history } = context;
  const { watched, watching, dates } = person.hot;
  const last = told.reduce<ToldEvent | undefined>(
    (latest, one) => (latest === undefined || one.event.occurredAt >= latest.event.occurredAt ? one : latest),
    undefined,
  );
  const isNew = person.attributes.version === 0 && person.hot.version === 0;
  const kept = { ...(watched && { watched }), ...(watching && { watching }), ...(dates && { dates }) };
  const now = { attributes, statistics, hot: { ...hot, ...kept } };
  const passing: ToldEvent = {
    event: nothing(context.now),
    context: { ...contextOf(envelope), chunk: last?.context.chunk ?? '' },
  };
  const after: FactsAt = (at) => factsOf(now, { now: at, zone }, { counts: states, ...ordersBesides(statistics, context, told) });
  return decide({
    before: isNew
      ? undefined
      : (at) => factsOf(person, { now: at, zone }, { counts: statesBefore, ...ordersBesides(person.statistics, context) }),
    after,
    person: now,
    toldAt: last?.event.occurredAt,
    imported: envelope.imported === true,
    triggers,
    told: told.map(({ event }) => event),
    context: triggerContextOf({ hot, statistics, states }, last ?? passing, told, envelope, attributes, person, context),
    missingSince: (moment) => {
      const from = timelineSince(moment);
      return moment >= person.hot.lastSeen || (history !== undefined && history.from <= from) ? undefined : from;
    },
  });
}

/** A moment in which nobody told anything. */
const nothing = (now: Instant): Event => ({ id: '', type: 'track', name: '', occurredAt: now, properties: {} });

const contextOf = ({ source, trust, receivedAt }: Envelope): Omit<ToldEvent['context'], 'chunk'> => ({
  source,
  trust,
  receivedAt,
});
