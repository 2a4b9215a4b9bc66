/** `npm run build`: bundles the functions into dist/ and says what each weighs. */
import { buildFunctions } from './bundles.ts';

const started = performance.now();
const bundles = Object.entries(await buildFunctions());
for (const [name, { bytes }] of bundles) console.log(`${name.padEnd(20)} ${String(Math.round(bytes / 1_000)).padStart(5)} KB`);
console.log(`${bundles.length} functions in dist/, ${((performance.now() - started) / 1_000).toFixed(1)} s`);
