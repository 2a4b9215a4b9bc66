/** Figures of a proof: shown to whoever runs the test, and kept for docs/proofs.md when `npm run prove` runs it. */
import { appendFileSync } from 'node:fs';

/** File that `npm run prove` reads, one JSON document a line; unset in a plain test run. */
export const figuresVariable = 'RELANCE_FIGURES';
/** Set by `npm run prove`: the sizes that issue 2 names, instead of those that fit into `npm test`. */
export const isFull = process.env['RELANCE_PROVE'] === 'full';

export interface Figures {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

export function report(title: string, text: string): void {
  process.stdout.write(`\n${title}\n\n${text}\n\n`);
  const file = process.env[figuresVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ title, text } satisfies Figures)}\n`);
}
