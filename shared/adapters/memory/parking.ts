/** What could not be done, kept in memory: 14 days, judged by the clock of the world it belongs to. */
import { exactDays } from '../../kernel/time.ts';
import type { Clock, Parked, Parking } from '../../ports.ts';

export class MemoryParking implements Parking {
  readonly #items = new Map<string, Parked>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async park(item: Parked): Promise<void> {
    this.#items.set(item.id, structuredClone(item));
  }

  async parked(limit: number): Promise<readonly Parked[]> {
    const oldest = this.#clock() - exactDays(14);
    const kept = [...this.#items.values()].filter(({ at }) => at > oldest).toSorted((a, b) => b.at - a.at);
    return structuredClone(kept.slice(0, limit));
  }
}
