/**
 * What a Liquid condition tells about the variables in it: inside `{% if person.firstName != blank %}` there is a first name.
 *
 * Two facts make a variable printable: it is `there` (not nil), and it is `full` (no empty text). Liquid takes an empty text for
 * true, and nil for different from "", so each alone is not enough.
 */
import { TypeGuards, type Value } from 'liquidjs';

/** `there <path>`, `full <path>`. */
export type Facts = ReadonlySet<string>;
/** Names that the template gave → the path each stands for; undefined for what is always there. */
export type Names = ReadonlyMap<string, string | undefined>;

export const unknown: Facts = new Set();

export const there = (path: string): string => `there ${path}`;
export const full = (path: string): string => `full ${path}`;
export const both = (path: string): readonly string[] => [there(path), full(path)];

type Token = Value['initial']['postfix'][number];

/** `person.firstName`; of an item of a loop `cart.products[].price`; undefined for what is always there. */
export function pathOf(token: Token, names: Names): string | undefined {
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return undefined;
  const [root = '', ...rest] = token.props.map((prop) => {
    if (TypeGuards.isWordToken(prop) || TypeGuards.isQuotedToken(prop)) return prop.content;
    return '*'; // a number or another variable: some part of it
  });
  if (!names.has(root)) return [root, ...rest].join('.');
  const meant = names.get(root);
  return meant === undefined ? undefined : [meant, ...rest].join('.');
}

export interface Meaning {
  readonly whenTrue: Facts;
  readonly whenFalse: Facts;
}

const nothing: Meaning = { whenTrue: unknown, whenFalse: unknown };

/** On the stack of a condition in postfix order: a value, or what a part of the condition tells. */
type Entry = { readonly kind: 'value'; readonly token: Token } | { readonly kind: 'told'; readonly meaning: Meaning };

export function meaningOf({ initial, filters }: Value, names: Names): Meaning {
  if (filters.length > 0) return nothing;
  const stack: Entry[] = [];
  for (const token of initial.postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      stack.push({ kind: 'value', token });
      continue;
    }
    const right = stack.pop();
    if (token.operator === 'not') {
      const { whenTrue, whenFalse } = told(right, names);
      stack.push({ kind: 'told', meaning: { whenTrue: whenFalse, whenFalse: whenTrue } });
      continue;
    }
    stack.push({ kind: 'told', meaning: together(token.operator, stack.pop(), right, names) });
  }
  return told(stack.pop(), names);
}

/** A value alone as a condition: not nil and not false. */
function told(entry: Entry | undefined, names: Names): Meaning {
  if (entry === undefined) return nothing;
  if (entry.kind === 'told') return entry.meaning;
  const path = pathOf(entry.token, names);
  return path === undefined ? nothing : { whenTrue: new Set([there(path)]), whenFalse: unknown };
}

function together(operator: string, left: Entry | undefined, right: Entry | undefined, names: Names): Meaning {
  if (operator === 'and') {
    const [a, b] = [told(left, names), told(right, names)];
    return { whenTrue: either(a.whenTrue, b.whenTrue), whenFalse: common(a.whenFalse, b.whenFalse) };
  }
  if (operator === 'or') {
    const [a, b] = [told(left, names), told(right, names)];
    return { whenTrue: common(a.whenTrue, b.whenTrue), whenFalse: either(a.whenFalse, b.whenFalse) };
  }
  const [a, b] = [left?.kind === 'value' ? left.token : undefined, right?.kind === 'value' ? right.token : undefined];
  if (a === undefined || b === undefined) return nothing;
  const paths = [subject(a, names), subject(b, names)];
  const compared = paths[0] === undefined ? { path: paths[1], other: a } : { path: paths[0], other: b };
  return compared.path === undefined ? nothing : comparing(operator, compared.path, compared.other);
}

/** The size of a thing tells of the thing. */
const subject = (token: Token, names: Names): string | undefined => pathOf(token, names)?.replace(/\.size$/, '');

const either = (a: Facts, b: Facts): Facts => new Set([...a, ...b]);
const common = (a: Facts, b: Facts): Facts => new Set([...a].filter((fact) => b.has(fact)));

function comparing(operator: string, path: string, other: Token): Meaning {
  const facts: Facts = new Set(both(path));
  if (operator !== '==' && operator !== '!=') return { whenTrue: facts, whenFalse: unknown }; // nil is in no order, and holds nothing
  const equal = equalTo(path, other);
  const different = differentFrom(path, other);
  return operator === '==' ? { whenTrue: equal, whenFalse: different } : { whenTrue: different, whenFalse: equal };
}

/** It equals a text, a number or true: it is there. */
function equalTo(path: string, other: Token): Facts {
  const saysSomething =
    (TypeGuards.isQuotedToken(other) && other.content.trim() !== '') ||
    TypeGuards.isNumberToken(other) ||
    (TypeGuards.isLiteralToken(other) && (other.literal === 'true' || other.literal === 'false'));
  return saysSomething ? new Set(both(path)) : unknown;
}

function differentFrom(path: string, other: Token): Facts {
  if (TypeGuards.isQuotedToken(other)) return other.content === '' ? new Set([full(path)]) : unknown;
  if (!TypeGuards.isLiteralToken(other)) return unknown;
  if (other.literal === 'blank') return new Set(both(path));
  if (other.literal === 'empty') return new Set([full(path)]);
  return other.literal === 'nil' || other.literal === 'null' ? new Set([there(path)]) : unknown;
}
