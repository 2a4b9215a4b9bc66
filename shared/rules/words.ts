/**
 * Conditions as sentences, in the words of config/: what an explanation prints, and what a person compares with the file.
 */
import type { Json } from '../kernel/json.ts';
import { durationText, isoInstant } from '../kernel/time.ts';
import type { Comparison, Condition, DidCondition, When } from './condition.ts';
import type { Leaf } from './fields.ts';
import { pathText } from './paths.ts';

/** What must hold. */
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
    case 'orders':
      return `${subject(condition)} must ${phrase(condition.comparison, true)}`;
    case 'did':
      return didWords(condition, true);
    case 'segment':
      return `must be in segment ${condition.segment}`;
  }
}

/** What must not hold. */
export function negatedWords(condition: Condition): string {
  switch (condition.kind) {
    case 'compare':
    case 'orders':
      return `${subject(condition)} must ${phrase(condition.comparison, false)}`;
    case 'did':
      return didWords(condition, false);
    case 'segment':
      return `must not be in segment ${condition.segment}`;
    case 'not':
      return words(condition.of);
    case 'all':
    case 'any': {
      const [only, ...more] = condition.of;
      return more.length === 0 && only !== undefined ? negatedWords(only) : `this must not be so: ${words(condition)}`;
    }
  }
}

/** What is looked at: `cart.value`, `orders.total within 365 days`, `Order Completed within 90 days`. */
export function subject(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'compare':
      return pathText(leaf.path);
    case 'orders':
      return `orders.${leaf.field} within ${durationText(leaf.within)}`;
    case 'did':
      return `${happening(leaf)}${span(leaf)}`;
  }
}

function happening({ events, where, same }: DidCondition): string {
  const looked = [
    ...(where === undefined ? [] : [words(where)]),
    ...(same === undefined ? [] : [`with the same ${pathText(same)}`]),
  ];
  return `${events.join(' or ')}${looked.length === 0 ? '' : ` (${looked.join(', ')})`}`;
}

const span = ({ within }: DidCondition): string => (within === undefined ? '' : ` within ${durationText(within)}`);

/** "Order Completed must have happened at least 2 times within 12 months". */
function didWords(did: DidCondition, positive: boolean): string {
  const { min, max } = did.times;
  const isNever = min === 0 && max === 0;
  const often = isNever ? '' : ` ${timesWords(min, max)}`;
  return `${happening(did)} must ${positive === isNever ? 'not ' : ''}have happened${often}${span(did)}`;
}

function timesWords(min: number, max: number | undefined): string {
  if (max === undefined) return `at least ${countWords(min)}`;
  if (min === max) return `exactly ${countWords(min)}`;
  return min === 0 ? `at most ${countWords(max)}` : `at least ${countWords(min)} and at most ${countWords(max)}`;
}

const countWords = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function phrase(comparison: Comparison, positive: boolean): string {
  const not = positive ? '' : 'not ';
  const contrary = positive ? 'not ' : '';
  switch (comparison.op) {
    case 'eq':
      return `${not}be ${said(comparison.value)}`;
    case 'ne':
      return `${contrary}be ${said(comparison.value)}`;
    case 'gt':
      return `${not}be more than ${said(comparison.value)}`;
    case 'gte':
      return `${not}be at least ${said(comparison.value)}`;
    case 'lt':
      return `${not}be less than ${said(comparison.value)}`;
    case 'lte':
      return `${not}be at most ${said(comparison.value)}`;
    case 'in':
      return `${not}be one of ${listed(comparison.value)}`;
    case 'not-in':
      return `${contrary}be one of ${listed(comparison.value)}`;
    case 'contains':
      return `${not}contain ${said(comparison.value)}`;
    case 'any-of':
      return `${not}have one of ${listed(comparison.value)}`;
    case 'all-of':
      return `${not}have all of ${listed(comparison.value)}`;
    case 'none-of':
      return `${contrary}have one of ${listed(comparison.value)}`;
    case 'exists':
      return comparison.value === positive ? 'be known' : 'not be known';
    case 'before':
      return `${not}be before ${whenWords(comparison.value)}`;
    case 'after':
      return `${not}be after ${whenWords(comparison.value)}`;
    case 'on':
      return `${not}be on the day: ${whenWords(comparison.value)}`;
    case 'anniversary':
      return `${not}have its anniversary: ${whenWords(comparison.value)}`;
    case 'within':
      return `${not}be within the last ${durationText(comparison.value)}`;
  }
}

function whenWords(when: When): string {
  switch (when.kind) {
    case 'now':
      return 'now';
    case 'day': {
      const { count, unit } = when.offset;
      if (count === 0) return 'today';
      return count > 0 ? `in ${durationText(when.offset)}` : `${durationText({ count: -count, unit })} ago`;
    }
    case 'date':
      return when.day;
    case 'instant':
      return isoInstant(when.at);
  }
}

const said = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const listed = (values: readonly Json[]): string => values.map(said).join(', ');
