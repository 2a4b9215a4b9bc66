/**
 * What a condition compares a value with, as it is written in YAML: `30`, `[FR, BE]`, `{ gte: 30, lt: 50 }`.
 */
import * as v from 'valibot';
import { numberOf } from '../../kernel/json.ts';
import type { Comparison } from '../../rules/condition.ts';
import { say, shown, yesOrNo } from './fields.ts';
import { didYouMean } from './spelling.ts';

type Scalar = string | number | boolean;
/** All of them must hold. */
export type Compared = readonly Comparison[];

const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'not in', 'contains', 'exists'] as const;
const operatorList = `how to compare: ${operators.join(', ')}`;

const missingValue = (value: unknown): boolean => value === null || value === '' || value === 'null' || value === '~';

const scalar: v.GenericSchema<unknown, Scalar> = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], (issue) =>
    say(
      `${shown(issue.input)} stands where a value is expected`,
      'a text, a number, true or false',
      missingValue(issue.input) ? 'write exists: false' : '',
    ),
  ),
  v.description('a value to compare with'),
  v.check(
    (value) => !missingValue(value),
    say('nothing is compared with', 'a text, a number, true or false', 'write exists: false'),
  ),
);

/** Numbers, and dates written year first. */
const orderable: v.GenericSchema<unknown, Scalar> = v.pipe(
  scalar,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || numberOf(dataset.value) !== undefined) return;
    const written = String(dataset.value).trim();
    if (/^\d{4}-\d{2}(?:-\d{2}(?:[T ].*)?)?$/.test(written)) return;
    const [, digits] =
      /^([-+]?\d+(?:[.,]\d+)?)\s*(?:€|%|eur|euros?|\$|£)?$/i.exec(written.replaceAll(/[\s\u202f](?=\d{3}\b)/g, '')) ?? [];
    const suggestion = digits === undefined ? '' : `write ${digits.replace(',', '.')}`;
    addIssue({
      message: say(
        `${shown(dataset.value)} is not a number`,
        'a number such as 30 or 24.90, or a date such as 2025-01-31',
        suggestion,
      ),
    });
  }),
);

const scalars: v.GenericSchema<unknown, readonly Scalar[]> = v.pipe(
  v.array(scalar, (issue) => say(`${shown(issue.input)} stands where a list is expected`, 'a list such as [FR, BE]')),
  v.check((values) => values.length > 0, say('the list is empty', 'a list such as [FR, BE]')),
);

const existence = yesOrNo('true: the value is known; false: it is missing');

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

const byOperator: v.GenericSchema<unknown, Compared> = v.pipe(
  written,
  v.transform((given): Compared => {
    const comparisons: Comparison[] = [];
    for (const op of ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const) {
      const value = given[op];
      if (value !== undefined) comparisons.push({ op, value });
    }
    if (given.in !== undefined) comparisons.push({ op: 'in', value: given.in });
    if (given['not in'] !== undefined) comparisons.push({ op: 'not-in', value: given['not in'] });
    if (given.contains !== undefined) comparisons.push({ op: 'contains', value: given.contains });
    if (given.exists !== undefined) comparisons.push({ op: 'exists', value: given.exists });
    return comparisons;
  }),
);

const signs: ReadonlyMap<string, string> = new Map([
  ['=', 'eq'],
  ['==', 'eq'],
  ['!=', 'ne'],
  ['<>', 'ne'],
  ['>', 'gt'],
  ['>=', 'gte'],
  ['≥', 'gte'],
  ['<', 'lt'],
  ['<=', 'lte'],
  ['≤', 'lte'],
]);
const others: ReadonlyMap<string, string> = new Map([
  ['is', 'eq'],
  ['equals', 'eq'],
  ['not', 'ne'],
  ['min', 'gte'],
  ['max', 'lte'],
  ['above', 'gt'],
  ['below', 'lt'],
  ['over', 'gt'],
  ['under', 'lt'],
]);
function synonym(key: string): string | undefined {
  const word = signs.get(key) ?? others.get(key.toLowerCase());
  return word === undefined ? undefined : `did you mean "${word}"?`;
}

const asList: v.GenericSchema<unknown, Compared> = v.pipe(
  scalars,
  v.transform((value): Compared => [{ op: 'in', value }]),
);
const asValue: v.GenericSchema<unknown, Compared> = v.pipe(
  scalar,
  v.transform((value): Compared => [{ op: 'eq', value }]),
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
