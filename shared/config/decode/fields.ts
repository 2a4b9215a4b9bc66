/**
 * The few shapes all of config/ is written in, as valibot schemas that complain in our words: text, one or several texts,
 * one of some words, a mapping of known fields. Input types stay plain, so that editors get JSON Schemas from them.
 */
import * as v from 'valibot';
import type { Said } from '../problem.ts';
import { didYouMean } from './spelling.ts';

/** A schema's message carries three lines: problem, expected, suggestion. */
export const say = (problem: string, expected: string, suggestion = ''): string =>
  [problem, expected, suggestion].map((part) => part.replaceAll(/\s*\n\s*/g, ' ')).join('\n');

export function said(message: string): Said {
  const [problem = '', expected = '', suggestion = ''] = message.split('\n');
  return { problem, expected, suggestion };
}

/** What was written, short enough for a message. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of fields';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.length > 60 ? `${text.slice(0, 57)}…` : text}"`;
}

const notText = (expected: string) => (issue: v.BaseIssue<unknown>) =>
  say(`${shown(issue.input)} stands where text is expected`, expected);

/** Text as it was typed: `01000`, `1.50`, `true` and `Votre panier` alike. `examples`: what editors propose. */
export const text = (description: string, examples: readonly string[] = []) =>
  v.pipe(
    v.union([v.string(), v.number(), v.boolean()], notText(description)),
    v.description(description),
    v.examples([...examples]),
    v.transform(String),
    v.check((value) => value.trim() !== '', say('the text is empty', description)),
  );

/** Text of one line that people read, such as a subject. */
export const prose = (description: string) =>
  v.pipe(
    text(description),
    v.transform((value) => value.trim()),
    v.check((value) => !/[\r\n]/.test(value), say('the text has several lines', `${description}, on one line`)),
  );

/** Text that must pass a test, which answers what to say, or nothing. */
export const checkedText = (
  description: string,
  complaint: (value: string) => string | undefined,
  examples: readonly string[] = [],
) =>
  v.pipe(
    text(description, examples),
    v.transform((value) => value.replaceAll(/\s+/g, ' ').trim()),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? complaint(dataset.value) : undefined;
      if (message !== undefined) addIssue({ message });
    }),
  );

export type TextSchema = ReturnType<typeof checkedText>;

/** One, or a list of at least one; always a list afterwards. */
export function oneOrMany<T>(one: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, readonly T[]> {
  const single = v.pipe(
    one,
    v.transform((value): readonly T[] => [value]),
  );
  const many = v.pipe(
    v.array(one),
    v.check((values) => values.length > 0, say('the list is empty', 'at least one')),
  );
  const either = v.union([single, many]);
  return v.lazy((input: unknown): v.GenericSchema<unknown, readonly T[]> => {
    if (input === undefined) return either; // asked by the JSON Schema writer
    return Array.isArray(input) ? many : single;
  });
}

/** One of some words, exactly. `meant`: what else hands write for them. */
export const oneOf = <const W extends readonly string[]>(
  description: string,
  words: W,
  meant: Readonly<Record<string, W[number]>> = {},
) =>
  v.pipe(
    v.picklist(words, (issue) => {
      const written = String(issue.input);
      const word = Object.entries(meant).find(([other]) => other === written.trim().toLowerCase())?.[1];
      const suggestion = word === undefined ? didYouMean(written, words) : `write ${word}`;
      return say(`${shown(issue.input)} is not one of the words known here`, words.join(' or '), suggestion);
    }),
    v.description(description),
  );

/** `true`, and what French and English hands type for it. */
export const yesOrNo = (description: string) =>
  v.pipe(
    v.union([v.boolean(), v.string()], () => say('this is neither true nor false', 'true or false')),
    v.description(description),
    v.transform((value) => (typeof value === 'boolean' ? value : readYesOrNo(value))),
    v.boolean(() => say('this is neither true nor false', 'true or false')),
  );

function readYesOrNo(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['true', 'yes', 'oui', 'vrai', 'on'].includes(word)) return true;
  return ['false', 'no', 'non', 'faux', 'off'].includes(word) ? false : undefined;
}

