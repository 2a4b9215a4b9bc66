/**
 * A slow reading of the condition language, written from config/README.md and not from the code: what the closures must
 * agree with. It looks at everything anew each time and prefers the plainest words.
 */
import type { Json } from '../../shared/kernel/json.ts';
import type { Comparison, Condition, Facts } from '../../shared/rules/condition.ts';

export function referenceHolds(condition: Condition, facts: Facts): boolean {
  if (condition.kind === 'compare') return referenceMeets(condition.comparison, look(facts, condition.path));
  if (condition.kind === 'not') return !referenceHolds(condition.of, facts);
  let [some, every] = [false, true];
  for (const part of condition.of) {
    if (referenceHolds(part, facts)) some = true;
    else every = false;
  }
  return condition.kind === 'all' ? every : some;
}

function look(facts: Facts, path: readonly string[]): Json | undefined {
  const documents: Record<string, Json | undefined> = {
    event: facts.event,
    cart: facts.cart,
    orders: facts.orders,
    traits: facts.traits,
  };
  const named = path[0] !== undefined && Object.keys(documents).includes(path[0]);
  let here: unknown = named ? documents[path[0]!] : facts.traits;
  for (const step of named ? path.slice(1) : path) {
    const entry = typeof here === 'object' && here !== null ? Object.entries(here).find(([key]) => key === step) : undefined;
    here = entry?.[1];
  }
  return here as Json | undefined;
}

const blank = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && /^\s*$/.test(value)) ||
  (Array.isArray(value) && value.length === 0);

export function referenceMeets(comparison: Comparison, seen: Json | undefined): boolean {
  switch (comparison.op) {
    case 'exists':
      return comparison.value ? !blank(seen) : blank(seen);
    case 'ne':
      return !referenceMeets({ op: 'eq', value: comparison.value }, seen);
    case 'in':
      return comparison.value.filter((value) => referenceMeets({ op: 'eq', value }, seen)).length > 0;
    case 'not-in':
      return comparison.value.filter((value) => referenceMeets({ op: 'eq', value }, seen)).length === 0;
    case 'eq':
      return !blank(seen) && !blank(comparison.value) && same(seen ?? null, comparison.value);
    case 'contains':
      if (blank(seen) || blank(comparison.value)) return false;
      if (Array.isArray(seen))
        return seen.filter((element: Json) => !blank(element) && same(element, comparison.value)).length > 0;
      return (
        typeof seen === 'string' &&
        typeof comparison.value !== 'object' &&
        plain(seen).indexOf(plain(String(comparison.value))) >= 0
      );
    case 'gt':
      return rank(seen, comparison.value) === 'after';
    case 'gte':
      return ['after', 'same'].includes(rank(seen, comparison.value));
    case 'lt':
      return rank(seen, comparison.value) === 'before';
    case 'lte':
      return ['before', 'same'].includes(rank(seen, comparison.value));
  }
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean).join(' ');

function same(a: Json, b: Json): boolean {
  if (typeof a === 'object' || typeof b === 'object') return sorted(a) === sorted(b);
  if (typeof a === 'boolean' || typeof b === 'boolean') {
    return typeof a !== 'number' && typeof b !== 'number' && plain(String(a)) === plain(String(b));
  }
  if (typeof a === 'string' && typeof b === 'string') {
    return plain(a) === plain(b) || (isDecimal(a) && isDecimal(b) && Number(a) === Number(b));
  }
  const [x, y] = [number(a), number(b)];
  const tooLong = [a, b].some((side) => typeof side === 'string' && side.trim().length > 16 && !isDecimal(side));
  return !tooLong && x !== undefined && x === y;
}

const isDecimal = (text: string): boolean => {
  const [whole = '', fraction, ...more] = text.trim().replace(/^-/, '').split('.');
  const digits = (part: string): boolean => /^[0-9]+$/.test(part);
  const fractionFits = fraction === undefined || (digits(fraction) && fraction.length <= 12);
  return more.length === 0 && digits(whole) && whole.length <= 15 && (whole === '0' || !whole.startsWith('0')) && fractionFits;
};

const number = (value: Json | undefined): number | undefined => {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  return Number.isFinite(Number(value)) ? Number(value) : undefined;
};

function rank(seen: Json | undefined, wanted: Json): 'before' | 'same' | 'after' | 'none' {
  const by = <T extends number | string>(a: T, b: T) => (a < b ? 'before' : a > b ? 'after' : 'same');
  const [x, y] = [number(seen), number(wanted)];
  if (x !== undefined && y !== undefined) return by(x, y);
  if (x !== undefined || y !== undefined || typeof seen !== 'string' || typeof wanted !== 'string') return 'none';
  if (blank(seen) || blank(wanted)) return 'none';
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;
  if (instant.test(seen) && instant.test(wanted)) return by(Date.parse(seen), Date.parse(wanted));
  return by(plain(seen), plain(wanted));
}

const sorted = (value: Json): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
