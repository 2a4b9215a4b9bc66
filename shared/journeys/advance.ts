/**
 * advance(instance, happening) → instance + orders. Pure: every step from one wait to the next, with the reason kept
 * (promise 5). A wait counts from the instant the step before was due, not from when somebody got round to it (promise 4).
 */
import type { Facts } from '../rules/condition.ts';
import { compileCondition } from '../rules/compile.ts';
import { explainCondition } from '../rules/explain.ts';
import { after, minutes, hours, type Instant } from '../kernel/time.ts';
import { sendKeyOf, type MessageStatus } from '../messages/message.ts';
import type { EndReason, Instance, InstanceState, StepRecord } from './instance.ts';
import type { Journey, Step } from './journey.ts';

export interface AdvanceContext {
  readonly now: Instant;
  /** The brand's zone: what a marketer calls a day is a day there. */
  readonly zone: string;
  readonly facts: Facts;
}

/** When the log is asked whether a queued message has left; after the last, every two hours. */
const sendingTimers: readonly number[] = [minutes(1), minutes(5), minutes(30), hours(2)];
/** After a day of asking, the journey goes on without it. */
const sendingAttempts = 14;

/** A base this far in the past means: told or run late. */
const promptness = minutes(1);
/** So that an order in the same backlog is seen before the timer fires. */
const lateGrace = minutes(5);

/** Will nobody queue this run's message again? */
export const isLastAsking = ({ state }: Instance): boolean => state.kind !== 'sending' || state.attempt >= sendingAttempts;

const sendingTimer = (attempt: number): number => sendingTimers[Math.min(attempt, sendingTimers.length) - 1] ?? hours(2);

/** The first run: from the event to the first wait or message. */
export function begin(journey: Journey, start: Omit<Instance, 'state' | 'log' | 'stored'>, context: AdvanceContext): Instance {
  const log: StepRecord[] = [{ step: 'start', at: context.now, outcome: `started by ${start.entry.event}` }];
  const begun: Instance = { ...start, stored: 0, log, state: { kind: 'ended', because: 'completed', at: start.entry.at } };
  return run(journey, begun, 0, start.entry.at, context);
}

export type Fired =
  /** Its time has not come, or it has ended: nothing to do. */
  { readonly kind: 'idle' } | { readonly kind: 'moved'; readonly instance: Instance };

/** What is known of the message a `sending` instance waits for. */
export type SendingKnown = MessageStatus['kind'] | 'nothing';

/** The timer fired. `restarts`: when each event that restarts a wait last happened. */
export function fire(
  journey: Journey,
  instance: Instance,
  known: { readonly restarts: Readonly<Record<string, Instant>>; readonly message: SendingKnown },
  context: AdvanceContext,
): Fired {
  const { state } = instance;
  switch (state.kind) {
    case 'ended':
      return { kind: 'idle' };
    case 'waiting':
      return state.due > context.now
        ? { kind: 'idle' }
        : { kind: 'moved', instance: fireWait(journey, instance, state, known.restarts, context) };
    case 'sending':
      return state.due > context.now
        ? { kind: 'idle' }
        : { kind: 'moved', instance: fireSending(journey, instance, state, known.message, context) };
  }
}

function fireWait(
  journey: Journey,
  instance: Instance,
  state: Extract<InstanceState, { kind: 'waiting' }>,
  restarts: Readonly<Record<string, Instant>>,
  context: AdvanceContext,
): Instance {
  const step = journey.steps[state.step];
  if (step?.kind !== 'wait') return run(journey, instance, state.step + 1, state.due, context);
  const from = step.restartOn.reduce((latest, name) => Math.max(latest, restarts[name] ?? latest), state.from);
  const due = Math.max(state.due, after(from, step.duration, context.zone));
  if (due > context.now) return { ...instance, state: { ...state, from, due } }; // it moved while it waited
  return run(
    journey,
    withRecord(instance, { step: step.label, at: context.now, outcome: 'waited' }),
    state.step + 1,
    due,
    context,
  );
}

function fireSending(
  journey: Journey,
  instance: Instance,
  state: Extract<InstanceState, { kind: 'sending' }>,
  message: SendingKnown,
  context: AdvanceContext,
): Instance {
  const step = journey.steps[state.step];
  const label = step !== undefined && 'label' in step ? step.label : String(state.step);
  const goesOn = message !== 'nothing' || state.attempt >= sendingAttempts;
  if (goesOn) {
    const outcome = message === 'nothing' ? 'message given up' : `message ${message}`;
    return run(
      journey,
      withRecord(instance, { step: label, at: context.now, outcome }),
      state.step + 1,
      state.orderTime,
      context,
    );
  }
  const attempt = state.attempt + 1;
  return { ...instance, state: { ...state, attempt, due: context.now + sendingTimer(attempt) } };
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

const queued = 'queued';

const withRecord = (instance: Instance, record: StepRecord): Instance => ({ ...instance, log: [...instance.log, record] });

/** Runs steps from `index`, all due at `at`, up to the next wait or message or the end. */
function run(journey: Journey, instance: Instance, index: number, at: Instant, context: AdvanceContext): Instance {
  const step = journey.steps[index];
  if (step === undefined) return completed(instance, context.now);
  switch (step.kind) {
    case 'wait': {
      const due = armed(at, after(at, step.duration, context.zone), context.now);
      return { ...instance, state: { kind: 'waiting', step: index, from: at, due } };
    }
    case 'send':
      return sending(journey, instance, index, step, at, context);
    case 'branch': {
      const holds = compileCondition(step.condition)(context.facts);
      const explained = explainCondition(step.condition, context.facts);
      const why = explained.holds ? {} : { because: explained.because, seen: explained.seen };
      const decided = withRecord(instance, { step: step.label, at: context.now, outcome: holds ? 'then' : 'else', ...why });
      return run(journey, decided, holds ? index + 1 : step.otherwise, at, context);
    }
    case 'jump':
      return run(journey, instance, step.to, at, context);
    case 'end':
      return completed(withRecord(instance, { step: step.label, at: context.now, outcome: 'end' }), context.now);
  }
}

const completed = (instance: Instance, at: Instant): Instance => ({
  ...instance,
  state: { kind: 'ended', because: 'completed', at },
});

/** A timer that is armed late is due no earlier than five minutes from now. */
const armed = (from: Instant, due: Instant, now: Instant): Instant =>
  now - from > promptness ? Math.max(due, now + lateGrace) : due;

function sending(
  journey: Journey,
  instance: Instance,
  index: number,
  step: Extract<Step, { kind: 'send' }>,
  at: Instant,
  context: AdvanceContext,
): Instance {
  const sendKey = sendKeyOf({ kind: 'journey', name: journey.name, step: step.label }, instance.key);
  return {
    ...withRecord(instance, { step: step.label, at: context.now, outcome: `${queued} ${step.template}` }),
    state: { kind: 'sending', step: index, sendKey, orderTime: at, attempt: 1, due: context.now + sendingTimer(1) },
  };
}
