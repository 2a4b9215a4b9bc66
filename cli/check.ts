/**
 * `relance check`: is config/ good (promise 8)? Prints every problem with its place, what was expected and what to write.
 */
import { join } from 'node:path';
import { checkConfig, type Checked } from '../shared/config/check-config.ts';
import type { ConfigProblem } from '../shared/config/problem.ts';
import type { Command, Terminal } from './command.ts';
import type { Asked } from './options.ts';

const help = `Usage: relance check [--json] [folder]

Reads all of config/ (or another folder) and says whether it may go live: every problem at once, with file, line and
column, what was expected and what to write instead. Changes nothing.

  --json   one JSON array: [{ file, line, column, problem, expected, suggestion }]
  --help   this text

Exit code: 0 good, 1 something is wrong in the folder, 2 the command was not understood.`;

async function run(asked: Asked, terminal: Terminal): Promise<number> {
  const folder = asked.words[0] ?? 'config';
  const checked = await checkConfig(folder);
  const problems =
    checked.kind === 'good' ? [] : checked.problems.map((problem) => ({ ...problem, file: join(folder, problem.file) }));
  if (asked.has('json')) terminal.out(JSON.stringify(problems, null, 2));
  else for (const line of readable(checked, problems, folder)) terminal.out(line);
  return checked.kind === 'good' ? 0 : 1;
}

function readable(checked: Checked, problems: readonly ConfigProblem[], folder: string): readonly string[] {
  if (checked.kind === 'good') {
    const { journeys } = checked.config;
    const names = journeys.map(({ journey }) => journey.name).join(', ');
    return [`${folder} is good: ${count(journeys.length, 'journey')}${names === '' ? '' : ` (${names})`}.`];
  }
  return [...problems.flatMap(told), `${count(problems.length, 'problem')} in ${folder}. Nothing was changed.`];
}

/** The first line is what editors and terminals turn into a link. */
function told({ file, line, column, problem, expected, suggestion }: ConfigProblem): readonly string[] {
  const lines = [`${file}:${line}:${column}  ${problem}`];
  if (expected !== '') lines.push(`    expected: ${expected}`);
  if (suggestion !== '') lines.push(`    ${suggestion}`);
  return [...lines, ''];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

export const check: Command = {
  name: 'check',
  summary: 'is config/ good? says what is wrong and where',
  help,
  mostWords: 1,
  run,
};
