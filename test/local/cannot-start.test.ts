/** Whoever cannot start is told why in a sentence, with what to do, and nothing is left running. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { explainFailure } from '../../local/failure.ts';
import { startStack } from '../../local/stack.ts';
import { localOptions, shop } from '../stories/shop.ts';

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

test('a data folder that is a file', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await sentences({ data: file })).toMatch(/^The data folder .+ cannot be made: .+ Choose another with `--data`\.$/);
});
