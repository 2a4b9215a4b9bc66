/**
 * A journey, a segment or a campaign as it is written: its steps, its conditions and what they name, each with its place.
 * Read from the document and not from what was decoded, so that a mistake elsewhere in the file hides nothing.
 */
import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';
import type { Path } from './read-yaml.ts';

export interface RawStep {
  readonly value: Json;
  readonly path: Path;
  /** The steps inside it: `then`, `else`, one for each variant of a split. */
  readonly blocks: readonly RawBlock[];
}

export interface RawBlock {
  readonly word: 'then' | 'else' | 'variant';
  readonly steps: readonly RawStep[];
}

const fieldOf = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The steps of a journey, as a tree. */
export const stepsOf = (journey: Json | undefined): readonly RawStep[] => stepsIn(fieldOf(journey, 'steps'), ['steps']);

function stepsIn(value: Json | undefined, path: Path): readonly RawStep[] {
  if (!Array.isArray(value)) return [];
  return value.map((step: Json, index): RawStep => {
    const here = [...path, index];
    return { value: step, path: here, blocks: [...forks(step, here), ...variants(step, here)] };
  });
}

function forks(step: Json, path: Path): readonly RawBlock[] {
  return (['then', 'else'] as const).flatMap((word) => {
    const held = fieldOf(step, word);
    return held === undefined ? [] : [{ word, steps: stepsIn(held, [...path, word]) }];
  });
}

function variants(step: Json, path: Path): readonly RawBlock[] {
  const held = fieldOf(step, 'split');
  if (!Array.isArray(held)) return [];
  return held.map((variant: Json, index) => ({
    word: 'variant' as const,
    steps: stepsIn(fieldOf(variant, 'steps'), [...path, 'split', index, 'steps']),
  }));
}

/** Every step, the outer ones before those inside them. */
export const allSteps = (steps: readonly RawStep[]): readonly RawStep[] =>
  steps.flatMap((step) => [step, ...step.blocks.flatMap((block) => allSteps(block.steps))]);

/** A field of a mapping, with its place. */
export interface RawField {
  readonly value: Json;
  readonly path: Path;
}

export function fieldIn(of: { readonly value: Json | undefined; readonly path: Path }, name: string): RawField | undefined {
  const value = fieldOf(of.value, name);
  return value === undefined ? undefined : { value, path: [...of.path, name] };
}

/** One or a list → each text with its place. A number is the text that was typed, as for the schemas. */
export function textsIn(field: RawField | undefined): readonly { readonly text: string; readonly path: Path }[] {
  if (field === undefined) return [];
  if (isScalar(field.value)) return [{ text: plainText(String(field.value)), path: field.path }];
  if (!Array.isArray(field.value)) return [];
  return field.value.flatMap((held: Json, index) =>
    isScalar(held) ? [{ text: plainText(String(held)), path: [...field.path, index] }] : [],
  );
}

const isScalar = (value: Json): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const plainText = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** One line of a condition that is no `all`, `any` or `not`: a path with what it must be, or a word such as `did`. */
export interface RawLeaf {
  readonly word: string;
  readonly value: Json;
  readonly path: Path;
  /** All of its mapping: the words beside it. */
  readonly around: JsonObject;
}

/** `where` of a did is no part of it: it looks at the event alone. */
export function leavesOf(condition: RawField | undefined): readonly RawLeaf[] {
  if (condition === undefined || !isObject(condition.value)) return [];
  const around = condition.value;
  return Object.entries(around).flatMap(([word, value]): readonly RawLeaf[] => {
    const path = [...condition.path, word];
    if (word === 'not') return leavesOf({ value, path });
    if (word !== 'all' && word !== 'any') return [{ word, value, path, around }];
    return Array.isArray(value) ? value.flatMap((part: Json, index) => leavesOf({ value: part, path: [...path, index] })) : [];
  });
}

/** Every condition of a journey that may look at the person: `where` of a start by did looks at the event alone. */
export function conditionsOf(journey: Json | undefined): readonly RawField[] {
  const top = { value: journey, path: [] };
  const [start, exit] = [fieldIn(top, 'start'), fieldIn(top, 'exit')];
  const isDid = start !== undefined && fieldIn(start, 'did') !== undefined;
  const found = [
    start === undefined || isDid ? undefined : fieldIn(start, 'where'),
    exit === undefined ? undefined : fieldIn(exit, 'where'),
    ...allSteps(stepsOf(journey)).flatMap((step) => [fieldIn(step, 'if'), fieldIn(step, 'where')]),
  ];
  return found.filter((condition) => condition !== undefined);
}
