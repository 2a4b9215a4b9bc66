/** `npm run demo` tells the whole story, ends by itself, and leaves nothing behind when it is interrupted. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';

// Each starts a product of its own, and machines that run tests are busy.
vi.setConfig({ testTimeout: 120_000 });

const root = join(import.meta.dirname, '..', '..');
const demo = join(root, 'local', 'demo.ts');
const run = promisify(execFile);

/** Sentences in the order in which they must come. */
const story = [
  '“Identify”: agrees to email',
  'Bob’s own profile has no cart.',
  '✓ “Cart Updated” starts panier-abandonne.',
  '✓ “Cart Updated” restarts the wait of panier-abandonne: the wait counts again from here.',
  'The cart’s nobody and Bob are one person now',
  'Next: panier-abandonne waits until',
  '29 minutes later.',
  'Nothing happened.',
  '✉ E-mail “panier-abandonne” of journey panier-abandonne was sent.',
  'To bob@biller.com: “Bob, your cart is waiting for you”',
  'Sent 30 min 0 s after the checkout',
  'Bob’s orders: 1 (36.99 CAD).',
  'Bob’s orders: 1 (36.99 CAD, of which 31.99 refunded).',
  '– “Cart Updated” does not start panier-abandonne: rests 3 days after its last message',
  'Nothing happened.',
  '✉ E-mail “panier-abandonne” of journey panier-abandonne was sent.',
  '“Unsubscribed”: no longer agrees to email.',
  '✗ E-mail “panier-abandonne” of journey panier-abandonne was not sent: there is no consent to this channel',
  'Answered 401.',
  'In the end: one profile, 2 mails sent, 1 not sent and why, 1 order.',
];

test('the demo tells what happened and why, in order, and ends with code 0', async () => {
  const { stdout, stderr } = await run(process.execPath, [demo, '--fast'], { cwd: root });
  expect(stderr).toBe('');
  let from = 0;
  for (const sentence of story) {
    const at = stdout.indexOf(sentence, from);
    expect(at, `“${sentence}” after ${JSON.stringify(stdout.slice(Math.max(0, from - 200), from))}`).toBeGreaterThanOrEqual(0);
    from = at + sentence.length;
  }
});

test('a wrong option is refused in words', async () => {
  await expect(run(process.execPath, [demo, '--prot', '1'])).rejects.toMatchObject({ code: 1, stderr: /--prot.*npm run demo/s });
  const { stdout } = await run(process.execPath, [demo, '--help']);
  expect(stdout).toMatch(/--keep/);
});

test('with --keep it stays to be looked at, and ends when it is told to', async () => {
  const child = spawn(process.execPath, [demo, '--fast', '--keep'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await expect.poll(() => output, { timeout: 50_000 }).toMatch(/Look around: http:\S+\/_local/);
  const page = /http:\S+\/_local/.exec(output)?.[0] ?? '';
  expect((await fetch(page)).status).toBe(200);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  await expect(fetch(page)).rejects.toThrow('fetch failed');
});

test('interrupted in the middle it ends at once', async () => {
  const child = spawn(process.execPath, [demo], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (complaints += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await expect.poll(() => output, { timeout: 50_000 }).toContain('customers/create');
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(complaints).toBe('');
});
