/**
 * Where a path of the condition language leads: `cart.value`, `event.total`, `orders.count`, or a trait by its bare name.
 */
import { at, isObject, type Json } from '../kernel/json.ts';
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
  return isRoot(first) ? walker(first, rest) : walker('traits', path);
}

/** Most paths are one step into an object. What every object inherits is nobody's trait. */
function walker(root: Root, path: readonly string[]): PathReader {
  const [only, ...more] = path;
  if (only === undefined || more.length > 0 || only in Object.prototype) return (facts) => at(facts[root], path);
  return (facts) => {
    const document = facts[root];
    return isObject(document) ? document[only] : at(document, path);
  };
}

export const valueAt = (facts: Facts, path: readonly string[]): Json | undefined => readerOf(path)(facts);

export const pathText = (path: readonly string[]): string => path.join('.');
