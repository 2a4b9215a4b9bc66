/**
 * Calls the product's handlers as Lambda does: a context, a time limit, and no way for a failing handler to take the
 * process down. Each call runs in its own asynchronous context, so that a test can crash exactly one of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { Instant } from '../../shared/kernel/time.ts';
import type { FunctionName, FunctionTopology } from '../../shared/topology.ts';
import type { ProductClock } from '../clock.ts';

/** Without the callbacks, which the Node 24 runtime no longer has. */
export type LambdaContext = Omit<Context, 'done' | 'fail' | 'succeed'>;

/**
 * A handler as functions/ export them. A method type, so that a handler may name the event it expects: the host gives
 * every function the events of its own triggers only.
 */
export type LambdaHandler = { handle(event: unknown, context: LambdaContext): unknown }['handle'];

/** One running handler. Whoever sets `crashed` ends it there and then: whatever it does or answers later is ignored. */
export interface Invocation {
  readonly id: number;
  readonly functionName: FunctionName;
  crashed: boolean;
  /** Resolves when it is ended from outside, by a crash or its time limit. */
  readonly ended: Promise<unknown>;
}

/** The invocation that the code now running belongs to. */
export const invocation = new AsyncLocalStorage<Invocation>();

export interface InvocationResult {
  readonly id: number;
  readonly functionName: FunctionName;
  readonly startedAt: Instant;
  /** Of real time. */
  readonly milliseconds: number;
  readonly end:
    | { readonly kind: 'answered'; readonly value: unknown }
    | { readonly kind: 'failed'; readonly reason: string; readonly error?: unknown };
}

export class Invoker {
  readonly #handlers: Readonly<Record<FunctionName, LambdaHandler>>;
  readonly #functions: Readonly<Record<FunctionName, FunctionTopology>>;
  readonly #clock: ProductClock;
  readonly #running = new Set<RunningInvocation>();
  #finished: (() => void)[] = [];
  #lastId = 0;

  constructor(
    handlers: Readonly<Record<FunctionName, LambdaHandler>>,
    functions: Readonly<Record<FunctionName, FunctionTopology>>,
    clock: ProductClock,
  ) {
    this.#handlers = handlers;
    this.#functions = functions;
    this.#clock = clock;
  }

  /** How many handlers run now. */
  running(): number {
    return this.#running.size;
  }

  /** Resolves when the next handler ends. */
  nextEnd(): Promise<void> {
    return new Promise((resolve) => void this.#finished.push(resolve));
  }

  /** Ends every running handler as if its machine had died. */
  crashAll(): void {
    for (const running of this.#running) running.crashed = true;
  }

  /** Rejects only when `conclude` throws. The handler counts as running until its result has been concluded from. */
  async invoke<T>(functionName: FunctionName, event: unknown, conclude: (result: InvocationResult) => T): Promise<T> {
    const running = new RunningInvocation(++this.#lastId, functionName);
    const startedAt = this.#clock.now();
    const start = performance.now();
    this.#running.add(running);
    const end = await this.#run(running, event);
    try {
      return conclude({ id: running.id, functionName, startedAt, milliseconds: Math.round(performance.now() - start), end });
    } finally {
      this.#running.delete(running);
      for (const resolve of this.#finished.splice(0)) resolve();
    }
  }

  async #run(running: RunningInvocation, event: unknown): Promise<InvocationResult['end']> {
    const seconds = this.#functions[running.functionName].timeoutSeconds;
    const deadline = performance.now() + seconds * 1_000;
    const timer = setTimeout(() => running.endBy(`timed out after ${seconds} seconds`), seconds * 1_000);
    const handler = this.#handlers[running.functionName];
    const answer = invocation.run(running, async (): Promise<InvocationResult['end']> => {
      try {
        return { kind: 'answered', value: await handler(event, this.#contextOf(running.functionName, deadline)) };
      } catch (error) {
        return { kind: 'failed', reason: error instanceof Error ? `${error.name}: ${error.message}` : 'threw no error', error };
      }
    });
    const end = await Promise.race([answer, running.ended]);
    clearTimeout(timer);
    return end;
  }

  #contextOf(functionName: FunctionName, deadline: number): LambdaContext {
    return {
      functionName,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:eu-west-3:000000000000:function:${functionName}`,
      memoryLimitInMB: String(this.#functions[functionName].memoryMb),
      awsRequestId: randomUUID(),
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: false,
      getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    };
  }
}

type Failed = Extract<InvocationResult['end'], { kind: 'failed' }>;

class RunningInvocation implements Invocation {
  readonly id: number;
  readonly functionName: FunctionName;
  readonly ended: Promise<Failed>;
  readonly #end: (end: Failed) => void;
  #crashed = false;

  constructor(id: number, functionName: FunctionName) {
    const { promise, resolve } = Promise.withResolvers<Failed>();
    this.id = id;
    this.functionName = functionName;
    this.ended = promise;
    this.#end = resolve;
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  set crashed(crashed: boolean) {
    this.#crashed = crashed;
    if (crashed) this.#end({ kind: 'failed', reason: 'crashed' });
  }

  endBy(reason: string): void {
    this.#end({ kind: 'failed', reason });
    this.crashed = true;
  }
}
