/**
 * The values that conditions compare with: one, a list of them, and those that can be ordered.
 */
import * as v from 'valibot';
import { numberOf } from '../../kernel/json.ts';
import { say, shown } from './fields.ts';
import { dayMeant, isRelativeMoment } from './when-words.ts';

export type Scalar = string | number | boolean;

const missingValue = (value: unknown): boolean => value === null || value === '' || value === 'null' || value === '~';

export const scalar: v.GenericSchema<unknown, Scalar> = v.pipe(
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
  v.check(
    (value) => typeof value !== 'string' || !/\{\{|\{%/.test(value),
    say('the value is compared as it stands: Liquid is not read', 'the value itself'),
  ),
);

/** Numbers, and dates written year first. */
export const orderable: v.GenericSchema<unknown, Scalar> = v.pipe(
  scalar,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || numberOf(dataset.value) !== undefined) return;
    const written = String(dataset.value).trim();
    if (/^\d{4}-\d{2}(?:-\d{2}(?:[T ].*)?)?$/.test(written)) return;
    const moment = isRelativeMoment(written) ? `before: ${written}, or after: ${written}` : undefined;
    const meant = numberMeant(written) ?? dayMeant(written) ?? moment;
    const suggestion = meant === undefined ? '' : `write ${meant}`;
    const expected = 'a number such as 30 or 24.90, or a date such as 2025-01-31';
    addIssue({ message: say(`${shown(dataset.value)} is not a number`, expected, suggestion) });
  }),
);

/** `24,90`, `30 €`, `1 000` → the number as it must be written; undefined where none is near. */
export function numberMeant(written: string): string | undefined {
  const joined = written.replaceAll(/[\s\u202f](?=\d{3}\b)/g, '');
  return /^([-+]?\d+(?:[.,]\d+)?)\s*(?:€|%|eur|euros?|\$|£|x|times|fois)?$/i.exec(joined)?.[1]?.replace(',', '.');
}

export const scalars: v.GenericSchema<unknown, readonly Scalar[]> = v.pipe(
  v.array(scalar, (issue) => say(`${shown(issue.input)} stands where a list is expected`, 'a list such as [FR, BE]')),
  v.check((values) => values.length > 0, say('the list is empty', 'a list such as [FR, BE]')),
);
