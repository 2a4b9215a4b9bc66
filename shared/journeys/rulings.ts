/** Why an event does something to a journey or not: the first reason that speaks, as it is kept (promise 5). */
import type { Event } from '../events/event.ts';
import { at as valueAt, textOf, type Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Decision } from '../profile/timeline.ts';
import { compileCondition } from '../rules/compile.ts';
import type { Facts } from '../rules/condition.ts';
import { explainCondition } from '../rules/explain.ts';
import { pathText } from '../rules/paths.ts';
import type { Entry, Instance } from './instance.ts';
import type { EventPattern, RunPattern } from './journey.ts';

export type Ruling =
  { readonly fires: true; readonly because: string } | { readonly fires: false; readonly because: string; readonly seen: Json };

export function rulesWhere(pattern: EventPattern, facts: Facts, because: string): Ruling {
  if (pattern.where === undefined || compileCondition(pattern.where)(facts)) return { fires: true, because };
  const explained = explainCondition(pattern.where, facts);
  return explained.holds ? { fires: true, because } : { fires: false, because: explained.because, seen: explained.seen };
}

/** Is it about the same thing as the event that started the run? A run that does not know what it is about ends with nothing. */
function rulesSame({ same }: RunPattern, entry: Entry, event: Event): Ruling {
  if (same === undefined) return { fires: true, because: '' };
  const path = pathText(same);
  const own = entry.values?.[path];
  const told = toldAt(same, event);
  if (own === undefined) return { fires: false, because: `the journey's own ${entry.event} said no ${path}`, seen: null };
  if (told !== own)
    return { fires: false, because: `${path} must be that of the journey's own ${entry.event}`, seen: told ?? null };
  return { fires: true, because: '' };
}

/** May this event end the run, or be what it waits for? */
export function rulesPattern(pattern: RunPattern, { entry }: Instance, event: Event, facts: Facts, because: string): Ruling {
  const same = rulesSame(pattern, entry, event);
  return same.fires ? rulesWhere(pattern, facts, because) : same;
}

/** As text: `1234` and `"1234"` name the same order. */
const toldAt = (path: readonly string[], { properties }: Pick<Event, 'properties'>): string | undefined =>
  textOf(valueAt(properties, path[0] === 'event' ? path.slice(1) : path));

/** What the start event says at the paths that are compared later; what it does not say is left out. */
export function valuesAt(paths: readonly (readonly string[])[], event: Pick<Event, 'properties'>): Pick<Entry, 'values'> {
  const told = paths.flatMap((path) => {
    const value = toldAt(path, event);
    return value === undefined ? [] : [[pathText(path), value] as const];
  });
  return told.length === 0 ? {} : { values: Object.fromEntries(told) };
}

export const decided = (
  rule: string,
  event: Pick<Event, 'name'>,
  moment: Decision['moment'],
  ruling: Ruling,
  at: Instant,
): Decision => ({
  at,
  rule,
  event: event.name,
  moment,
  outcome: ruling.fires ? 'fired' : 'not',
  because: ruling.because,
  seen: ruling.fires ? null : ruling.seen,
});
