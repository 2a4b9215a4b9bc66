/**
 * The same as crash.test.ts for what the marketer's language adds: counts, watched segments, waits for events, effects, webhooks,
 * tasks and starts by the API (promises 1 and 2). Wherever a process dies, the end is the same.
 */
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyMoment, everyPoint, nameOf } from './crash/calls.ts';
import { evas, languageFiles } from './crash/language.ts';
import { crashedRun, untroubledRun, type Untroubled } from './crash/runs.ts';
import { Ground } from './crash/world.ts';
import { isFull, report } from './prove/figures.ts';
import { configBeside } from './stories/config-with.ts';

/** The story is long and its calls alike: `npm test` tries one moment in so many, another one of each kind of call. */
const oneIn = isFull ? 1 : 3;
const lanes = isFull ? 6 : 3;

/** Takes every webhook. */
const receiver = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()));

const listening = (): Promise<string> =>
  new Promise((resolve) => {
    receiver.listen(0, '127.0.0.1', () => {
      const address = receiver.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/crochet`);
    });
  });

let ground: Ground;
let story: Untroubled;
beforeAll(async () => {
  ground = await Ground.prepare({ folder: configBeside(languageFiles(await listening())) });
  story = await untroubledRun(ground, evas);
});
afterAll(async () => {
  receiver.close();
  await ground.leave();
});

test('the story takes the ways it is about', () => {
  const said = story.end.lines.join('\n');
  for (const way of ['tagged', 'webhook sent', 'came', 'goal quiz', 'task sent', 'variant', '"set"', 'goal fait', 'goal parti'])
    expect(said).toContain(way);
});

test('a crash at any call ends, after redelivery, as if nothing had happened', { timeout: 1_800_000 }, async () => {
  const start = performance.now();
  const all = isFull ? everyPoint(story.calls) : everyMoment(story.calls);
  const queue = all.filter((_, index) => index % oneIn === 0);
  const tried = queue.length;
  const failures: string[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let point = queue.pop(); point !== undefined; point = queue.pop()) {
        const differences = await crashedRun(ground, story, point);
        if (differences.length > 0) failures.push([`${point.when} ${nameOf(point)}`, ...differences].join('\n  '));
      }
    }),
  );
  const seconds = Math.round((performance.now() - start) / 1_000);
  report(
    'Crash test of the language',
    `${tried} of ${all.length} moments at which a process can die (${story.calls.length} SDK calls), in ${seconds} s: ` +
      `${failures.length === 0 ? 'every one ends as if nothing had happened.' : `${failures.length} end otherwise.`}`,
  );
  expect(failures).toEqual([]);
  expect(tried).toBeGreaterThan(20);
});
