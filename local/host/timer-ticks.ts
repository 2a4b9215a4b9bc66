/**
 * When the clock moves by leaps, this says where the timer schedule must tick: so early that whole-second delays land
 * exactly on the due instant, as rarely as possible while nothing is due, and once a minute while something is overdue.
 * Pure.
 */
import type { Instant } from '../../shared/kernel/time.ts';

export interface TickHistory {
  /** The last tick, if any, and whether the handler succeeded. */
  readonly last?: { readonly at: Instant; readonly succeeded: boolean };
  /** Ticks in a row after which the same timer was still the earliest and nothing had been processed. */
  readonly fruitless: number;
}

/** run-timers queues what is due within this time. */
const lookAhead = 135_000;
/** From here a whole number of seconds is left to the due instant, and there is time to queue it. */
const lead = 60_000;
const minute = 60_000;
/** A timer that nothing moves is looked at less and less often, so that a leap over a year ends. */
const patience = 10;
const longestGap = 86_400_000;

/** No tick comes before this instant, whatever timers there are: a minute after the last one, as in AWS. */
export function soonestTick({ last, fruitless }: TickHistory, now: Instant): Instant {
  const gap = fruitless < patience ? minute : Math.min(longestGap, minute * 2 ** (fruitless - patience + 1));
  return last === undefined ? now : Math.max(now, last.at + gap);
}

/** The instant of the next tick for the earliest timer. */
export function nextTick(history: TickHistory, now: Instant, earliest: Instant): Instant {
  const { last } = history;
  // What the last tick queued comes out of the queue by itself: it is ticked for again only once it is overdue.
  const isQueued = last?.succeeded === true && earliest <= last.at + lookAhead;
  return Math.max(soonestTick(history, now), isQueued ? earliest : earliest - lead);
}

/** The first occurrence after `now` of what runs every so many minutes, counted from midnight UTC. */
export function nextOccurrence(now: Instant, everyMinutes: number): Instant {
  const period = everyMinutes * minute;
  return (Math.floor(now / period) + 1) * period;
}
