/**
 * Runs one command of Relance on a machine with nothing but Node 20 and npm: installs what is missing, then runs the
 * target under Node 24. Keeps the promise that `npm start` and `npm test` work in a fresh clone and leave no process.
 *
 *   node local/launch.mjs <file.ts | command of a dependency> [arguments]
 *
 * Plain JavaScript without dependencies, because it runs before anything is installed. What it says goes to stderr, so
 * that the target's output can be piped.
 */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.relance-install');
const lockFolder = join(root, '.install-lock');
const nodeMajor = 24;

/** Silence for longer than this means that the installing launch died without a word. It gives a sign every 2 seconds. */
const staleAfterMs = 30_000;
/** A terminal's Ctrl-C reaches the target as well; only when it is still there after this is the signal passed on. */
const passOnAfterMs = 1_000;
/** A stopping target has this long, then it is told to terminate, then killed. */
const graceMs = 8_000;
const killAfterMs = 2_000;

const say = (text) => process.stderr.write(`${text}\n`);

class LaunchProblem extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

// --- running a child ------------------------------------------------------------------------------------------------

/**
 * Runs a program to its end and passes signals on, once, and late enough not to be taken for a second Ctrl-C.
 * Ends as { code, signal, interrupted, output }: `interrupted` is the signal this process got meanwhile.
 */
function run(file, args, { env, capture = false, shell = false } = {}) {
  return new Promise((settle, fail) => {
    const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(file, args, { cwd: root, env: env ?? process.env, stdio, shell });
    const timers = [];
    const after = (ms, action) => timers.push(setTimeout(action, ms));
    let interrupted;
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));

    const onSignal = (signal) => {
      if (interrupted) return; // npm passes on what the terminal has sent already
      interrupted = signal;
      if (signal !== 'SIGINT') child.kill(signal);
      else if (!process.stdin.isTTY) after(passOnAfterMs, () => child.kill(signal));
      after(graceMs, () => child.kill('SIGTERM'));
      after(graceMs + killAfterMs, () => child.kill('SIGKILL'));
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, onSignal);
    // An npm that was killed cannot pass anything on: its launch ends with it.
    const parent = process.ppid;
    const watch = setInterval(() => process.env.npm_lifecycle_event && process.ppid !== parent && onSignal('SIGTERM'), 500);
    const done = (act) => {
      timers.forEach(clearTimeout);
      clearInterval(watch);
      for (const signal of signals) process.off(signal, onSignal);
      act();
    };
    child.on('error', (error) => done(() => fail(error)));
    child.on('close', (code, signal) => done(() => settle({ code, signal, interrupted, output })));
  });
}

/** Ends this process as the child ended, so that a shell sees the same code or signal. */
function endAs({ code, signal, interrupted }) {
  if (code === null && signal && process.platform !== 'win32') process.kill(process.pid, signal);
  process.exitCode = code ?? (interrupted ? 130 : 1);
}

// --- installing -----------------------------------------------------------------------------------------------------

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** npm's own list of what it put into node_modules; undefined until an installation came to its end. */
const treeFile = join(modules, '.package-lock.json');

/** Installed = the stamp names this lock file, and nobody has removed a package since (340 look-ups, 5 ms). */
function isInstalled() {
  if (readText(stampFile) !== lockHash()) return false;
  const tree = readText(treeFile);
  return tree !== undefined && Object.keys(JSON.parse(tree).packages).every((path) => existsSync(join(root, path)));
}

/** npm itself: the one that runs this script where there is one, else the one on PATH. */
function npm(args) {
  const options = ['--loglevel=error', '--no-fund', '--no-audit', '--no-update-notifier', '--no-progress'];
  // Whatever the machine's habits are (NODE_ENV=production, omit, engine-strict): everything is needed here.
  const all = [...args, '--include=dev', '--include=optional', '--no-engine-strict', ...options];
  const script = process.env.npm_execpath;
  if (script && /^npm-cli\.c?js$/.test(basename(script)) && existsSync(script)) {
    return run(process.env.npm_node_execpath ?? process.execPath, [script, ...all], { capture: true });
  }
  const windows = process.platform === 'win32';
  return run(windows ? 'npm.cmd' : 'npm', all, { capture: true, shell: windows });
}

/**
 * A whole tree gets its differences only (a second, and running programs keep their files); anything else is replaced.
 * `npm ci` refuses a lock file that does not fit package.json or the registry; then `npm install` finds what there is.
 */
async function install() {
  const whole = existsSync(treeFile) && readText(stampFile) !== 'unfinished';
  const hash = lockHash();
  if (existsSync(modules)) writeFileSync(stampFile, 'unfinished');
  say(whole ? 'Updating the dependencies …' : 'Installing the dependencies (the first time, about half a minute) …');
  const begun = Date.now();

  const update = ['install', '--no-save'];
  let command = whole ? update : ['ci'];
  let result = await npm(command);
  if (!whole && result.code !== 0 && !result.interrupted && /EUSAGE|in sync/.test(result.output)) {
    command = update;
    result = await npm(command);
  }
  if (result.interrupted) throw new LaunchProblem('The installation was interrupted; the next start begins it again.', 130);
  if (result.code !== 0) {
    throw new LaunchProblem(
      [
        `The dependencies could not be installed: \`npm ${command.join(' ')}\` ended with code ${result.code}. It said:`,
        result.output.trim().replace(/^/gm, '  '),
        'Usual reasons: no network, a registry out of reach (`npm ping` tells), or a full disk.',
        'Put that right and run the same command again; nothing needs cleaning up.',
      ].join('\n'),
      result.code ?? 1,
    );
  }
  writeFileSync(stampFile, hash);
  if (!isInstalled()) throw new LaunchProblem('node_modules was changed during the installation. Run the same command again.');
  say(`Installed in ${Math.max(1, Math.round((Date.now() - begun) / 1000))} s.`);
}

