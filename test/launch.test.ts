/** The launcher keeps its word on a bare machine: it installs once, runs the target, and leaves no process behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, test, type ExpectStatic } from 'vitest';

const local = fileURLToPath(new URL('../local', import.meta.url));
const launcher = ['launch.mjs', 'install.mjs', 'child-process.mjs'];

const roots: string[] = [];
afterAll(() => roots.forEach((root) => rmSync(join(root, '..'), { recursive: true, force: true })));

/** A project of its own in a folder whose path has spaces, with one dependency that needs no network. */
function project(target: string, dependencies: Record<string, string> = { thing: 'file:thing' }): string {
  const root = join(mkdtempSync(join(tmpdir(), 'relance launch ')), 're lance');
  roots.push(root);
  mkdirSync(join(root, 'local'), { recursive: true });
  mkdirSync(join(root, 'thing'));
  for (const file of launcher) cpSync(join(local, file), join(root, 'local', file));
  const manifest = { name: 'launched', version: '1.0.0', type: 'module', dependencies };
  const locked = { '': manifest, 'node_modules/thing': { resolved: 'thing', link: true }, thing: { version: '1.0.0' } };
  const files = {
    'package.json': manifest,
    'package-lock.json': { name: 'launched', version: '1.0.0', lockfileVersion: 3, requires: true, packages: locked },
    'thing/package.json': { name: 'thing', version: '1.0.0' },
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), JSON.stringify(content));
  writeFileSync(join(root, '.npmrc'), 'registry=http://127.0.0.1:9\nfetch-retries=0\n');
  writeFileSync(join(root, 'target.ts'), target);
  return root;
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

function launch(
  root: string,
  ...args: readonly string[]
): { child: ChildProcess; ended: Promise<Ended>; says: (text: string) => Promise<void> } {
  const child = spawn(process.execPath, [join(root, 'local', 'launch.mjs'), 'target.ts', ...args], {
    cwd: tmpdir(),
    detached: true, // a process group of its own, as a terminal gives
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((settle) => child.on('close', (code, signal) => settle({ code, signal, out, err })));
  const says = (text: string) =>
    new Promise<void>((settle) => {
      const look = () => void (out.includes(text) && settle());
      child.stdout.on('data', look);
      look();
    });
  return { child, ended, says };
}

const run = async (root: string, ...args: readonly string[]): Promise<Ended> => launch(root, ...args).ended;

function expectGone(expect: ExpectStatic, pid: number): void {
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}

const echo = `console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), major: process.versions.node.split('.')[0] }));`;

describe.concurrent('installing', () => {
  test('the first run installs, the next ones do not; the target gets its arguments and a clean stdout', async ({ expect }) => {
    const root = project(echo);
    const first = await run(root, 'a b', '--c');
    expect(first.err).toMatch(/^Installing the dependencies .*\nInstalled in \d+ s\.\n$/);
    expect(JSON.parse(first.out)).toEqual({ args: ['a b', '--c'], cwd: root, major: process.versions.node.split('.')[0] });
    expect(await run(root)).toMatchObject({ code: 0, err: '' });
    expect(existsSync(join(root, '.install-lock'))).toBe(false);
  });

  test('a changed lock file, a removed package and a removed node_modules are repaired', async ({ expect }) => {
    const root = project(echo);
    await run(root);
    const lock = join(root, 'package-lock.json');
    writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`);
    expect((await run(root)).err).toMatch(/^Updating/);
    rmSync(join(root, 'node_modules', 'thing'));
    expect((await run(root)).err).toMatch(/^Updating/);
    expect(existsSync(join(root, 'node_modules', 'thing'))).toBe(true);
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(await run(root)).toMatchObject({ code: 0, err: expect.stringMatching(/^Installing/) as string });
    expect(await run(root)).toMatchObject({ code: 0, err: '' });
  });

  test('an installation that was cut off is begun afresh', async ({ expect }) => {
    const root = project(echo);
    await run(root);
    writeFileSync(join(root, 'node_modules', '.relance-install'), 'unfinished');
    expect(await run(root)).toMatchObject({ code: 0, err: expect.stringMatching(/^Installing/) as string });
  });

  test('of five launches at once one installs and all run', async ({ expect }) => {
    const root = project(echo);
    const all = await Promise.all(Array.from({ length: 5 }, () => run(root)));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(all.filter(({ err }) => err.includes('Installed in'))).toHaveLength(1);
  });

  test('the lock of a launch that died is taken over, by one heir', async ({ expect }) => {
    const root = project(echo);
    const dead = spawn(process.execPath, ['--version']);
    await new Promise((settle) => dead.on('close', settle));
    mkdirSync(join(root, '.install-lock'));
    writeFileSync(join(root, '.install-lock', 'owner.json'), JSON.stringify({ token: 'dead', pid: dead.pid, host: hostname() }));
    const all = await Promise.all(Array.from({ length: 4 }, () => run(root)));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(all.filter(({ err }) => err.includes('Installed in'))).toHaveLength(1);
    expect(existsSync(join(root, '.install-lock'))).toBe(false);
  });

  test('a lock file that npm ci refuses is completed by npm install', async ({ expect }) => {
    const root = project(echo);
    const manifest = join(root, 'package.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"file:thing"', '"file:thing","other":"file:other"'));
    mkdirSync(join(root, 'other'));
    writeFileSync(join(root, 'other', 'package.json'), JSON.stringify({ name: 'other', version: '1.0.0' }));
    expect(await run(root)).toMatchObject({ code: 0, err: expect.stringContaining('Installed in') as string });
    expect(existsSync(join(root, 'node_modules', 'other', 'package.json'))).toBe(true);
    expect(await run(root)).toMatchObject({ code: 0, err: '' });
  });

  test('a failing installation says what happened, why and what to do', async ({ expect }) => {
    const { code, out, err } = await run(project(echo, { 'not-in-the-lock': '1.0.0' }));
    expect(code).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(err).toMatch(
      /could not be installed: `npm [^`]+` ended with code \d+[^]*ECONNREFUSED[^]*no network[^]*run the same command again/,
    );
  });
});

describe.concurrent('running', () => {
  test('the exit code of the target is the exit code', async ({ expect }) => {
    expect(await run(project('process.exitCode = 7;'))).toMatchObject({ code: 7 });
  });

  test('the signal that ended the target ends the launcher', async ({ expect }) => {
    expect(await run(project(`process.kill(process.pid, 'SIGUSR2'); setInterval(() => {}, 1000);`))).toMatchObject({
      signal: 'SIGUSR2',
    });
  });

  test('a target that does not exist is named', async ({ expect }) => {
    const root = project(echo);
    rmSync(join(root, 'target.ts'));
    expect(await run(root)).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no target.ts in this project.') as string,
    });
  });
});

