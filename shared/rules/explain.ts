/**
 * The slow pass that explains (promise 5): the first part of a condition that failed, in the words of config/, and the
 * value that was seen. It agrees with the closures on every input.
 */
import type { Json } from '../kernel/json.ts';
import { durationText } from '../kernel/time.ts';
import { compileCondition } from './compile.ts';
import type { Comparison, Condition, Explained, Facts } from './condition.ts';
import { countOf } from './did-state.ts';
import { pathText, valueAt } from './paths.ts';

interface Failure {
  readonly because: string;
  readonly seen: Json;
}

/** `because`: "cart.value must be at least 30"; `seen`: 24.9, null where nothing was there, an object by path where several count. */
export function explainCondition(condition: Condition, facts: Facts): Explained {
  const failure = firstFailure(condition, facts);
  return failure === undefined ? { holds: true } : { holds: false, ...failure };
}

function firstFailure(condition: Condition, facts: Facts): Failure | undefined {
  if (compileCondition(condition)(facts)) return undefined;
  const seen = seenBy(condition, facts);
  switch (condition.kind) {
    case 'all': {
      const failures = condition.of.flatMap((part) => firstFailure(part, facts) ?? []);
      return failures[0] ?? { because: words(condition), seen };
    }
    case 'any':
      return { because: words(condition), seen };
    case 'not':
      return { because: negatedWords(condition.of), seen };
    case 'compare':
    case 'orders':
      return { because: words(condition), seen };
    case 'segment':
      return firstFailure(condition.of, facts);
    case 'did':
      return {
        because: words(condition),
        seen: countOf(condition, facts.counts[condition.id] ?? {}, facts.zone, facts.now),
      };
  }
}

/** What must hold, as a sentence. */
export function words(condition: Condition): string {
  switch (condition.kind) {
    case 'all':
      return condition.of.length === 0 ? 'nothing is asked' : condition.of.map(words).join(', and ');
    case 'any': {
      const [only, ...more] = condition.of.map(words);
      if (only === undefined) return 'one of no conditions must hold, which is never so';
      return more.length === 0 ? only : `one of these must hold: ${[only, ...more].join('; ')}`;
    }
    case 'not':
      return negatedWords(condition.of);
    case 'compare':
      return `${pathText(condition.path)} must ${phrase(condition.comparison, true)}`;
    case 'segment':
      return words(condition.of);
    case 'orders':
      return `orders.${condition.field} within ${durationText(condition.within)} must ${phrase(condition.comparison, true)}`;
    case 'did': {
      const { min, max } = condition.times;
      const span = condition.within === undefined ? '' : ` within ${durationText(condition.within)}`;
      return `${condition.events.join(' or ')} must have happened ${min}${max === undefined ? ' times or more' : ` to ${max} times`}${span}`;
    }
  }
}

function negatedWords(condition: Condition): string {
  if (condition.kind === 'compare') return `${pathText(condition.path)} must ${phrase(condition.comparison, false)}`;
  return condition.kind === 'not' ? words(condition.of) : `this must not be so: ${words(condition)}`;
}

function phrase(comparison: Comparison, positive: boolean): string {
  const not = positive ? '' : 'not ';
  switch (comparison.op) {
    case 'eq':
      return `${not}be ${said(comparison.value)}`;
    case 'ne':
      return `${positive ? 'not ' : ''}be ${said(comparison.value)}`;
    case 'gt':
      return `${not}be more than ${said(comparison.value)}`;
    case 'gte':
      return `${not}be at least ${said(comparison.value)}`;
    case 'lt':
      return `${not}be less than ${said(comparison.value)}`;
    case 'lte':
      return `${not}be at most ${said(comparison.value)}`;
    case 'in':
      return `${not}be one of ${comparison.value.map(said).join(', ')}`;
    case 'not-in':
      return `${positive ? 'not ' : ''}be one of ${comparison.value.map(said).join(', ')}`;
    case 'contains':
      return `${not}contain ${said(comparison.value)}`;
    case 'exists':
      return comparison.value === positive ? 'be known' : 'not be known';
    case 'any-of':
    case 'all-of':
    case 'none-of':
      return `${not}have ${comparison.op} ${comparison.value.map(said).join(', ')}`;
    case 'before':
    case 'after':
    case 'on':
    case 'anniversary':
    case 'within':
      return `${not}be ${comparison.op} ${JSON.stringify(comparison.value)}`;
  }
}

const said = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The value where one path counts; by path where several do. */
function seenBy(condition: Condition, facts: Facts): Json {
  const values = new Map(pathsOf(condition).map((path) => [pathText(path), valueAt(facts, path) ?? null]));
  const [first, ...more] = values.values();
  return more.length === 0 ? (first ?? null) : Object.fromEntries(values);
}

/** Every path the condition looks at. */
export function pathsOf(condition: Condition): readonly (readonly string[])[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(pathsOf);
    case 'not':
      return pathsOf(condition.of);
    case 'segment':
      return pathsOf(condition.of);
    case 'orders':
    case 'did':
      return [];
    case 'compare':
      return [condition.path];
  }
}
