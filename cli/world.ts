/** What a command needs from the machine it runs on, so that a test can give it another one. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { resolve } from 'node:path';
import type { Environment } from '../shared/adapters/aws/client.ts';
import type { Clock } from '../shared/ports.ts';
import type { Dns } from './dns-records.ts';

export interface World {
  readonly environment: Environment;
  /** The owner's choices. */
  readonly choicesFile: string;
  /** The marketer's room. */
  readonly configFolder: string;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly dns: Dns;
  /** Asks yes or no. Absent where nobody can answer: no terminal. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Runs a command of the project, which speaks on standard output or error; answers its exit code. */
  readonly start: (args: readonly string[], environment: Environment, says: 'out' | 'error') => Promise<number>;
  /** All of standard input, as text. */
  readonly input: () => Promise<string>;
}

const root = resolve(import.meta.dirname, '..');

export function thisMachine(): World {
  return {
    environment: process.env,
    choicesFile: resolve(root, 'relance.config.ts'),
    configFolder: resolve(root, 'config'),
    clock: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
    dns: new Resolver({ timeout: 3_000, tries: 2 }),
    ...(process.stdin.isTTY && process.stdout.isTTY ? { ask: askAtTerminal } : {}),
    start: startInProject,
    input: async () => {
      process.stdin.setEncoding('utf8');
      return (await process.stdin.toArray()).join('');
    },
  };
}

/** Anything but a clear yes is no. */
async function askAtTerminal(question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^(y|yes|o|oui)$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

const startInProject: World['start'] = (args, environment, says) =>
  new Promise((resolveCode, reject) => {
    const launched = [resolve(root, 'local/launch.mjs'), ...args];
    const child = spawn(process.execPath, launched, {
      cwd: root,
      env: { ...environment },
      stdio: ['inherit', says === 'out' ? 1 : 2, 2],
    });
    child.once('error', reject);
    child.once('exit', (code) => resolveCode(code ?? 1));
  });
