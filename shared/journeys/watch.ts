/**
 * What time alone changes of a person: who enters or leaves a segment that journeys start from, and days that dates name
 * (watched-dates.ts). One timer a person, due at the next moment at which anything may change; being late because of our own
 * backlog loses nothing (promise 4). Pure.
 */
import type { Event } from '../events/event.ts';
import type { Instant } from '../kernel/time.ts';
import type { HotState, Watching } from '../profile/profile.ts';
import { nextBoundary } from '../rules/boundary.ts';
import { compileCondition } from '../rules/compile.ts';
import type { Facts } from '../rules/condition.ts';
import type { Instance } from './instance.ts';
import { raised } from './journey.ts';
import type { Listeners, VersionOf, Watch } from './listeners.ts';

/** The timer's item; no journey has such a name. */
export const watchRef = { journey: '~watch', key: '-' } as const;

export const isWatch = ({ journey }: { readonly journey: string }): boolean => journey === watchRef.journey;

/** The person at any moment, as far as it is known now. */
export type FactsAt = (now: Instant) => Facts;

export interface WatchInput {
  readonly now: Instant;
  readonly listeners: Pick<Listeners, 'watches'>;
  readonly watched: NonNullable<HotState['watched']>;
  readonly watching: Watching | undefined;
  /** Before what is told now; absent for somebody who was nobody. */
  readonly before: FactsAt | undefined;
  readonly after: FactsAt;
  /** The latest of the events that are told now; absent where only time passed. */
  readonly toldAt: Instant | undefined;
}

/** A start that nobody told. */
export interface RaisedStart {
  readonly version: VersionOf;
  readonly event: Event;
  /** Time alone caused it: it is late only by our own backlog. */
  readonly isTimely: boolean;
  /** What happened later than this, the run is told at once. */
  readonly hearsFrom: Instant;
}

/** At equal seconds what ends a run wins over what time alone starts. */
export const secondBefore = (at: Instant): Instant => Math.floor(at / 1_000) * 1_000 - 1;

export interface Watched {
  /** In no order. */
  readonly starts: readonly RaisedStart[];
  readonly watched: NonNullable<HotState['watched']>;
  /** The next moment at which anything may change. */
  readonly due: Instant | undefined;
}

interface Transition {
  readonly watch: Watch;
  readonly isIn: boolean;
  readonly at: Instant;
  readonly isTimely: boolean;
}

export function watch(input: WatchInput): Watched {
  const { now, listeners, after } = input;
  const facts = after(now);
  const decided = listeners.watches.map((one) => decide(one, input));
  const boundaries = listeners.watches.flatMap(({ when }) => nextBoundary(when, facts) ?? []);
  return {
    starts: decided.flatMap((one) => [...one.transitions.flatMap(startsOf), ...startsOfExisting(one, input)]),
    watched: Object.fromEntries(decided.flatMap(({ watch: { id, starts }, isIn }) => [[id, isIn], ...includeMarks(starts)])),
    due: boundaries.length === 0 ? undefined : Math.min(...boundaries),
  };
}

interface DecidedWatch {
  readonly watch: Watch;
  readonly isIn: boolean;
  readonly transitions: readonly Transition[];
}

/** A condition that changes more often than this while nobody looked is asked again at the end alone. */
const mostSteps = 1_000;

/** What time alone did since it was last decided on; then what is told now, unless it takes the last of that back. */
function decide(one: Watch, input: WatchInput): DecidedWatch {
  const { now, watched, watching, before, after } = input;
  const holds = compileCondition(one.when);
  const isIn = holds(after(now));
  const known = watched[one.id];
  if (before === undefined) return { watch: one, isIn, transitions: toTold(one, false, isIn, input) };
  // Somebody who is in already when the journey goes live has not entered.
  if (known === undefined) return { watch: one, isIn, transitions: toTold(one, holds(before(now)), isIn, input) };
  const passed = watching?.due !== undefined && watching.due <= now ? throughTime(one, known, watching.due, now, before) : [];
  const last = passed.at(-1);
  if (last === undefined) return { watch: one, isIn, transitions: toTold(one, known, isIn, input) };
  const stands = last.isIn === isIn ? passed : passed.slice(0, -1);
  return { watch: one, isIn, transitions: stands };
}

