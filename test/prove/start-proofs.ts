/** Proofs of the start: how soon the product serves, from nothing and again, how idle time is leapt over, what stays behind. */
import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { run, serve, type Served } from './child.ts';
import { inSeconds, type Outcome, type Proof } from './proof.ts';
import { root } from './root.ts';

const ready = 'Relance is ready on';
const second = 1_000;
const minute = 60 * second;

const start = (cwd: string, environment: Readonly<Record<string, string | undefined>>): Promise<Served> =>
  serve('npm', ['start', '--', '--port', '0', '--memory'], { cwd, environment, words: ready, patience: 4 * minute });

const within = (milliseconds: number, limit: number, text: string): Outcome => {
  const figures = [{ title: '', text }];
  return milliseconds <= limit
    ? { kind: 'passed', figures }
    : { kind: 'failed', figures, because: `took longer than ${inSeconds(limit)}` };
};

async function startAgain(): Promise<Outcome> {
  const times: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const served = await start(root, process.env);
    times.push(served.milliseconds);
    await served.stop();
  }
  const slowest = Math.max(...times);
  return within(slowest, 15 * second, `Ready after ${times.map(inSeconds).join(', ')}.`);
}

async function leapOverIdleDays(): Promise<Outcome> {
  const served = await start(root, process.env);
  try {
    const begun = performance.now();
    const response = await fetch(`${served.rest}/_local/clock`, { method: 'POST', body: JSON.stringify({ advance: 'P400D' }) });
    const milliseconds = performance.now() - begun;
    if (!response.ok) return { kind: 'failed', figures: [], because: `the clock answered ${response.status}` };
    return within(milliseconds, 2 * second, `400 days in ${Math.round(milliseconds)} ms.`);
  } finally {
    await served.stop();
  }
}

/** What npm and this project's launcher set for their own children must not help the clone. */
function bareEnvironment(cache: string): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_registry|config_userconfig)|INIT_CWD$|NODE$|RELANCE_)/i.test(name),
  );
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), npm_config_cache: cache };
}

async function startFromNothing(): Promise<Outcome> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'relance-clone-')));
  try {
    const environment = bareEnvironment(join(folder, 'npm-cache'));
    const clone = join(folder, 'relance');
    const cloned = await run('git', ['clone', '--quiet', '--no-hardlinks', root, clone], { cwd: folder, environment });
    if (cloned.code !== 0) return { kind: 'skipped', because: 'git could not clone the project' };
    const outside = await run('npm', ['ping'], { cwd: folder, environment });
    if (outside.code !== 0) return { kind: 'skipped', because: 'no package registry can be reached from here' };
    const node = (await run('node', ['--version'], { cwd: folder, environment })).output.trim();
    const served = await start(clone, environment);
    const page = await fetch(`${served.rest}/_local/clock`);
    await served.stop();
    const left = processesIn(clone);
    if (!page.ok) return { kind: 'failed', figures: [], because: `the clone answered ${page.status}` };
    if (left > 0) return { kind: 'failed', figures: [], because: `${left} processes were left behind` };
    const text = `Serves ${inSeconds(served.milliseconds)} after \`npm start\` under Node ${node.slice(1)}, with an empty npm cache; Ctrl-C leaves no process.`;
    return within(served.milliseconds, 3 * minute, text);
  } catch (error) {
    return { kind: 'failed', figures: [], because: error instanceof Error ? error.message : 'threw no error' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Linux tells where each process works; elsewhere the launcher's own tests must do. */
function processesIn(folder: string): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false; // it has ended, or is somebody else's
    }
  }).length;
}

export const startProofs: readonly Proof[] = [
  { name: 'idle days', shows: 'The clock goes over 400 idle days in under 2 seconds.', prove: leapOverIdleDays },
  { name: 'start', shows: '`npm start` of an installed clone is ready within 15 seconds.', prove: startAgain },
  {
    name: 'fresh clone',
    shows: 'In a fresh clone `npm start` serves within 3 minutes, install included; Ctrl-C leaves no process.',
    prove: startFromNothing,
  },
];
