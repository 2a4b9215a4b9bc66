/** Whoever cannot start is told why in a sentence, with what to do, and nothing is left running. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { makeBundles } from '../../local/containers/make-bundles.ts';
import { explainFailure } from '../../local/failure.ts';
import { startStack } from '../../local/stack.ts';
import { choices } from '../../relance.config.ts';
import { localOptions, shop } from '../stories/shop.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'relance cannot start-'));
const data = join(folder, 'data');
const story = shop({ data });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sentences = async (given: Parameters<typeof localOptions>[0]): Promise<string> => {
  const started = startStack(localOptions(given));
  const failure = await started.then(
    (stack) => stack.stop(),
    (error: unknown) => explainFailure(error, 'usage'),
  );
  return (failure ?? ['it started']).join('\n');
};

test('a port that is taken', async () => {
  const port = Number(new URL(story.stack().origin).port);
  expect(await sentences({ port })).toBe(
    `Port ${port} is taken: stop what runs there, or choose another with \`--port\` (0 takes any).`,
  );
});

test('a data folder that another server uses', async () => {
  expect(await sentences({ data })).toBe(
    `${join(data, 'aws.sqlite')} is in use: another Relance runs on this data folder. Stop it, or choose another folder with \`--data\`.`,
  );
  expect((await story.request('/_local/clock')).status).toBe(200);
});

test('with --dist, choices that cannot be right', async () => {
  const made = makeBundles({ ...choices, alarmEmail: 'nobody' });
  const failure: unknown = await made.catch((error: unknown) => explainFailure(error, 'usage').join('\n'));
  expect(failure).toMatch(/^relance\.config\.ts[^]*alarmEmail/);
  expect(failure).not.toContain('    at ');
});

/** Asked in a process of its own: Node's recursive mkdir does not come back from there. */
test.skipIf(!existsSync('/proc/self'))('a data folder where none can be made', async () => {
  const make = `import { makeFolder } from ${JSON.stringify(new URL('../../local/data-folder.ts', import.meta.url))};
    try { makeFolder('/proc/nope/data'); } catch (error) { console.log(error.message); }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', make], { timeout: 20_000 });
  expect(stdout).toMatch(/^The data folder \/proc\/nope\/data cannot be made: .+ Choose another with `--data`\.\n$/);
});

test('a data folder that is a file', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await sentences({ data: file })).toMatch(/^The data folder .+ cannot be made: .+ Choose another with `--data`\.$/);
});
