/**
 * A run that waits for a date of the person follows that date: one that moves earlier, or is taken away, is armed again in the
 * commit that tells it; one that moves later is found out when the timer fires (design section 3, Timers). Pure.
 */
import type { Event } from '../events/event.ts';
import { minutes } from '../kernel/time.ts';
import { zoneTraits } from '../profile/profile.ts';
import type { Instance } from './instance.ts';
import type { Journey } from './journey.ts';
import { endOfWait, type WaitContext } from './waits.ts';

/** Could what is told move a date that a run of this journey waits for? */
export const followsTold = ({ steps }: Journey, told: readonly Pick<Event, 'traits'>[]): boolean =>
  steps.some((step) => {
    if (step.kind !== 'wait-date') return false;
    const names = [step.date.path[0] ?? '', ...(step.date.zone === 'recipient' ? zoneTraits : [])];
    return told.some(({ traits }) => traits !== undefined && names.some((name) => Object.hasOwn(traits, name)));
  });

/** As with every timer that is armed late: what ends the run in the same backlog is seen first. */
const grace = minutes(5);

/** The very same run where nothing is due earlier. */
export function followDate(journey: Journey, instance: Instance, context: WaitContext): Instance {
  const { state } = instance;
  const step = state.kind === 'waiting' ? journey.steps[state.step] : undefined;
  if (state.kind !== 'waiting' || step?.kind !== 'wait-date') return instance;
  const due = Math.max(endOfWait(step, state.from, context), context.now + grace);
  return due < state.due ? { ...instance, state: { ...state, due } } : instance;
}
