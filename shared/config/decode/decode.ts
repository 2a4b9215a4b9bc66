/**
 * A YAML document through a schema: the value, or every finding with its place.
 */
import * as v from 'valibot';
import type { Json } from '../../kernel/json.ts';
import { at } from '../../kernel/json.ts';
import type { Finding, Place } from '../problem.ts';
import { said } from './fields.ts';
import type { Path, YamlDocument } from './read-yaml.ts';

export interface Decoded<T> {
  /** Undefined where something is wrong. */
  readonly value: T | undefined;
  readonly findings: readonly Finding[];
}

/** `what`: the file in words, for an empty one. */
export function decode<T>(schema: v.GenericSchema<unknown, T>, document: YamlDocument, what: string): Decoded<T> {
  if (document.value === undefined) return { value: undefined, findings: document.findings };
  if (document.value === null) {
    const empty: Finding = {
      ...document.placeOf([]),
      problem: `${what} is empty`,
      expected: 'at least the fields that are required',
      suggestion: '',
    };
    return { value: undefined, findings: [...document.findings, empty] };
  }
  const result = v.safeParse(schema, document.value);
  if (result.success) return { value: document.findings.length === 0 ? result.output : undefined, findings: document.findings };
  return { value: undefined, findings: [...document.findings, ...findingsOf(result.issues, document)] };
}

interface Placed {
  readonly finding: Finding;
  readonly path: Path;
  /** It speaks of the name at the end of the path: unknown where the name is there, missing where it is not. */
  readonly about: 'unknown' | 'missing' | 'value';
}

function findingsOf(issues: readonly v.BaseIssue<unknown>[], document: YamlDocument): readonly Finding[] {
  const placed = issues.map((issue) => placedFinding(issue, document));
  return placed.filter((one) => !placed.some((other) => other !== one && covers(other, one))).map(({ finding }) => finding);
}

/** An unknown name says it all: what stands under it, and the field that was meant by it, need no word of their own. */
function covers({ about, path, finding }: Placed, other: Placed): boolean {
  if (about !== 'unknown' || (other.about === 'unknown' && other.path.length === path.length)) return false;
  const around = path.slice(0, -1);
  if (other.about !== 'missing')
    return other.path.length >= path.length && path.every((step, index) => other.path[index] === step);
  const meant = /did you mean "(.+)"\?/.exec(finding.suggestion)?.[1];
  return (
    other.path.length === path.length && other.path.at(-1) === meant && around.every((step, index) => other.path[index] === step)
  );
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
