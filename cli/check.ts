/**
 * `relance check`: is config/ good (promise 8)? Prints every problem with its place, what was expected and what to write.
 */
import { join } from 'node:path';
import { checkConfig, type Checked } from '../shared/config/check-config.ts';
import type { KeptStates } from '../shared/config/check/kept-states.ts';
import { fieldsOfRules } from '../shared/config/compile/rule-fields.ts';
import type { Config } from '../shared/config/config.ts';
import type { ConfigProblem } from '../shared/config/problem.ts';
import type { Command, Terminal } from './command.ts';
import type { Asked } from './options.ts';
import type { World } from './world.ts';

const help = `Usage: relance check [--json] [--fields] [folder]

Reads all of config/ (or another folder) and says whether it may go live: every problem at once, with file, line and
column, what was expected and what to write instead. Notes say what is good and may still surprise. Changes nothing.

  --json     one JSON array of the problems: [{ file, line, column, problem, expected, suggestion }]
  --fields   what each journey, segment and campaign looks at, for the record of what is processed about people
  --help     this text

Exit code: 0 good (also with notes), 1 something is wrong in the folder, 2 the command was not understood.`;

async function run(asked: Asked, terminal: Terminal, { clock }: World): Promise<number> {
  const folder = asked.words[0] ?? 'config';
  const checked = await checkConfig(folder, clock());
  const placed = (found: readonly ConfigProblem[]) => found.map(({ file, ...rest }) => ({ file: join(folder, file), ...rest }));
  if (asked.has('json')) terminal.out(JSON.stringify(checked.kind === 'good' ? [] : placed(checked.problems), null, 2));
  else if (checked.kind === 'bad') for (const line of told(placed(checked.problems), folder)) terminal.out(line);
  else for (const line of good(checked, placed(checked.notes), folder, asked.has('fields'))) terminal.out(line);
  return checked.kind === 'good' ? 0 : 1;
}

const told = (problems: readonly ConfigProblem[], folder: string): readonly string[] => [
  ...problems.flatMap((problem) => toldOne(problem)),
  `${count(problems.length, 'problem')} in ${folder}. Nothing was changed.`,
];

type Good = Extract<Checked, { readonly kind: 'good' }>;

function good(
  { config, off, kept }: Good,
  notes: readonly ConfigProblem[],
  folder: string,
  withFields: boolean,
): readonly string[] {
  const { journeys, segments, campaigns } = config;
  const parts = [
    listed(
      'journey',
      journeys.map(({ journey }) => journey.name),
    ),
    ...(segments.length === 0
      ? []
      : [
          listed(
            'segment',
            segments.map(({ name }) => name),
          ),
        ]),
    ...(campaigns.length === 0
      ? []
      : [
          listed(
            'campaign',
            campaigns.map(({ campaign }) => campaign.name),
          ),
        ]),
  ];
  const rest = off.length === 0 ? '' : ` Switched off: ${off.join(', ')}.`;
  return [
    ...notes.flatMap((note) => toldOne(note, 'note: ')),
    ...(withFields ? fieldLines(config) : []),
    ...keptLines(kept),
    `${folder} is good: ${parts.join(', ')}.${rest}`,
  ];
}

const keptLines = ({ counted, usual, most }: KeptStates): readonly string[] =>
  counted === 0
    ? []
    : [`${count(counted, 'condition')} on what people did: about ${usual} bytes kept with each person, at most ${most}.`];

const fieldLines = (config: Pick<Config, 'journeys' | 'segments' | 'campaigns'>): readonly string[] =>
  fieldsOfRules(config).flatMap(({ rule, fields }) => [rule, ...fields.map((field) => `    ${field}`), '']);

function listed(what: string, names: readonly string[]): string {
  return `${count(names.length, what)}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;
}

/** The first line is what editors and terminals turn into a link. */
function toldOne({ file, line, column, problem, expected, suggestion }: ConfigProblem, kind = ''): readonly string[] {
  const lines = [`${file}:${line}:${column}  ${kind}${problem}`];
  if (expected !== '') lines.push(`    expected: ${expected}`);
  if (suggestion !== '') lines.push(`    ${suggestion}`);
  return [...lines, ''];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

export const check: Command = {
  name: 'check',
  summary: 'is config/ good? says what is wrong and where',
  help,
  options: { fields: 'flag' },
  mostWords: 1,
  run,
};
