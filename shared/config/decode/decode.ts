/**
 * A YAML document through a schema: the value, or every finding with its place.
 */
import * as v from 'valibot';
import type { Json } from '../../kernel/json.ts';
import { at } from '../../kernel/json.ts';
import type { Finding, Place } from '../problem.ts';
import { said } from './fields.ts';
import { renamed } from './misspelt.ts';
import type { Path, YamlDocument } from './read-yaml.ts';

export interface Decoded<T> {
  /** Undefined where something is wrong. */
  readonly value: T | undefined;
  readonly findings: readonly Finding[];
  /** With misspelt names as they were meant, so that what stands under them is checked all the same. */
  readonly document: YamlDocument;
}

/** `what`: the file in words, for an empty one. */
export function decode<T>(schema: v.GenericSchema<unknown, T>, document: YamlDocument, what: string): Decoded<T> {
  if (document.value === undefined) return { value: undefined, findings: document.findings, document };
  if (document.value === null) {
    const empty: Finding = {
      ...document.placeOf([]),
      problem: `${what} is empty`,
      expected: 'at least the fields that are required',
      suggestion: '',
    };
    return { value: undefined, findings: [...document.findings, empty], document };
  }
  return decodeAsMeant(schema, document, mostRounds);
}

/** Misspelt names inside misspelt names: so deep is looked. */
const mostRounds = 8;

function decodeAsMeant<T>(schema: v.GenericSchema<unknown, T>, document: YamlDocument, rounds: number): Decoded<T> {
  const result = v.safeParse(schema, document.value);
  if (result.success) {
    const value = document.findings.length === 0 ? result.output : undefined;
    return { value, findings: document.findings, document };
  }
  const placed = result.issues.map((issue) => placedFinding(issue, document));
  const misspelt = placed.filter((one) => meantBy(one, document.value) !== undefined);
  if (misspelt.length === 0 || rounds === 0)
    return { value: undefined, findings: [...document.findings, ...uncovered(placed)], document };
  const names = misspelt.flatMap((one) => {
    const to = meantBy(one, document.value);
    return to === undefined ? [] : [{ path: one.path, to }];
  });
  const meant = renamed(document, names);
  const findings = [...document.findings, ...misspelt.map(({ finding }) => finding)];
  return decodeAsMeant(schema, { ...meant, findings }, rounds - 1);
}

interface Placed {
  readonly finding: Finding;
  readonly path: Path;
  /** It speaks of the name at the end of the path: unknown where the name is there, missing where it is not. */
  readonly about: 'unknown' | 'missing' | 'value';
}

/** A suggestion for a known name speaks of what it holds. */
const ofName = /^there is no field |^no word here makes a step$|is not a word of conditions$/;

/** The name that was meant by an unknown one, where nothing of that name stands beside it. */
function meantBy({ about, path, finding }: Placed, value: Json | undefined): string | undefined {
  const meant = /^did you mean "(.+)"\?$/.exec(finding.suggestion)?.[1];
  if (about !== 'unknown' || meant === undefined || !ofName.test(finding.problem) || exists(value, [...path.slice(0, -1), meant]))
    return undefined;
  return meant;
}

/** An unknown name says it all: what stands under it, and the field that was meant by it, need no word of their own. */
function uncovered(placed: readonly Placed[]): readonly Finding[] {
  const unknown = new Set(placed.flatMap(({ about, path }) => (about === 'unknown' ? [JSON.stringify(path)] : [])));
  const meant = new Set(
    placed.flatMap(({ about, path, finding }) => {
      const name = /did you mean "(.+)"\?/.exec(finding.suggestion)?.[1];
      return about === 'unknown' && name !== undefined ? [JSON.stringify([...path.slice(0, -1), name])] : [];
    }),
  );
  return placed.flatMap(({ about, path, finding }) => {
    if (about === 'missing' && meant.has(JSON.stringify(path))) return [];
    const around = [...path.map((_, length) => path.slice(0, length)), ...(about === 'value' ? [path] : [])];
    return around.some((part) => unknown.has(JSON.stringify(part))) ? [] : [finding];
  });
}

function placedFinding(issue: v.BaseIssue<unknown>, document: YamlDocument): Placed {
  const items = issue.path ?? [];
  const path: Path = items.map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const about = items.at(-1)?.origin !== 'key' ? 'value' : exists(document.value, path) ? 'unknown' : 'missing';
  const place = placeFor(about, path, document);
  return { finding: { ...place, ...said(issue.message) }, path, about };
}

function placeFor(about: Placed['about'], path: Path, document: YamlDocument): Place {
  switch (about) {
    case 'unknown':
      return document.keyPlaceOf(path);
    case 'missing':
      return document.keyPlaceOf(path.slice(0, -1));
    case 'value':
      return document.placeOf(path);
  }
}

const exists = (value: Json | undefined, path: Path): boolean => at(value, path.map(String)) !== undefined;
