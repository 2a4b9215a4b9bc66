/**
 * One execution environment of a function: a worker thread that holds the function's bundle and sees the environment of that
 * function alone. It does one event at a time; whatever ends it ends the call that it is at.
 */
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import type { LambdaContext } from '../host/invocation.ts';
import { type Ready, report, type Settings, type Task } from './messages.ts';

export interface ContainerOptions extends Settings {
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Each line that the function logs. */
  readonly onLine: (line: string) => void;
  /** It is gone, whoever wanted that. */
  readonly onEnd: (container: Container) => void;
}

/** Type stripping included: this file runs as it is written. */
const bootstrap = new URL('worker.ts', import.meta.url);

export class Container {
  /** Calls that were begun. */
  calls = 0;
  /** Undefined until its bundle is loaded. */
  found: Ready | undefined;
  readonly #worker: Worker;
  #call: PromiseWithResolvers<unknown> | undefined;
  #cause: Error | undefined;

  constructor({ bundle, clock, environment, memoryMb, onLine, onEnd }: ContainerOptions) {
    const worker = new Worker(bootstrap, {
      workerData: { bundle, clock } satisfies Settings,
      env: { ...environment },
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker = worker;
    for (const input of [worker.stdout, worker.stderr]) createInterface({ input }).on('line', onLine);
    worker.on('message', (message: unknown) => this.#hear(message));
    worker.on('error', (error: unknown) => {
      this.#cause = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      onEnd(this);
      this.#call?.reject(this.#cause ?? new Error('the container ended'));
    });
  }

  /** Answers what the handler answers, and rejects with what it throws, or with what ended the container. */
  async call(event: unknown, { getRemainingTimeInMillis, ...context }: LambdaContext): Promise<unknown> {
    const call = Promise.withResolvers<unknown>();
    this.#call = call;
    this.calls += 1;
    const task: Task = { event: JSON.stringify(event), context, milliseconds: getRemainingTimeInMillis() };
    this.#worker.postMessage(task);
    try {
      return await call.promise;
    } finally {
      this.#call = undefined;
    }
  }

  /** At once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: unknown): void {
    const heard = v.parse(report, message);
    switch (heard.kind) {
      case 'ready':
        this.found = heard;
        return;
      case 'answered': {
        const { result } = heard;
        this.#call?.resolve(result === undefined ? undefined : JSON.parse(result));
        return;
      }
      case 'failed': {
        const { name, message: says, stack } = heard;
        this.#call?.reject(Object.assign(new Error(says), { name, stack }));
      }
    }
  }
}
