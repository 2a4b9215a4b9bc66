/** Child processes of a proof: run to their end, or served from until they are stopped; nothing of theirs stays behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly milliseconds: number;
}

export interface ChildOptions {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly begun: number;
}

function start(command: string, args: readonly string[], { cwd, environment }: ChildOptions): Started {
  // A group of its own, as a terminal gives: a Ctrl-C reaches all of it.
  const child = spawn(command, args, { cwd, env: { ...environment }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.on('error', (error) => (output += `${error.message}\n`));
  return { child, output: () => output, begun: performance.now() };
}

const closed = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
};

/** Never rejects: what cannot be started ends without a code. */
export async function run(command: string, args: readonly string[], options: ChildOptions): Promise<Ended> {
  const { child, output, begun } = start(command, args, options);
  const code = await closed(child).catch(() => null);
  return { code, output: output(), milliseconds: performance.now() - begun };
}

export interface Served {
  /** What the line said after the words waited for. */
  readonly rest: string;
  readonly milliseconds: number;
  /** Ctrl-C, then the end of it. */
  stop(): Promise<void>;
}

/** Resolves when a line says `words`; rejects when it ends before, or is not there in time. */
export async function serve(
  command: string,
  args: readonly string[],
  options: ChildOptions & { readonly words: string; readonly patience: number },
): Promise<Served> {
  const { child, output, begun } = start(command, args, options);
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
    await closed(child);
  };
  const rest = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const line = output()
        .split('\n')
        .find((said) => said.includes(options.words));
      if (line !== undefined) resolve(line.slice(line.indexOf(options.words) + options.words.length).trim());
    };
    child.stdout?.on('data', look);
    child.once('close', (code) => reject(new Error(`ended with ${code} before it was ready\n${output().slice(-2_000)}`)));
    setTimeout(() => reject(new Error(`not ready after ${options.patience} ms`)), options.patience).unref();
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { rest, milliseconds: performance.now() - begun, stop };
}
