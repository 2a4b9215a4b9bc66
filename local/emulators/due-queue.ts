/**
 * Items ordered by an instant, then by arrival: the earliest is found at once, and any item can be moved or taken out
 * in logarithmic time, so that thousands of messages cost no more per receive than ten.
 */
import type { Instant } from '../../shared/kernel/time.ts';

interface Entry<T> {
  readonly item: T;
  readonly at: Instant;
}

const isBefore = <T extends { readonly sequence: number }>(a: Entry<T>, b: Entry<T>): boolean =>
  a.at < b.at || (a.at === b.at && a.item.sequence < b.item.sequence);

/** A binary heap that knows where each of its items is. */
export class DueQueue<T extends { readonly sequence: number }> {
  readonly #entries: Entry<T>[] = [];
  readonly #places = new Map<T, number>();

  get size(): number {
    return this.#entries.length;
  }

  first(): Entry<T> | undefined {
    return this.#entries[0];
  }

  has(item: T): boolean {
    return this.#places.has(item);
  }

  /** Puts the item at that instant, wherever it was before. */
  put(item: T, at: Instant): void {
    this.remove(item);
    this.#entries.push({ item, at });
    this.#places.set(item, this.#entries.length - 1);
    this.#rise(this.#entries.length - 1);
  }

  remove(item: T): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    const last = this.#entries.length - 1;
    this.#swap(place, last);
    this.#entries.pop();
    this.#places.delete(item);
    if (place < last) {
      this.#sink(place);
      this.#rise(place);
    }
    return true;
  }

  clear(): void {
    this.#entries.length = 0;
    this.#places.clear();
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#comesFirst(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#comesFirst(left + 1, left) ? left + 1 : left;
      if (!this.#comesFirst(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #comesFirst(a: number, b: number): boolean {
    const first = this.#entries[a];
    const second = this.#entries[b];
    return first !== undefined && second !== undefined && isBefore(first, second);
  }

  #swap(a: number, b: number): void {
    const first = this.#entries[a];
    const second = this.#entries[b];
    if (first === undefined || second === undefined || a === b) return;
    this.#entries[a] = second;
    this.#entries[b] = first;
    this.#places.set(second.item, a);
    this.#places.set(first.item, b);
  }
}
