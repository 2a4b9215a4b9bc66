/**
 * Moves the product clock by events: to the earliest thing due, do it with the clock standing there, settle, repeat.
 * A year in which nothing is due takes as long as a second.
 */
import type { Instant } from '../../shared/kernel/time.ts';
import type { ProductClock } from '../clock.ts';
import type { QueueMapping } from './queue-mapping.ts';
import type { Scheduler } from './scheduler.ts';

export interface LeapSurroundings {
  readonly clock: ProductClock;
  readonly mappings: readonly QueueMapping[];
  readonly scheduler: Scheduler;
  readonly settle: () => Promise<void>;
  /** Ends the leap where it is. */
  readonly signal: AbortSignal;
}

/** The clock stands at `target` afterwards, and everything due by then has been done or has failed. */
export async function leapTo(target: Instant, around: LeapSurroundings): Promise<void> {
  const { clock, mappings, scheduler, settle, signal } = around;
  clock.standAt(clock.now());
  await settle();
  while (!signal.aborted) {
    const changes = mappings.flatMap((mapping) => mapping.nextChange() ?? []);
    const message = Math.min(target + 1, ...changes);
    // At the same instant messages go first: they may be what the schedule would look for.
    const scheduled = await scheduler.nextDue(clock.now(), message - 1);
    if (scheduled === undefined && message > target) break;
    clock.standAt(scheduled?.at ?? message);
    if (scheduled !== undefined) await scheduler.run(scheduled);
    await settle();
  }
  clock.standAt(target);
  await settle();
}
