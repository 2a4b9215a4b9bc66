/**
 * advance(instance, happening) → instance + orders. Pure: every step from one wait to the next, with the reason kept
 * (promise 5). A wait counts from the instant the step before was due, not from when somebody got round to it (promise 4).
 */
import type { Event } from '../events/event.ts';
import { hours, isoInstant, type Instant } from '../kernel/time.ts';
import type { MessageStatus } from '../messages/message.ts';
import { effectOf, outcomeOfEffect } from './effects.ts';
import type { EndReason, Instance, InstanceState, StepRecord } from './instance.ts';
import type { Journey, RunPattern } from './journey.ts';
import { labelOf, queued, run, sendingAttempts, sendingTimer, withRecord, type AdvanceContext } from './run-steps.ts';
import { endOfWait, momentAfter } from './waits.ts';

export type { AdvanceContext } from './run-steps.ts';

type Waiting = Extract<InstanceState, { kind: 'waiting' }>;
type Sending = Extract<InstanceState, { kind: 'sending' }>;

/** Will nobody queue this run's message again? */
export const isLastAsking = ({ state }: Instance): boolean => state.kind !== 'sending' || state.attempt >= sendingAttempts;

/** The first run: from the event to the first wait or message. */
export function begin(journey: Journey, start: Omit<Instance, 'state' | 'log' | 'stored'>, context: AdvanceContext): Instance {
  const log: StepRecord[] = [{ step: 'start', at: context.now, outcome: `started by ${start.entry.event}` }];
  const begun: Instance = { ...start, stored: 0, log, state: { kind: 'ended', because: 'completed', at: start.entry.at } };
  return run(journey, begun, 0, start.entry.at, context);
}

export type Fired =
  /** Its time has not come, or it has ended: nothing to do. */
  | { readonly kind: 'idle' }
  /** `effect`: what it changes of the person, as an event to be told before the run is saved. */
  | { readonly kind: 'moved'; readonly instance: Instance; readonly effect?: Event };

/** What is known of the message a `sending` instance waits for. */
export type SendingKnown = MessageStatus['kind'] | 'nothing';

/** What only whoever fires a timer knows. */
export interface FireKnown {
  /** When each event that restarts a wait last happened. */
  readonly restarts: Readonly<Record<string, Instant>>;
  readonly message: SendingKnown;
  /** When that became of it; absent where nothing is known. */
  readonly settledAt?: Instant;
  /** The same moment as soon as the person is what this effect makes of them: the steps behind it look at that. */
  readonly after: (effect: Event) => AdvanceContext;
}

/** The timer fired. */
export function fire(journey: Journey, instance: Instance, known: FireKnown, context: AdvanceContext): Fired {
  const { state } = instance;
  switch (state.kind) {
    case 'ended':
    case 'watching':
      return { kind: 'idle' };
    case 'waiting':
      return state.due > context.now ? { kind: 'idle' } : fireWaiting(journey, instance, state, known, context);
    case 'sending':
      return state.due > context.now
        ? { kind: 'idle' }
        : { kind: 'moved', instance: fireSending(journey, instance, state, known, context) };
  }
}

function fireWaiting(journey: Journey, instance: Instance, state: Waiting, known: FireKnown, context: AdvanceContext): Fired {
  const step = journey.steps[state.step];
  const moved = (next: Instance): Fired => ({ kind: 'moved', instance: next });
  const record = (outcome: string, because?: string): Instance =>
    withRecord(instance, {
      step: labelOf(step, state.step),
      at: context.now,
      outcome,
      ...(because === undefined ? {} : { because }),
    });
  switch (step?.kind) {
    case 'wait': {
      const from = step.restartOn.reduce((latest, name) => Math.max(latest, known.restarts[name] ?? latest), state.from);
      const due = Math.max(state.due, endOfWait(step, from, context));
      if (due > context.now) return moved({ ...instance, state: { ...state, from, due } }); // it moved while it waited
      return moved(run(journey, record('waited'), state.step + 1, due, context));
    }
    case 'wait-time':
    case 'wait-date': {
      const moment = momentAfter(step, state.from, context);
      const due = Math.max(state.due, moment.due);
      if (due > context.now) return moved({ ...instance, state: { ...state, from: moment.from, due } });
      return moved(run(journey, record('waited'), state.step + 1, due, context));
    }
    case 'wait-event': {
      const because = `none of ${step.pattern.on.join(', ')} came in time`;
      return moved(run(journey, record('not in time', because), step.otherwise, endOfWait(step, state.from, context), context));
    }
    case 'branch':
      return moved(run(journey, instance, state.step, state.from, context));
    case 'set':
    case 'tag': {
      // Dated right after the step before, whenever it is done: after what the event that started the run says, in the order of the steps.
      const effect = effectOf(journey, instance, step, state.from + 1 + state.step);
      const done = { step: step.label, at: effect.occurredAt, outcome: outcomeOfEffect(step) };
      const next = run(journey, withRecord(instance, done), state.step + 1, state.from, known.after(effect));
      return { kind: 'moved', instance: next, effect };
    }
    case undefined:
    case 'wait-best-time':
    case 'send':
    case 'split':
    case 'webhook':
    case 'task':
    case 'goal':
    case 'jump':
    case 'end':
      return moved(run(journey, instance, state.step + 1, state.due, context)); // no version stores these as waits
  }
}

