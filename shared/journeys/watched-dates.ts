/**
 * Days that dates of the person name: which of them has come since the person was last decided on, and which comes next. What
 * lies ahead is remembered, so that a day is neither lost nor kept twice when the clock of the person changes, and a journey
 * that goes live starts nothing for days past. Pure.
 */
import type { Event } from '../events/event.ts';
import { contentHash } from '../kernel/ids.ts';
import { at as valueAt, canonicalJson, type Json } from '../kernel/json.ts';
import { dayText, exactDays, localDay, type Instant } from '../kernel/time.ts';
import type { DateAhead } from '../profile/profile.ts';
import type { Decision } from '../profile/timeline.ts';
import { nextOccurrence } from '../rules/boundary.ts';
import type { Facts } from '../rules/condition.ts';
import { dateOf, monthDayOf } from '../rules/dates.ts';
import { raised, type DateMoment } from './journey.ts';
import type { Listeners, VersionOf } from './listeners.ts';
import { decided } from './rulings.ts';
import { secondBefore, type RaisedStart } from './watch.ts';

/** By name of the journey. */
export type DatesAhead = Readonly<Record<string, DateAhead>>;

export interface DatesInput {
  readonly now: Instant;
  readonly listeners: Pick<Listeners, 'dates'>;
  readonly zoneFor: (date: DateMoment) => string;
  /** As it was last decided on. */
  readonly ahead: DatesAhead;
  readonly traits: Facts['traits'];
}

interface Listened {
  readonly version: VersionOf;
  readonly date: DateMoment;
}

/** More than lies between the same time of a day on any two clocks. */
const clocksDiffer = exactDays(2);

const yearlyRest = exactDays(182);

/** What has come. Of what was not ahead when the person was last decided on, nothing has. */
export function datesReached(input: DatesInput): readonly RaisedStart[] {
  const { now, listeners, zoneFor, ahead } = input;
  return listeners.dates.flatMap((one) => {
    const known = ahead[one.version.journey.name];
    if (known?.next === undefined) return [];
    // By another clock its hour may be past before it came.
    const moved = known.of === readingOf(one, input) ? occurrenceAfter(one, known.next - clocksDiffer, known, input) : undefined;
    const named = moved ?? known.next;
    if (named > now) return [];
    const day = dayText(localDay(named, zoneFor(one.date)));
    const at = Math.min(known.next, now);
    return [{ version: one.version, event: dateEvent(one, at, day), isTimely: true, hearsFrom: secondBefore(at) }];
  });
}

/** `came`: by name of the journey, when its date started a run, as far as that happened now. */
export function datesToCome(input: DatesInput, came: ReadonlyMap<string, Instant>): DatesAhead {
  const { now, listeners, ahead } = input;
  const entries = listeners.dates.flatMap((one): readonly [string, DateAhead][] => {
    const { name } = one.version.journey;
    const of = readingOf(one, input);
    const known = ahead[name];
    // Another date than the one that came is not rested from, though both are told of in one breath.
    const last = known?.of === of || one.date.every === 'year' ? (came.get(name) ?? known?.last) : undefined;
    const kept = last !== undefined && restAfter(one.date, last) > now ? { of, last } : { of };
    const next = occurrenceAfter(one, now, kept, input);
    if (next === undefined && kept.last === undefined) return [];
    return [[name, { ...kept, ...(next === undefined ? {} : { next }) }]];
  });
  return Object.fromEntries(entries);
}

/** A date that cannot be read is told with the event that says it: silence would look as if no day had come yet. */
export function unreadableDates(
  { now, listeners, traits }: Pick<DatesInput, 'now' | 'listeners' | 'traits'>,
  told: readonly Pick<Event, 'traits'>[],
): readonly Decision[] {
  return listeners.dates.flatMap(({ version, date: { path, every } }) => {
    const seen = valueAt(traits, path);
    const isTold = told.some((event) => valueAt(event.traits ?? {}, path) !== undefined);
    if (!isTold || seen === undefined || seen === null || seen === '' || isRead(seen, every)) return [];
    const because = `${path.join('.')} is no date${every === 'once' ? ' with its year' : ''}, such as 1988-02-29`;
    return [decided(version.journey.name, { name: raised.date }, 'start', { fires: false, because, seen }, now)];
  });
}

const isRead = (seen: Json, every: DateMoment['every']): boolean =>
  (every === 'year' ? monthDayOf(seen, 'UTC') : dateOf(seen)) !== undefined;

/** A yearly date comes once in half a year, however it is corrected; any date comes once, however clocks change. */
const restAfter = ({ every }: DateMoment, last: Instant): Instant => last + (every === 'year' ? yearlyRest : clocksDiffer);

const occurrenceAfter = (
  { date }: Listened,
  from: Instant,
  { last }: Pick<DateAhead, 'last'>,
  { traits, zoneFor }: DatesInput,
): Instant | undefined => {
  const rested = last === undefined ? from : Math.max(from, restAfter(date, last));
  return nextOccurrence(date, valueAt(traits, date.path), zoneFor(date), rested);
};

/** Another value, or another moment around it, is another date: only a clock that changes leaves it as it is. */
const readingOf = ({ date: { path, offset, at, every } }: Listened, { traits }: DatesInput): string =>
  contentHash(JSON.stringify([path, offset, at, every]), canonicalJson(valueAt(traits, path) ?? null)).slice(0, 8);

const dateEvent = ({ version: { journey }, date }: Listened, at: Instant, day: string): Event => ({
  id: `relance:date:${journey.name}:${at}`,
  type: 'track',
  name: raised.date,
  occurredAt: at,
  properties: { journey: journey.name, date: date.path.join('.'), day },
});
