/** What time alone, and what is told now, mean for segments that are watched and for dates: starts, and when to look again. */
import { startRun } from '../journeys/start-runs.ts';
import { nameOf, type TriggerContext, type TriggerState } from '../journeys/trigger-state.ts';
import { causedBy } from '../journeys/webhook-depth.ts';
import { watch, watchInstance, watchRef, type FactsAt } from '../journeys/watch.ts';
import type { Envelope, Event } from '../events/event.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Instant } from '../kernel/time.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import type { Attributes, HotState, Watching } from '../profile/profile.ts';
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
}

export interface WatchesDecided {
  readonly triggers: TriggerState;
  readonly hot: Pick<HotState, 'watched' | 'watching'>;
  /** The timer, where it must be armed anew. */
  readonly timer: readonly Instance[];
}

function decide({ before, after, person, told, toldAt, imported, triggers, context }: WatchesInput): WatchesDecided {
  const { listeners, now, zone } = context;
  const { watched = {}, watching } = person.hot;
  if (listeners.watches.length === 0 && listeners.dates.length === 0)
    return { triggers, hot: watching === undefined ? {} : { watching }, timer: [] };
  const zoneFor = ({ zone: choice }: { readonly zone: 'brand' | 'recipient' }): string =>
    choice === 'brand' ? zone : recipientZone(person.attributes, person.hot, zone);
  const decided = watch({ now, listeners, zoneFor, watched, watching, before, after, toldAt });
  const started = decided.starts
    .filter(({ isTimely }) => isTimely || !imported)
    .reduce((state, { version, event, isTimely }) => {
      const chunk = isTimely ? '' : context.chunk;
      const caused = isTimely ? event : causedBy(event, told);
      return startRun(state, version, { event: caused, chunk }, { ...context, facts: after(now) }, isTimely);
    }, triggers);
  const stored = watching?.stored ?? context.existing.get(nameOf(watchRef))?.stored ?? 0;
  const armed = arm(watching, decided.due, now, stored);
  return {
    triggers: started,
    hot: {
      ...(listeners.watches.length === 0 ? {} : { watched: decided.watched }),
      ...(armed.watching === undefined ? {} : { watching: armed.watching }),
    },
    timer: armed.timer,
  };
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
    const kept = armedFor === undefined ? {} : { due: armedFor };
    return { watching: { at: now, stored, ...kept }, timer: [] };
  }
  const next: Watching = { at: now, stored: stored + 1, ...(due === undefined ? {} : { due }) };
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
): WatchesDecided {
  const { zone } = context;
  const { watched, watching } = person.hot;
  const last = told.reduce<ToldEvent | undefined>(
    (latest, one) => (latest === undefined || one.event.occurredAt >= latest.event.occurredAt ? one : latest),
    undefined,
  );
  const isNew = person.attributes.version === 0 && person.hot.version === 0;
  const now = { attributes, statistics, hot: { ...hot, ...(watched && { watched }), ...(watching && { watching }) } };
  const passing: ToldEvent = {
    event: nothing(context.now),
    context: { ...contextOf(envelope), chunk: last?.context.chunk ?? '' },
  };
  return decide({
    before: isNew
      ? undefined
      : (at) => factsOf(person, { now: at, zone }, { counts: statesBefore, ...ordersBesides(person.statistics, context) }),
    after: (at) => factsOf(now, { now: at, zone }, { counts: states, ...ordersBesides(statistics, context, told) }),
    person: now,
    told: told.map(({ event }) => event),
    toldAt: last?.event.occurredAt,
    imported: envelope.imported === true,
    triggers,
    context: triggerContextOf({ hot, statistics, states }, last ?? passing, [], envelope, attributes, person, context),
  });
}

/** A moment in which nobody told anything. */
const nothing = (now: Instant): Event => ({ id: '', type: 'track', name: '', occurredAt: now, properties: {} });

const contextOf = ({ source, trust, receivedAt }: Envelope): Omit<ToldEvent['context'], 'chunk'> => ({
  source,
  trust,
  receivedAt,
});
