/** The cold start of each engine, in processes of their own: bundled as Lambda would get them, the best of several. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import * as v from 'valibot';
import type { Contender } from './contender.ts';
import { happenings, rulesOver } from './made.ts';

/** Milliseconds; `answers`: a hash of all of them. */
const coldStart = v.object({ importing: v.number(), loading: v.number(), answering: v.number(), answers: v.string() });
type ColdStart = v.InferOutput<typeof coldStart>;

const rounds = 12;
const total = ({ importing, loading, answering }: ColdStart): number => importing + loading + answering;

/** Files stand beside this one. Throws where one engine answers otherwise than another. */
export async function measureColdStart(
  contenders: readonly (readonly [file: string, contender: Contender])[],
  names: readonly [string, ...string[]],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'relance-bench-'));
  try {
    const rules = rulesOver(names, 1_000);
    const events = join(folder, 'events.json');
    writeFileSync(events, JSON.stringify(happenings(names, 1_000)));
    const starts: { readonly name: string; readonly cold: ColdStart }[] = [];
    for (const [file, contender] of contenders) {
      const [bundle, stored] = [join(folder, `${file}.cjs`), join(folder, `${file}.json`)];
      const entryPoints = [join(import.meta.dirname, `${file}.ts`)];
      await build({
        entryPoints,
        outfile: bundle,
        bundle: true,
        minify: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'error',
      });
      writeFileSync(stored, contender.stored(rules));
      starts.push({ name: contender.name, cold: bestOf([bundle, stored, events]) });
    }
    print(starts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bestOf(files: readonly string[]): ColdStart {
  const child = [join(import.meta.dirname, 'cold-start.ts'), ...files];
  const runs = Array.from({ length: rounds }, () =>
    v.parse(coldStart, JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' }))),
  );
  return runs.reduce((best, one) => (total(one) < total(best) ? one : best));
}

function print(starts: readonly { readonly name: string; readonly cold: ColdStart }[]): void {
  const [reference] = starts;
  if (reference === undefined || starts.some(({ cold }) => cold.answers !== reference.cold.answers))
    throw new Error('the engines answer differently after a cold start');
  const lines = starts.map(({ name, cold }) => {
    const parts = [cold.importing, cold.loading, cold.answering, total(cold)].map((part) => part.toFixed(1).padStart(8)).join('');
    return `  ${name.padEnd(28)}${parts}  ${(total(cold) / total(reference.cold)).toFixed(2).padStart(7)} ×`;
  });
  const head = `  ${''.padEnd(28)}${['import', 'load', 'answer', 'all'].map((word) => word.padStart(8)).join('')}`;
  const title = 'Cold start: 1,000 rules over 20 event names, then the first 1,000 events, in ms';
  process.stdout.write(`\n${title}\n${[head, ...lines].join('\n')}\n`);
}
