/** The schedule edge: it runs the stage, says in one line what came of it, and lets the scheduler see a failure. */
import type { ScheduledEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { scheduleHandler } from '../../functions/edge/schedule.ts';
import { memoryWorld } from '../../shared/adapters/memory/world.ts';
import { lambdaContext } from './lambda-events.ts';

const tick: ScheduledEvent = {
  id: 'tick-1',
  version: '0',
  account: '123456789012',
  time: '2026-11-23T12:00:00Z',
  region: 'eu-west-3',
  resources: [],
  source: 'aws.scheduler',
  'detail-type': 'Scheduled Event',
  detail: {},
};

test('runs the stage and logs its counts', async () => {
  const world = memoryWorld({ clock: () => 0 });
  const handler = scheduleHandler(world.ports, 'run-timers', () => Promise.resolve({ queued: 3 }));
  expect(await handler(tick, lambdaContext)).toBeUndefined();
  expect(world.logged).toEqual([{ level: 'info', outcome: 'done', ids: { stage: 'run-timers', queued: 3 } }]);
});

test('what the stage throws reaches the scheduler, and the log has its name only', async () => {
  const world = memoryWorld({ clock: () => 0 });
  const handler = scheduleHandler(world.ports, 'run-timers', () => Promise.reject(new RangeError('of ada@example.com')));
  await expect(handler(tick, lambdaContext)).rejects.toThrow(RangeError);
  expect(world.logged).toEqual([{ level: 'error', outcome: 'failed', ids: { stage: 'run-timers', error: 'RangeError' } }]);
});
