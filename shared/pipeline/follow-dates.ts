/** Open runs that wait for a date of the person, armed anew where an envelope moves it earlier. */
import { followDate } from '../journeys/follow-date.ts';
import { nameOf, type TriggerState } from '../journeys/trigger-state.ts';
import type { DecisionContext } from './decision.ts';
import { factsOf, recipientZone, type PersonNow } from './person-facts.ts';

/** Of the runs that were loaded. */
export function followDates(
  triggers: TriggerState,
  person: PersonNow,
  { now, zone, pinned }: Pick<DecisionContext, 'now' | 'zone' | 'pinned'>,
): TriggerState {
  const { attributes, hot } = person;
  const moved = triggers.open.flatMap((open): [string, ReturnType<typeof followDate>][] => {
    const version = pinned.get(open.version);
    const instance = triggers.instances.get(nameOf(open));
    if (version === undefined || instance === undefined) return [];
    const context = { now, zone, recipientZone: recipientZone(attributes, hot, zone), facts: factsOf(person, { now, zone }) };
    return [[nameOf(open), followDate(version.journey, instance, context)]];
  });
  return moved.length === 0 ? triggers : { ...triggers, instances: new Map([...triggers.instances, ...moved]) };
}
