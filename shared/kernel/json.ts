/**
 * JSON from strangers: numbers beyond 2^53 keep their digits, hostile keys and depth are refused or removed.
 */
import { InvalidInput } from './errors.ts';
import { asCutText, cutMark, depthOf } from './json-depth.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Deeper than any real payload; far below what overflows a stack. */
export const maxDepth = 64;

/**
 * Parses text from outside. Integers that a double cannot hold come back as strings with every digit
 * (shop ids exceed 2^53), lone surrogates become U+FFFD, keys that could reach a prototype are dropped.
 * Throws InvalidInput, which says where: not JSON, or nested deeper than `deepest` levels.
 */
export function parseJson(text: string, where = '', deepest = maxDepth): Json {
  if (depthOf(text) > deepest) throw new InvalidInput([{ where, problem: tooDeep(deepest) }]);
  return parseShallow(text, where);
}

/**
 * As parseJson, but what is nested deeper stays in the document as text that `isCut` finds, so that a reader of many parts
 * can refuse the one part and keep the others.
 */
export function parseJsonInParts(text: string, where = '', deepest = maxDepth): Json {
  return parseShallow(depthOf(text) > deepest ? asCutText(text, deepest) : text, where);
}

/** What to say of a part that is nested too deep. */
export const tooDeep = (deepest = maxDepth): string => `nested deeper than ${deepest} levels; send flatter objects`;

/** Whether something in a part was nested too deep to be read; of the part as JSON text. */
export const isCut = (written: string): boolean => written.includes(escapedMark);

/** JSON writes a lone surrogate as an escape; every other one was replaced when it was read. */
const escapedMark = JSON.stringify(cutMark).slice(1, -1);

function parseShallow(text: string, where: string): Json {
  try {
    // The third argument carries the source text of numbers (ECMAScript "JSON.parse source text access").
    const parsed: Json = JSON.parse(text, reviveSafely);
    return parsed;
  } catch (error) {
    throw new InvalidInput([
      { where, problem: `not valid JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'})` },
    ]);
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const dangerous = new Set(['__proto__', 'constructor', 'prototype']);

function reviveSafely(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (dangerous.has(key)) return undefined;
  if (typeof value === 'string') return value.startsWith(cutMark) ? value : value.toWellFormed();
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return withWellFormedKeys(value);
  if (typeof value !== 'number' || context?.source === undefined) return value;
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(context.source)) return Number.isFinite(value) ? value : context.source;
  return context.source;
}

const withWellFormedKeys = (value: object): object =>
  Object.keys(value).every((key) => key.isWellFormed())
    ? value
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toWellFormed(), one]));

/** The text of a scalar as its sender wrote it; undefined for null, objects and empty text. */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A finite number, also when it came as text (`"31.99"`, as shops send amounts). */
export function numberOf(value: Json | undefined): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** What something costs: a number that is not negative. */
export function amountOf(value: Json | undefined): number | undefined {
  const amount = numberOf(value);
  return amount === undefined || amount < 0 ? undefined : amount;
}

/** The value at `a.b.0.c`; undefined where the path leaves the document. */
export function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isObject(here) && Object.hasOwn(here, step)) here = here[step];
    else return undefined;
  }
  return here;
}

/** Same document, same text: keys sorted at every level. For hashes, never for people. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}
