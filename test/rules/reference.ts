/**
 * A slow reading of the condition language, written from the semantics (config/README.md, docs/decisions) and not from the
 * code: what the closures must agree with. It looks at everything anew each time, counts in the whole history instead of in
 * states, and prefers the plainest words.
 */
import type { Json, JsonObject } from '../../shared/kernel/json.ts';
import type { Duration, Instant } from '../../shared/kernel/time.ts';
import type { Comparison, Condition, DatedOrder, DidCondition, Facts, When } from '../../shared/rules/condition.ts';
import {
  dayNamed,
  dayWritten,
  isLeap,
  isSame,
  laterBy,
  localDay,
  nextDay,
  plus,
  startOf,
  type Day,
} from './reference-calendar.ts';

export interface Happened {
  readonly name: string;
  readonly occurredAt: Instant;
  readonly properties: JsonObject;
}

/** What is known of somebody, with all that ever happened in place of counts. */
export interface Known extends Omit<Facts, 'counts'> {
  readonly history: readonly Happened[];
}

interface Asked {
  readonly now: Instant;
  readonly zone: string;
}

export function referenceHolds(condition: Condition, known: Known): boolean {
  if (condition.kind === 'compare') return referenceMeets(condition.comparison, look(known, condition.path), known);
  if (condition.kind === 'not') return !referenceHolds(condition.of, known);
  if (condition.kind === 'segment') return referenceHolds(condition.of, known);
  if (condition.kind === 'orders') {
    const orders = known.orderList.filter(({ at }) => countsAt(at, condition.within, known));
    return referenceMeets(condition.comparison, condition.field === 'count' ? orders.length : paid(orders), known);
  }
  if (condition.kind === 'did') {
    const { min, max } = condition.times;
    const count = referenceCount(condition, known);
    return count >= min && (max === undefined || count <= max);
  }
  let [some, every] = [false, true];
  for (const part of condition.of) {
    if (referenceHolds(part, known)) some = true;
    else every = false;
  }
  return condition.kind === 'all' ? every : some;
}

const countsAt = (at: Instant, within: Duration | undefined, { now, zone }: Asked): boolean =>
  at <= now && (within === undefined || laterBy(at, within, zone) > now);

/** Nothing is summed across currencies. */
function paid(orders: readonly DatedOrder[]): number | undefined {
  const currencies = orders.filter(({ amount }) => amount !== 0).flatMap(({ currency }) => currency ?? []);
  if (new Set(currencies).size > 1) return undefined;
  const cents = orders.map(({ amount }) => Math.round(amount * 100));
  return cents.reduce((sum, one) => sum + one, 0) / 100;
}

/** The whole count: with `same`, of the value that has most. */
export function referenceCount(did: DidCondition, { history, now, zone }: Pick<Known, 'history' | 'now' | 'zone'>): number {
  const byValue: Record<string, number> = {};
  for (const event of history) {
    if (!did.events.includes(event.name) || !countsAt(event.occurredAt, did.within, { now, zone })) continue;
    const itself = { ...unknown, event: event.properties, traits: event.properties, now: event.occurredAt, zone };
    if (did.where !== undefined && !referenceHolds(did.where, itself)) continue;
    let value = 'any';
    if (did.same !== undefined) {
      const told = look(itself, did.same);
      if (typeof told === 'object' || told === undefined || String(told).trim() === '') continue;
      value = `the value ${String(told).trim()}`;
    }
    byValue[value] = (byValue[value] ?? 0) + 1;
  }
  return Math.max(0, ...Object.values(byValue));
}

const unknown = {
  cart: {},
  orders: {},
  orderList: [],
  device: {},
  place: {},
  predicted: {},
  context: {},
  history: [],
} as const;

