/** The queue edge: what comes back from SQS, what is parked, and that nothing falls between the two (promise 1). */
import { describe, expect, test } from 'vitest';
import { batchHandler, queueHandler, type ItemOutcome } from '../../functions/edge/queue.ts';
import { memorySecrets, memoryWorld } from '../../shared/adapters/memory/world.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import { Conflict, InvalidInput, Unavailable } from '../../shared/kernel/errors.ts';
import { isObject, type Json } from '../../shared/kernel/json.ts';
import { lambdaContext, sqsEvent } from './lambda-events.ts';

const now = 1_763_920_000_000;
const aWorld = () => memoryWorld({ clock: () => now });

/** Items are `{"say": …}`; anything else is no item. */
function decode(body: Json): string {
  const say = isObject(body) ? body['say'] : undefined;
  if (typeof say !== 'string') throw new InvalidInput([{ where: 'say', problem: 'expected text' }]);
  return say;
}

const saying = (say: string): string => JSON.stringify({ say });

describe('a stage that takes one item at a time', () => {
  test('acknowledges what was done and gives the stage what the queue knows', async () => {
    const world = aWorld();
    const seen: unknown[] = [];
    const handler = queueHandler(world.ports, 'greet', decode, async (item, { messageId, receiveCount }) =>
      seen.push({ item, messageId, receiveCount }),
    );
    const answer = await handler(sqsEvent({ body: saying('hello'), messageId: 'a', receiveCount: 3 }), lambdaContext);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([{ item: 'hello', messageId: 'a', receiveCount: 3 }]);
  });

  test('only what failed comes back', async () => {
    const handler = queueHandler(aWorld().ports, 'greet', decode, async (item) => {
      if (item === 'bad') throw new Unavailable('the table is busy');
    });
    const answer = await handler(
      sqsEvent(
        { body: saying('good'), messageId: 'a' },
        { body: saying('bad'), messageId: 'b' },
        { body: saying('good'), messageId: 'c' },
      ),
      lambdaContext,
    );
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'b' }]);
  });

  test.each([
    ['no JSON', '{"say":', /JSON/],
    ['empty', '', /JSON/],
    ['not an item', '{"shout":"hello"}', /expected text/],
    ['nested 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000), /deeper/],
  ])('a body that is %s is parked at once, with its reason', async (_what, body, reason) => {
    const world = aWorld();
    const handler = queueHandler(world.ports, 'greet', decode, () => Promise.resolve());
    expect(await handler(sqsEvent({ body, messageId: 'a' }), lambdaContext)).toEqual({ batchItemFailures: [] });
    const [parked, ...others] = await world.parking.parked(10);
    expect(others).toEqual([]);
    expect(parked).toMatchObject({ id: 'a', at: now, stage: 'greet', body, claims: [] });
    expect(parked?.problems[0]?.problem).toMatch(reason);
  });

  test('what the stage calls invalid is parked at once', async () => {
    const world = aWorld();
    const handler = queueHandler(world.ports, 'greet', decode, () =>
      Promise.reject(new InvalidInput([{ where: 'say', problem: 'too loud' }])),
    );
    await handler(sqsEvent({ body: saying('HELLO') }), lambdaContext);
    expect((await world.parking.parked(10))[0]?.problems).toEqual([{ where: 'say', problem: 'too loud' }]);
  });

  test('a parked envelope keeps the hashed identifiers that erasure must find, readable or not', async () => {
    const world = aWorld();
    const handler = queueHandler(world.ports, 'greet', decode, () => Promise.resolve());
    const identifiers = [{ type: 'email', value: 'ada@example.com' }, { type: 'shoe size', value: '42' }, 'ada'];
    const body = JSON.stringify({ identifiers, previously: { type: 'anonymousId', value: 'anon-1' }, events: 'none' });
    await handler(sqsEvent({ body }), lambdaContext);
    expect((await world.parking.parked(10))[0]?.claims).toEqual([
      claimKey(memorySecrets.identifierKey, { type: 'email', value: 'ada@example.com' }),
      claimKey(memorySecrets.identifierKey, { type: 'anonymousId', value: 'anon-1' }),
    ]);
  });
});

