/**
 * How a value that was seen compares with the one config/ names. Total: any two JSON values have an answer, nothing throws.
 *
 * The laws, as config/README.md tells them (those of dates: dates.ts):
 * - Missing means absent, null, blank text or an empty list. A missing value meets no comparison but `ne`, `not in`,
 *   `none of` and `exists: false`.
 * - `ne` is exactly "not `eq`", `not in` exactly "not `in`", `none of` exactly "not `any of`".
 * - A number equals text that writes the same number (`30` and `"30.00"`). Two texts are the same number only when both are
 *   plain decimals: `01000` is a post code, not 1000.
 * - Text is compared without regard to case, Unicode form and repeated or unusual spaces; accents count.
 * - `gt`, `gte`, `lt`, `lte` order numbers (also written as text), instants, and other text by character code, which is
 *   what dates written year first need. A number and a word cannot be ordered: none of the four holds.
 * - `contains` asks for an element of a list, or a part of a text. `eq` never looks into a list.
 * - `any of`, `all of` and `none of` ask for elements of a list; what is no list counts as a list of one.
 */
import { canonicalJson, numberOf, type Json } from '../kernel/json.ts';
import { parseInstant } from '../kernel/time.ts';
import type { Comparison } from './condition.ts';
import { meetsDate, meetsWithin, type Moment } from './dates.ts';

export type Meets = (seen: Json | undefined, moment: Moment) => boolean;

/** Whatever the moment. */
type Test = (seen: Json | undefined) => boolean;

/** What depends on the wanted value alone is worked out here, once. */
export function meets(comparison: Comparison): Meets {
  switch (comparison.op) {
    case 'eq':
      return equals(comparison.value);
    case 'ne':
      return none([equals(comparison.value)]);
    case 'in':
      return some(comparison.value.map(equals));
    case 'not-in':
      return none(comparison.value.map(equals));
    case 'gt':
      return ordered(comparison.value, (order) => order > 0);
    case 'gte':
      return ordered(comparison.value, (order) => order >= 0);
    case 'lt':
      return ordered(comparison.value, (order) => order < 0);
    case 'lte':
      return ordered(comparison.value, (order) => order <= 0);
    case 'contains':
      return contains(comparison.value);
    case 'any-of':
      return anyOf(comparison.value);
    case 'all-of':
      return allOf(comparison.value);
    case 'none-of':
      return none([anyOf(comparison.value)]);
    case 'exists':
      return (seen) => isMissing(seen) !== comparison.value;
    case 'before':
    case 'after':
    case 'on':
    case 'anniversary':
      return meetsDate(comparison.op, comparison.value);
    case 'within':
      return meetsWithin(comparison.value);
  }
}

export const isMissing = (seen: Json | undefined): boolean =>
  seen === undefined ||
  seen === null ||
  (typeof seen === 'string' && seen.trim() === '') ||
  (Array.isArray(seen) && seen.length === 0);

/** One form for all ways to write the same text. NFKC also turns non-breaking spaces into plain ones. */
export const fold = (text: string): string =>
  plainAscii.test(text) ? text.toLowerCase() : text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();

/** Most text is so: the other ways to write it differ in case alone. */
const plainAscii = /^[!-~]+(?: [!-~]+)*$/;

const some = (tests: readonly Test[]): Test => {
  const [only, ...more] = tests;
  return only !== undefined && more.length === 0 ? only : (seen) => tests.some((test) => test(seen));
};

const none = (tests: readonly Test[]): Test => {
  const one = some(tests);
  return (seen) => !one(seen);
};

function anyOf(wanted: readonly Json[]): Test {
  const one = some(wanted.map(equals));
  return (seen) => (Array.isArray(seen) ? seen.some(one) : one(seen));
}

/** All of nothing is in every list, but not in what is missing. */
function allOf(wanted: readonly Json[]): Test {
  const tests = wanted.map(equals);
  return (seen) => {
    if (isMissing(seen)) return false;
    return tests.every((test) => (Array.isArray(seen) ? seen.some(test) : test(seen)));
  };
}

/** A longer number loses digits as a double: ids stay text. */
const decimal = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?$/;
const decimalOf = (text: string): number | undefined => (decimal.test(text.trim()) ? Number(text) : undefined);

/** As a number where digits that a double keeps are written, leading zeros and plus included. */
const exactNumberOf = (value: Json | undefined): number | undefined =>
  typeof value === 'string' && value.trim().length > 16 ? decimalOf(value) : numberOf(value);

function equals(wanted: Json): Test {
  if (isMissing(wanted)) return () => false;
  if (typeof wanted === 'object' && wanted !== null) {
    const text = canonicalJson(wanted);
    return (seen) => !isMissing(seen) && canonicalJson(seen ?? null) === text;
  }
  const number = exactNumberOf(wanted);
  if (typeof wanted === 'number') return (seen) => number !== undefined && exactNumberOf(seen) === number;
  const folded = fold(String(wanted));
  const wantedDecimal = typeof wanted === 'string' ? decimalOf(wanted) : undefined;
  return (seen) => {
    if (typeof seen === 'string') {
      if (seen === wanted || fold(seen) === folded) return true;
      return wantedDecimal !== undefined && decimalOf(seen) === wantedDecimal;
    }
    if (typeof seen === 'number') return typeof wanted === 'string' && number !== undefined && seen === number;
    return typeof seen === 'boolean' && String(seen) === folded;
  };
}

function ordered(wanted: Json, holds: (order: number) => boolean): Test {
  const number = numberOf(wanted);
  const instant = typeof wanted === 'string' && number === undefined ? parseInstant(wanted.trim()) : undefined;
  const folded = typeof wanted === 'string' && number === undefined && !isMissing(wanted) ? fold(wanted) : undefined;
  return (seen) => {
    const seenNumber = numberOf(seen);
    if (number !== undefined) return seenNumber !== undefined && holds(seenNumber - number);
    if (folded === undefined || seenNumber !== undefined || typeof seen !== 'string' || isMissing(seen)) return false;
    const seenInstant = instant === undefined ? undefined : parseInstant(seen.trim());
    if (instant !== undefined && seenInstant !== undefined) return holds(seenInstant - instant);
    const text = fold(seen);
    return holds(text < folded ? -1 : text > folded ? 1 : 0);
  };
}

function contains(wanted: Json): Test {
  const same = equals(wanted);
  const part = isMissing(wanted) || typeof wanted === 'object' ? undefined : fold(String(wanted));
  return (seen) => {
    if (Array.isArray(seen)) return seen.some(same);
    return typeof seen === 'string' && !isMissing(seen) && part !== undefined && fold(seen).includes(part);
  };
}