/** Two hours after a call that took half a day, because a machine was down, are two hours after it was heard. */
const patience = hours(1);

function fireSending(
  journey: Journey,
  instance: Instance,
  state: Sending,
  { message, settledAt }: FireKnown,
  context: AdvanceContext,
): Instance {
  const step = journey.steps[state.step];
  const what = step?.kind === 'webhook' || step?.kind === 'task' ? step.kind : 'message';
  if (message !== 'nothing' || state.attempt >= sendingAttempts) {
    const outcome = message === 'nothing' ? `${what} given up` : `${what} ${message}`;
    const record = { step: labelOf(step, state.step), at: context.now, outcome };
    const leftAt = settledAt ?? context.now;
    const late = leftAt - state.orderTime > patience ? { leftAt } : {};
    return run(journey, withRecord(instance, record), state.step + 1, state.orderTime, {
      ...context,
      ...late,
      askedAt: state.due,
    });
  }
  const attempt = state.attempt + 1;
  return { ...instance, state: { ...state, attempt, due: context.now + sendingTimer(attempt) } };
}

/** The event that a `wait for` is about: since the wait began, and at the deadline's second at the latest. */
export type Awaited =
  | { readonly kind: 'awaited'; readonly pattern: RunPattern }
  | { readonly kind: 'not-now' }
  | { readonly kind: 'no'; readonly because: string; readonly seen: string };

const second = (at: Instant): number => Math.floor(at / 1_000);

/** By its name and time alone; what else it must say is asked by the caller. */
export function awaits(
  journey: Journey,
  { state }: Instance,
  event: Pick<Event, 'name' | 'occurredAt'>,
  context: AdvanceContext,
): Awaited {
  const step = state.kind === 'waiting' ? journey.steps[state.step] : undefined;
  if (state.kind !== 'waiting' || step?.kind !== 'wait-event' || !step.pattern.on.includes(event.name))
    return { kind: 'not-now' };
  const seen = isoInstant(event.occurredAt);
  if (second(event.occurredAt) < second(state.from)) return { kind: 'no', because: 'happened before the wait began', seen };
  if (second(event.occurredAt) > second(endOfWait(step, state.from, context)))
    return { kind: 'no', because: 'happened after the wait was over', seen };
  return { kind: 'awaited', pattern: step.pattern };
}

const cameText = (event: Pick<Event, 'name' | 'occurredAt'>): string => `${event.name} at ${isoInstant(event.occurredAt)}`;

/** Did the run begin or go on with it already? What is looked for among what was told must not come twice. */
export const wasHeard = ({ entry, log }: Instance, event: Pick<Event, 'name' | 'occurredAt'>): boolean =>
  (entry.event === event.name && entry.at === event.occurredAt) ||
  log.some(({ outcome, because }) => outcome === came && because === cameText(event));

const came = 'came';

/** What the run waits for has come. */
export function resume(journey: Journey, instance: Instance, event: Event, context: AdvanceContext): Instance {
  const { state } = instance;
  if (state.kind !== 'waiting') return instance;
  const resumed = withRecord(instance, {
    step: labelOf(journey.steps[state.step], state.step),
    at: context.now,
    outcome: came,
    because: cameText(event),
  });
  return run(journey, resumed, state.step + 1, Math.max(event.occurredAt, state.from), context);
}

export function end(
  instance: Instance,
  because: EndReason,
  record: Omit<StepRecord, 'step'> & { readonly step?: string },
): Instance {
  const ended: InstanceState = { kind: 'ended', because, at: record.at };
  return { ...withRecord(instance, { step: 'exit', ...record }), state: ended };
}

/** Its cart was emptied before it had anything to say: filled again, the same cart may be reminded of. */
export const leftNothing = ({ state, log }: Instance): boolean =>
  state.kind === 'ended' && state.because === 'cart-closed' && !log.some(({ outcome }) => outcome.startsWith(queued));
