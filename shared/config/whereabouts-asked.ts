/**
 * Does a rule look at the device or the place of people, or at their own clock? Only then is any of it kept with a person: what
 * nobody asks for is not stored (GDPR article 5: data minimisation).
 */
import { conditionsOf } from '../journeys/listeners.ts';
import type { Journey, Step } from '../journeys/journey.ts';
import type { Condition } from '../rules/condition.ts';
import { leavesIn } from '../rules/fields.ts';
import type { Config } from './config.ts';

export const asksWhereabouts = ({ journeys, segments, campaigns }: Config): boolean =>
  journeys.some(({ journey }) => conditionsIn(journey).some(asks) || usesTheirClock(journey)) ||
  segments.some(({ when }) => asks(when)) ||
  campaigns.some(({ campaign }) => campaign.zone === 'recipient' || asks(campaign.when));

const conditionsIn = (journey: Journey): readonly Condition[] => {
  const { cause } = journey.start;
  return [...conditionsOf(journey), ...(cause.kind === 'segment' ? [cause.when] : [])];
};

const asks = (condition: Condition): boolean =>
  leavesIn(condition).some((leaf) => leaf.kind === 'compare' && (leaf.path[0] === 'device' || leaf.path[0] === 'place'));

const usesTheirClock = ({ start: { cause }, steps }: Journey): boolean =>
  (cause.kind === 'date' && cause.date.zone === 'recipient') || steps.some(waitsByTheirClock);

function waitsByTheirClock(step: Step): boolean {
  if (step.kind === 'wait-time') return step.zone === 'recipient';
  return step.kind === 'wait-date' && step.date.zone === 'recipient';
}
