/**
 * Every template a journey file names, with the channels it is to take, also where the file is wrong elsewhere.
 */
import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';
import type { Path } from './read-yaml.ts';

export interface Send {
  readonly template: string;
  readonly path: Path;
  /** As they are written; none where nothing is said of them. */
  readonly channels: readonly { readonly name: string; readonly path: Path }[];
}

export function sendsIn(value: Json | undefined, path: Path = []): readonly Send[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => sendsIn(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    if (key === 'send' && typeof held === 'string')
      return [{ template: held, path: [...path, key], channels: channelsIn(value, path) }];
    return key === 'steps' || key === 'then' || key === 'else' || path.length > 0 ? sendsIn(held, [...path, key]) : [];
  });
}

function channelsIn({ channels }: JsonObject, path: Path): Send['channels'] {
  const here = [...path, 'channels'];
  if (typeof channels === 'string') return [{ name: channels.trim(), path: here }];
  if (!Array.isArray(channels)) return [];
  return channels.flatMap((held: Json, index) =>
    typeof held === 'string' ? [{ name: held.trim(), path: [...here, index] }] : [],
  );
}
