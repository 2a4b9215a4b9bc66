/** The folder that keeps a local run across restarts: made when absent, with the offset of its clock. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import type { ProductClock } from './clock.ts';

/** Makes it unless it is there. */
export function makeFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotStart(`The data folder ${data} cannot be made: ${reason}. Choose another with \`--data\`.`, { cause: error });
  }
}

const offsetFile = (data: string): string => join(data, 'clock.json');

/** A clock that was moved ahead goes on there: stored data must never lie in the future. */
export function readOffset(data: string): number {
  try {
    const offset: unknown = JSON.parse(readFileSync(offsetFile(data), 'utf8'));
    return typeof offset === 'number' && Number.isFinite(offset) ? offset : 0;
  } catch {
    return 0; // first start
  }
}

/** Writes the offset at every change; answers how to end that. */
export function keepOffset(data: string, clock: ProductClock): () => void {
  return clock.subscribe(() => {
    const file = offsetFile(data);
    writeFileSync(`${file}.new`, JSON.stringify(clock.offset()));
    renameSync(`${file}.new`, file);
  });
}