const toTold = (one: Watch, was: boolean, isIn: boolean, { now, after, toldAt }: WatchInput): readonly Transition[] =>
  was === isIn || toldAt === undefined
    ? []
    : [{ watch: one, isIn, at: momentOf(one, isIn, toldAt, now, after), isTimely: false }];

/** A late event may be one of several that make somebody enter: then it is the last of them that does. */
function momentOf({ when }: Watch, isIn: boolean, toldAt: Instant, now: Instant, facts: FactsAt): Instant {
  const holds = compileCondition(when);
  let at: Instant | undefined = toldAt;
  for (let step = 0; at !== undefined && at <= now && step < mostSteps; step++) {
    const then = facts(at);
    if (holds(then) === isIn) return at;
    at = nextBoundary(when, then);
  }
  return toldAt;
}

function throughTime(one: Watch, known: boolean, from: Instant, now: Instant, facts: FactsAt): readonly Transition[] {
  const holds = compileCondition(one.when);
  const transitions: Transition[] = [];
  const look = (at: Instant): Facts => {
    const then = facts(at);
    const isIn = holds(then);
    if (isIn !== (transitions.at(-1)?.isIn ?? known)) transitions.push({ watch: one, isIn, at, isTimely: true });
    return then;
  };
  let at: Instant | undefined = from;
  for (let step = 0; at !== undefined && at <= now && step < mostSteps; step++) at = nextBoundary(one.when, look(at));
  look(now);
  return transitions;
}

const startsOf = ({ watch: { segment, starts }, isIn, at, isTimely }: Transition): readonly RaisedStart[] =>
  starts
    .filter(({ moment }) => (moment === 'entered') === isIn)
    .map(({ version }) => ({
      version,
      event: transitionEvent(segment, isIn, at),
      isTimely,
      hearsFrom: isTimely ? secondBefore(at) : at, // what took them in does not end what it began
    }));

type Start = Watch['starts'][number];

const includes = ({ version: { journey } }: Start): boolean =>
  journey.start.cause.kind === 'segment' && journey.start.cause.existing === 'include';

/** No segment has such an id. */
const includeMark = ({ version }: Start): string => `include ${version.journey.name}`;

const includeMarks = (starts: readonly Start[]): readonly (readonly [string, true])[] =>
  starts.filter(includes).map((start) => [includeMark(start), true]);

/** Those who were in before the journey went live start once, where it says so; who enters just now starts by that. */
function startsOfExisting(
  { watch: { segment, starts }, isIn, transitions }: DecidedWatch,
  { now, watched }: WatchInput,
): readonly RaisedStart[] {
  if (!isIn || transitions.some((one) => one.isIn)) return [];
  return starts
    .filter((start) => includes(start) && watched[includeMark(start)] === undefined)
    .map(({ version }) => ({ version, event: transitionEvent(segment, true, now), isTimely: true, hearsFrom: now }));
}

const transitionEvent = (segment: string, isIn: boolean, at: Instant): Event => ({
  id: `relance:segment:${segment}:${isIn ? 'entered' : 'left'}:${at}`,
  type: 'track',
  name: isIn ? raised.entered : raised.left,
  occurredAt: at,
  properties: { segment },
});

export const watchInstance = (due: Instant | undefined, now: Instant, stored: number): Instance => ({
  ...watchRef,
  version: '-',
  startedAt: now,
  entry: { event: '-', at: now, chunk: '' },
  state: due === undefined ? { kind: 'ended', because: 'completed', at: now } : { kind: 'watching', due },
  log: [],
  stored,
});
