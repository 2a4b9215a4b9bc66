/**
 * Whatever crashes, a redelivery ends in the same state (promise 1), and no message leaves twice (promise 2): a story that
 * uses every stage is told once untroubled, and once more for every call that it makes through the real SDK clients, with
 * the calling process dead before or after the effect of that call.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functions } from '../shared/topology.ts';
import { everyMoment, everyPoint, nameOf, type Call, type CrashPoint } from './crash/calls.ts';
import { crashedRun, untroubledRun, type Untroubled } from './crash/runs.ts';
import { chapters, wholeStory } from './crash/story.ts';
import { Ground } from './crash/world.ts';
import { isFull, report } from './prove/figures.ts';

/** Chapters share nobody, so a crash in one is told in that chapter alone. `npm run prove` tells all in one world. */
const stories = isFull ? { 'the whole story': wholeStory } : chapters;
const pointsOf = isFull ? everyPoint : everyMoment;

/** Worlds at the same time: each waits for its table half of the time. */
const lanes = isFull ? 6 : 3;

/** How many invocations of each function make these calls. */
function invocationsOf(calls: readonly Call[]): Readonly<Record<string, number>> {
  const ids = Map.groupBy(calls, ({ functionName }) => functionName);
  return Object.fromEntries([...ids].map(([name, made]) => [name, new Set(made.map(({ invocation }) => invocation)).size]));
}

describe('a crash at any call', () => {
  let ground: Ground;
  const untroubled = new Map<string, Untroubled>();
  const failures: string[] = [];
  let runs = 0;

  beforeAll(async () => {
    ground = await Ground.prepare();
    for (const [name, steps] of Object.entries(stories)) untroubled.set(name, await untroubledRun(ground, steps));
  });
  afterAll(() => ground.leave());

  const allCalls = () => [...untroubled.values()].flatMap(({ calls }) => calls);

  test('is possible in every function', () => {
    expect([...new Set(allCalls().map(({ functionName }) => functionName))].toSorted()).toEqual(
      Object.keys(functions)
        .filter((name) => name !== 'run-campaigns') // no campaign is in the stock config: crash-campaign.test.ts has one
        .toSorted(),
    );
  });

  test('ends, after redelivery, as if nothing had happened, and no message leaves twice', { timeout: 1_800_000 }, async () => {
    const start = performance.now();
    const queue = [...untroubled.values()].flatMap((story) => pointsOf(story.calls).map((point) => ({ story, point })));
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) await crashAt(next.story, next.point);
      }),
    );
    const points = everyPoint(allCalls()).length;
    const seconds = Math.round((performance.now() - start) / 1_000);
    const same = isFull ? '' : ' A crash after a read leaves the world as one before it, so';
    report(
      'Crash test',
      `${points} crash points: before and after the effect of each of ${allCalls().length} SDK calls.${same} ${runs} runs prove ` +
        `them all, in ${seconds} s: ${failures.length === 0 ? 'every one ends as if nothing had happened.' : `${failures.length} end otherwise.`}`,
    );
    expect(failures).toEqual([]);
    expect(runs).toBeGreaterThan(200);
    expect(invocationsOf([...untroubled.values()].flatMap(({ calls }) => pointsOf(calls)))).toEqual(invocationsOf(allCalls()));
  });

  async function crashAt(story: Untroubled, point: CrashPoint): Promise<void> {
    const differences = await crashedRun(ground, story, point);
    runs += 1;
    if (differences.length > 0) failures.push([`${point.when} ${nameOf(point)}`, ...differences].join('\n  '));
  }
});
