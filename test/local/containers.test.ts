/** A container is to a bundle what Lambda would be: its events, its clock, its environment, its limits, and its death. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock, type ProductClock } from '../../local/clock.ts';
import { Container } from '../../local/containers/container.ts';
import { ContainerPool } from '../../local/containers/container-pool.ts';
import { shareClock } from '../../local/containers/shared-clock.ts';
import { forEveryFunction } from '../../local/host/function-hosting.ts';
import { Invoker, type LambdaContext } from '../../local/host/invocation.ts';
import { day, hour } from './stack.ts';

let folder: string;
let clock: ProductClock;
const pools: ContainerPool[] = [];
const lines: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(import.meta.dirname, '.bundle-')); // inside a project with packages, as dist/ is
  clock = createClock();
  lines.length = 0;
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((one) => one.stop()));
  rmSync(folder, { recursive: true });
});

/** A function of 64 MB whose handler has this body; answers how to call it. */
function deployed(body: string, { before = '', timeoutSeconds = 30 } = {}) {
  const bundle = join(folder, 'handler.mjs');
  writeFileSync(bundle, `${before}\nexport const handler = async (event, context) => {\n${body}\n};`);
  const { cell } = shareClock(clock);
  const fixed = { bundle, clock: cell, environment: { ONLY: 'this' }, memoryMb: 64, onLine: (line: string) => lines.push(line) };
  const containers = new ContainerPool((onEnd) => new Container({ ...fixed, onEnd }));
  pools.push(containers);
  const handlers = forEveryFunction(() => async (event: unknown, context: LambdaContext) => containers.call(event, context));
  const limits = forEveryFunction(() => ({ timeoutSeconds, memoryMb: 64 }));
  const invoker = new Invoker(handlers, limits, clock);
  return (event: unknown = {}) =>
    invoker.invoke('process-events', event, ({ end }) => (end.kind === 'answered' ? end.value : `failed: ${end.reason}`));
}

const threads = () => pools[0]?.containers().map(({ found }) => found?.threadId);

test('events and answers are JSON, and the context is that of Lambda', async () => {
  const call = deployed(
    'return { event, lost: undefined, names: Object.keys(context).sort(), ms: context.getRemainingTimeInMillis() };',
  );
  const answer = await call({ a: [1, 'é'], gone: undefined, at: new Date(0) });
  const number: unknown = expect.any(Number);
  expect(answer).toEqual({
    event: { a: [1, 'é'], at: '1970-01-01T00:00:00.000Z' },
    names: [
      'awsRequestId',
      'callbackWaitsForEmptyEventLoop',
      'functionName',
      'functionVersion',
      'getRemainingTimeInMillis',
      'invokedFunctionArn',
      'logGroupName',
      'logStreamName',
      'memoryLimitInMB',
    ],
    ms: number,
  });
  expect(await deployed('')()).toBeUndefined();
});

test('it sees its own environment, and finds no package of the project', async () => {
  const call = deployed(
    `const required = (name) => { try { return typeof require(name); } catch (error) { return error.message; } };
     const imported = await import('valibot').then(() => 'found', (error) => error.message);
     return { env: { ...process.env }, imported, required: required('valibot'), node: required('node:fs'), argv: process.argv.slice(2) };`,
    { before: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  );
  const isNotThere: unknown = expect.stringContaining("Cannot find package 'valibot'");
  expect(await call()).toEqual({
    env: { ONLY: 'this' },
    imported: isNotThere,
    required: isNotThere,
    node: 'object',
    argv: [],
  });
});

test('every way to ask for the time shows the product clock, also in the middle of a call', async () => {
  clock.standAt(Date.now() + 3 * day);
  const at = clock.now();
  const call = deployed(
    `if (event.waits) while (Date.now() < event.waits) await new Promise((resolve) => setTimeout(resolve, 5));
     class Later extends Date {}
     return [Date.now(), new Date().getTime(), new Later().getTime(), Date.parse(Date()), new (new Date(0).constructor)().getTime(),
             new Date(7).getTime(), Date.UTC(1970, 0, 2), new Date() instanceof Date, new Later() instanceof Later];`,
  );
  const expected = (now: number) => [now, now, now, Math.floor(now / 1_000) * 1_000, now, 7, day, true, true];
  expect(await call()).toEqual(expected(at));
  const waiting = call({ waits: at + hour });
  setTimeout(() => clock.standAt(at + hour), 50);
  expect(await waiting).toEqual(expected(at + hour));
  clock.release();
  const [now] = [await call()].flat();
  expect(Math.abs(Number(now) - clock.now())).toBeLessThan(10_000);
});

test('what it throws is told, and the container lives on', async () => {
  const call = deployed(`if (event.fails) throw new RangeError('too far'); return 'ok';`);
  expect(await call({ fails: true })).toBe('failed: RangeError: too far');
  const before = threads();
  expect(await call()).toBe('ok');
  expect(threads()).toEqual(before);
});

test.each([
  ['ends itself', `process.exit(3)`, /^failed: Error: the container ended/],
  [
    'throws where nobody waits',
    `setTimeout(() => { throw new TypeError('nobody') }); await new Promise(() => {})`,
    /^failed: TypeError: nobody/,
  ],
  ['never comes to an end', `for (;;);`, /^failed: timed out after 3 seconds/],
  ['eats all memory', `const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));`, /^failed: .*memory/i],
])('a handler that %s is a crashed call, and the next one gets another container', async (_how, body, says) => {
  const call = deployed(`if (event.bad) { ${body} } return 'ok';`, { timeoutSeconds: body === 'for (;;);' ? 3 : 30 });
  expect(await call()).toBe('ok');
  const [before] = threads() ?? [];
  expect(await call({ bad: true })).toMatch(says);
  expect(await call()).toBe('ok');
  expect(threads()).not.toContain(before);
  expect(threads()).toHaveLength(1);
});

test('a bundle that cannot be loaded fails each call', async () => {
  const call = deployed('', { before: `throw new SyntaxError('half a bundle');` });
  expect(await call()).toBe('failed: SyntaxError: half a bundle');
  expect(await call()).toBe('failed: SyntaxError: half a bundle');
});

test('calls at once run in as many containers, four at most, and one after the other in the same', async () => {
  const call = deployed(`await new Promise((resolve) => setTimeout(resolve, 100)); console.log('said'); return 1;`);
  await call();
  expect(threads()).toHaveLength(1);
  expect(await Promise.all(Array.from({ length: 6 }, () => call()))).toEqual([1, 1, 1, 1, 1, 1]);
  expect(threads()).toHaveLength(4);
  expect(pools[0]?.containers().reduce((sum, { calls }) => sum + calls, 0)).toBe(7);
  await expect.poll(() => lines).toEqual(Array.from({ length: 7 }, () => 'said'));
  await pools[0]?.stop();
  expect(threads()).toEqual([]);
});
