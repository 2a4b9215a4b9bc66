/**
 * Every template a journey file names, also where the file is wrong elsewhere.
 */
import { isObject, type Json } from '../../kernel/json.ts';
import type { Path } from './read-yaml.ts';

export interface Send {
  readonly template: string;
  readonly path: Path;
}

export function sendsIn(value: Json | undefined, path: Path = []): readonly Send[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => sendsIn(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    if (key === 'send' && typeof held === 'string') return [{ template: held, path: [...path, key] }];
    return key === 'steps' || key === 'then' || key === 'else' || path.length > 0 ? sendsIn(held, [...path, key]) : [];
  });
}
