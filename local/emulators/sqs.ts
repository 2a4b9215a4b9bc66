/**
 * The queues of one account: made, found and told by name. The host, the page and tests reach the queues here, in
 * process; SDK clients reach the same ones through sqs-actions.ts.
 */
import type { ProductClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import { SqsJournal } from './sqs-journal.ts';
import { SqsQueue, type DueIn, type QueueSurroundings } from './sqs-queue.ts';
import { readSettings } from './sqs-queue-settings.ts';
import type { EmulatorStore } from './store.ts';

/** Where queues live: part of every ARN and URL. */
export interface Account {
  readonly id: string;
  readonly region: string;
  /** Origin of the emulators' server, such as `http://127.0.0.1:4321`; known once it listens. */
  readonly origin: () => string;
}

export class Sqs {
  readonly clock: ProductClock;
  readonly #account: Account;
  readonly #journal: SqsJournal;
  readonly #queues = new Map<string, SqsQueue>();
  readonly #around: QueueSurroundings;

  constructor(clock: ProductClock, store: EmulatorStore, account: Account, dueIn: DueIn = () => undefined) {
    this.clock = clock;
    this.#account = account;
    this.#journal = new SqsJournal(store);
    let sequence = this.#journal.lastSequence();
    this.#around = {
      now: () => clock.now(),
      journal: this.#journal,
      nextSequence: () => ++sequence,
      find: (name) => this.#queues.get(name),
      dueIn,
    };
    for (const kept of this.#journal.queues())
      this.#queues.set(
        kept.name,
        new SqsQueue(kept.name, readSettings(kept.attributes, kept.createdAt, kept.modifiedAt), this.#around),
      );
  }

  /** Throws what SQS answers when there is none. */
  queue(name: string): SqsQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  names(): readonly string[] {
    return [...this.#queues.keys()].toSorted();
  }

  urlOf(name: string): string {
    return `${this.#account.origin()}/${this.#account.id}/${name}`;
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#account.region}:${this.#account.id}:${name}`;
  }

  /** The queue named by a URL or by its bare name. */
  queueAt(url: string): SqsQueue {
    return this.queue(url.split('/').at(-1) ?? url);
  }

  queueOf(arn: string): SqsQueue {
    return this.queue(arn.split(':').at(-1) ?? arn);
  }

  /** As CreateQueue: the same call again finds the queue; a call that differs in an attribute is refused. */
  createQueue(name: string, attributes: Readonly<Record<string, string>> = {}): SqsQueue {
    const existing = this.#queues.get(name);
    if (existing !== undefined) {
      const different = Object.keys(attributes).find((key) => existing.settings.attributes[key] !== attributes[key]);
      if (different === undefined) return existing;
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${different}.`,
      );
    }
    if (!/^[\w-]{1,80}$/.test(name))
      throw new AwsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    const now = this.clock.now();
    const queue = new SqsQueue(name, readSettings(attributes, now, now), this.#around);
    this.#refuseLostTarget(queue);
    this.#queues.set(name, queue);
    this.#save(queue);
    return queue;
  }

  setAttributes(queue: SqsQueue, changes: Readonly<Record<string, string>>): void {
    const before = queue.settings;
    queue.settings = readSettings({ ...before.attributes, ...changes }, before.createdAt, this.clock.now());
    try {
      this.#refuseLostTarget(queue);
    } catch (error) {
      queue.settings = before;
      throw error;
    }
    this.#save(queue);
  }

  /** The queue with these attributes, made or changed: what a deployment does. */
  ensureQueue(name: string, attributes: Readonly<Record<string, string>>): SqsQueue {
    const existing = this.#queues.get(name);
    if (existing === undefined) return this.createQueue(name, attributes);
    this.setAttributes(existing, attributes);
    return existing;
  }

  deleteQueue(queue: SqsQueue): void {
    this.#journal.dropQueue(queue.name);
    this.#queues.delete(queue.name);
  }

  /** Queues whose redrive policy names this one. */
  sourcesOf(queue: SqsQueue): readonly string[] {
    return this.names().filter((name) => this.queue(name).settings.redrive?.target === queue.name);
  }

  /** All that the work writes is kept, or nothing. */
  atomically<T>(work: () => T): T {
    return this.#journal.store.atomically(work);
  }

  #refuseLostTarget(queue: SqsQueue): void {
    const target = queue.settings.redrive?.target;
    if (target !== undefined && !this.#queues.has(target))
      throw new AwsError(
        'InvalidParameterValue',
        `Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
      );
  }

  #save({ name, settings }: SqsQueue): void {
    const { createdAt, modifiedAt, attributes } = settings;
    this.#journal.saveQueue({ name, createdAt, modifiedAt, attributes });
  }
}
