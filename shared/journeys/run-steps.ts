/**
 * All steps from one that is due up to the next wait, message or end, with the reason each went as it did (promise 5).
 */
import { bucketOf, type PersonId } from '../kernel/ids.ts';
import { hours, minutes, type Instant } from '../kernel/time.ts';
import { sendKeyOf } from '../messages/message.ts';
import { compileCondition } from '../rules/compile.ts';
import type { Condition } from '../rules/condition.ts';
import { explainCondition } from '../rules/explain.ts';
import type { Instance, StepRecord } from './instance.ts';
import type { Journey, Step, Variant } from './journey.ts';
import { armed, endOfWait, momentAfter, type Wait, type WaitContext } from './waits.ts';

export interface AdvanceContext extends WaitContext {
  readonly person: PersonId;
  /** Do the facts hold all that this condition asks for? Where they do not, the run stops before it, due at once. */
  readonly canDecide: (condition: Condition) => boolean;
  /** When the message or call right before left, where it left late: a duration counts from then. */
  readonly leftAt?: Instant;
  /** When the timer was due that asked what became of a message: then the time since its order is no delay of ours. */
  readonly askedAt?: Instant;
}

/** When the log is asked whether what was queued has left; after the last, every two hours. */
const sendingTimers: readonly number[] = [minutes(1), minutes(5), minutes(30), hours(2)];
/** After a day of asking, the journey goes on without it. */
export const sendingAttempts = 14;

export const sendingTimer = (attempt: number): number => sendingTimers[Math.min(attempt, sendingTimers.length) - 1] ?? hours(2);

export const queued = 'queued';

export const withRecord = (instance: Instance, record: StepRecord): Instance => ({
  ...instance,
  log: [...instance.log, record],
});

/** Runs steps from `index`, all due at `at`. */
export function run(journey: Journey, instance: Instance, index: number, at: Instant, context: AdvanceContext): Instance {
  const step = journey.steps[index];
  if (step === undefined) return completed(instance, context.now);
  const goOn = (record: Omit<StepRecord, 'step' | 'at'>, to = index + 1): Instance =>
    run(journey, withRecord(instance, { step: labelOf(step, index), at: context.now, ...record }), to, at, context);
  switch (step.kind) {
    case 'wait': {
      const from = context.leftAt ?? at;
      return waiting(instance, index, from, armed(from, endOfWait(step, from, context), context));
    }
    case 'wait-event':
      return waiting(instance, index, at, armed(at, endOfWait(step, at, context), context));
    case 'wait-time':
    case 'wait-date':
      return waitForMoment(journey, instance, index, step, at, context);
    case 'wait-best-time':
      return goOn({ outcome: 'did not wait', because: 'not enough data to know the best time' });
    case 'send':
      return ordered(journey, instance, index, step, at, context);
    case 'webhook':
    case 'task':
      return ordered(journey, instance, index, step, at, context);
    case 'branch': {
      if (!context.canDecide(step.condition)) return waiting(instance, index, at, context.now);
      const holds = compileCondition(step.condition)(context.facts);
      const explained = explainCondition(step.condition, context.facts);
      const why = explained.holds ? {} : { because: explained.because, seen: explained.seen };
      return goOn({ outcome: holds ? 'then' : 'else', ...why }, holds ? index + 1 : step.otherwise);
    }
    case 'split': {
      const variant = chosenOf(step.variants, [context.person, journey.name, step.label]);
      return variant === undefined ? goOn({ outcome: 'no variant' }) : goOn({ outcome: `variant ${variant.name}` }, variant.to);
    }
    case 'set':
    case 'tag':
      return waiting(instance, index, at, context.now); // an effect: the next firing does it
    case 'goal':
      return goOn({ outcome: `goal ${step.name}` });
    case 'jump':
      return run(journey, instance, step.to, at, context);
    case 'end':
      return completed(withRecord(instance, { step: step.label, at: context.now, outcome: 'end' }), context.now);
  }
}

export const labelOf = (step: Step | undefined, index: number): string =>
  step !== undefined && 'label' in step ? step.label : String(index);

const waiting = (instance: Instance, step: number, from: Instant, due: Instant): Instance => ({
  ...instance,
  state: { kind: 'waiting', step, from, due },
});

export const completed = (instance: Instance, at: Instant): Instance => ({
  ...instance,
  state: { kind: 'ended', because: 'completed', at },
});

/** Nothing is armed where it is that moment already, or where there is none. */
function waitForMoment(
  journey: Journey,
  instance: Instance,
  index: number,
  step: Extract<Wait, { kind: 'wait-time' | 'wait-date' }>,
  at: Instant,
  context: AdvanceContext,
): Instance {
  const { from, due } = momentAfter(step, at, context);
  if (due > from) return waiting(instance, index, from, armed(from, due, context));
  const because = step.kind === 'wait-time' ? 'it is that time' : 'no such date lies ahead';
  const record = { step: step.label, at: context.now, outcome: 'did not wait', because };
  return run(journey, withRecord(instance, record), index + 1, from, context);
}

function ordered(
  journey: Journey,
  instance: Instance,
  index: number,
  step: Extract<Step, { kind: 'send' | 'webhook' | 'task' }>,
  at: Instant,
  context: AdvanceContext,
): Instance {
  const { label } = step;
  const sendKey = sendKeyOf({ kind: 'journey', name: journey.name, step: label }, instance.key);
  const due = context.now + sendingTimer(1);
  const call = step.kind === 'send' ? {} : ({ call: true } as const);
  const what = step.kind === 'send' ? step.template : step.kind;
  return {
    ...withRecord(instance, { step: label, at: context.now, outcome: `${queued} ${what}` }),
    state: { kind: 'sending', step: index, sendKey, orderTime: at, attempt: 1, due, ...call },
  };
}

/** The same person gets the same variant of a step for ever, however often it is asked; shares are weight by sum of weights. */
function chosenOf(variants: readonly Variant[], about: readonly string[]): Variant | undefined {
  const sum = variants.reduce((total, { weight }) => total + weight, 0);
  let left = sum === 0 ? 0 : bucketOf(about.join('\n'), sum);
  return variants.find(({ weight }) => (left -= weight) < 0);
}
