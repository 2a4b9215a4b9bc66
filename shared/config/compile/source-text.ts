/**
 * A template with its shared parts put in, where every place still knows the file it came from.
 */
import { posix } from 'node:path';
import type { ConfigProblem, Place, Said } from '../problem.ts';

export interface Origin extends Place {
  readonly file: string;
}

export interface SourceText {
  readonly text: string;
  /** Where a place of the text stands in config/. Without a column: where the line begins to say something. */
  readonly originOf: (line: number, column?: number) => Origin;
  readonly problems: readonly ConfigProblem[];
}

/** Path inside config/ → text. */
export type Files = ReadonlyMap<string, string>;

/** From offset `at` of the assembled text on stands what begins at `offset` of the file. */
interface Segment {
  readonly at: number;
  readonly file: string;
  readonly offset: number;
}

interface Assembly {
  readonly files: Files;
  readonly problems: ConfigProblem[];
  readonly segments: Segment[];
  text: string;
}

/**
 * Replaces every `<mj-include path="…" />` by the file it names. Only files of config/templates can be named: nothing
 * else is looked at, so no path leads out. `skipLines`: lines of front matter, kept as empty lines.
 */
export function withIncludes(file: string, files: Files, skipLines: number): SourceText {
  const body = blankLines(files.get(file) ?? '', skipLines);
  const texts: Files = new Map([...files, [file, body]]);
  const assembly: Assembly = { files: texts, problems: [], segments: [], text: '' };
  append(assembly, file, []);
  const starts = [0, ...[...assembly.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const originOf = (line: number, column?: number): Origin => {
    const start = starts[Math.min(line, starts.length) - 1] ?? 0;
    const indentation = assembly.text.slice(start).search(/[^ \t]/);
    return originAt(assembly, start + (column === undefined ? Math.max(0, indentation) : column - 1));
  };
  return { text: assembly.text, originOf, problems: assembly.problems };
}

/** The first so many lines as spaces, so that all places stay. */
export const blankLines = (text: string, count: number): string =>
  text
    .split('\n')
    .map((line, index) => (index < count ? ' '.repeat(line.length) : line))
    .join('\n');

function originAt({ segments, files }: Assembly, at: number): Origin {
  const segment = segments.findLast((candidate) => candidate.at <= at) ?? { at: 0, file: '', offset: 0 };
  return { file: segment.file, ...placeOf(files.get(segment.file) ?? '', segment.offset + at - segment.at) };
}

export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const includeTag = /<mj-include\b[^>]*?(?:\/>|>\s*<\/mj-include\s*>)/g;

function append(assembly: Assembly, file: string, within: readonly string[]): void {
  const text = assembly.files.get(file) ?? '';
  const appendPlain = (from: number, to: number): void => {
    assembly.segments.push({ at: assembly.text.length, file, offset: from });
    assembly.text += text.slice(from, to);
  };
  let at = 0;
  for (const { index, 0: tag } of masked(text).matchAll(includeTag)) {
    appendPlain(at, index);
    include(assembly, tag, { file, ...placeOf(text, index) }, [...within, file]);
    at = index + tag.length;
  }
  appendPlain(at, text.length);
}

/** Parts that each include the next one twice would fill the memory; no mail program shows so much. */
const isTooLarge = ({ text, segments }: Assembly): boolean => text.length > 1_000_000 || segments.length > 2_000;

const tooLarge: Said = {
  problem: 'the e-mail is too large with all its parts',
  expected: 'at most 1 MB and 1,000 parts',
  suggestion: 'include less',
};

function include(assembly: Assembly, tag: string, origin: Origin, within: readonly string[]): void {
  if (isTooLarge(assembly)) {
    if (!assembly.problems.some(({ problem }) => problem === tooLarge.problem))
      assembly.problems.push({ ...origin, ...tooLarge });
    return;
  }
  const written = /\bpath\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
  const path = written?.[1] ?? written?.[2] ?? '';
  const target = posix.normalize(posix.join(posix.dirname(origin.file), path));
  const problem = includeProblem(assembly.files, tag, path, target, within);
  if (problem === undefined) return append(assembly, target, within);
  const expected = 'path="../_layout/…" of a part in config/templates';
  assembly.problems.push({ ...origin, problem, expected, suggestion: '' });
}

function includeProblem(files: Files, tag: string, path: string, target: string, within: readonly string[]): string | undefined {
  if (path === '') return 'mj-include names no file';
  if (/\btype\s*=/.test(tag)) return 'mj-include can only include MJML here; styles go into mj-style';
  if (path.startsWith('/') || !target.startsWith('templates/')) return `"${path}" leads out of config/templates`;
  const content = files.get(target);
  if (content === undefined) return `there is no file ${target}`;
  if (within.includes(target)) return `${target} includes itself`;
  return /<mjml[\s>]/.test(masked(content)) ? `${target} is a whole e-mail, not a part of one` : undefined;
}

/** The same text with Liquid and comments blanked out, so that what stands in them is not taken for tags. */
export const masked = (text: string): string =>
  text.replaceAll(/<!--[\s\S]*?-->|\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (part) => part.replaceAll(/[^\n]/g, ' '));
