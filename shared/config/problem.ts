/**
 * What is wrong in config/, said so that a marketer can put it right: where, what, what was expected, what to write instead.
 */

export interface ConfigProblem extends Finding {
  /** Path inside config/, with `/`. */
  readonly file: string;
}

export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number;
}

/** A problem in the file at hand. */
export interface Finding extends Place, Said {}

export interface Said {
  readonly problem: string;
  readonly expected: string;
  /** What to write instead; empty where nothing better can be told. */
  readonly suggestion: string;
}

export const startOfFile: Place = { line: 1, column: 1 };

/** By file, line and column; what was found twice (a shared part of two templates) stands once. */
export function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const unique = new Map(
    problems.map((problem) => [JSON.stringify([problem.file, problem.line, problem.column, problem.problem]), problem]),
  );
  return [...unique.values()].toSorted(
    (a, b) => byText(a.file, b.file) || a.line - b.line || a.column - b.column || byText(a.problem, b.problem),
  );
}

/** The same on every machine: no locale decides. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
