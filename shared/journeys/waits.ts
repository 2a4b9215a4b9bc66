/**
 * When a wait is over. A wait counts from the instant the step before was due, not from when somebody got round to it
 * (promise 4); what a date or a clock says is asked again when the timer fires, because the person may have moved meanwhile.
 */
import { at as valueAt } from '../kernel/json.ts';
import { after, minutes, nextTimeOfDay, type Instant, type ZoneChoice } from '../kernel/time.ts';
import { nextOccurrence } from '../rules/boundary.ts';
import type { Facts } from '../rules/condition.ts';
import type { Step } from './journey.ts';

export interface WaitContext {
  readonly now: Instant;
  /** The brand's zone: what a marketer calls a day is a day there. */
  readonly zone: string;
  /** The recipient's, or the brand's where theirs is not known. */
  readonly recipientZone: string;
  readonly facts: Facts;
}

/** A base this far in the past means: told or run late. */
const promptness = minutes(1);
/** So that an order in the same backlog is seen before the timer fires. */
const lateGrace = minutes(5);

/** A timer that is armed late is due no earlier than five minutes from now. */
export const armed = (
  from: Instant,
  due: Instant,
  { now, askedAt = from }: { readonly now: Instant; readonly askedAt?: Instant },
): Instant => (now - Math.max(from, askedAt) > promptness ? Math.max(due, now + lateGrace) : due);

export const zoneOf = (choice: ZoneChoice, { zone, recipientZone }: Pick<WaitContext, 'zone' | 'recipientZone'>): string =>
  choice === 'brand' ? zone : recipientZone;

export type Wait = Extract<Step, { kind: 'wait' | 'wait-time' | 'wait-date' | 'wait-event' }>;

/** Counted from `from`; `from` itself where there is nothing to wait for. */
export function endOfWait(step: Wait, from: Instant, context: WaitContext): Instant {
  switch (step.kind) {
    case 'wait':
      return after(from, step.duration, context.zone);
    case 'wait-event':
      return after(from, step.atMost, context.zone);
    case 'wait-time':
      return nextTimeOfDay(from, step.at, step.weekdays, zoneOf(step.zone, context));
    case 'wait-date': {
      const value = valueAt(context.facts.traits, step.date.path);
      return nextOccurrence(step.date, value, zoneOf(step.date.zone, context), from) ?? from;
    }
  }
}

/** How long after a time of day it still counts as that time. */
const punctual = minutes(15);

/**
 * A time of day that went by while nobody got round to the run is not made good at another hour: the next one is waited for,
 * counted from now.
 */
export function momentAfter(
  step: Extract<Wait, { kind: 'wait-time' | 'wait-date' }>,
  from: Instant,
  context: WaitContext,
): { readonly from: Instant; readonly due: Instant } {
  const due = endOfWait(step, from, context);
  if (step.kind === 'wait-date' || context.now - due <= punctual) return { from, due };
  return { from: context.now, due: endOfWait(step, context.now, context) };
}
