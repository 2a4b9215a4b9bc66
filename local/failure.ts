/** Why a local command could not start, in words for whoever typed it. */
import { BadChoices } from '../infra/choices.ts';
import { CannotStart } from './cannot-start.ts';
import { BadOption } from './options.ts';
import { BadConfig } from './stack.ts';

/** Lines to print; `usage` follows what was typed wrongly. */
export function explainFailure(error: unknown, usage: string): readonly string[] {
  if (error instanceof BadOption) return [error.message, '', usage];
  if (error instanceof BadConfig) {
    const problems = error.problems.map(
      ({ file, line, column, problem, expected, suggestion }) =>
        `  ${file}:${line}:${column}  ${problem}. Expected ${expected}.${suggestion === undefined ? '' : ` ${suggestion}`}`,
    );
    return [`${error.message}: correct it and start again.`, ...problems];
  }
  if (error instanceof CannotStart || error instanceof BadChoices) return [error.message];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
