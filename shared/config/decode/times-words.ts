/**
 * How often something must have happened: `times: 3`, `times: { gte: 2, lte: 4 }`.
 */
import * as v from 'valibot';
import type { Times } from '../../rules/condition.ts';
import { fields, say, shown } from './fields.ts';
import { numberMeant } from './values.ts';

/** More than this nobody counts of a person, and each costs eight bytes of their state. */
const most = 500;

const expected = 'a whole number such as 3, or { gte: 2, lte: 4 }';

const count: v.GenericSchema<unknown, number> = v.pipe(
  v.union([v.number(), v.string()], (issue) => say(`${shown(issue.input)} is not a number of times`, expected, 'write times: 3')),
  v.description('how many times'),
  v.rawTransform<string | number, number>(({ dataset, addIssue, NEVER }) => {
    const written = String(dataset.value).trim();
    if (/^\d{1,9}$/.test(written) && Number(written) <= most) return Number(written);
    const number = numberMeant(written);
    const meant = /^\d+$/.test(written) ? String(most) : number;
    const suggestion = meant === undefined || !/^\d+$/.test(meant) ? '' : `write ${meant}`;
    addIssue({
      message: say(`${shown(dataset.value)} is not a number of times`, `a whole number from 0 to ${most}`, suggestion),
    });
    return NEVER;
  }),
);

const bounds = v.pipe(
  fields('how often: gte (at least), lte (at most), gt, lt, eq', {
    gte: v.optional(count),
    gt: v.optional(count),
    lte: v.optional(count),
    lt: v.optional(count),
    eq: v.optional(count),
  }),
  v.transform(({ gte, gt, lte, lt, eq }): Times => {
    const least = [gte, gt === undefined ? undefined : gt + 1, eq].filter((one) => one !== undefined);
    const upper = [lte, lt === undefined ? undefined : lt - 1, eq].filter((one) => one !== undefined);
    return { min: Math.max(0, ...least), ...(upper.length === 0 ? {} : { max: Math.min(...upper) }) };
  }),
);

const checked = v.check(
  ({ min, max }: Times) => max === undefined || (max >= min && max >= 0),
  say('no number is so', 'a number that can be reached'),
);
const always = v.check(
  ({ min, max }: Times) => min > 0 || max !== undefined,
  say('this is always so: nothing is asked', expected, 'write times: 1, or did not: instead of did:'),
);

const exactly: v.GenericSchema<unknown, Times> = v.pipe(
  count,
  v.transform((min): Times => ({ min })),
  always,
);
const between: v.GenericSchema<unknown, Times> = v.pipe(bounds, checked, always);
const either: v.GenericSchema<unknown, Times> = v.union([exactly, between]);

/** A number alone means at least. */
export const times: v.GenericSchema<unknown, Times> = v.lazy((input: unknown): v.GenericSchema<unknown, Times> => {
  if (input === undefined) return either; // asked by the JSON Schema writer
  return typeof input === 'object' && input !== null ? between : exactly;
});

/** Does what is written set an upper bound? */
export const asksMost = (written: unknown): boolean =>
  typeof written === 'object' && written !== null && ['lte', 'lt', 'eq'].some((word) => word in written);
