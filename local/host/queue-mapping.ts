/**
 * What Lambda does between a queue and its function: takes batches, calls the handler, deletes what succeeded. What
 * failed stays in the queue until its visibility timeout ends by the product clock, as in AWS.
 */
import { setImmediate } from 'node:timers/promises';
import type { Instant } from '../../shared/kernel/time.ts';
import type { FunctionName } from '../../shared/topology.ts';
import type { ReceivedMessage, SqsQueue } from '../emulators/sqs-queue.ts';
import type { Sqs } from '../emulators/sqs.ts';
import type { InvocationResult, Invoker } from './invocation.ts';
import { type OutcomeListener, outcomeOf } from './outcome.ts';
import { failedIds, sqsEvent } from './sqs-event.ts';

export interface MappingSpec {
  readonly queue: string;
  readonly functionName: FunctionName;
  readonly batchSize: number;
  /** Batches at the same time. */
  readonly concurrency: number;
}

export interface MappingSurroundings {
  readonly sqs: Sqs;
  readonly invoker: Invoker;
  readonly isPaused: (functionName: FunctionName) => boolean;
  readonly onOutcome: OutcomeListener;
  /** Told how many messages were handled with success. */
  readonly onProcessed: (messages: number) => void;
  /** Aborted when the host stops: then nothing is taken or deleted any more. */
  readonly signal: AbortSignal;
}

export class QueueMapping {
  readonly spec: MappingSpec;
  readonly #around: MappingSurroundings;
  readonly #queue: SqsQueue;
  #running = 0;

  constructor(spec: MappingSpec, around: MappingSurroundings) {
    this.spec = spec;
    this.#around = around;
    this.#queue = around.sqs.queue(spec.queue);
  }

  isPaused(): boolean {
    return this.#around.signal.aborted || this.#around.isPaused(this.spec.functionName);
  }

  /** Messages that could be handled now. */
  backlog(): number {
    return this.isPaused() ? 0 : this.#queue.counts().visible;
  }

  /** When the next hidden message becomes visible. */
  nextChange(): Instant | undefined {
    return this.isPaused() ? undefined : this.#queue.nextChange();
  }

  /** Starts as many batches as may run now. */
  pump(): void {
    while (this.#running < this.spec.concurrency && this.backlog() > 0) {
      const batch = this.#queue.take(this.spec.batchSize);
      // A take that only moves messages to the dead-letter queue hands out nothing.
      if (batch.length > 0) void this.#handle(batch);
    }
  }

  /** Handles what arrives or becomes visible, until the host stops. */
  async watch(): Promise<void> {
    const { signal, sqs } = this.#around;
    let woken = new AbortController();
    const wake = (): void => woken.abort();
    const unsubscribe = this.#queue.onChange(wake);
    signal.addEventListener('abort', wake);
    while (!signal.aborted) {
      this.pump();
      await sqs.clock.sleepUntil(this.nextChange() ?? Infinity, woken.signal);
      if (woken.signal.aborted) woken = new AbortController();
      // The sender hears that its message is accepted first, and what it sends at once makes one batch.
      await setImmediate();
    }
    unsubscribe();
  }

  async #handle(batch: readonly ReceivedMessage[]): Promise<void> {
    const { sqs, invoker } = this.#around;
    this.#running += 1;
    await invoker.invoke(this.spec.functionName, sqsEvent(sqs, this.spec.queue, batch), (result) => {
      this.#running -= 1;
      this.#conclude(batch, result);
    });
    this.pump();
  }

  #conclude(batch: readonly ReceivedMessage[], result: InvocationResult): void {
    const { sqs, onOutcome, onProcessed, signal } = this.#around;
    if (signal.aborted) return;
    const ids = batch.map(({ message }) => message.id);
    const failed = result.end.kind === 'answered' ? failedIds(result.end.value, ids) : 'all';
    const done = failed === 'all' ? [] : batch.filter(({ message }) => !failed.has(message.id));
    sqs.atomically(() => {
      for (const { receiptHandle } of done) this.#queue.delete(receiptHandle);
    });
    onProcessed(done.length);
    const trigger = {
      kind: 'queue',
      queue: this.spec.queue,
      messages: batch.length,
      failed: batch.length - done.length,
    } as const;
    onOutcome(outcomeOf(result, trigger, failed === 'all' ? 'answered what is no batch answer' : undefined));
  }
}