export interface FieldOptions {
  /** What to say about fields that people expect here and that are not: a whole message each. */
  readonly hints?: Readonly<Record<string, string>>;
  /** The field that is meant when only a text stands here. */
  readonly shorthand?: string;
}

export interface KeyComplaint {
  /** The field it speaks of; empty: the whole. */
  readonly key: string;
  /** From `say`. */
  readonly message: string;
}

/**
 * A mapping with what is wrong with its fields seen together, asked of what is written: not of what the fields were read as, so
 * that a mistake in one hides nothing.
 */
export const together = <T>(
  schema: v.GenericSchema<unknown, T>,
  complaints: (written: Readonly<Record<string, unknown>>) => readonly KeyComplaint[],
): v.GenericSchema<unknown, T> =>
  v.lazy((input: unknown): v.GenericSchema<unknown, T> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return schema;
    const found = complaints(Object.fromEntries(Object.entries(input)));
    return v.pipe(
      schema,
      v.rawCheck<T>(({ addIssue }) => {
        for (const { key, message } of found) {
          if (key === '') addIssue({ message });
          else addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: null }, key, value: null }] });
        }
      }),
    );
  });

/** A mapping whose fields are all known. Every unknown one is reported, not only the first. */
export const fields = <const E extends v.ObjectEntries>(what: string, entries: E, options: FieldOptions = {}) => {
  const known = Object.keys(entries);
  const list = `${what}: ${known.join(', ')}`;
  const mapping = v.pipe(
    v.looseObject(entries, (issue) => absence(issue, { what, list, entries, shorthand: options.shorthand })),
    v.description(what),
    v.rawCheck<v.InferOutput<v.LooseObjectSchema<E, undefined>>>(({ dataset, addIssue }) => {
      const written: unknown = dataset.value;
      if (typeof written !== 'object' || written === null) return;
      for (const [key, value] of Object.entries(written)) {
        if (known.includes(key)) continue;
        const hint = Object.entries(options.hints ?? {}).find(([word]) => word === key)?.[1];
        const message = hint ?? say(`there is no field "${key}" here`, list, didYouMean(key, known));
        addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: value }, key, value }] });
      }
    }),
  );
  return v.pipe(notAList(mapping, say('a list stands here', list, 'write the fields without dashes')), v.description(what));
};

/** A list is refused as a whole: its methods would be taken for fields (`at`, `every`). */
const notAList = <T>(mapping: v.GenericSchema<unknown, T>, message: string): v.GenericSchema<unknown, T> => {
  const refused = v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ addIssue, NEVER }) => {
      addIssue({ message });
      return NEVER;
    }),
  );
  return v.lazy((input: unknown): v.GenericSchema<unknown, T> => (Array.isArray(input) ? refused : mapping));
};

interface Mapping {
  readonly what: string;
  readonly list: string;
  readonly entries: v.ObjectEntries;
  readonly shorthand: string | undefined;
}

/** The whole is no mapping, or a field of it is missing. */
function absence(issue: v.LooseObjectIssue, { what, list, entries, shorthand }: Mapping): string {
  const missing = /^"(.*)"$/.exec(issue.expected)?.[1];
  if (missing !== undefined)
    return say(`"${missing}" is missing`, descriptionOf(entries[missing]) ?? what, `write ${missing}: …`);
  const suggestion = shorthand !== undefined && typeof issue.input === 'string' ? `write { ${shorthand}: ${issue.input} }` : '';
  return say(`${shown(issue.input)} stands where fields are expected`, list, suggestion);
}

const descriptionOf = (schema: v.ObjectEntries[string] | undefined): string | undefined =>
  schema !== undefined && schema.kind === 'schema' && !schema.async ? v.getDescription(schema) : undefined;
