/**
 * The product clock for other threads: one cell of shared memory, so that a leap is seen everywhere in the same instant, in
 * the middle of a call as well.
 */
import type { Instant } from '../../shared/kernel/time.ts';
import type { ProductClock } from '../clock.ts';

export interface SharedClock {
  readonly cell: SharedArrayBuffer;
  /** Follows the clock no longer. */
  stop(): void;
}

/** Twice the instant at which it stands, and one; or, while it runs, twice its offset. */
export function shareClock(clock: ProductClock): SharedClock {
  const cell = new SharedArrayBuffer(8);
  const view = new BigInt64Array(cell);
  const write = (): void => {
    const value = clock.isStanding() ? whole(clock.now()) * 2n + 1n : whole(clock.offset()) * 2n;
    Atomics.store(view, 0, value);
  };
  write();
  return { cell, stop: clock.subscribe(write) };
}

const whole = (milliseconds: number): bigint => BigInt(Math.floor(milliseconds));

/** What the clock behind the cell shows, given system time. */
export function clockIn(cell: SharedArrayBuffer, system: () => Instant): () => Instant {
  const view = new BigInt64Array(cell);
  return () => {
    const value = Atomics.load(view, 0);
    const read = Number(value >> 1n);
    return (value & 1n) === 1n ? read : system() + read;
  };
}
