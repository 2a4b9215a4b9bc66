/**
 * The kept side of SQS: every queue and message as rows, written before a call is answered. After a crash the queues
 * are as they were, and messages in flight come back when their visibility timeout ends.
 */
import type { StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import type { Instant } from '../../shared/kernel/time.ts';
import type { StoredMessage } from './sqs-message.ts';
import { type EmulatorStore, jsonIn, numberIn, optionalNumber, optionalText, type Row, textIn } from './store.ts';

const queueAttributes = v.record(v.string(), v.string());
const messageAttributes = v.record(
  v.string(),
  v.object({ dataType: v.string(), kind: v.picklist(['text', 'binary']), value: v.string() }),
);

export interface KeptQueue {
  readonly name: string;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  /** As set, by AWS name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export class SqsJournal {
  readonly store: EmulatorStore;
  readonly #saveQueue: StatementSync;
  readonly #dropQueue: StatementSync;
  readonly #add: StatementSync;
  readonly #change: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: StatementSync;

  constructor(store: EmulatorStore) {
    store.table(
      'queue (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, attributes TEXT NOT NULL)',
    );
    store.table(
      `message (sequence INTEGER PRIMARY KEY, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL,
        group_id TEXT, sent_at INTEGER NOT NULL, moved_from TEXT, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL,
        first_received_at INTEGER)`,
    );
    this.store = store;
    this.#saveQueue = store.prepare(
      'INSERT OR REPLACE INTO queue (name, created_at, modified_at, attributes) VALUES (?, ?, ?, ?)',
    );
    this.#dropQueue = store.prepare('DELETE FROM queue WHERE name = ?');
    this.#add = store.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#change = store.prepare(
      'UPDATE message SET visible_at = ?, receive_count = ?, first_received_at = ? WHERE sequence = ?',
    );
    this.#remove = store.prepare('DELETE FROM message WHERE sequence = ?');
    this.#clear = store.prepare('DELETE FROM message WHERE queue = ?');
  }

  queues(): readonly KeptQueue[] {
    const rows = this.store.prepare('SELECT * FROM queue ORDER BY name').all();
    return rows.map((row) => ({
      name: textIn(row, 'name'),
      createdAt: numberIn(row, 'created_at'),
      modifiedAt: numberIn(row, 'modified_at'),
      attributes: jsonIn(row, 'attributes', queueAttributes),
    }));
  }

  messages(queue: string): readonly StoredMessage[] {
    return this.store.prepare('SELECT * FROM message WHERE queue = ? ORDER BY sequence').all(queue).map(messageIn);
  }

  lastSequence(): number {
    const row = this.store.prepare('SELECT coalesce(max(sequence), 0) AS last FROM message').get();
    return row === undefined ? 0 : numberIn(row, 'last');
  }

  saveQueue(queue: KeptQueue): void {
    this.#saveQueue.run(queue.name, queue.createdAt, queue.modifiedAt, JSON.stringify(queue.attributes));
  }

  dropQueue(name: string): void {
    this.#dropQueue.run(name);
    this.#clear.run(name);
  }

  add(queue: string, message: StoredMessage): void {
    this.#add.run(
      message.sequence,
      queue,
      message.id,
      message.body,
      JSON.stringify(message.attributes),
      message.groupId ?? null,
      message.sentAt,
      message.movedFrom ?? null,
      message.visibleAt,
      message.receiveCount,
      message.firstReceivedAt ?? null,
    );
  }

  change(message: StoredMessage): void {
    this.#change.run(message.visibleAt, message.receiveCount, message.firstReceivedAt ?? null, message.sequence);
  }

  remove(message: StoredMessage): void {
    this.#remove.run(message.sequence);
  }

  clear(queue: string): void {
    this.#clear.run(queue);
  }
}

function messageIn(row: Row): StoredMessage {
  const groupId = optionalText(row, 'group_id');
  const movedFrom = optionalText(row, 'moved_from');
  const firstReceivedAt = optionalNumber(row, 'first_received_at');
  return {
    sequence: numberIn(row, 'sequence'),
    id: textIn(row, 'id'),
    body: textIn(row, 'body'),
    attributes: jsonIn(row, 'attributes', messageAttributes),
    sentAt: numberIn(row, 'sent_at'),
    visibleAt: numberIn(row, 'visible_at'),
    receiveCount: numberIn(row, 'receive_count'),
    ...(groupId === undefined ? {} : { groupId }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(firstReceivedAt === undefined ? {} : { firstReceivedAt }),
  };
}
