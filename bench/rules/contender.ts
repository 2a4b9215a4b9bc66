/**
 * What is measured: an engine with rules, each listening to one event, asked which of them hold. All get the same index by
 * event name, which some of them would not have on their own, and the facts in the form they like best, made beforehand.
 */
import type { Condition, Facts } from '../../shared/rules/condition.ts';

export interface Rule {
  readonly id: string;
  readonly event: string;
  readonly condition: Condition;
}

export interface Happening {
  readonly name: string;
  readonly facts: Facts;
}

/** The ids of the rules that hold, in any order. */
export type Answer = readonly string[] | Promise<readonly string[]>;

export interface Contender {
  readonly name: string;
  /** As it would lie in a store: the rules in the engine's own language, as text. */
  readonly stored: (rules: readonly Rule[]) => string;
  /** From that text to an engine that answers. `facts`: as `prepared` made them. */
  readonly load: (stored: string) => (eventName: string, facts: unknown) => Answer;
  readonly prepared: (facts: Facts) => unknown;
}

export function byEvent<T extends { readonly event: string }>(rules: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(rules, ({ event }) => event);
}

/** The rules of a stored text, as far as they are such. */
export function readRules<T>(stored: string, isRule: (value: object) => value is T & object): readonly T[] {
  const read: unknown = JSON.parse(stored);
  const list: readonly unknown[] = Array.isArray(read) ? read : [];
  return list.filter((value): value is T & object => typeof value === 'object' && value !== null && isRule(value));
}

/** The part of the language that all of them have. */
export function untold(condition: Condition): never {
  throw new Error(`no other engine has ${JSON.stringify(condition)}`);
}
