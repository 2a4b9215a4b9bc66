/**
 * `did: Order Completed` with the words beside it (`times`, `within`, `where`, `same`) → what is counted. Conditions and
 * starts write it the same way.
 */
import * as v from 'valibot';
import type { Duration } from '../../kernel/time.ts';
import type { Condition, DidCondition, Times } from '../../rules/condition.ts';
import { didId } from '../../rules/did-state.ts';
import { duration, kept } from './duration-words.ts';
import { eventNames } from './event-words.ts';
import { say, type KeyComplaint } from './fields.ts';
import { propertyPath } from './path-words.ts';
import { asksMost, times } from './times-words.ts';

/** Events and dated orders are kept for so long: a longer window would count less than it says. */
export const window = duration('the span of time that counts', {
  longest: kept,
  because: 'nothing older is kept',
  some: true,
  usual: 'days',
});

/** `where` looks at the event alone. */
export const didEntries = (where: v.GenericSchema<unknown, Condition>) => ({
  times: v.optional(times),
  within: v.optional(window),
  where: v.optional(where),
  same: v.optional(propertyPath),
});

export interface WrittenDid {
  readonly times?: Times | undefined;
  readonly within?: Duration | undefined;
  readonly where?: Condition | undefined;
  readonly same?: readonly string[] | undefined;
}

/** Without `times`: at least once. */
export function didCondition(events: readonly string[], { times: often, within, where, same }: WrittenDid): DidCondition {
  const counted: Omit<DidCondition, 'id'> = {
    kind: 'did',
    events: [...new Set(events)],
    ...(where === undefined ? {} : { where }),
    ...(same === undefined ? {} : { same }),
    times: often ?? { min: 1 },
    ...(within === undefined ? {} : { within }),
  };
  return { ...counted, id: didId(counted) };
}

/** `did not: X` is at most no time; with `times` or `same` it is the contrary of the `did`. */
export function didNotCondition(events: readonly string[], beside: WrittenDid): Condition {
  if (beside.times === undefined && beside.same === undefined)
    return didCondition(events, { ...beside, times: { min: 0, max: 0 } });
  return { kind: 'not', of: didCondition(events, beside) };
}

export const didEvents = eventNames;

/** What the words say together, asked of what is written. */
export function didComplaints(written: Readonly<Record<string, unknown>>): readonly KeyComplaint[] {
  if (written['same'] === undefined || !asksMost(written['times'])) return [];
  const problem = 'same counts up to a number for one value: it cannot ask for at most';
  return [{ key: 'times', message: say(problem, 'times: 3 or { gte: 3 } with same', 'remove same, or write gte') }];
}
