/**
 * What a cart event says of pieces and money. A sum is of one currency or it is none: pieces of several currencies are
 * counted and never added up, because such a total would be shown to the buyer and compared by rules.
 */
import { amountOf, isObject, numberOf, textOf, type Json, type JsonObject } from '../kernel/json.ts';

export interface Sums {
  readonly quantity: number;
  /** In units of `currency`; absent where the pieces have several currencies. */
  readonly value?: number;
  /** ISO 4217; absent where nobody told it: what comes without one is of the others' currency. */
  readonly currency?: string;
}

/** Pieces and their price; a line without a quantity is one piece. `usual`: of lines that say no currency of their own. */
export function lineSums(line: JsonObject, usual?: string): Required<Pick<Sums, 'value'>> & Sums {
  const quantity = Math.max(0, numberOf(line['quantity']) ?? 1);
  return { quantity, value: quantity * (amountOf(line['price']) ?? 0), ...named(currencyOf(line['currency']) ?? usual) };
}

/** A source that names its total and the total's currency has done the sum; else the lines are added up. */
export function snapshotSums(properties: JsonObject): Sums {
  const stated = currencyOf(properties['currency']);
  const products = Array.isArray(properties['products']) ? properties['products'] : [];
  const lines = products
    .filter(isObject)
    .map((line) => lineSums(line, stated))
    .reduce<Sums>(addSums, { quantity: 0, value: 0 });
  const total = amountOf(properties['value']) ?? amountOf(properties['total']);
  if (total === undefined || (stated === undefined && lines.value === undefined)) return lines;
  return { quantity: lines.quantity, value: cents(total), ...named(stated ?? lines.currency) };
}

/** What is told without its lines adds no piece and no money: the lines did. */
export const activitySums = (properties: JsonObject): Required<Pick<Sums, 'value'>> & Sums => ({
  quantity: 0,
  value: 0,
  ...named(currencyOf(properties['currency'])),
});

export const negated = ({ quantity, value, ...rest }: Sums): Sums => ({
  ...rest,
  quantity: -quantity,
  ...(value === undefined ? {} : { value: -value }),
});

/** What costs nothing is of every currency. */
export function addSums(sum: Sums, more: Sums): Sums {
  const quantity = sum.quantity + more.quantity;
  if (sum.value === undefined || more.value === undefined) return { quantity };
  if (sum.value !== 0 && more.value !== 0 && isOther(sum, more)) return { quantity };
  const currency = sum.value === 0 ? (more.currency ?? sum.currency) : (sum.currency ?? more.currency);
  return { quantity, value: cents(sum.value + more.value), ...named(currency) };
}

export const sameSums = (a: Sums, b: Sums): boolean =>
  a.quantity === b.quantity && a.value === b.value && a.currency === b.currency;

const isOther = (a: Sums, b: Sums): boolean => a.currency !== undefined && b.currency !== undefined && a.currency !== b.currency;

/** Letters only: what a browser calls a currency is printed. */
export function currencyOf(told: Json | undefined): string | undefined {
  const code = textOf(told)?.toUpperCase();
  return code !== undefined && /^[A-Z]{3}$/.test(code) ? code : undefined;
}

const named = (currency: string | undefined): Pick<Sums, 'currency'> => (currency === undefined ? {} : { currency });

const cents = (amount: number): number => Math.round(amount * 100) / 100;
