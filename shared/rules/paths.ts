/**
 * Where a path of the condition language leads: `cart.value`, `event.total`, `orders.count`, or a trait by its bare name.
 */
import { at, type Json } from '../kernel/json.ts';
import type { Facts } from './condition.ts';

/** The first words that do not mean a trait. A trait of the same name is written `traits.cart`. */
export const roots = ['event', 'cart', 'orders', 'traits', 'device', 'place', 'predicted', 'context'] as const;
export type Root = (typeof roots)[number];

export const isRoot = (word: string | undefined): word is Root => roots.some((root) => root === word);

/** Undefined where the path leaves the document: absent is a value like any other to the comparisons. */
export type PathReader = (facts: Facts) => Json | undefined;

/** The root is chosen once, so that a decision only walks. */
export function readerOf(path: readonly string[]): PathReader {
  const [first, ...rest] = path;
  if (!isRoot(first)) return ({ traits }) => at(traits, path);
  switch (first) {
    case 'event':
      return ({ event }) => at(event, rest);
    case 'cart':
      return ({ cart }) => at(cart, rest);
    case 'orders':
      return ({ orders }) => at(orders, rest);
    case 'traits':
      return ({ traits }) => at(traits, rest);
    case 'device':
      return ({ device }) => at(device, rest);
    case 'place':
      return ({ place }) => at(place, rest);
    case 'predicted':
      return ({ predicted }) => at(predicted, rest);
    case 'context':
      return ({ context }) => at(context, rest);
  }
}

export const valueAt = (facts: Facts, path: readonly string[]): Json | undefined => readerOf(path)(facts);

export const pathText = (path: readonly string[]): string => path.join('.');
