/**
 * What a condition compares a value with, as it is written in YAML: `30`, `[FR, BE]`, `{ gte: 30, lt: 50 }`,
 * `{ before: 30 days ago }`.
 */
import * as v from 'valibot';
import type { Duration } from '../../kernel/time.ts';
import type { Comparison } from '../../rules/condition.ts';
import { duration, lifetime } from './duration-words.ts';
import { oneOrMany, say, yesOrNo } from './fields.ts';
import { didYouMean } from './spelling.ts';
import { orderable, scalar, scalars, type Scalar } from './values.ts';
import { isRelativeMoment, whenSchema } from './when-words.ts';

/** All of them must hold. `within`: of orders the span that is counted, of a date how long ago it may be. */
export interface Compared {
  readonly comparisons: readonly Comparison[];
  readonly within?: Duration;
}

export const dateOperators = ['before', 'after', 'on', 'anniversary', 'within'] as const;
const operators = [
  ...['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'not in', 'contains', 'exists', 'any of', 'all of', 'none of'],
  ...dateOperators,
];
const operatorList = `how to compare: ${operators.join(', ')}`;

const existence = yesOrNo('true: the value is known; false: it is missing');
const oneOrMore: v.GenericSchema<unknown, readonly Scalar[]> = oneOrMany(scalar);

const written = v.pipe(
  v.looseObject({
    eq: v.optional(scalar),
    ne: v.optional(scalar),
    gt: v.optional(orderable),
    gte: v.optional(orderable),
    lt: v.optional(orderable),
    lte: v.optional(orderable),
    in: v.optional(scalars),
    'not in': v.optional(scalars),
    contains: v.optional(scalar),
    exists: v.optional(existence),
    'any of': v.optional(oneOrMore),
    'all of': v.optional(oneOrMore),
    'none of': v.optional(oneOrMore),
    before: v.optional(whenSchema),
    after: v.optional(whenSchema),
    on: v.optional(whenSchema),
    anniversary: v.optional(whenSchema),
    within: v.optional(duration('how long ago at most', { longest: lifetime, some: true, usual: 'days' })),
  }),
  v.description(operatorList),
  v.rawCheck(({ dataset, addIssue }) => {
    const value: unknown = dataset.value;
    if (typeof value !== 'object' || value === null) return;
    const keys = Object.keys(value);
    if (keys.length === 0) addIssue({ message: say('no comparison stands here', operatorList, 'write { gte: 30 } or a value') });
    for (const key of keys) {
      if (operators.some((operator) => operator === key)) continue;
      const message = say(`"${key}" is not a way to compare`, operatorList, synonym(key) ?? didYouMean(key, operators));
      addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: null }, key, value: null }] });
    }
  }),
);

type Written = v.InferOutput<typeof written>;

const byOperator: v.GenericSchema<unknown, Compared> = v.pipe(
  written,
  v.transform((given): Compared => {
    const comparisons = [...ofValues(given), ...ofLists(given), ...ofDates(given)];
    return { comparisons, ...(given.within === undefined ? {} : { within: given.within }) };
  }),
);

const ofValues = (given: Written): readonly Comparison[] =>
  (['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const).flatMap((op): readonly Comparison[] => {
    const value = given[op];
    return value === undefined ? [] : [{ op, value }];
  });

function ofLists(given: Written): readonly Comparison[] {
  const comparisons: Comparison[] = [];
  if (given.in !== undefined) comparisons.push({ op: 'in', value: given.in });
  if (given['not in'] !== undefined) comparisons.push({ op: 'not-in', value: given['not in'] });
  if (given.contains !== undefined) comparisons.push({ op: 'contains', value: given.contains });
  if (given.exists !== undefined) comparisons.push({ op: 'exists', value: given.exists });
  if (given['any of'] !== undefined) comparisons.push({ op: 'any-of', value: given['any of'] });
  if (given['all of'] !== undefined) comparisons.push({ op: 'all-of', value: given['all of'] });
  if (given['none of'] !== undefined) comparisons.push({ op: 'none-of', value: given['none of'] });
  return comparisons;
}

const ofDates = (given: Written): readonly Comparison[] =>
  (['before', 'after', 'on', 'anniversary'] as const).flatMap((op): readonly Comparison[] => {
    const value = given[op];
    return value === undefined ? [] : [{ op, value }];
  });

const words: ReadonlyMap<string, string> = new Map([
  ...[['=', 'eq'] as const, ['==', 'eq'] as const, ['is', 'eq'] as const, ['equals', 'eq'] as const],
  ...[['!=', 'ne'] as const, ['<>', 'ne'] as const, ['not', 'ne'] as const],
  ...[['>', 'gt'] as const, ['above', 'gt'] as const, ['over', 'gt'] as const],
  ...[['>=', 'gte'] as const, ['≥', 'gte'] as const, ['min', 'gte'] as const],
  ...[['<', 'lt'] as const, ['below', 'lt'] as const, ['under', 'lt'] as const],
  ...[['<=', 'lte'] as const, ['≤', 'lte'] as const, ['max', 'lte'] as const],
  ...[['since', 'after'] as const, ['until', 'before'] as const, ['one of', 'in'] as const],
]);

function synonym(key: string): string | undefined {
  const word = words.get(key.toLowerCase());
  return word === undefined ? undefined : `did you mean "${word}"?`;
}

const asList: v.GenericSchema<unknown, Compared> = v.pipe(
  scalars,
  v.transform((value): Compared => ({ comparisons: [{ op: 'in', value }] })),
);
const signs: ReadonlyMap<string, string> = new Map([
  ...[['>', 'gt'] as const, ['>=', 'gte'] as const, ['≥', 'gte'] as const, ['=>', 'gte'] as const],
  ...[['<', 'lt'] as const, ['<=', 'lte'] as const, ['≤', 'lte'] as const, ['!=', 'ne'] as const, ['=', 'eq'] as const],
]);

/** A value alone is compared as it stands: what was meant otherwise would never hold, and nobody would hear of it. */
function valueComplaint(written: string): string | undefined {
  const [, sign = '', number = ''] = /^([<>=!≤≥]{1,2}) ?(.+)$/.exec(written.trim()) ?? [];
  const operator = signs.get(sign);
  if (operator !== undefined)
    return say(`"${written}" is compared as text`, 'a way to compare and a value', `write { ${operator}: ${number} }`);
  if (isRelativeMoment(written))
    return say(
      `"${written}" is compared as text`,
      'on, before, after or anniversary',
      `write { on: ${written} }, or { anniversary: ${written} }`,
    );
  if (!/^[A-Z]{2}(?: ?, ?[A-Z]{2})+$/.test(written)) return undefined;
  return say(`"${written}" is one text, not a list`, 'a list in brackets', `write [${written}]`);
}

const asValue: v.GenericSchema<unknown, Compared> = v.pipe(
  scalar,
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed && typeof dataset.value === 'string' ? valueComplaint(dataset.value) : undefined;
    if (message !== undefined) addIssue({ message });
  }),
  v.transform((value): Compared => ({ comparisons: [{ op: 'eq', value }] })),
);
const anyForm: v.GenericSchema<unknown, Compared> = v.union([asValue, asList, byOperator]);

/** A bare value means eq, a list means in. */
export const comparisonSchema: v.GenericSchema<unknown, Compared> = v.lazy(
  (input: unknown): v.GenericSchema<unknown, Compared> => {
    if (input === undefined) return anyForm;
    if (Array.isArray(input)) return asList;
    return typeof input === 'object' && input !== null ? byOperator : asValue;
  },
);
