/**
 * How far an occurrence has come: which of its pages wait, are to be asked for again or are settled, how many more people may
 * be asked for now, and what became of everybody. Pure.
 */
import { exactDays, hours, minutes, seconds, type Instant } from '../kernel/time.ts';
import type { Throttle } from './campaign.ts';
import { verdicts, type Done, type PageProgress, type PlaceVerdict } from './occurrence.ts';

/** A message that stays away after so many askings is left unanswered, and counted so. */
export const lastAsking = 4;

/** A queue keeps a message for four days: what is older than that is not on its way any more. */
const queueLife = exactDays(4);
/** Nothing waits and nothing is in work: a message this old is lost. */
const lost = minutes(2);
/** Something is in work: it could be among it for as long as the queue hides one. */
const lostForSure = minutes(10);

/** What of the outbox is not done, as its queue counts. */
export interface Outbox {
  readonly waiting: number;
  readonly delayed: number;
  readonly inWork: number;
}

/** `settled`: nobody is asked for any more, whether all of them have a verdict or not. */
export type PageState = 'waits' | 'asks' | 'settled';

export function stateOf({ queued, later, done }: PageProgress, now: Instant, outbox: Outbox): PageState {
  if (queued === undefined) return 'waits'; // it is noted by whoever queued it, or queued again
  if (queued.members <= doneIn(done)) return 'settled';
  if (now - queued.at >= queueLife) return 'settled';
  if (later !== undefined) return now >= later ? 'asks' : 'waits';
  if (now - queued.at < lostAfter(outbox)) return 'waits';
  return queued.asked >= lastAsking ? 'settled' : 'asks';
}

const lostAfter = ({ waiting, delayed, inWork }: Outbox): number =>
  waiting + delayed > 0 ? Infinity : inWork > 0 ? lostForSure : lost;

/** The places that have no verdict yet. */
export function openPlaces({ queued, done }: PageProgress): readonly number[] {
  const known = new Set(verdicts.flatMap((verdict) => done[verdict] ?? []));
  return Array.from({ length: queued?.members ?? 0 }, (_, ordinal) => ordinal).filter((ordinal) => !known.has(ordinal));
}

/** A message that may leave later was not lost: asking for it again is no further try. */
export const askedAgain = ({ queued, later }: PageProgress): number => (queued?.asked ?? 0) + (later === undefined ? 1 : 0);

const doneIn = (done: Done): number => verdicts.reduce((sum, verdict) => sum + (done[verdict]?.length ?? 0), 0);

/** Messages that are on their way, as far as anybody knows. */
export const underWayIn = (pages: readonly PageProgress[], now: Instant, outbox: Outbox): number =>
  pages
    .filter((page) => stateOf(page, now, outbox) !== 'settled')
    .reduce((sum, { queued, done }) => sum + Math.max(0, (queued?.members ?? 0) - doneIn(done)), 0);

const spans: Readonly<Record<Throttle['per'], number>> = { minute: minutes(1), hour: hours(1), day: hours(24) };
/** Runs of one minute each do not come to the second. */
const jitter = seconds(30);

/**
 * How many people a throttle lets through in this run: what falls to a minute of its span, so that a thousand an hour are
 * seventeen a minute, and never more than it says within its span. What stood still is not made good at once: whoever was
 * asked for and has no message yet counts as of now, so that not more than a minute's share ever waits to leave.
 */
export function throttled(throttle: Throttle | undefined, pages: readonly PageProgress[], now: Instant, outbox: Outbox): number {
  if (throttle === undefined) return Infinity;
  const span = spans[throttle.per];
  const ofMinute = Math.ceil((throttle.people * minutes(1)) / span);
  const askedSince = (since: Instant): number =>
    pages.reduce(
      (sum, page) =>
        sum + (page.queued !== undefined && page.queued.firstAt > since ? page.queued.members : onTheWay(page, now, outbox)),
      0,
    );
  const spanBegan = throttle.per === 'minute' ? now - span + jitter : now - span - minutes(1);
  return Math.max(0, Math.min(ofMinute - askedSince(now - jitter), throttle.people - askedSince(spanBegan)));
}

/** Messages of a page that could leave at any moment; those that wait for a later time are none. */
function onTheWay(page: PageProgress, now: Instant, outbox: Outbox): number {
  if (page.later !== undefined || stateOf(page, now, outbox) === 'settled') return 0;
  return Math.max(0, (page.queued?.members ?? 0) - doneIn(page.done));
}

export interface Counts {
  readonly members: number;
  readonly byVerdict: Readonly<Partial<Record<PlaceVerdict, number>>>;
  /** Members without a verdict: on their way, or never heard of again. All others and these are the members. */
  readonly open: number;
}

export function countsOf(pages: readonly PageProgress[]): Counts {
  const noted = pages.filter(({ queued }) => queued !== undefined);
  const members = noted.reduce((sum, { queued }) => sum + (queued?.members ?? 0), 0);
  const byVerdict: Partial<Record<PlaceVerdict, number>> = {};
  for (const verdict of verdicts) {
    const count = noted.reduce((sum, { done }) => sum + (done[verdict]?.length ?? 0), 0);
    if (count > 0) byVerdict[verdict] = count;
  }
  return { members, byVerdict, open: members - noted.reduce((sum, { done }) => sum + doneIn(done), 0) };
}