/** Counts its interrupts, stops a second after the first one, and has a child of its own. */
const slowToStop = `
import { spawn } from 'node:child_process';
let interrupts = 0;
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
process.on('SIGINT', () => {
  if (interrupts++ === 0) setTimeout(() => { child.kill(); console.log('interrupts ' + interrupts); process.exit(3); }, 600);
});
console.log('pids ' + process.pid + ' ' + child.pid + ' ready');
setInterval(() => {}, 1000);
`;

const pidsIn = (out: string): number[] => /pids (\d+) (\d+)/.exec(out)?.slice(1).map(Number) ?? [];

describe.skipIf(process.platform === 'win32')('Ctrl-C', { concurrent: true }, () => {
  test('from a terminal reaches the target once and leaves nothing', async ({ expect }) => {
    const { child, ended, says } = launch(project(slowToStop));
    await says('ready');
    process.kill(-child.pid!, 'SIGINT');
    const { code, out } = await ended;
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('interrupts 1\n') as string });
    expect(pidsIn(out)).toHaveLength(2);
    for (const pid of pidsIn(out)) expectGone(expect, pid);
  });

  test('sent to the launcher alone is passed on', async ({ expect }) => {
    const { child, ended, says } = launch(project(slowToStop));
    await says('ready');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 3, out: expect.stringContaining('interrupts 1\n') as string });
  });

  test('SIGTERM is passed on at once', async ({ expect }) => {
    const { child, ended, says } = launch(
      project(`console.log('pids ' + process.pid + ' 0 ready'); setInterval(() => {}, 1000);`),
    );
    await says('ready');
    const begun = performance.now();
    child.kill('SIGTERM');
    const { signal, out } = await ended;
    expect(signal).toBe('SIGTERM');
    expect(performance.now() - begun).toBeLessThan(5_000);
    expectGone(expect, pidsIn(out)[0]!);
  });

  test('ends even a target that ignores it, after a grace', async ({ expect }) => {
    const deaf = `for (const s of ['SIGINT', 'SIGTERM']) process.on(s, () => {}); console.log('pids ' + process.pid + ' 0 ready'); setInterval(() => {}, 1000);`;
    const { child, ended, says } = launch(project(deaf));
    await says('ready');
    process.kill(-child.pid!, 'SIGINT');
    const { signal, out } = await ended;
    expect(signal).toBe('SIGKILL');
    expectGone(expect, pidsIn(out)[0]!);
  });
});
