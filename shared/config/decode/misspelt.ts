/**
 * A document with misspelt names put right, for the rest of the check: every place is still that of what was written.
 */
import { isObject, type Json } from '../../kernel/json.ts';
import type { Path, YamlDocument } from './read-yaml.ts';

export interface Renaming {
  /** Of the name as it was written. */
  readonly path: Path;
  readonly to: string;
}

const keyOf = (path: Path): string => JSON.stringify(path);

/** Of two names that mean the same the first counts. None of the new names may be there already. */
export function renamed(document: YamlDocument, names: readonly Renaming[]): YamlDocument {
  const meant = new Map<string, string>();
  const written = new Map<string, string>();
  for (const { path, to } of names) {
    const around = path.slice(0, -1);
    if (written.has(keyOf([...around, to]))) continue;
    meant.set(keyOf(path), to);
    written.set(keyOf([...around, to]), String(path.at(-1)));
  }
  const asWritten = (path: Path): Path =>
    path.reduce<Path>((before, step) => [...before, written.get(keyOf([...before, step])) ?? step], []);
  return {
    ...document,
    value: document.value === undefined ? undefined : withNames(document.value, [], meant),
    placeOf: (path) => document.placeOf(asWritten(path)),
    keyPlaceOf: (path) => document.keyPlaceOf(asWritten(path)),
  };
}

function withNames(value: Json, path: Path, meant: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item: Json, index) => withNames(item, [...path, index], meant));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, held]) => {
    const here = [...path, name];
    return [meant.get(keyOf(here)) ?? name, withNames(held, here, meant)] as const;
  });
  return Object.fromEntries(entries);
}
