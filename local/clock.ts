/**
 * The product clock of local runs: system time plus an offset, which can stand still at an instant and jump ahead.
 * It never goes back, so that nothing that happened lies in the future.
 */
import type { Instant } from '../shared/kernel/time.ts';

export interface ProductClock {
  now(): Instant;
  /** Milliseconds ahead of system time. Keep it with stored data: a clock that starts with it goes on where it was. */
  offset(): number;
  isStanding(): boolean;
  /** Stops exactly there; an instant already past means now. */
  standAt(instant: Instant): void;
  /** Runs on from the instant it stands at. */
  release(): void;
  /** Called whenever it jumps, stops or runs again; answers how to end that. */
  subscribe(listener: () => void): () => void;
  /** Resolves once it shows the instant or later, however it got there. Infinity waits for the signal alone. */
  sleepUntil(instant: Instant, signal?: AbortSignal): Promise<'reached' | 'aborted'>;
}

export interface ClockStart {
  /** Epoch milliseconds. */
  readonly system?: () => number;
  readonly offset?: number;
}

/** setTimeout counts in 32 bits; a longer sleep is taken in parts. */
const longestTimeout = 2 ** 31 - 1;

export const createClock = ({ system = Date.now, offset = 0 }: ClockStart = {}): ProductClock => new OffsetClock(system, offset);

class OffsetClock implements ProductClock {
  readonly #system: () => number;
  readonly #listeners = new Set<() => void>();
  #offset: number;
  #stood: Instant | undefined;
  #latest: Instant;

  constructor(system: () => number, offset: number) {
    this.#system = system;
    this.#offset = offset;
    this.#latest = system() + offset;
  }

  now(): Instant {
    // The system clock may be set back; the product clock then waits for it.
    this.#latest = Math.max(this.#latest, this.#stood ?? this.#system() + this.#offset);
    return this.#latest;
  }

  offset(): number {
    return this.#stood === undefined ? this.#offset : this.#stood - this.#system();
  }

  isStanding(): boolean {
    return this.#stood !== undefined;
  }

  standAt(instant: Instant): void {
    this.#stood = Math.max(this.now(), instant);
    this.#tell();
  }

  release(): void {
    if (this.#stood === undefined) return;
    this.#offset = this.#stood - this.#system();
    this.#stood = undefined;
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  sleepUntil(instant: Instant, signal?: AbortSignal): Promise<'reached' | 'aborted'> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (how: 'reached' | 'aborted'): void => {
        clearTimeout(timer);
        unsubscribe();
        signal?.removeEventListener('abort', onAbort);
        resolve(how);
      };
      const onAbort = (): void => end('aborted');
      const plan = (): void => {
        clearTimeout(timer);
        const left = instant - this.now();
        if (left <= 0) return end('reached');
        if (!this.isStanding() && Number.isFinite(left)) timer = setTimeout(plan, Math.min(left, longestTimeout));
      };
      const unsubscribe = this.subscribe(plan);
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted === true) end('aborted');
      else plan();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
