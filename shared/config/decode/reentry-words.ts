/**
 * How often a journey starts for one person: `once`, `once per`, `rest`, `late`, beside whatever starts it.
 */
import * as v from 'valibot';
import type { EventPattern, JourneyStart, Reentry } from '../../journeys/journey.ts';
import type { Duration } from '../../kernel/time.ts';
import { duration } from './duration-words.ts';
import { say, yesOrNo, type KeyComplaint } from './fields.ts';
import { personPath, reentryPath } from './path-words.ts';

/** What is long past starts nothing (promise 4). */
const defaultLate: Duration = { count: 1, unit: 'hours' };

export const once = v.optional(v.nullable(yesOrNo('true: once in a lifetime')));
export const rest = v.optional(duration('how long to rest after the last message of this journey', { usual: 'days' }));
const late = v.optional(duration('events older than this start nothing'));

/** An event is at hand: its properties can tell one start from another. */
export const againByEvent = { once, 'once per': v.optional(reentryPath), rest, late };
export const againByPerson = { once, 'once per': v.optional(personPath), rest, late };

interface Again {
  readonly once?: boolean | null | undefined;
  readonly 'once per'?: readonly string[] | undefined;
  readonly rest?: Duration | undefined;
  readonly late?: Duration | undefined;
}

/** `{ on: Signed Up, once }` leaves once empty: it means true. Neither of the two: every time. */
function reentryOf({ once: lifetime, 'once per': path }: Again): Reentry {
  if (path !== undefined) return { kind: 'once-per', path };
  return lifetime === undefined || lifetime === false ? { kind: 'always' } : { kind: 'once' };
}

export const startOf = (pattern: EventPattern, cause: JourneyStart['cause'], given: Again): JourneyStart => ({
  ...pattern,
  cause,
  reentry: reentryOf(given),
  ...(given.rest === undefined ? {} : { rest: given.rest }),
  late: given.late ?? defaultLate,
});

type Written = Readonly<Record<string, unknown>>;

const noWords = ['false', 'no', 'non', 'faux', 'off'];

/** `once: false`, in any of the words for it, or no once at all. */
export const isNotOnce = ({ once: written }: Written): boolean =>
  written === undefined || written === false || (typeof written === 'string' && noWords.includes(written.trim().toLowerCase()));

export function againComplaints(written: Written): readonly KeyComplaint[] {
  if (written['once per'] === undefined || isNotOnce(written)) return [];
  return [{ key: 'once per', message: say('once and once per exclude each other', 'one of them', 'remove one of the two') }];
}
