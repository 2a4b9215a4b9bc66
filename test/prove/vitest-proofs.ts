/** Proofs that are tests: vitest runs them at their full sizes, and they report their figures. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { run } from './child.ts';
import { figuresVariable, type Figures } from './figures.ts';
import type { Outcome, Proof } from './proof.ts';
import { root } from './root.ts';

const figuresSchema = v.object({ title: v.string(), text: v.string() });
const resultsSchema = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  testResults: v.array(
    v.object({
      status: v.string(),
      assertionResults: v.array(
        v.object({ status: v.string(), fullName: v.string(), failureMessages: v.optional(v.array(v.string()), []) }),
      ),
    }),
  ),
});

async function runTests(files: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'relance-proof-'));
  try {
    const [report, figuresFile] = [join(folder, 'report.json'), join(folder, 'figures.jsonl')];
    const args = [join(root, 'local', 'launch.mjs'), 'vitest', 'run', ...files, '--reporter=json', `--outputFile=${report}`];
    const environment = { ...process.env, RELANCE_PROVE: 'full', [figuresVariable]: figuresFile };
    const { code, output } = await run(process.execPath, args, { cwd: root, environment });
    const figures = [...linesOf(figuresFile).map(readFigures), ...counted(report)];
    if (code === 0) return { kind: 'passed', figures };
    const said = [...failuresIn(report), output.slice(-4_000)].join('\n');
    return { kind: 'failed', figures, because: `the tests ended with code ${code}\n${said}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return []; // nothing was reported
  }
}

const readFigures = (line: string): Figures => v.parse(figuresSchema, JSON.parse(line));

function counted(report: string): readonly Figures[] {
  const [text] = linesOf(report);
  if (text === undefined) return [];
  const { numPassedTests, numFailedTests } = v.parse(resultsSchema, JSON.parse(text));
  return [{ title: '', text: `${numPassedTests} tests passed, ${numFailedTests} failed.` }];
}

/** Which test failed, and why: its output alone may not say it. */
function failuresIn(report: string): readonly string[] {
  const [text] = linesOf(report);
  if (text === undefined) return [];
  return v
    .parse(resultsSchema, JSON.parse(text))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n').slice(0, 4_000)}`);
}

/** Files of test/ that begin so; the proof is skipped as long as there is none. */
const testsNamed = (beginning: string): readonly string[] =>
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.startsWith(beginning) && file.endsWith('.test.ts'))
    .map((file) => join('test', file));

const byTests = (name: string, shows: string, beginning: string): Proof => ({
  name,
  shows,
  prove: async () => {
    const files = testsNamed(beginning);
    return files.length === 0 ? { kind: 'skipped', because: `there is no test/${beginning}*.test.ts yet` } : runTests(files);
  },
});

export const testProofs: readonly Proof[] = [
  byTests(
    'units',
    'Write units of every line of the table in the design, measured by the engine and computed from the bytes of the items: ' +
      'both equal.',
    'units',
  ),
  byTests(
    'crash',
    'Before and after the effect of each SDK call of the story a crash, then a redelivery: the same end state, at most one ' +
      'call of a provider for each message.',
    'crash',
  ),
  byTests(
    'backlog',
    "Processing stopped, 5,000 people's carts and the orders of half of them told, started again: exactly the other half are " +
      'reminded, each once; run-timers sends no timer more than twice.',
    'backlog',
  ),
  byTests(
    'rules',
    'Conditions decide as a slow reference of the whole history does on 100,000 random cases; states of counts suffice, in any ' +
      'order of telling; a walk from boundary to boundary tells what asking the reference every minute tells.',
    'rules',
  ),
  byTests(
    'campaign',
    'A campaign to 20,000 people, runner and senders killed twice half-way: each exactly one message, and the count adds up.',
    'campaign',
  ),
];