// --- one installation at a time -------------------------------------------------------------------------------------
// The lock is a folder, because making one is atomic everywhere. Its owner touches it every 2 seconds.

const ownerFile = join(lockFolder, 'owner.json');
const me = { token: randomUUID(), pid: process.pid, host: hostname() };

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryMakeFolder(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
    throw new LaunchProblem(`Cannot write to ${root}: ${error.message}\nMake the folder writable, then run the command again.`);
  }
}

function ageOf(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs;
  } catch {
    return 0; // gone meanwhile: ask again
  }
}

function lockOwner() {
  try {
    return JSON.parse(readFileSync(ownerFile, 'utf8'));
  } catch {
    return undefined; // just made, or just gone
  }
}

/** Makes the lock, or takes over that of a launch that died: only one heir can make the folder named after the dead. */
function tryLock() {
  if (!tryMakeFolder(lockFolder)) {
    const owner = lockOwner();
    const died = owner?.host === me.host && !isAlive(owner.pid);
    if (!died && ageOf(lockFolder) < staleAfterMs) return false;
    const heir = join(lockFolder, `after-${owner?.token ?? 'nobody'}`);
    if (!tryMakeFolder(heir)) {
      if (ageOf(heir) > staleAfterMs) rmSync(heir, { recursive: true, force: true }); // the heir died too
      return false;
    }
    if (lockOwner()?.token !== owner?.token) {
      rmSync(heir, { recursive: true, force: true }); // a new owner came while this process was looking
      return false;
    }
  }
  writeFileSync(ownerFile, JSON.stringify(me));
  return true;
}

async function whileLocked(action) {
  for (let told = false; !tryLock(); told = true) {
    if (!told) say('Another launch is installing the dependencies; waiting for it …');
    await sleep(200);
    if (isInstalled() && !existsSync(lockFolder)) return;
  }
  const sign = setInterval(() => existsSync(lockFolder) && utimesSync(lockFolder, new Date(), new Date()), 2_000);
  try {
    await action();
  } finally {
    clearInterval(sign);
    if (lockOwner()?.token === me.token) rmSync(lockFolder, { recursive: true, force: true });
  }
}

async function installIfNeeded() {
  if (isInstalled() && !existsSync(lockFolder)) return;
  await whileLocked(async () => {
    if (!isInstalled()) await install();
  });
}

// --- the right Node -------------------------------------------------------------------------------------------------

function pickNode() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  const { platform, arch } = process;
  const names = platform === 'win32' ? [`node-win-${arch}`] : [`node-${platform}-${arch}`, `node-bin-${platform}-${arch}`];
  const binary = names.map((name) => join(modules, name, 'bin', platform === 'win32' ? 'node.exe' : 'node')).find(existsSync);
  if (binary) return binary;
  throw new LaunchProblem(
    [
      `Relance runs on Node ${nodeMajor}. This is ${process.version}, and npm brought no Node ${nodeMajor} for ${platform}-${arch}.`,
      `Install Node ${nodeMajor} or newer (https://nodejs.org, or \`nvm install\`), then run the same command again.`,
      'If npm is set to leave out optional packages (--omit=optional), unset that, remove node_modules, and run it again.',
    ].join('\n'),
  );
}

/** A file of the project, or the script behind a command of a dependency (`vitest`, `tsc`). */
function scriptOf(target) {
  if (/\.(ts|mjs|js)$/.test(target)) {
    const file = resolve(root, target);
    if (existsSync(file)) return file;
    throw new LaunchProblem(`There is no ${target} in this project.`);
  }
  const packageName = { tsc: 'typescript', cdk: 'aws-cdk' }[target] ?? target;
  const manifest = readText(join(modules, packageName, 'package.json'));
  const bin = manifest && JSON.parse(manifest).bin;
  const script = typeof bin === 'string' ? bin : bin?.[target];
  if (script) return join(modules, packageName, script);
  throw new LaunchProblem(`There is no command "${target}" among the dependencies.`);
}

function environmentFor(node) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [join(modules, '.bin'), process.env[pathName]].filter(Boolean).join(delimiter);
  return { INIT_CWD: process.cwd(), ...process.env, [pathName]: path, NODE: node };
}

async function launch([target, ...args]) {
  if (!target) throw new LaunchProblem('Usage: node local/launch.mjs <file.ts | command of a dependency> [arguments]');
  await installIfNeeded();
  const node = pickNode();
  endAs(await run(node, [scriptOf(target), ...args], { env: environmentFor(node) }));
}

try {
  await launch(process.argv.slice(2));
} catch (error) {
  say(error instanceof LaunchProblem ? error.message : error.stack);
  process.exitCode = error.exitCode ?? 1;
}
