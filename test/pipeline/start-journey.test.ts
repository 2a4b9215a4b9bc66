/** A server starts a journey for one person: once for each key, and nobody else can (promises 1 and 2). */
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/collect-events.ts';
import { InvalidInput, Unavailable } from '../../shared/kernel/errors.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { exactDays, hours } from '../../shared/kernel/time.ts';
import { collectEvents } from '../../shared/pipeline/collect-events.ts';
import { startJourney, type StartRequest } from '../../shared/pipeline/start-journey.ts';
import { ada, aJourney, aWorld, goal, runs, settle, tell } from './language-world.ts';
import { boundQueues } from './bound-ports.ts';
import { lambdaContext } from '../edge/lambda-events.ts';
import { httpEvent } from '../edge/http-events.ts';
import { theOne, told, track, type TestWorld } from './process-events-world.ts';

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

const withKey = (key: string, given: Parameters<typeof request>[0] = {}): StartRequest =>
  request({ ...given, headers: { ...request().headers, 'idempotency-key': key } });

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

  test('under one key is one, in every spelling of its body, and answered the same each time', async () => {
    const world = await aShop();
    const first = await startJourney(world.ports, request());
    for (const json of [
      '{"traits":{"firstName":"Ada"},"properties":{"order_id":7.0},"email":"ada@example.com"}',
      '\ufeff{ "email": "ada\\u0040example.com", "properties": {"order_id": 0.7e1}, "traits": {"firstName": "Ada"} }',
    ]) {
      world.clock.now += hours(3);
      expect(await startJourney(world.ports, request({ json }))).toEqual(first);
      await settle(world);
    }
    expect(await told(world, await theOne(world, ada))).toHaveLength(1);
  });

  test.each([
    [{ json: { email: 'ada@example.com', properties: { order_id: 8 }, traits: { firstName: 'Ada' } } }],
    [{ json: { email: 'ada@example.com', properties: { order_id: '7' }, traits: { firstName: 'Ada' } } }],
    [{ json: { email: 'bob@example.com', properties: { order_id: 7 }, traits: { firstName: 'Ada' } } }],
    [{ json: { email: 'ada@example.com', properties: { order_id: 7 } } }],
  ])('under a key that stands for something else is refused, and nothing is queued: %o', async (given) => {
    const world = await aShop();
    await startJourney(world.ports, request());
    await settle(world);
    expect(await startJourney(world.ports, request(given))).toEqual({ kind: 'other-body' });
    expect(world.queues.queued().events).toEqual([]);
    expect(await startJourney(world.ports, withKey('k2', given))).toMatchObject({ kind: 'accepted' });
  });

  test('under its key is refused for 30 days with another body; after them the key is as good as new', async () => {
    const world = await aShop();
    const json = { email: 'ada@example.com', properties: { order_id: 8 } };
    const first = await startJourney(world.ports, request());
    await settle(world);
    world.clock.now += exactDays(30) - 1;
    expect(await startJourney(world.ports, request({ json }))).toEqual({ kind: 'other-body' });
    expect(await startJourney(world.ports, request())).toEqual(first);
    await settle(world);
    expect(await runs(world)).toHaveLength(1);
    world.clock.now += 1;
    const second = await startJourney(world.ports, request({ json }));
    expect(second).toMatchObject({ kind: 'accepted' });
    expect(second).not.toEqual(first);
    await settle(world);
    expect(await runs(world)).toHaveLength(2);
  });

  test('told again weeks later, after many other events, is one', async () => {
    const world = await aShop();
    await startJourney(world.ports, request());
    await settle(world);
    const page = (n: number) => track(`p${n}`, 'Page Viewed', world.clock.now + n * 60_000);
    for (let n = 0; n < 3; n++) await tell(world, ...Array.from({ length: 800 }, (_, at) => page(n * 800 + at)));
    world.clock.now += exactDays(20);
    await startJourney(world.ports, request());
    await settle(world);
    const events = await told(world, await theOne(world, ada));
    expect(events.filter(({ name }) => name === 'Journey Requested')).toHaveLength(1);
  });

  test('whose door died before the queue had it is taken by the same body, in time for the journey, and by no other', async () => {
    const world = await aShop();
    const died = startJourney(brokenQueues(world), request());
    await expect(died).rejects.toThrow(Unavailable);
    world.clock.now += hours(7);
    expect(await startJourney(world.ports, request({ json: { email: 'ada@example.com' } }))).toEqual({ kind: 'other-body' });
    expect(await startJourney(world.ports, request())).toMatchObject({ kind: 'accepted' });
    await settle(world);
    expect(await runs(world)).toMatchObject([{ journey: 'rappel', went: ['goal fait'] }]);
  });

  test('ten at once are one, and of two bodies at once one is refused', async () => {
    const world = await aShop();
    const other = { email: 'ada@example.com', properties: { order_id: 8 } };
    const asked = Array.from({ length: 10 }, (_, n) => startJourney(world.ports, request(n % 2 === 0 ? {} : { json: other })));
    expect((await Promise.all(asked)).map(({ kind }) => kind).toSorted()).toEqual([
      ...Array.from({ length: 5 }, () => 'accepted'),
      ...Array.from({ length: 5 }, () => 'other-body'),
    ]);
    await settle(world);
    expect(await runs(world)).toHaveLength(1);
  });

  test('takes no key when it cannot be used: corrected, it goes under the same', async () => {
    const world = await aShop();
    await expect(startJourney(world.ports, request({ json: { email: 'no address' } }))).rejects.toThrow(InvalidInput);
    expect(await startJourney(world.ports, request())).toMatchObject({ kind: 'accepted' });
  });

  test('shares its key with no other journey, and with every server key', async () => {
    const world = await aShop();
    await startJourney(world.ports, request());
    expect(await startJourney(world.ports, request({ name: 'autre', json: { email: 'bob@example.com' } }))).toMatchObject({
      kind: 'accepted',
    });
    const secrets = { ...world.ports.secrets, writeKeys: { second: 'server' } } as const;
    const headers = { authorization: 'Bearer second', 'idempotency-key': 'k1' };
    const again = await startJourney({ ...world.ports, secrets }, request({ headers }));
    expect(again).toEqual(await startJourney(world.ports, request()));
  });

  test.each(['R#x', '#', 'a'.repeat(256), '🧣é', '"k"', '../..', '{{ x }}', '%00', '__proto__'])(
    'takes the key %j as any other',
    async (key) => {
      const world = await aShop();
      const first = await startJourney(world.ports, withKey(key));
      expect(await startJourney(world.ports, withKey(` ${key} `))).toEqual(first);
      expect(await startJourney(world.ports, withKey(key, { json: { email: 'x@example.com' } }))).toEqual({ kind: 'other-body' });
    },
  );

  test('without what the journey runs once for is taken with a warning: the person may have it', async () => {
    const world = await aShop();
    const problem: unknown = expect.stringContaining('once for each');
    const lacking = [{ where: 'properties.order_id', problem }];
    const start = (key: string, json: JsonObject) => startJourney(world.ports, withKey(key, { json }));
    for (const properties of [{}, { order_id: '' }, { order_id: null }, { order_id: {} }, { orderId: 7 }])
      expect(await start(JSON.stringify(properties), { email: 'ada@example.com', properties })).toMatchObject({
        warnings: lacking,
      });
    expect(await start('none', { email: 'ada@example.com' })).toMatchObject({ warnings: lacking });
    for (const json of [{ properties: { order_id: 0 } }, { traits: { order_id: 'A' } }])
      expect(await start(JSON.stringify(json), { email: 'ada@example.com', ...json })).not.toHaveProperty('warnings');
    expect(await startJourney(world.ports, request({ name: 'autre', json: { email: 'a@b.fr' } }))).not.toHaveProperty('warnings');
  });

  test('says what of its person was of no use', async () => {
    const world = await aShop();
    const json = { userId: 'u', email: 'no address', properties: { order_id: 1 } };
    const problem: unknown = expect.stringContaining('left out: email');
    expect(await startJourney(world.ports, request({ json }))).toMatchObject({ warnings: [{ where: '', problem }] });
  });

  test('for somebody unknown makes a person', async () => {
    const world = await aShop();
    await startJourney(world.ports, request({ json: { userId: 'ghost', properties: { order_id: 1 } } }));
    await settle(world);
    const ghost = { type: 'userId', value: 'ghost' } as const;
    expect(await told(world, await theOne(world, ghost))).toHaveLength(1);
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

/** The same world, whose queues do not answer. */
const brokenQueues = ({ ports }: TestWorld): TestWorld['ports'] => ({
  ...ports,
  queues: { ...boundQueues(ports), sendEvents: () => Promise.reject(new Unavailable('not now')) },
});

test('over HTTP another body under the same key is answered 422 with what to do', async () => {
  const world = await aShop();
  const answer = async (given: Parameters<typeof request>[0]) => {
    const { headers, body } = request(given);
    return createHandler(world.ports)(httpEvent({ path: { name: 'rappel' }, headers, body }), lambdaContext);
  };
  const first = await answer({});
  expect([first.statusCode, (await answer({})).body]).toEqual([202, first.body]);
  const other = await answer({ json: { email: 'ada@example.com', properties: { order_id: 8 } } });
  expect(other.statusCode).toBe(422);
  expect(other.body).toContain('take a new key for a new start');
});

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
