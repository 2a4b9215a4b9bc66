/** `npm start -- --dist`: says what it makes, serves from the bundles, and leaves nothing behind at Ctrl-C. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { projectRoot } from '../../infra/bundles.ts';

let group: number | undefined;
afterEach(() => {
  if (group !== undefined && isThere(group)) process.kill(-group, 'SIGKILL');
});

/** Any process of the group. */
function isThere(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

test('the product runs from dist/ until Ctrl-C', { timeout: 120_000 }, async () => {
  const started = performance.now();
  const command = ['local/start.ts', '--dist', '--memory', '--port', '0'];
  const child = spawn(process.execPath, command, { cwd: projectRoot, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  group = child.pid ?? 0;
  const ended = new Promise((resolve) => void child.once('close', resolve));
  const complaints = text(child.stderr);
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (line.startsWith('Relance is ready')) break;
  }
  console.log(`--dist is ready after ${Math.round(performance.now() - started)} ms (this machine)`);
  expect(said[0]).toContain('Making dist/');
  expect(said.join('\n')).toContain('the bundles of dist/');
  const origin = said.at(-1)?.split(' ').at(-1) ?? '';
  const headers = { authorization: `Basic ${btoa('local-server-key:')}` };
  const told = await fetch(`${origin}/v1/identify`, {
    method: 'POST',
    headers,
    body: '{"userId":"u-1","traits":{"plan":"gold"}}',
  });
  expect(told.status).toBe(200);
  await fetch(`${origin}/_local/settle`, { method: 'POST' });
  expect(await (await fetch(`${origin}/_local/profiles?userId=u-1`)).json()).toMatchObject({ traits: { plan: 'gold' } });
  process.kill(-group, 'SIGINT');
  expect(await ended).toBe(0);
  expect(await complaints).toBe('');
  await expect.poll(() => group !== undefined && isThere(group), { timeout: 30_000 }).toBe(false); // children hear of it a moment later
});
