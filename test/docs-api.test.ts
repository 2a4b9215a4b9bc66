/** The examples of docs/api.md work as they stand: a program starts a journey, and the receiver knows what the journey calls. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterAll, describe, expect, test } from 'vitest';
import { memorySecrets } from '../shared/adapters/memory/world.ts';
import { WebWebhooks } from '../shared/adapters/web/webhooks.ts';
import { configBeside } from './stories/config-with.ts';
import { shop } from './stories/shop.ts';

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'api.md'), 'utf8');
const example = (language: string): string => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? '';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = v.parse(v.object({ port: v.number() }), server.address());
  server.close();
  return port;
}

const folder = mkdtempSync(join(tmpdir(), 'relance-receiver-'));
const port = await freePort();
const here = (text: string): string => text.replaceAll('127.0.0.1:4711', `127.0.0.1:${port}`);
writeFileSync(join(folder, 'receiver.mjs'), example('js'));
const receiver = spawn(process.execPath, ['receiver.mjs'], { cwd: folder, env: { ...process.env, PORT: String(port) } });
let said = '';
receiver.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
afterAll(async () => {
  const ended = once(receiver, 'exit');
  receiver.kill();
  await ended;
  rmSync(folder, { recursive: true });
});

describe('the examples of docs/api.md', () => {
  const local = shop({ config: configBeside({ 'journeys/atelier.yaml': here(example('yaml')) }) });
  const url = `http://127.0.0.1:${port}/atelier`;

  test('the journey that is started calls the receiver once, which knows it', async () => {
    const answers = await Promise.all(
      [1, 2].map(async () => {
        const script = example('sh').replaceAll('http://127.0.0.1:4000', local.stack().origin);
        const { stdout } = await promisify(execFile)('bash', ['-c', script]);
        return stdout;
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^{"id":"relance:start:[\w-]+"}/);
    await local.settle();
    expect(said).toBe('atelier A-1 Léa\n');
    expect(await local.profile('userId=u-1')).toMatchObject({
      messages: [{ channel: 'webhook', status: { kind: 'sent' } }],
    });
  });

  test('the receiver takes a repetition without doing it again, and nothing that another secret signed or that is old', async () => {
    const told = JSON.stringify({ data: { journey: 'atelier', entry: { order_id: 'A-2' }, person: { traits: {} } } });
    const { outgoingSecret } = v.parse(v.object({ outgoingSecret: v.string() }), (await local.request('/_local/keys')).body);
    const call = (secrets: readonly string[], age = 0) =>
      new WebWebhooks(() => Date.now() - age).post({ url, id: 'call-2', body: told, depth: 1, secrets });
    const others = memorySecrets.webhookSecrets['relance'] ?? [];
    expect(await call(others)).toEqual({ kind: 'answered', status: 401 });
    expect(await call([outgoingSecret], 301_000)).toEqual({ kind: 'answered', status: 401 });
    expect(said).not.toContain('A-2');
    expect(await call([...others, outgoingSecret])).toEqual({ kind: 'answered', status: 204 });
    expect(await call([outgoingSecret])).toEqual({ kind: 'answered', status: 204 });
    expect(said.match(/A-2/g)).toHaveLength(1);
  });
});
