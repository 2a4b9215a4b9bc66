/**
 * The embedded DynamoDB of local runs: finds the engine of this platform, starts it on loopback, and leaves no process
 * behind however the run ends. An engine named by AWS_ENDPOINT_URL_DYNAMODB is used instead.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CannotStart } from './cannot-start.ts';

export interface TableEngineOptions {
  /** SQLite file of the engine; nothing is kept when absent. */
  readonly file?: string;
  /** Told when the engine ends without being asked to. */
  readonly onCrash?: (reason: string) => void;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface TableEngine {
  readonly kind: 'embedded' | 'given';
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface NotStarted {
  readonly kind: 'failed';
  readonly reason: string;
}

export async function startTableEngine(options: TableEngineOptions = {}): Promise<TableEngine> {
  const given = (options.environment ?? process.env)['AWS_ENDPOINT_URL_DYNAMODB'];
  if (given !== undefined && given !== '') return { endpoint: given, kind: 'given', stop: () => Promise.resolve() };
  const binary = engineBinary();
  // Between finding a free port and the engine taking it, somebody else may: then another one is tried.
  for (let attempt = 1; ; attempt += 1) {
    const started = await startOn(await freePort(), binary, options);
    if (started.kind !== 'failed') return started;
    if (attempt === 5) throw new CannotStart(`The embedded DynamoDB does not start: ${started.reason}`);
  }
}

/** `process.platform` and `process.arch` name the package. */
function engineBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
  } catch (error) {
    const advice = 'install with optional dependencies, or name another engine by AWS_ENDPOINT_URL_DYNAMODB';
    throw new CannotStart(`There is no embedded DynamoDB for this platform (${name}): ${advice}.`, { cause: error });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port was given');
  return address.port;
}

async function startOn(port: number, binary: string, { file, onCrash }: TableEngineOptions): Promise<TableEngine | NotStarted> {
  const parameters = ['serve', '--host', '127.0.0.1', '--port', String(port), ...(file === undefined ? [] : ['--db-path', file])];
  const { engine, end } = launch(binary, parameters);
  const endpoint = `http://127.0.0.1:${port}`;
  const ended = new AbortController();
  const reason = await Promise.race([end, untilItAnswers(endpoint, ended.signal)]);
  ended.abort();
  if (reason !== undefined) return { kind: 'failed', reason };
  let stopping = false;
  void end.then((why) => (stopping ? undefined : onCrash?.(why)));
  const stop = async (): Promise<void> => {
    stopping = true;
    engine.kill('SIGTERM');
    const patience = setTimeout(() => engine.kill('SIGKILL'), 2_000);
    await end;
    clearTimeout(patience);
  };
  return { kind: 'embedded', endpoint, stop };
}

interface Launched {
  readonly engine: ChildProcess;
  /** Why it ended, once it has. */
  readonly end: Promise<string>;
}

function launch(binary: string, parameters: readonly string[]): Launched {
  // Detached: Ctrl-C reaches this process alone, which then ends the engine after its last request.
  const engine = spawn(binary, parameters, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let told = '';
  engine.stderr.on('data', (text: Buffer) => (told = (told + String(text)).slice(-500)));
  const watchdog = engine.pid === undefined ? undefined : watch(engine.pid);
  const killOnExit = (): void => void engine.kill('SIGKILL');
  process.once('exit', killOnExit);
  const end = new Promise<string>((resolve) => {
    engine.once('error', (error) => resolve(error.message));
    engine.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}. ${told}`.trim()));
  }).finally(() => {
    watchdog?.kill('SIGKILL');
    process.off('exit', killOnExit);
  });
  return { engine, end };
}

async function untilItAnswers(endpoint: string, ended: AbortSignal): Promise<undefined> {
  while (!ended.aborted && !(await answers(endpoint))) await wait(5);
}

/**
 * Kills the engine when this process is gone, also by SIGKILL: the shell waits for the end of its input, which the
 * system closes with us. On Windows there is none; there the engine ends with a clean exit only.
 */
function watch(pid: number): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.on('error', () => undefined);
  return watchdog;
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
