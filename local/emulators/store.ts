/**
 * Where the emulators keep what they accepted: one SQLite file, written before a call is answered, so that nothing
 * accepted is lost when the process is killed. `:memory:` keeps nothing.
 */
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import { CannotStart } from '../cannot-start.ts';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A kept map of small things: identities, endpoints, opt-outs. */
export interface KeptMap<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  entries(): ReadonlyMap<string, T>;
}

export class EmulatorStore {
  readonly #database: DatabaseSync;
  #depth = 0;

  /** Throws when another process has the file open: two servers on one queue would each lose the other's messages. */
  constructor(file: string) {
    this.#database = open(file);
    try {
      // Exclusive: the first read takes the lock until close. NORMAL: a commit survives the process, not a power cut.
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      this.#database.exec(
        'CREATE TABLE IF NOT EXISTS kept (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID',
      );
    } catch (error) {
      this.#database.close();
      throw new CannotStart(
        `${file} is in use: another Relance runs on this data folder. Stop it, or choose another folder with \`--data\`.`,
        { cause: error },
      );
    }
  }

  /** Makes a table unless it is there. */
  table(definition: string): void {
    this.#database.exec(`CREATE TABLE IF NOT EXISTS ${definition} STRICT`);
  }

  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /** All writes of the work or none. Nested calls belong to the outermost one. */
  atomically<T>(work: () => T): T {
    if (this.#depth === 0) this.#database.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.#depth -= 1;
      if (this.#depth === 0) this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#depth = 0;
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  kept<T>(kind: string, schema: v.GenericSchema<unknown, T>): KeptMap<T> {
    const put = this.prepare('INSERT OR REPLACE INTO kept (kind, key, value) VALUES (?, ?, ?)');
    const remove = this.prepare('DELETE FROM kept WHERE kind = ? AND key = ?');
    const stored = this.prepare('SELECT key, value FROM kept WHERE kind = ? ORDER BY key').all(kind);
    const values = new Map(stored.map((row) => [textIn(row, 'key'), jsonIn(row, 'value', schema)]));
    return {
      get: (key) => values.get(key),
      set: (key, value) => {
        put.run(kind, key, JSON.stringify(value));
        values.set(key, value);
      },
      delete: (key) => {
        remove.run(kind, key);
        values.delete(key);
      },
      entries: () => values,
    };
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotStart(`${file} cannot be opened (${reason}): choose another data folder with \`--data\`.`, { cause: error });
  }
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
  return value;
}

export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds no number`);
  return value;
}

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} holds no bytes`);
  return value;
}

export const jsonIn = <T>(row: Row, column: string, schema: v.GenericSchema<unknown, T>): T =>
  v.parse(schema, JSON.parse(textIn(row, column)));

/** Undefined where the column is NULL. */
export const optionalText = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : textIn(row, column);

/** Undefined where the column is NULL. */
export const optionalNumber = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : numberIn(row, column);
