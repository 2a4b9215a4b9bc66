/** What could not be done, kept in memory: 14 days, judged by the clock of the world it belongs to. */
import { exactDays } from '../../kernel/time.ts';
import type { Clock, Parked, ParkedItems } from '../../ports.ts';

export class MemoryParking implements ParkedItems {
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

  async find(id: string): Promise<Parked | undefined> {
    return (await this.parked(Number.MAX_SAFE_INTEGER)).find((item) => item.id === id);
  }

  async drop({ id, at }: Pick<Parked, 'id' | 'at'>): Promise<boolean> {
    return this.#items.get(id)?.at === at && this.#items.delete(id);
  }
}
