/** What Lambda has to read at a cold start: small, and without what belongs to publishing or deploying. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { distFolder, projectRoot } from '../../infra/bundles.ts';
import { functions } from '../../shared/topology.ts';
import { synthesised } from './synthesised.ts';

const largestBytes = 1_300_000;
const forbidden = /node_modules\/(mjml|yaml|aws-cdk|constructs|cdk-nag|esbuild|vitest)|^(infra|cli|local|test)\//;

/** Milliseconds in a process of its own, Node's start excluded: the middle one of seven. */
function importTime(name: string): number {
  const file = JSON.stringify(join(distFolder, name, 'handler.mjs'));
  const script = `const from = performance.now(); await import(${file}); console.log(performance.now() - from);`;
  const run = (): number => Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
  return Array.from({ length: 7 }, run).toSorted((a, b) => a - b)[3] ?? Infinity;
}

export function bundleTests(): void {
  describe('the bundles', () => {
    test.each(Object.keys(functions))('%s weighs less than 1.3 MB and holds nothing foreign', async (name) => {
      const { bytes, inputs } = (await synthesised()).bundles[name]!;
      expect(bytes).toBeGreaterThan(100_000);
      expect(bytes).toBeLessThan(largestBytes);
      expect(inputs.filter((input) => forbidden.test(input))).toEqual([]);
      expect(inputs.some((input) => input.includes('@aws-sdk/client-dynamodb'))).toBe(true);
    });

    test('what is loaded later, when the first mail leaves, can be loaded', async () => {
      await synthesised();
      const folder = join(distFolder, 'deliver-messages');
      const files = readdirSync(folder).map((name) => join(folder, name));
      expect(files.length).toBeGreaterThan(5);
      const script = `for (const file of ${JSON.stringify(files)}) await import(file); console.log('all');`;
      const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
      expect(said).toBe('all\n');
    });

    test('the first request of a shop waits for an import that is measured and told', async () => {
      await synthesised();
      const [collect, receive] = ['collect-events', 'receive-webhook'].map((name) => Math.round(importTime(name)));
      console.log(`import of collect-events ${collect} ms, of receive-webhook ${receive} ms (middle of seven, this machine)`);
      expect(collect).toBeLessThan(1_500); // a machine with other work to do; 55 ms when it is quiet
    });

    test('no template names a folder of the machine that made it', async () => {
      for (const text of (await synthesised()).texts) expect(text).not.toContain(projectRoot);
    });
  });
}
