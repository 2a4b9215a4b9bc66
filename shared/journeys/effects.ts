/**
 * What steps change of a person (`set`, `add tag`, `remove tag`), as events: told as any source tells, processed once by their
 * ids, explained, merged by time.
 */
import type { Event } from '../events/event.ts';
import { contentHash } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import { tagTrait } from '../profile/tags.ts';
import type { Instance } from './instance.ts';
import type { Journey, Step } from './journey.ts';
import { depthOf, depthProperty } from './webhook-depth.ts';

type Effect = Extract<Step, { kind: 'set' | 'tag' }>;

/** The same in every attempt. */
export function effectOf(journey: Journey, { key, entry }: Instance, step: Effect, at: Instant): Event {
  const traits: Readonly<Record<string, Json>> =
    step.kind === 'set'
      ? step.traits
      : Object.fromEntries([
          ...step.add.map((tag): [string, Json] => [tagTrait(tag), true]),
          ...step.remove.map((tag): [string, Json] => [tagTrait(tag), false]),
        ]);
  const depth = depthOf(entry);
  return {
    id: `relance:effect:${contentHash(journey.name, key, String(entry.at), step.label)}`,
    type: 'identify',
    name: 'Identify',
    occurredAt: at,
    statedAt: at,
    properties: { journey: journey.name, ...(depth === 0 ? {} : { [depthProperty]: depth }) },
    traits,
  };
}

export const outcomeOfEffect = ({ kind }: Effect): string => (kind === 'set' ? 'set' : 'tagged');

/**
 * All that a run has changed so far, in order. Its events may still wait in the queue: whoever goes on with the run looks at
 * the person as they will be.
 */
export function effectsOf(journey: Journey, instance: Instance): readonly Event[] {
  const steps = new Map(
    journey.steps.flatMap((step) => (step.kind === 'set' || step.kind === 'tag' ? [[step.label, step]] : [])),
  );
  return instance.log.flatMap(({ step: label, at, outcome }) => {
    const step = steps.get(label);
    return step === undefined || outcome !== outcomeOfEffect(step) ? [] : [effectOf(journey, instance, step, at)];
  });
}
