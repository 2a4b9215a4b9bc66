/** `npm run bench`: all measurements; words after it choose some of them (`npm run bench -- rules`). */
const benches: ReadonlyMap<string, () => Promise<unknown>> = new Map([
  ['process-events', () => import('./process-events.bench.ts')],
  ['rules', () => import('./rules.bench.ts')],
]);

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !benches.has(name));
if (unknown.length > 0) {
  process.stdout.write(`There is no bench "${unknown.join('", "')}"; there are ${[...benches.keys()].join(', ')}.\n`);
  process.exit(2);
}
for (const [name, run] of benches) if (chosen.length === 0 || chosen.includes(name)) await run();
