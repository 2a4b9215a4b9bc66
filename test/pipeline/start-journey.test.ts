/** A server starts a journey for one person: once for each key, and nobody else can (promises 1 and 2). */
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/collect-events.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { hours } from '../../shared/kernel/time.ts';
import { collectEvents } from '../../shared/pipeline/collect-events.ts';
import { startJourney, type StartRequest } from '../../shared/pipeline/start-journey.ts';
import { ada, aJourney, aWorld, goal, runs, settle } from './language-world.ts';
import { lambdaContext } from '../edge/lambda-events.ts';
import { httpEvent } from '../edge/http-events.ts';
import { theOne, told, type TestWorld } from './process-events-world.ts';

const calls = aJourney(
  'rappel',
  { on: ['Journey Requested'], cause: { kind: 'api' }, reentry: { kind: 'once-per', path: ['order_id'] } },
  [goal('1')],
);
const other = aJourney('autre', { on: ['Journey Requested'], cause: { kind: 'api' } }, [goal('1')]);
const signedUp = aJourney('bienvenue', { on: ['Signed Up'] }, [goal('1')]);

const request = (given: Partial<StartRequest> & { readonly json?: JsonObject | string } = {}): StartRequest => {
  const { json = { email: 'ada@example.com', properties: { order_id: 7 }, traits: { firstName: 'Ada' } }, ...rest } = given;
  return {
    name: 'rappel',
    headers: { authorization: 'Bearer memory-server-key', 'idempotency-key': 'k1' },
    body: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)),
    ...rest,
  };
};

const aShop = (): Promise<TestWorld> => aWorld([calls, other, signedUp]);

describe('a start by the API', () => {
  test('starts that journey alone, with what it says', async () => {
    const world = await aShop();
    expect(await startJourney(world.ports, request())).toMatchObject({ kind: 'accepted' });
    await settle(world);
    expect(await runs(world)).toMatchObject([{ journey: 'rappel', went: ['goal fait'] }]);
    const person = await theOne(world, ada);
    expect(person.attributes.traits['firstName']).toMatchObject({ value: 'Ada', verified: true });
    expect(await told(world, person)).toMatchObject([
      { name: 'Journey Requested', properties: { journey: 'rappel', order_id: 7 } },
    ]);
  });

  test('told again with its key is one, also hours later; with another key it is another', async () => {
    const world = await aShop();
    const count = async () => (await told(world, await theOne(world, ada))).length;
    for (const [key, after] of [
      ['k1', 1],
      ['k1', 1],
      ['k2', 2],
    ] as const) {
      await startJourney(world.ports, request({ headers: { ...request().headers, 'idempotency-key': key } }));
      await settle(world);
      expect(await count()).toBe(after);
      world.clock.now += hours(5);
    }
    expect(await runs(world)).toHaveLength(1); // once per order
  });

  test.each([
    [{ headers: { 'idempotency-key': 'k' } }, 'unknown-key'],
    [{ headers: { authorization: 'Bearer memory-write-key', 'idempotency-key': 'k' } }, 'browser-key'],
    [{ name: 'nobody' }, 'unknown-journey'],
    [{ name: 'bienvenue' }, 'not-by-api'],
    [{ body: Buffer.alloc(33_000, ' ') }, 'too-large'],
  ] as const)('%o is refused: %s', async (given, kind) => {
    const world = await aShop();
    expect(await startJourney(world.ports, request(given))).toEqual({ kind });
    expect(world.queues.queued().events).toEqual([]);
  });

  test.each([
    [{ headers: { authorization: 'Bearer memory-server-key' } }, /Idempotency-Key/],
    [{ headers: { authorization: 'Bearer memory-server-key', 'idempotency-key': 'x'.repeat(257) } }, /Idempotency-Key/],
    [{ json: '' }, /empty/],
    [{ json: '{"email":' }, /JSON/],
    [{ json: '[]' }, /object/],
    [{ json: {} }, /names nobody/],
    [{ json: { email: 'no address' } }, /names nobody/],
    [{ json: { email: 'a@b.fr', properties: [] } }, /properties/],
    [{ json: { email: 'a@b.fr', traits: 'x' } }, /traits/],
    [{ json: { email: 'a@b.fr', timestamp: 'hier' } }, /timestamp/],
  ] as const)('%o says what is wrong', async (given, says) => {
    const world = await aShop();
    const refused = startJourney(world.ports, request(given));
    await expect(refused).rejects.toThrow(InvalidInput);
    await expect(refused).rejects.toThrow(says);
    expect(world.queues.queued().events).toEqual([]);
  });

  test('hands on how many webhooks led to it', async () => {
    const world = await aShop();
    await startJourney(world.ports, request({ headers: { ...request().headers, 'relance-depth': '3' } }));
    await settle(world);
    expect(await told(world, await theOne(world, ada))).toMatchObject([{ properties: { relance_depth: 3 } }]);
  });
});

test.each(['Journey Requested', 'Segment Entered', 'Segment Left', 'Date Reached', 'Cart Updated'])(
  'nobody else can tell %s: it is refused at the door and parked',
  async (event) => {
    const world = await aShop();
    const collected = await collectEvents(world.ports, {
      call: 'track',
      headers: { authorization: 'Bearer memory-server-key' },
      body: Buffer.from(JSON.stringify({ userId: 'u', event, properties: { journey: 'rappel', order_id: 1 } })),
    });
    expect(collected).toMatchObject({
      kind: 'accepted',
      accepted: 0,
      rejected: [{ problem: `${event} is raised by Relance alone: call it otherwise` }],
    });
    expect(world.queues.queued().events).toEqual([]);
    expect(await world.parking.parked(10)).toHaveLength(1);
  },
);

test.each([
  [{ name: 'rappel' }, 'memory-server-key', 202],
  [{ name: 'rappel' }, 'memory-write-key', 403],
  [{ name: 'rappel' }, 'x', 401],
  [{ name: 'personne' }, 'memory-server-key', 404],
  [{ name: 'bienvenue' }, 'memory-server-key', 409],
] as const)('over HTTP %o with %s is answered %d', async (path, key, status) => {
  const world = await aShop();
  const { headers, body } = request();
  const event = httpEvent({ path, headers: { ...headers, authorization: `Bearer ${key}` }, body });
  expect((await createHandler(world.ports)(event, lambdaContext)).statusCode).toBe(status);
});
