/** Edges of runs at which a moment decides: each is one sentence of the rules about late, early and same instants (promises 2 and 4). */
import { expect, test } from 'vitest';
import type { Step } from '../../shared/journeys/journey.ts';
import { exactDays, hours, minutes } from '../../shared/kernel/time.ts';
import { performCall } from '../../shared/pipeline/perform-call.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { ada, aJourney, aWorld, byCount, did, does, goal, later, runs, span, tell, until, wait } from './language-world.ts';
import { device, envelope, noon, track, user } from './process-events-world.ts';

test('a run that began late waits its five minutes at the second wait, too', async () => {
  const steps = [wait('1', '30 minutes'), wait('2', '30 minutes'), goal('3')];
  const world = await aWorld([aJourney('j', { on: ['Signed Up'] }, steps)], noon + minutes(50));
  await tell(world, track('s', 'Signed Up', noon));
  await until(world, noon + minutes(84));
  expect((await runs(world))[0]?.went).toEqual(['waited']);
});

test('of two runs of people who became one, the one that has come farther goes on', async () => {
  const steps = [wait('1', '1 hour'), goal('2', 'a'), wait('3', '1 day'), goal('4', 'b')];
  const world = await aWorld([aJourney('j', { on: ['Signed Up'] }, steps)]);
  const [account, phone] = [user('u'), device('phone')];
  await processEnvelope(world.ports, envelope([account], [track('p', 'Page Viewed', noon - 1)]));
  await processEnvelope(world.ports, envelope([phone], [track('s1', 'Signed Up', noon)]));
  await until(world, noon + minutes(90));
  await processEnvelope(world.ports, envelope([account], [track('s2', 'Signed Up', world.clock.now)]));
  await until(world, noon + hours(2));
  await processEnvelope(world.ports, envelope([account, phone], [track('m', 'Page Viewed', world.clock.now)]));
  await until(world, noon + hours(26));
  expect((await runs(world, account)).map(({ went }) => went)).toEqual([['waited', 'goal a', 'waited', 'goal b']]);
});

test('an event no longer counts at the very instant at which its time is over, told late as well', async () => {
  const twice = did(['Product Viewed'], { times: { min: 2 }, within: span('1 hour') });
  const world = await aWorld([byCount('c', twice, [wait('1', '1 day')], { reentry: { kind: 'always' } })]);
  for (const [index, at] of [0, 61, 60].entries()) {
    world.clock.now = noon + minutes(Math.max(at, 61) + index);
    await tell(world, track(`v${index}`, 'Product Viewed', noon + minutes(at)));
  }
  expect((await runs(world)).map(({ at }) => at)).toEqual([noon + minutes(61)]);
});

test('an event that is told hours late, by whomever, starts nothing', async () => {
  const world = await aWorld([aJourney('j', { on: ['Signed Up'] }, [goal('1')])]);
  world.clock.now = noon + hours(3);
  await processEnvelope(world.ports, envelope([ada], [track('s', 'Signed Up', noon)]));
  expect(await runs(world)).toEqual([]);
});

test('an event of the second in which the run came to its wait is heard', async () => {
  const hook: Step = { kind: 'webhook', label: '1', url: 'https://caisse.example/crochet' };
  const answer: Step = {
    kind: 'wait-event',
    label: '2',
    pattern: { on: ['Quiz Answered'] },
    atMost: span('1 day'),
    otherwise: 3,
  };
  const world = await aWorld([aJourney('j', { on: ['Signed Up'] }, [hook, answer, goal('3')])], noon + 500);
  await does(world, 'Signed Up');
  await tell(world, track('y', 'Quiz Answered', noon + 200));
  for (const item of world.queues.takeOutbox('triggered')) await performCall(world.ports, item);
  await later(world, exactDays(2));
  expect((await runs(world))[0]?.went).toContain('came');
});
