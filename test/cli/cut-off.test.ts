/** Whoever reads what a command prints may stop reading: that is no error of the command. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a reader that has heard enough sees no stack', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relance-cut-'));
  writeFileSync(join(folder, 'brand.yaml'), 'nom: x\n'.repeat(5_000)); // more than a pipe holds
  const command = spawn(process.execPath, ['cli/relance.ts', 'check', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  command.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  command.stdout.once('data', () => command.stdout.destroy());
  const code = await new Promise((resolve) => command.on('close', resolve));
  expect({ code, errors }).toEqual({ code: 1, errors: '' });
});