describe("patience with a stage's own errors", () => {
  const failing = (error: Error) => {
    const world = aWorld();
    const handler = queueHandler(world.ports, 'greet', decode, () => Promise.reject(error));
    const deliver = (receiveCount: number) =>
      handler(sqsEvent({ body: saying('hello'), messageId: 'a', receiveCount }), lambdaContext);
    return { world, deliver };
  };

  test('four times it comes back, the fifth time it is parked and acknowledged', async () => {
    const { world, deliver } = failing(new TypeError('x is undefined'));
    for (const receiveCount of [1, 2, 3, 4]) {
      expect((await deliver(receiveCount)).batchItemFailures).toEqual([{ itemIdentifier: 'a' }]);
      expect(await world.parking.parked(10)).toEqual([]);
    }
    expect((await deliver(5)).batchItemFailures).toEqual([]);
    expect((await world.parking.parked(10))[0]).toMatchObject({ stage: 'greet', body: saying('hello') });
    expect((await world.parking.parked(10))[0]?.problems).toEqual([{ where: '', problem: 'TypeError: x is undefined' }]);
  });

  test.each([new Unavailable('throttled'), new Conflict('somebody else wrote')])(
    '$name is never the item’s fault',
    async (error) => {
      const { world, deliver } = failing(error);
      expect((await deliver(19)).batchItemFailures).toEqual([{ itemIdentifier: 'a' }]);
      expect(await world.parking.parked(10)).toEqual([]);
    },
  );

  test('neither the reason nor a log line quotes a person', async () => {
    const { world, deliver } = failing(
      new Error('impossible value: {"firstName":"Ada","city":"Lyon"} of ada@example.com, +33 6 12 34 56 78'),
    );
    await deliver(5);
    const told = JSON.stringify([(await world.parking.parked(10))[0]?.problems, world.logged]);
    expect(told).toContain('impossible value');
    expect(told).not.toMatch(/ada|lyon|12 34/i);
  });

  test('what cannot be parked comes back', async () => {
    const world = aWorld();
    const parking = { park: () => Promise.reject(new Unavailable('the table is busy')), parked: () => Promise.resolve([]) };
    const handler = queueHandler({ ...world.ports, parking }, 'greet', decode, () => Promise.resolve());
    expect((await handler(sqsEvent({ body: 'no JSON', messageId: 'a' }), lambdaContext)).batchItemFailures).toEqual([
      { itemIdentifier: 'a' },
    ]);
  });
});

describe('a stage that takes the whole batch', () => {
  const done: ItemOutcome = { kind: 'done' };
  const failed: ItemOutcome = { kind: 'failed', error: new Unavailable('busy') };
  const three = sqsEvent(
    { body: saying('1'), messageId: 'a' },
    { body: '?', messageId: 'b' },
    { body: saying('3'), messageId: 'c' },
  );

  test('gets what could be decoded, and its outcomes go to the right messages', async () => {
    const world = aWorld();
    const handler = batchHandler(world.ports, 'greet', decode, async (deliveries) =>
      deliveries.map(({ item }) => (item === '3' ? failed : done)),
    );
    expect((await handler(three, lambdaContext)).batchItemFailures).toEqual([{ itemIdentifier: 'c' }]);
    expect((await world.parking.parked(10)).map(({ id }) => id)).toEqual(['b']);
  });

  test('an outcome it forgets is not done', async () => {
    const handler = batchHandler(aWorld().ports, 'greet', decode, () => Promise.resolve([done]));
    expect((await handler(three, lambdaContext)).batchItemFailures).toEqual([{ itemIdentifier: 'c' }]);
  });

  test('when it throws, all its items come back', async () => {
    const handler = batchHandler(aWorld().ports, 'greet', decode, () => Promise.reject(new Error('lost my mind')));
    expect((await handler(three, lambdaContext)).batchItemFailures).toEqual([{ itemIdentifier: 'a' }, { itemIdentifier: 'c' }]);
  });

  test('is not asked when nothing could be decoded', async () => {
    const handler = batchHandler(aWorld().ports, 'greet', decode, () => Promise.reject(new Error('asked')));
    expect((await handler(sqsEvent({ body: '?' }), lambdaContext)).batchItemFailures).toEqual([]);
  });
});
