/**
 * One standard queue: which message is visible when, by the product clock. At least once, like SQS: a message that is
 * not deleted before its visibility timeout ends comes back, and one received too often moves to the dead-letter queue.
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../shared/kernel/time.ts';
import { AwsError } from './aws-error.ts';
import { DueQueue } from './due-queue.ts';
import type { SqsJournal } from './sqs-journal.ts';
import type { OutgoingMessage, StoredMessage } from './sqs-message.ts';
import type { QueueSettings } from './sqs-queue-settings.ts';

export interface ReceivedMessage {
  readonly message: Readonly<StoredMessage>;
  readonly receiptHandle: string;
}

export interface QueueCounts {
  readonly visible: number;
  /** Not yet visible for the first time. */
  readonly delayed: number;
  /** Received and not deleted. */
  readonly inFlight: number;
}

/**
 * The instant for which a message of this queue was delayed, where its body tells it. SQS delays by whole seconds, so senders ask for
 * up to a second more than they need; here the clock stands at exact instants, and such a message comes at its own.
 */
export type DueIn = (queue: string, body: string) => Instant | undefined;

/** What a queue needs from the service it is part of. */
export interface QueueSurroundings {
  readonly now: () => Instant;
  readonly journal: SqsJournal;
  readonly nextSequence: () => number;
  /** The queue of that name, if there is one. */
  readonly find: (name: string) => SqsQueue | undefined;
  readonly dueIn: DueIn;
}

/** AWS stops handing out at this many (OverLimit). */
const mostInFlight = 120_000;

export class SqsQueue {
  readonly name: string;
  settings: QueueSettings;
  readonly #around: QueueSurroundings;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #visible = new DueQueue<StoredMessage>();
  readonly #delayed = new DueQueue<StoredMessage>();
  readonly #inFlight = new DueQueue<StoredMessage>();
  readonly #byAge = new DueQueue<StoredMessage>();
  readonly #listeners = new Set<() => void>();

  constructor(name: string, settings: QueueSettings, around: QueueSurroundings) {
    this.name = name;
    this.settings = settings;
    this.#around = around;
    for (const message of around.journal.messages(name)) this.#place(message);
  }

