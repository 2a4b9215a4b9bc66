/** The folder that keeps a local run across restarts: made when absent, with the offset of its clock. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import type { ProductClock } from './clock.ts';

/** Makes it, and what it stands in, unless it is there. */
export function makeFolder(data: string): void {
  try {
    makeWithParents(resolve(data));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotStart(`The data folder ${data} cannot be made: ${reason}. Choose another with \`--data\`.`, { cause: error });
  }
}

/**
 * One by one: where a folder says that there is nothing in which to make another (as in /proc), Node's own recursive mkdir
 * tries for ever.
 */
function makeWithParents(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`);
    return;
  }
  if (dirname(folder) !== folder) makeWithParents(dirname(folder));
  mkdirSync(folder);
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
