/**
 * A YAML document through a schema: the value, or every finding with its place.
 */
import * as v from 'valibot';
import type { Json } from '../../kernel/json.ts';
import { at } from '../../kernel/json.ts';
import type { Finding } from '../problem.ts';
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
  /** JSON of the path around, and the name: to see that a misspelt field is the one that is missing. */
  readonly around: string;
  readonly missing?: string;
}

function findingsOf(issues: readonly v.BaseIssue<unknown>[], document: YamlDocument): readonly Finding[] {
  const placed = issues.map((issue) => placedFinding(issue, document));
  const meant = new Set(
    placed.map(({ around, finding }) => `${around} ${/did you mean "(.+)"\?/.exec(finding.suggestion)?.[1] ?? ''}`),
  );
  return placed
    .filter(({ around, missing }) => missing === undefined || !meant.has(`${around} ${missing}`))
    .map(({ finding }) => finding);
}

function placedFinding(issue: v.BaseIssue<unknown>, document: YamlDocument): Placed {
  const items = issue.path ?? [];
  const path: Path = items.map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const around = path.slice(0, -1);
  const name = String(path.at(-1) ?? '');
  const aboutKey = items.at(-1)?.origin === 'key';
  const isMissing = aboutKey && !exists(document.value, path);
  const place = isMissing ? document.keyPlaceOf(around) : aboutKey ? document.keyPlaceOf(path) : document.placeOf(path);
  return {
    finding: { ...place, ...said(issue.message) },
    around: JSON.stringify(around),
    ...(isMissing ? { missing: name } : {}),
  };
}

const exists = (value: Json | undefined, path: Path): boolean => at(value, path.map(String)) !== undefined;
