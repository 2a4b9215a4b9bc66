/**
 * Where a container begins: a thread that loads one function's bundle and calls its handler, one event after the other, as
 * the Lambda runtime does. No part of the bundle.
 */
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, threadId, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { type Report, settings, task } from './messages.ts';
import { replaceDate } from './product-date.ts';
import { clockIn } from './shared-clock.ts';
import { confineTo } from './task-root.ts';

const { bundle, clock } = v.parse(settings, workerData);
const environment = v.parse(v.record(v.string(), v.string()), process.env); // as given: what is loaded may add to it
replaceDate((system) => clockIn(clock, system));
const modules = confineTo(dirname(bundle));
const loaded: unknown = await import(pathToFileURL(bundle).href);
const { handler } = v.parse(v.object({ handler: v.function() }), loaded);

const tell = (report: Report): void => parentPort?.postMessage(report);
tell({ kind: 'ready', threadId, modules: [...modules], environment });
parentPort?.on('message', (message: unknown) => {
  void answerTo(message).then(tell);
});

async function answerTo(message: unknown): Promise<Report> {
  const { event, context, milliseconds } = v.parse(task, message);
  const deadline = performance.now() + milliseconds;
  const getRemainingTimeInMillis = (): number => Math.max(0, Math.round(deadline - performance.now()));
  try {
    const result = JSON.stringify(await handler(JSON.parse(event), { ...context, getRemainingTimeInMillis }));
    return { kind: 'answered', result };
  } catch (error) {
    if (!(error instanceof Error)) return { kind: 'failed', name: 'Error', message: 'threw no error' };
    const { name, message: says, stack } = error;
    return { kind: 'failed', name, message: says, ...(stack === undefined ? {} : { stack }) };
  }
}
