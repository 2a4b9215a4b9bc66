/** What every queue gave up ends as a parked item, readable or not, with what erasure must find (promises 1 and 6). */
import { expect, test } from 'vitest';
import { createHandler } from '../../functions/park-dead-letters.ts';
import { memorySecrets, memoryWorld } from '../../shared/adapters/memory/world.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { parkDeadLetters } from '../../shared/pipeline/park-dead-letters.ts';
import { queues } from '../../shared/topology.ts';
import { lambdaContext, sqsEvent, sqsRecord } from '../edge/lambda-events.ts';

const now = 1_763_920_000_000;
const email = { type: 'email', value: 'ada@example.com' } as const;
const envelope = JSON.stringify({ id: 'e-1', identifiers: [email], events: [{ name: 'Cart Updated' }] });

test('a letter is parked with its queue, its body and the hashes of its identifiers', async () => {
  const world = memoryWorld({ clock: () => now });
  await parkDeadLetters(world.ports, { messageId: 'm-1', queue: 'events', body: envelope });
  const [parked] = await world.parking.parked(10);
  expect(parked).toMatchObject({ id: 'm-1', at: now, stage: 'events', body: envelope });
  expect(parked?.claims).toEqual([claimKey(memorySecrets.identifierKey, email)]);
  expect(parked?.problems[0]).toMatchObject({ where: 'events' });
});

test('letters of all queues are parked, whatever they are', async () => {
  const world = memoryWorld({ clock: () => now });
  const work = JSON.stringify({ person: 'P1', journey: 'j', key: 'k', due: 5 });
  const event = sqsEvent(
    { messageId: 'm-1', queue: 'events-dead', body: envelope, receiveCount: 1 },
    { messageId: 'm-2', queue: 'work-dead', body: work },
    { messageId: 'm-3', queue: 'outbox-triggered-dead', body: '{"cut off": ' },
    { messageId: 'm-4', queue: 'outbox-campaign-dead', body: '[null]' },
  );
  expect(await createHandler(world.ports)(event, lambdaContext)).toEqual({ batchItemFailures: [] });
  const parked = await world.parking.parked(10);
  expect(parked.map(({ id, stage, body }) => [id, stage, body])).toEqual([
    ['m-1', 'events', envelope],
    ['m-2', 'work', work],
    ['m-3', 'outbox-triggered', '{"cut off": '],
    ['m-4', 'outbox-campaign', '[null]'],
  ]);
});

test('the queue that SQS names counts more than the name of the dead-letter queue', async () => {
  const world = memoryWorld({ clock: () => now });
  const record = sqsRecord({ body: envelope, queue: 'Relance-Dead42' });
  const attributes = { ...record.attributes, DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-3:123456789012:work' };
  await createHandler(world.ports)({ Records: [{ ...record, attributes }] }, lambdaContext);
  expect((await world.parking.parked(10))[0]?.stage).toBe('work');
});

test.each(Object.keys(queues))(
  'a letter of %s is known by its queue in AWS too, where the installation stands in front',
  async (name) => {
    const world = memoryWorld({ clock: () => now });
    await createHandler(world.ports)(
      sqsEvent({ messageId: 'm-1', queue: `my-shop-${name}-dead`, body: envelope }),
      lambdaContext,
    );
    expect((await world.parking.parked(10))[0]?.stage).toBe(name);
  },
);

test('a letter delivered twice is parked once', async () => {
  const world = memoryWorld({ clock: () => now });
  const handler = createHandler(world.ports);
  for (const receiveCount of [1, 2]) await handler(sqsEvent({ messageId: 'm-1', body: envelope, receiveCount }), lambdaContext);
  expect(await world.parking.parked(10)).toHaveLength(1);
});

test('a letter that cannot be parked now comes back', async () => {
  const world = memoryWorld({ clock: () => now });
  const parking = { park: () => Promise.reject(new Unavailable('the table is busy')), parked: () => Promise.resolve([]) };
  const handler = createHandler({ ...world.ports, parking });
  const answer = await handler(sqsEvent({ messageId: 'm-1', body: 'x', receiveCount: 19 }), lambdaContext);
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm-1' }]);
});