  counts(): QueueCounts {
    this.#catchUp();
    return { visible: this.#visible.size, delayed: this.#delayed.size, inFlight: this.#inFlight.size };
  }

  /** The earliest instant at which a delayed or received message becomes visible. */
  nextChange(): Instant | undefined {
    this.#catchUp();
    const instants = [this.#delayed.first(), this.#inFlight.first()].flatMap((entry) => (entry === undefined ? [] : [entry.at]));
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** Called after anything that may let a message be received sooner; answers how to end that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Messages in order of arrival, for people: nothing is received by it. */
  peek(limit: number): readonly Readonly<StoredMessage>[] {
    this.#catchUp();
    return [...this.#messages.values().take(limit)];
  }

  send(outgoing: OutgoingMessage): Readonly<StoredMessage> {
    const now = this.#around.now();
    const message: StoredMessage = {
      sequence: this.#around.nextSequence(),
      id: randomUUID(),
      body: outgoing.body,
      attributes: outgoing.attributes,
      ...(outgoing.groupId === undefined ? {} : { groupId: outgoing.groupId }),
      sentAt: now,
      visibleAt: this.#visibleAt(outgoing, now),
      receiveCount: 0,
    };
    this.#accept(message);
    return message;
  }

  #visibleAt({ body, delaySeconds = this.settings.delaySeconds }: OutgoingMessage, now: Instant): Instant {
    const asked = now + delaySeconds * 1_000;
    const due = delaySeconds === 0 ? undefined : this.#around.dueIn(this.name, body);
    return due !== undefined && due > asked - 1_000 && due < asked ? due : asked;
  }

  /** Receives up to `most` visible messages, oldest visible first, and hides them. */
  take(most: number, visibilitySeconds = this.settings.visibilitySeconds): readonly ReceivedMessage[] {
    this.#catchUp();
    if (this.#visible.size > 0 && this.#inFlight.size >= mostInFlight)
      throw new AwsError('OverLimit', 'Too many messages are in flight.', 403);
    return this.#around.journal.store.atomically(() => {
      const taken: ReceivedMessage[] = [];
      while (taken.length < most) {
        const message = this.#visible.first()?.item;
        if (message === undefined) break;
        if (!this.#moveAway(message)) taken.push(this.#receive(message, visibilitySeconds));
      }
      return taken;
    });
  }

  /** Deletes what the handle was given for. With a handle of an earlier receive nothing happens, as in AWS. */
  delete(receiptHandle: string): void {
    const message = this.#latest(receiptHandle);
    if (message !== undefined) this.#forget(message);
  }

  /** Hides a received message for so long from now; 0 gives it back. */
  changeVisibility(receiptHandle: string, seconds: number): void {
    this.#catchUp();
    const message = this.#latest(receiptHandle);
    if (message === undefined)
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    if (!this.#inFlight.has(message)) throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    message.visibleAt = this.#around.now() + seconds * 1_000;
    this.#around.journal.change(message);
    this.#place(message);
    this.#tell();
  }

  purge(): void {
    this.#around.journal.clear(this.name);
    this.#messages.clear();
    for (const order of [this.#visible, this.#delayed, this.#inFlight, this.#byAge]) order.clear();
  }

  /** Moves every visible message to another queue as a new one (StartMessageMoveTask). */
  moveAll(target: (message: Readonly<StoredMessage>) => SqsQueue): number {
    this.#catchUp();
    return this.#around.journal.store.atomically(() => {
      let moved = 0;
      for (let first = this.#visible.first(); first !== undefined; first = this.#visible.first()) {
        const { body, attributes, groupId } = first.item;
        target(first.item).send({ body, attributes, delaySeconds: 0, ...(groupId === undefined ? {} : { groupId }) });
        this.#forget(first.item);
        moved += 1;
      }
      return moved;
    });
  }

  #accept(message: StoredMessage): void {
    this.#around.journal.add(this.name, message);
    this.#place(message);
    this.#tell();
  }

  #receive(message: StoredMessage, visibilitySeconds: number): ReceivedMessage {
    const now = this.#around.now();
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + visibilitySeconds * 1_000;
    this.#around.journal.change(message);
    // Even with a timeout of 0 it is handed out once a call.
    this.#takeOut(message);
    this.#inFlight.put(message, message.visibleAt);
    return { message: { ...message }, receiptHandle: handleOf(message) };
  }

  /** True when it was received as often as the redrive policy allows and went to the dead-letter queue. */
  #moveAway(message: StoredMessage): boolean {
    const policy = this.settings.redrive;
    const target =
      policy === undefined || message.receiveCount < policy.maxReceiveCount ? undefined : this.#around.find(policy.target);
    if (target === undefined) return false;
    const now = this.#around.now();
    this.#forget(message);
    // On standard queues the time of sending stays, so retention goes on counting from there.
    target.#accept({ ...message, sequence: this.#around.nextSequence(), movedFrom: this.name, visibleAt: now });
    return true;
  }

  #latest(receiptHandle: string): StoredMessage | undefined {
    const match = /^([\da-f-]{36})#(\d+)$/.exec(Buffer.from(receiptHandle, 'base64url').toString('latin1'));
    if (match?.[1] === undefined)
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
        404,
      );
    const message = this.#messages.get(match[1]);
    return message?.receiveCount === Number(match[2]) ? message : undefined;
  }

  #forget(message: StoredMessage): void {
    this.#around.journal.remove(message);
    this.#takeOut(message);
    this.#byAge.remove(message);
    this.#messages.delete(message.id);
  }

  #takeOut(message: StoredMessage): void {
    this.#visible.remove(message);
    this.#delayed.remove(message);
    this.#inFlight.remove(message);
  }

  #place(message: StoredMessage): void {
    this.#takeOut(message);
    this.#messages.set(message.id, message);
    this.#byAge.put(message, message.sentAt);
    const order =
      message.visibleAt <= this.#around.now() ? this.#visible : message.receiveCount === 0 ? this.#delayed : this.#inFlight;
    order.put(message, message.visibleAt);
  }

  /** Lets time have its effect: what is due becomes visible, what is older than the retention period is gone. */
  #catchUp(): void {
    const now = this.#around.now();
    const kept = now - this.settings.retentionSeconds * 1_000;
    for (let oldest = this.#byAge.first(); oldest !== undefined && oldest.at <= kept; oldest = this.#byAge.first())
      this.#forget(oldest.item);
    for (const order of [this.#delayed, this.#inFlight])
      for (let first = order.first(); first !== undefined && first.at <= now; first = order.first()) this.#place(first.item);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Names the message and the receive it was given for. */
const handleOf = (message: StoredMessage): string => Buffer.from(`${message.id}#${message.receiveCount}`).toString('base64url');
