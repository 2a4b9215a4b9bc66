/**
 * `npm run prove`: the promises at full size, with their figures in docs/proofs.md. Ends with 1 when one of them fails.
 * Words after it choose some of the proofs (`npm run prove -- units backlog`); then nothing is written.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf } from './document.ts';
import { inSeconds, type Done, type Outcome, type Proof } from './proof.ts';
import { root } from './root.ts';
import { startProofs } from './start-proofs.ts';
import { testProofs } from './vitest-proofs.ts';

const proofs: readonly Proof[] = [...testProofs, ...startProofs];
const say = (text: string): void => void process.stdout.write(text);

async function carryOut(proof: Proof): Promise<Done> {
  const begun = performance.now();
  say(`${proof.name}: ${proof.shows}\n  `);
  const heartbeat = setInterval(() => say('.'), 5_000);
  const outcome = await proof.prove().catch((error: unknown): Outcome => {
    return { kind: 'failed', figures: [], because: error instanceof Error ? (error.stack ?? error.message) : 'threw no error' };
  });
  clearInterval(heartbeat);
  const milliseconds = performance.now() - begun;
  say(` ${outcome.kind} after ${inSeconds(milliseconds)}\n`);
  if (outcome.kind !== 'passed') say(`  ${outcome.because}\n`);
  if (outcome.kind !== 'skipped')
    for (const { title, text } of outcome.figures) say(`\n${title === '' ? '' : `${title}\n\n`}${text}\n\n`);
  return { proof, outcome, milliseconds };
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => proofs.every((proof) => proof.name !== name));
if (unknown.length > 0) {
  say(`There is no proof "${unknown.join('", "')}"; there are ${proofs.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}
const done: Done[] = [];
for (const proof of proofs) {
  if (chosen.length === 0 || chosen.includes(proof.name)) done.push(await carryOut(proof));
}
if (chosen.length === 0) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs', 'proofs.md'), await documentOf(done, 'npm run prove'));
  say('Written to docs/proofs.md.\n');
}
process.exit(done.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0);
