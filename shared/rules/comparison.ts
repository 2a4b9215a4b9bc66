/**
 * How a value that was seen compares with the one config/ names. Total: any two JSON values have an answer, nothing throws.
 *
 * The laws, as config/README.md tells them (those of dates: dates.ts):
 * - Missing means absent, null, blank text or an empty list. A missing value meets no comparison but `ne`, `not in`,
 *   `none of` and `exists: false`.
 * - `ne` is exactly "not `eq`", `not in` exactly "not `in`", `none of` exactly "not `any of`".
 * - A number equals text that writes the same number as a plain decimal (`30` and `"30.00"`), and so do two texts: `01000`
 *   is a post code, not 1000.
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
      return not(equals(comparison.value));
    case 'in':
      return oneOf(comparison.value);
    case 'not-in':
      return not(oneOf(comparison.value));
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return numberOf(comparison.value) === undefined
        ? orderedText(comparison.op, comparison.value)
        : orderedNumber(comparison.op, comparison.value);
    case 'contains':
      return contains(comparison.value);
    case 'any-of':
      return anyOf(comparison.value);
    case 'all-of':
      return allOf(comparison.value);
    case 'none-of':
      return not(anyOf(comparison.value));
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

const not =
  (test: Test): Test =>
  (seen) =>
    !test(seen);

/** Words are looked up at once, however long the list is. */
function oneOf(wanted: readonly Json[]): Test {
  const words = new Set<string>();
  const tests: Test[] = [];
  for (const value of wanted) {
    if (typeof value === 'string' && numberOf(value) === undefined && !isMissing(value)) words.add(fold(value));
    else tests.push(equals(value));
  }
  const isWord = (seen: Json | undefined): boolean =>
    typeof seen === 'string' ? words.has(fold(seen)) : typeof seen === 'boolean' && words.has(String(seen));
  if (tests.length === 0) return isWord;
  return (seen) => isWord(seen) || tests.some((test) => test(seen));
}

function anyOf(wanted: readonly Json[]): Test {
  const one = oneOf(wanted);
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

function equals(wanted: Json): Test {
  if (isMissing(wanted)) return () => false;
  if (typeof wanted === 'object' && wanted !== null) {
    const text = canonicalJson(wanted);
    return (seen) => !isMissing(seen) && canonicalJson(seen ?? null) === text;
  }
  if (typeof wanted === 'number') return (seen) => (typeof seen === 'string' ? decimalOf(seen) : seen) === wanted;
  const folded = fold(String(wanted));
  const wantedDecimal = typeof wanted === 'string' ? decimalOf(wanted) : undefined;
  const first = wantedDecimal === undefined ? plainLetter(folded) : undefined;
  return (seen) => {
    if (typeof seen === 'string') {
      if (seen === wanted) return true;
      if (first !== undefined && beginsOtherwise(seen, first)) return false;
      if (fold(seen) === folded) return true;
      return wantedDecimal !== undefined && decimalOf(seen) === wantedDecimal;
    }
    if (typeof seen === 'number') return seen === wantedDecimal;
    return typeof seen === 'boolean' && String(seen) === folded;
  };
}

/** Code of the first character where it is plain ASCII. */
function plainLetter(text: string): number | undefined {
  const code = text.charCodeAt(0);
  return code > 32 && code < 127 ? code : undefined;
}

/**
 * Most text differs in its first letter, and need not be folded to know so: a plain letter stays what it is but for its case, or
 * becomes one with an accent. `first`: of a folded text.
 */
function beginsOtherwise(seen: string, first: number): boolean {
  const code = seen.charCodeAt(0);
  return code > 32 && code < 127 && code !== first && (code < 65 || code > 90 || code + 32 !== first);
}

type Order = 'gt' | 'gte' | 'lt' | 'lte';

function orderedNumber(op: Order, wanted: Json): Test {
  const number = numberOf(wanted) ?? Number.NaN; // with which nothing compares
  const numeric = (seen: Json | undefined): number => (typeof seen === 'number' ? seen : (numberOf(seen) ?? Number.NaN));
  switch (op) {
    case 'gt':
      return (seen) => numeric(seen) > number;
    case 'gte':
      return (seen) => numeric(seen) >= number;
    case 'lt':
      return (seen) => numeric(seen) < number;
    case 'lte':
      return (seen) => numeric(seen) <= number;
  }
}

function orderedText(op: Order, wanted: Json): Test {
  if (typeof wanted !== 'string' || isMissing(wanted)) return () => false;
  const instant = parseInstant(wanted.trim());
  const folded = fold(wanted);
  return (seen) => {
    if (typeof seen !== 'string' || isMissing(seen) || numberOf(seen) !== undefined) return false;
    const seenInstant = instant === undefined ? undefined : parseInstant(seen.trim());
    if (instant !== undefined && seenInstant !== undefined) return isInOrder(op, seenInstant - instant);
    const text = fold(seen);
    return isInOrder(op, text < folded ? -1 : text > folded ? 1 : 0);
  };
}

function isInOrder(op: Order, order: number): boolean {
  switch (op) {
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
  }
}

function contains(wanted: Json): Test {
  const same = equals(wanted);
  const part = isMissing(wanted) || typeof wanted === 'object' ? undefined : fold(String(wanted));
  return (seen) => {
    if (Array.isArray(seen)) return seen.some(same);
    return typeof seen === 'string' && !isMissing(seen) && part !== undefined && fold(seen).includes(part);
  };
}
