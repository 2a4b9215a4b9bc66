/**
 * Installs the dependencies for the launcher: when node_modules is missing, damaged or older than the lock file, one
 * installation at a time. Plain JavaScript without dependencies, because it runs before anything is installed.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from './child-process.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const modules = join(root, 'node_modules');
const stampFile = join(modules, '.relance-install');
const lockFolder = join(root, '.install-lock');

/** Silence for longer than this means that the installing launch died without a word. It gives a sign every 2 seconds. */
const staleAfterMs = 30_000;

/** To stderr, so that the target's output can be piped. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** What stops a launch, in words for the person who launched: what, why, what to do. */
export class LaunchProblem extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

export function readText(file) {
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
    return run(process.env.npm_node_execpath ?? process.execPath, [script, ...all], { cwd: root, capture: true });
  }
  const windows = process.platform === 'win32';
  return run(windows ? 'npm.cmd' : 'npm', all, { cwd: root, capture: true, shell: windows });
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

export async function installIfNeeded() {
  if (isInstalled() && !existsSync(lockFolder)) return;
  await whileLocked(async () => {
    if (!isInstalled()) await install();
  });
}
