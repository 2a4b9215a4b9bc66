/**
 * Liquid that cannot be read, without the part that is to blame: so that the rest of a template is checked in the same go. Nothing
 * moves, and what was taken out is told by the caller.
 */
import type { Place } from '../problem.ts';

export interface Repaired {
  readonly source: string;
  /** Names of tags whose other half (`endif`, `else`) may now stand alone. */
  readonly takenOut: readonly string[];
}

/** `problem`: as the engine says it, without the place. */
export function repairedLiquid(source: string, problem: string, place: Place): Repaired {
  const at = offsetOf(source, place);
  const opened = /^tag \{%-?\s*(\w+)[\s\S]*%\} not closed$/.exec(problem)?.[1];
  if (opened !== undefined) return { source: `${source}{% end${opened} %}`, takenOut: [] };
  // What is opened and not closed: only its signs, because what follows is text then.
  if (problem.endsWith(' not closed')) return { source: blanked(source, at, at + 2), takenOut: [] };
  const start = Math.max(source.lastIndexOf('{{', at), source.lastIndexOf('{%', at));
  if (start < 0) return { source, takenOut: [] };
  const close = source.startsWith('{{', start) ? '}}' : '%}';
  const end = source.indexOf(close, start);
  if (end < 0) return { source, takenOut: [] };
  const name = /^\{%-?\s*(?:end)?(\w+)/.exec(source.slice(start, end))?.[1];
  const halves = name === undefined ? [] : name === 'case' ? ['when', 'else'] : ['else', 'elsif'];
  return { source: blanked(source, start, end + 2), takenOut: name === undefined ? [] : [name, ...halves] };
}

function offsetOf(source: string, { line, column }: Place): number {
  const before = source.split('\n').slice(0, line - 1);
  return before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
}

const blanked = (source: string, from: number, to: number): string =>
  source.slice(0, from) + source.slice(from, to).replaceAll(/[^\n]/g, ' ') + source.slice(to);
