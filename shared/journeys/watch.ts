/**
 * What time alone changes of a person: who enters or leaves a segment that journeys start from, and days that dates name.
 * One timer a person, due at the next moment at which anything may change; being late because of our own backlog loses
 * nothing (promise 4). Pure.
 */
import type { Event } from '../events/event.ts';
import { at as valueAt } from '../kernel/json.ts';
import { dayText, localDay, type Instant } from '../kernel/time.ts';
import type { Watching } from '../profile/profile.ts';
import { nextBoundary, nextOccurrence } from '../rules/boundary.ts';
import { compileCondition } from '../rules/compile.ts';
import type { Facts } from '../rules/condition.ts';
import type { Instance } from './instance.ts';
import { raised, type DateMoment } from './journey.ts';
import type { Listeners, VersionOf, Watch } from './listeners.ts';

/** The timer's item; no journey has such a name. */
export const watchRef = { journey: '~watch', key: '-' } as const;

export const isWatch = ({ journey }: { readonly journey: string }): boolean => journey === watchRef.journey;

/** The person at any moment, as far as it is known now. */
export type FactsAt = (now: Instant) => Facts;

export interface WatchInput {
  readonly now: Instant;
  readonly listeners: Pick<Listeners, 'watches' | 'dates'>;
  readonly zoneFor: (date: DateMoment) => string;
  readonly watched: Readonly<Record<string, boolean>>;
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
}

export interface Watched {
  readonly starts: readonly RaisedStart[];
  readonly watched: Readonly<Record<string, boolean>>;
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
  const starts = [...decided.flatMap(({ transitions }) => transitions.flatMap(startsOf)), ...datesReached(input)].toSorted(
    (a, b) => a.event.occurredAt - b.event.occurredAt,
  );
  const boundaries = [
    ...listeners.watches.map(({ when }) => nextBoundary(when, facts)),
    ...listeners.dates.map(({ date }) => occurrenceAfter(date, now, facts, input)),
  ].filter((at) => at !== undefined);
  return {
    starts,
    watched: Object.fromEntries(decided.map(({ id, isIn }) => [id, isIn])),
    due: boundaries.length === 0 ? undefined : Math.min(...boundaries),
  };
}

/** A condition that changes more often than this while nobody looked is asked again at the end alone. */
const mostSteps = 1_000;

/** What time alone did since it was last decided on; then what is told now, unless it takes the last of that back. */
function decide(
  one: Watch,
  { now, watched, watching, before, after, toldAt }: WatchInput,
): { readonly id: string; readonly isIn: boolean; readonly transitions: readonly Transition[] } {
  const holds = compileCondition(one.when);
  const isIn = holds(after(now));
  const known = watched[one.id];
  if (before === undefined) return { id: one.id, isIn, transitions: toTold(one, false, isIn, toldAt) };
  // Somebody who is in already when the journey goes live has not entered.
  if (known === undefined) return { id: one.id, isIn, transitions: toTold(one, holds(before(now)), isIn, toldAt) };
  const passed = watching?.due !== undefined && watching.due <= now ? throughTime(one, known, watching.due, now, before) : [];
  const last = passed.at(-1);
  if (last === undefined) return { id: one.id, isIn, transitions: toTold(one, known, isIn, toldAt) };
  const stands = last.isIn === isIn ? passed : passed.slice(0, -1);
  return { id: one.id, isIn, transitions: stands };
}

const toTold = (one: Watch, was: boolean, isIn: boolean, toldAt: Instant | undefined): readonly Transition[] =>
  was === isIn || toldAt === undefined ? [] : [{ watch: one, isIn, at: toldAt, isTimely: false }];

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
    .map(({ version }) => ({ version, event: transitionEvent(segment, isIn, at), isTimely }));

const transitionEvent = (segment: string, isIn: boolean, at: Instant): Event => ({
  id: `relance:segment:${segment}:${isIn ? 'entered' : 'left'}:${at}`,
  type: 'track',
  name: isIn ? raised.entered : raised.left,
  occurredAt: at,
  properties: { segment },
});

/** Only what comes after the moment the person was last decided on. */
function datesReached(input: WatchInput): readonly RaisedStart[] {
  const { now, listeners, watching, before } = input;
  if (watching === undefined || before === undefined) return [];
  const facts = before(now);
  return listeners.dates.flatMap(({ version, date }) => {
    const reached: RaisedStart[] = [];
    let at = occurrenceAfter(date, watching.at, facts, input);
    for (let step = 0; at !== undefined && at <= now && step < mostSteps; step++) {
      reached.push({ version, event: dateEvent(version, date, at, input.zoneFor(date)), isTimely: true });
      at = occurrenceAfter(date, at, facts, input);
    }
    return reached;
  });
}

const occurrenceAfter = (date: DateMoment, from: Instant, { traits }: Facts, { zoneFor }: WatchInput): Instant | undefined =>
  nextOccurrence(date, valueAt(traits, date.path), zoneFor(date), from);

const dateEvent = ({ journey }: VersionOf, date: DateMoment, at: Instant, zone: string): Event => ({
  id: `relance:date:${journey.name}:${at}`,
  type: 'track',
  name: raised.date,
  occurredAt: at,
  properties: { journey: journey.name, date: date.path.join('.'), day: dayText(localDay(at, zone)) },
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
