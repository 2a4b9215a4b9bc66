/**
 * What SNS accepted: every text message, push notification and topic publication, kept for the inbox.
 */
import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import type { ProductClock } from '../clock.ts';
import { type EmulatorStore, jsonIn, numberIn } from './store.ts';

const accepted = { id: v.string(), acceptedAt: v.number() };

const publication = v.variant('kind', [
  v.object({
    ...accepted,
    kind: v.literal('sms'),
    phoneNumber: v.string(),
    message: v.string(),
    type: v.picklist(['Promotional', 'Transactional']),
    senderId: v.optional(v.string()),
    maxPrice: v.optional(v.string()),
    /** False where the number had opted out: SNS accepts the call and delivers nothing. */
    delivered: v.boolean(),
  }),
  v.object({
    ...accepted,
    kind: v.literal('push'),
    endpointArn: v.string(),
    token: v.string(),
    platform: v.string(),
    /** What the platform of the device would get: plain text, or its JSON as text. */
    payload: v.string(),
  }),
  v.object({
    ...accepted,
    kind: v.literal('topic'),
    topicArn: v.string(),
    message: v.string(),
    subject: v.optional(v.string()),
    /** Queues that got it. */
    queues: v.array(v.string()),
  }),
]);

export type Publication = v.InferOutput<typeof publication>;
export type TextMessage = Extract<Publication, { readonly kind: 'sms' }>;
type Unstamped<T> = T extends unknown ? Omit<T, 'id' | 'acceptedAt'> : never;

const kind = "json_extract(content, '$.kind')";

export class SnsInbox {
  readonly #clock: ProductClock;
  readonly #store: EmulatorStore;
  readonly #add: StatementSync;
  readonly #listeners = new Set<(publication: Publication) => void>();

  constructor(clock: ProductClock, store: EmulatorStore) {
    store.table('publication (sequence INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL)');
    // Text messages are few among the feedback on mails, and whoever looks at the inbox asks for them again and again.
    store.prepare(`CREATE INDEX IF NOT EXISTS publication_kind ON publication (${kind})`).run();
    this.#clock = clock;
    this.#store = store;
    this.#add = store.prepare('INSERT INTO publication (content) VALUES (?)');
  }

  /** Keeps it and answers the provider's message id. */
  add(content: Unstamped<Publication>): string {
    const stamped: Publication = { ...content, id: randomUUID(), acceptedAt: this.#clock.now() };
    this.#add.run(JSON.stringify(stamped));
    for (const listener of [...this.#listeners]) listener(stamped);
    return stamped.id;
  }

  /** Oldest first; only the newest so many when asked. */
  list(newest = Number.MAX_SAFE_INTEGER): readonly Publication[] {
    const rows = this.#store.prepare('SELECT content FROM publication ORDER BY sequence DESC LIMIT ?').all(newest);
    return rows.map((row) => jsonIn(row, 'content', publication)).toReversed();
  }

  /** The text messages among them. */
  texts(newest = Number.MAX_SAFE_INTEGER): readonly TextMessage[] {
    const rows = this.#store
      .prepare(`SELECT content FROM publication WHERE ${kind} = 'sms' ORDER BY sequence DESC LIMIT ?`)
      .all(newest);
    return rows
      .map((row) => jsonIn(row, 'content', publication))
      .flatMap((one) => (one.kind === 'sms' ? [one] : []))
      .toReversed();
  }

  countTexts(): number {
    const row = this.#store.prepare(`SELECT count(*) AS texts FROM publication WHERE ${kind} = 'sms'`).get();
    return row === undefined ? 0 : numberIn(row, 'texts');
  }

  count(): number {
    const row = this.#store.prepare('SELECT count(*) AS publications FROM publication').get();
    return row === undefined ? 0 : numberIn(row, 'publications');
  }

  /** Called with each one accepted; answers how to end that. */
  onAccepted(listener: (publication: Publication) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
