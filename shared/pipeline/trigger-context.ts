/** What journeys look at when an event comes, or time passes: the person at that moment, and what is known of the past. */
import type { Envelope } from '../events/event.ts';
import type { TriggerContext } from '../journeys/trigger-state.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import type { Attributes } from '../profile/profile.ts';
import type { Statistics } from '../profile/statistics.ts';
import { heardSince, isCounted } from './asked-of-past.ts';
import { horizonOf, ordersSince, reachedBy } from './count-events.ts';
import type { DecisionContext, PersonState, Progress } from './decision.ts';
import { factsOf, recipientZone, type Besides } from './person-facts.ts';

export function triggerContextOf(
  { hot, statistics, states }: Omit<Progress, 'triggers'>,
  told: ToldEvent,
  folded: readonly ToldEvent[],
  envelope: Envelope,
  attributes: Attributes,
  person: PersonState,
  context: DecisionContext,
): TriggerContext {
  const { zone, history, now } = context;
  const { event } = told;
  const { chunk } = told.context;
  const besides: Besides = { event: event.properties, counts: states, ...ordersBesides(statistics, context) };
  return {
    ...context,
    person: person.id,
    recipientZone: recipientZone(attributes, hot, zone),
    receivedAt: envelope.receivedAt,
    imported: envelope.imported === true,
    chunk,
    facts: factsOf({ attributes, hot, statistics }, { now, zone }, besides),
    canDecide: (condition) => isCounted(condition, states, statistics, history, { now, zone }),
    lastMessages: hot.lastMessages,
    existing: person.existing,
    reached: (did, one) => {
      const reachesBack = history !== undefined && history.from <= horizonOf(did, { now: one.occurredAt, zone });
      return reachedBy(did, { event: one, chunk }, states, reachesBack ? [...history.told, ...folded] : undefined, zone);
    },
    since: (at) => heardSince(at, [...(history?.told ?? []), ...folded], hot),
  };
}

/** The statistics keep the last fifty. */
export const ordersBesides = (statistics: Statistics, { history, zone }: DecisionContext): Besides =>
  history === undefined || statistics.earlier.count === 0 ? {} : { orders: ordersSince(history, statistics, zone) };
