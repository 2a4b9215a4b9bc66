/** Timers fire in time, or nobody runs them until somebody tells something: what time alone starts is the same (promise 4). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayText, exactDays, localDay, minutes } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { ada, aWorld, byDate, runs, settle, tell, until } from './language-world.ts';
import { envelope, noon, track } from './process-events-world.ts';

/** Ada says another day, or nothing of it. */
interface Told {
  readonly minute: number;
  /** Days from now. */
  readonly day: number | undefined;
}

const aStory = fc.uniqueArray(
  fc.record({
    minute: fc.integer({ min: 0, max: 4 * 1_440 }),
    day: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  }),
  { minLength: 2, maxLength: 8, selector: ({ minute }) => minute },
);

async function told(story: readonly Told[], inTime: boolean): Promise<readonly string[]> {
  const world = await aWorld([byDate('garantie', { path: ['guaranteeEnd'], every: 'once' })], noon - minutes(60));
  await tell(world, track('first', 'Page Viewed', world.clock.now));
  for (const { minute, day } of story.toSorted((a, b) => a.minute - b.minute)) {
    const at = noon + minutes(minute);
    if (inTime) await until(world, at);
    world.clock.now = at;
    const traits = day === undefined ? {} : { guaranteeEnd: dayText(localDay(noon, 'Europe/Paris') + day) };
    await processEnvelope(world.ports, envelope([ada], [track(`e${minute}`, 'Identify', at, {}, { type: 'identify', traits })]));
    await settle(world);
  }
  await until(world, noon + exactDays(12));
  return (await runs(world)).map(({ key, at }) => `${key} at ${new Date(at).toISOString()}`);
}

test('dates come on their days, however they move', { timeout: 120_000 }, async () => {
  const nineOfTomorrow = 1_440 - 180;
  await fc.assert(
    fc.asyncProperty(aStory, async (story) => {
      expect(await told(story, false)).toEqual(await told(story, true));
    }),
    {
      numRuns: 60,
      examples: [
        [
          [
            { minute: 0, day: 1 },
            { minute: nineOfTomorrow, day: 2 },
          ],
        ],
      ],
    },
  );
});
