/**
 * The queues in memory: what was accepted stays until a test takes it, with the instant from which it would be delivered.
 */
import type { Envelope } from '../../events/event.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { minutes, type Instant } from '../../kernel/time.ts';
import type { CampaignItem, JourneyItem, OutboxItem } from '../../messages/message.ts';
import type { Backlog, Clock, Queues, Work } from '../../ports.ts';

/** As SQS. */
const largestBytes = 1_048_576;

export interface QueuedWork {
  readonly work: Work;
  readonly deliverAt: Instant;
}

export interface QueuedMessage {
  readonly item: OutboxItem;
  readonly kind: 'triggered' | 'campaign';
}

export class MemoryQueues implements Queues {
  readonly #clock: Clock;
  #events: readonly Envelope[] = [];
  #work: readonly QueuedWork[] = [];
  #outbox: readonly QueuedMessage[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async sendEvents(envelopes: readonly Envelope[]): Promise<void> {
    const tooLarge = envelopes.find((envelope) => Buffer.byteLength(JSON.stringify(envelope)) > largestBytes);
    if (tooLarge !== undefined) throw new InvalidInput([{ where: '', problem: `a queue takes ${largestBytes} bytes at most` }]);
    this.#events = [...this.#events, ...structuredClone(envelopes)];
  }

  async sendWork(work: readonly Work[], now: Instant): Promise<void> {
    this.#work = [...this.#work, ...structuredClone(work).map((one) => ({ work: one, deliverAt: deliverAt(one.due, now) }))];
  }

  async sendOutbox(items: readonly OutboxItem[], kind: 'triggered' | 'campaign'): Promise<void> {
    this.#outbox = [...this.#outbox, ...structuredClone(items).map((item) => ({ item, kind }))];
  }

  /** What a test takes is done: nothing is ever in work. */
  async workBacklog(): Promise<Backlog> {
    const waiting = this.#work.filter((queued) => queued.deliverAt <= this.#clock()).length;
    return { waiting, delayed: this.#work.length - waiting, inWork: 0 };
  }

  async campaignBacklog(): Promise<Backlog> {
    return { waiting: this.#outbox.filter(({ kind }) => kind === 'campaign').length, delayed: 0, inWork: 0 };
  }

  // What no port asks: for tests to look, and to be the Lambda that empties a queue.

  queued(): {
    readonly events: readonly Envelope[];
    readonly work: readonly QueuedWork[];
    readonly outbox: readonly QueuedMessage[];
  } {
    return structuredClone({ events: this.#events, work: this.#work, outbox: this.#outbox });
  }

  takeEvents(): readonly Envelope[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  /** What would be delivered at `now` or before. */
  takeWork(now: Instant): readonly Work[] {
    const taken = this.#work.filter((queued) => queued.deliverAt <= now);
    this.#work = this.#work.filter((queued) => queued.deliverAt > now);
    return taken.map(({ work }) => work);
  }

  takeOutbox(kind: 'triggered'): readonly JourneyItem[];
  takeOutbox(kind: 'campaign'): readonly CampaignItem[];
  takeOutbox(kind: 'triggered' | 'campaign'): readonly OutboxItem[];
  takeOutbox(kind: 'triggered' | 'campaign'): readonly OutboxItem[] {
    const taken = this.#outbox.filter((queued) => queued.kind === kind);
    this.#outbox = this.#outbox.filter((queued) => queued.kind !== kind);
    return taken.map(({ item }) => item);
  }
}

/** Whole seconds rounded up, as a queue delays; at most 15 minutes. */
function deliverAt(due: Instant, now: Instant): Instant {
  if (due - now > minutes(15)) throw new Error(`work due in ${due - now} ms cannot wait in a queue: 15 minutes at most`);
  return now + Math.max(0, Math.ceil((due - now) / 1_000) * 1_000);
}