function look(known: Known, path: readonly string[]): Json | undefined {
  const { event, cart, orders, traits, device, place, predicted, context } = known;
  const documents: Record<string, Json | undefined> = { event, cart, orders, traits, device, place, predicted, context };
  const named = path[0] !== undefined && Object.keys(documents).includes(path[0]);
  let here: unknown = named ? documents[path[0]!] : traits;
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

export function referenceMeets(comparison: Comparison, seen: Json | undefined, asked: Asked): boolean {
  switch (comparison.op) {
    case 'exists':
      return comparison.value ? !blank(seen) : blank(seen);
    case 'ne':
      return !referenceMeets({ op: 'eq', value: comparison.value }, seen, asked);
    case 'in':
      return comparison.value.filter((value) => referenceMeets({ op: 'eq', value }, seen, asked)).length > 0;
    case 'not-in':
      return comparison.value.filter((value) => referenceMeets({ op: 'eq', value }, seen, asked)).length === 0;
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
    case 'any-of':
      return comparison.value.some((value) => listOf(seen).some((one) => !blank(one) && !blank(value) && same(one, value)));
    case 'all-of':
      if (blank(seen)) return false;
      return comparison.value.every((value) => listOf(seen).some((one) => !blank(one) && !blank(value) && same(one, value)));
    case 'none-of':
      return !referenceMeets({ op: 'any-of', value: comparison.value }, seen, asked);
    case 'within': {
      const date = dateTold(seen);
      return date !== undefined && countsAt(instantOf(date, asked), comparison.value, asked);
    }
    case 'before':
    case 'after':
    case 'on':
    case 'anniversary':
      return compareDates(comparison.op, comparison.value, seen, asked);
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

const listOf = (seen: Json | undefined): readonly Json[] => {
  const list: readonly Json[] = Array.isArray(seen) ? seen : [seen ?? null];
  return list;
};

type Told = { readonly day: Day } | { readonly instant: Instant };

/** A whole day, its year first, with dashes, slashes or dots; or a moment with its offset; anything else is no date. */
function dateTold(seen: Json | undefined): Told | undefined {
  if (typeof seen !== 'string') return undefined;
  const day = dayNamed(seen.trim());
  if (day !== undefined) return { day };
  const written = /^(.{10})[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)$/i.exec(seen.trim());
  const [, date, time, offset] = written ?? [];
  if (date === undefined || time === undefined || offset === undefined || dayWritten(date) === undefined) return undefined;
  const instant = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  return Number.isNaN(instant) || time.startsWith('24') ? undefined : { instant };
}

const instantOf = (told: Told, { zone }: Asked): Instant => ('day' in told ? startOf(told.day, zone) : told.instant);
const dayOf = (told: Told, { zone }: Asked): Day => ('day' in told ? told.day : localDay(told.instant, zone));

function named(when: When, { now, zone }: Asked): Told {
  if (when.kind === 'now') return { instant: now };
  if (when.kind === 'instant') return { instant: when.at };
  return { day: when.kind === 'date' ? dayWritten(when.day)! : plus(localDay(now, zone), when.offset) };
}

function compareDates(op: 'before' | 'after' | 'on' | 'anniversary', when: When, seen: Json | undefined, asked: Asked): boolean {
  const other = named(when, asked);
  if (op === 'anniversary') return isAnniversary(seen, dayOf(other, asked), asked);
  const told = dateTold(seen);
  if (told === undefined) return false;
  if (op === 'on') return isSame(dayOf(told, asked), dayOf(other, asked));
  const instant = instantOf(told, asked);
  if (op === 'before') return instant < instantOf(other, asked);
  return 'day' in other ? instant >= startOf(nextDay(other.day), asked.zone) : instant > other.instant;
}

function isAnniversary(seen: Json | undefined, today: Day, asked: Asked): boolean {
  const told = dateTold(seen);
  const text = typeof seen === 'string' ? seen.trim().replace(/^--/, '') : '';
  const born = told === undefined ? dayWritten(`2024-${text}`) : dayOf(told, asked);
  if (born === undefined) return false;
  if (born.month === 2 && born.date === 29 && !isLeap(today.year)) return today.month === 2 && today.date === 28;
  return born.month === today.month && born.date === today.date;
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
  return [a, b].every((side) => typeof side === 'number' || isDecimal(side)) && Number(a) === Number(b);
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
  const [a, b] = [dateTold(seen), dateTold(wanted)];
  if (a !== undefined && b !== undefined && 'instant' in a && 'instant' in b) return by(a.instant, b.instant);
  return by(plain(seen), plain(wanted));
}

const sorted = (value: Json): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
