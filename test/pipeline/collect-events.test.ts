/** The Segment door: what it takes, what it parks, and that it answers yes only after the queue did. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claimKey } from '../../shared/events/identifier.ts';
import { InvalidInput, Unavailable } from '../../shared/kernel/errors.ts';
import { parseJson } from '../../shared/kernel/json.ts';
import { collectEvents, type Collected } from '../../shared/pipeline/collect-events.ts';
import type { Ports } from '../../shared/ports.ts';
import { anyJson, withAnything } from '../connectors/any-json.ts';
import { recordedRequests } from '../connectors/segment-requests.ts';
import { broken, doorSecrets, doorWorld, now, queued, queuedEvents, type Broken } from './door-world.ts';

const asBrowser = { authorization: `Basic ${Buffer.from('browser-key:').toString('base64')}` };
const track = (fields = {}) => ({ type: 'track', event: 'Product Added', userId: 'u1', messageId: 'm1', ...fields });

const send = (
  ports: Ports,
  call: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = asBrowser,
): Promise<Collected> => {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return collectEvents(ports, { call, headers, body: bytes });
};

describe('the body', () => {
  test.each([
    ['as it is', (bytes: Buffer) => bytes],
    ['gzipped, whatever its label', (bytes: Buffer) => gzipSync(bytes)],
    ['with a byte order mark', (bytes: Buffer) => Buffer.concat([Buffer.from('\ufeff'), bytes])],
  ])('is read %s', async (_what, pack) => {
    const world = await doorWorld();
    const body = pack(Buffer.from(JSON.stringify(track({ properties: { name: 'Crème brûlée ✓' } }))));
    expect(
      await send(world.ports, 't', body, { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject({ accepted: 1 });
    expect(queuedEvents(world)[0]?.properties).toEqual({ name: 'Crème brûlée ✓' });
  });

  test.each<[string, string, unknown, RegExp]>([
    ['nothing', 'track', '', /the body is empty/],
    ['no JSON', 'track', '{"type":', /not valid JSON/],
    ['a form', 'batch', 'a=b', /not valid JSON/],
    ['another encoding', 'track', Buffer.from('{"event":"Zo\u00eb"}', 'latin1'), /not UTF-8/],
    ['broken gzip', 'track', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('nonsense')]), /cannot be unpacked/],
    ['cut gzip', 'track', gzipSync(JSON.stringify(track())).subarray(0, 30), /cannot be unpacked/],
    ['depth 10,000', 'track', `{"properties":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, /nested deeper than 64/],
    ['an event of 33 KB', 'track', track({ properties: { x: 'x'.repeat(33_000) } }), /at most 32768 are taken/],
    ['2,501 calls', 'batch', { batch: Array.from({ length: 2_501 }, () => track()) }, /has 2501 calls; at most 2500/],
    ['no calls', 'batch', track(), /must be an array of calls/],
  ])('that is %s makes the whole request unusable', async (_what, call, body, words) => {
    const world = await doorWorld();
    await expect(send(world.ports, call, body)).rejects.toThrow(InvalidInput);
    await expect(send(world.ports, call, body)).rejects.toThrow(words);
    expect([queued(world), await world.parking.parked(10)]).toEqual([[], []]);
  });

  test.each([
    ['501 KB', Buffer.alloc(501 * 1024, 'x')],
    ['11 MB', Buffer.alloc(11 * 1024 * 1024, 'x')],
    ['64 MB in 64 KB of gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
  ])('of %s is too large', async (_what, body) => {
    const world = await doorWorld();
    const began = Date.now();
    expect(await send(world.ports, 'batch', body)).toEqual({ kind: 'too-large' });
    expect(Date.now() - began).toBeLessThan(1_000);
  });

  test('with a prototype in it changes no object', async () => {
    const world = await doorWorld();
    await send(
      world.ports,
      'track',
      `{"event":"X","userId":"u","properties":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":1}}`,
    );
    expect(queuedEvents(world)[0]?.properties).toEqual({ a: 1 });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('with lone surrogates becomes well-formed', async () => {
    const world = await doorWorld();
    await send(world.ports, 'track', '{"event":"X \\ud800","userId":"u","properties":{"\\udfff":"a\\ud800"}}');
    expect(queuedEvents(world)[0]?.name).toBe('X \ufffd');
    expect(JSON.stringify(queuedEvents(world)).isWellFormed()).toBe(true);
  });
});

test.each(['', 'import', 'T', '__proto__', 'tracks'])('/v1/%s is no call', async (call) => {
  expect(await send((await doorWorld()).ports, call, track())).toEqual({ kind: 'unknown-call' });
});

describe('a mixed batch', () => {
  const batch = [
    track({ messageId: 'good-1' }),
    { type: 'track', messageId: 'no-name', userId: 'u1', context: { traits: { email: 'Ada@Example.com' } } },
    track({ messageId: 'null-person', userId: 'null' }),
    null,
    track({ messageId: 'too-large', properties: { x: 'x'.repeat(33_000) } }),
    track({ messageId: 'good-2' }),
  ];

  test('goes through but for its bad calls, which are told and parked', async () => {
    const world = await doorWorld();
    const collected = await send(world.ports, 'batch', { batch });
    expect(collected).toMatchObject({ kind: 'accepted', accepted: 2 });
    expect(
      collected.kind === 'accepted' &&
        collected.rejected.map(({ index, messageId, problem }) => [index, messageId, problem.slice(0, 22)]),
    ).toEqual([
      [1, 'no-name', 'event is required and '],
      [2, 'null-person', 'names nobody: userId i'],
      [3, undefined, 'a call must be an obje'],
      [4, 'too-large', 'the event has 33100 by'],
    ]);
    expect(queuedEvents(world).map(({ id }) => id)).toEqual(['segment:good-1', 'segment:good-2']);
    const parked = (await world.parking.parked(10)).toSorted((a, b) => a.problems[0]!.where.localeCompare(b.problems[0]!.where));
    expect(parked.map(({ stage, problems, body }) => [stage, problems[0]?.where, parseJson(body)])).toEqual(
      [1, 2, 3, 4].map((at) => ['collect-events', `[${at}]`, batch[at]]),
    );
    expect(parked[0]?.claims).toEqual([
      claimKey(doorSecrets.identifierKey, { type: 'userId', value: 'u1' }),
      claimKey(doorSecrets.identifierKey, { type: 'email', value: 'ada@example.com' }),
    ]);
    expect(JSON.stringify(world.logged)).not.toMatch(/u1|ada@/i);
  });

  test('loses the call that is nested too deep alone, and keeps it as it was written', async () => {
    const world = await doorWorld();
    const deep = `${'{"a":['.repeat(5_000)}"]"${']}'.repeat(5_000)}`;
    const call = (messageId: string, x: string) =>
      `{"type":"track","event":"e","userId":"u1","messageId":"${messageId}","properties":{"x":${x}}}`;
    const body = `{"batch":[${call('good-1', '1')},${call('deep', deep)},${call('good-2', `"${'['.repeat(100)}"`)}]}`;
    const collected = await send(world.ports, 'batch', body);
    expect(collected).toMatchObject({
      kind: 'accepted',
      accepted: 2,
      rejected: [{ index: 1, messageId: 'deep', problem: 'nested deeper than 64 levels; send flatter objects' }],
    });
    expect(queuedEvents(world).map(({ id }) => id)).toEqual(['segment:good-1', 'segment:good-2']);
    const [parked] = await world.parking.parked(10);
    // Levels 1 to 64 are read, the rest is text.
    const rest = deep.slice('{"a":['.repeat(30).length, -']}'.repeat(30).length);
    expect(JSON.stringify(parseJson(parked?.body ?? ''))).toContain(JSON.stringify(rest).slice(1, -1));
    expect(parked?.claims).toEqual([claimKey(doorSecrets.identifierKey, { type: 'userId', value: 'u1' })]);
  });

  test('is refused as a whole where the context of all its calls is nested too deep', async () => {
    const world = await doorWorld();
    const context = `${'['.repeat(100)}${']'.repeat(100)}`;
    const body = `{"batch":[${JSON.stringify(track())}],"context":{"x":${context}}}`;
    await expect(send(world.ports, 'batch', body)).rejects.toThrow(/context.*nested deeper than 64 levels/);
  });

  test('loses alone the calls whose ids were no text: broken differently, they would be read as one person', async () => {
    const world = await doorWorld();
    const call = (messageId: string, id: string) => `{"type":"track","event":"e","messageId":"${messageId}",${id}}`;
    const calls = [
      call('broken-1', String.raw`"userId":"S\ud800"`),
      call('good', String.raw`"userId":"S\ud83d\ude00"`),
      call('broken-2', String.raw`"anonymousId":"S\ud801"`),
    ];
    const problem = (type: string) => `names nobody: ${type} holds characters that are no text`;
    expect(await send(world.ports, 'batch', `{"batch":[${calls.join()}]}`)).toEqual({
      kind: 'accepted',
      accepted: 1,
      rejected: [
        { index: 0, messageId: 'broken-1', problem: problem('userId') },
        { index: 2, messageId: 'broken-2', problem: problem('anonymousId') },
      ],
    });
    expect(queued(world).map(({ identifiers }) => identifiers)).toEqual([[{ type: 'userId', value: 'S😀' }]]);
  });

  test.each(['a..b@example.com', 'x@localhost', 'a@example.com, b@example.com', 'a@example.com\r\nBcc: b@example.com'])(
    'is told which address nobody can write to (%j), and goes through',
    async (email) => {
      const world = await doorWorld();
      const batch = [
        track({ messageId: 'good' }),
        { ...track({ messageId: 'half', context: { traits: { email } } }), traits: { email } },
      ];
      expect(await send(world.ports, 'batch', { batch })).toEqual({
        kind: 'accepted',
        accepted: 2,
        rejected: [],
        warnings: [{ index: 1, messageId: 'half', problem: 'left out: email is no e-mail address' }],
      });
      expect(queuedEvents(world)).toHaveLength(2);
    },
  );

  test('is parked once however often it is sent', async () => {
    const world = await doorWorld();
    for (const sentAt of ['2026-11-23T17:00:00Z', '2026-11-23T17:00:05Z']) await send(world.ports, 'batch', { batch, sentAt });
    const alone = { ...batch[1], writeKey: 'browser-key', sentAt: '2026-11-23T17:00:09Z' };
    await send(world.ports, 'track', alone);
    expect(await world.parking.parked(10)).toHaveLength(4);
  });

  test('of bad calls alone is taken: they are parked', async () => {
    const world = await doorWorld();
    expect(await send(world.ports, 'batch', { batch: [null, 7] })).toMatchObject({
      accepted: 0,
      rejected: [{ index: 0 }, { index: 1 }],
    });
    expect(queued(world)).toEqual([]);
    expect(await world.parking.parked(10)).toHaveLength(2);
  });
});

describe('yes is said only after the queue said so', () => {
  test.each<Broken>(['queues', 'parking', 'settings'])(
    'when the %s cannot answer, nothing is lost: it is unavailable',
    async (what) => {
      const world = await doorWorld();
      const ports = broken(world, what);
      await expect(send(ports, 'batch', { batch: [track(), null] })).rejects.toThrow(Unavailable);
      expect(await send(world.ports, 'batch', { batch: [track(), null] })).toMatchObject({
        accepted: 1,
        rejected: [{ index: 1 }],
      });
      expect(new Set(queued(world).map(({ id }) => id)).size).toBe(1);
      expect(await world.parking.parked(10)).toHaveLength(1);
    },
  );
});

test('a retry in another grouping with a new sentAt has the same events', async () => {
  const world = await doorWorld();
  const timestamp = '2026-11-23T17:00:00.000Z';
  const nameless = { type: 'track', event: 'Cart Viewed', userId: 'u1', timestamp };
  await send(world.ports, 'batch', { batch: [track({ timestamp }), nameless], sentAt: '2026-11-23T17:00:01Z' });
  await send(world.ports, 'track', { ...track({ timestamp }), sentAt: '2026-11-23T17:30:00Z' });
  await send(world.ports, 'batch', { batch: [nameless, track({ timestamp, messageId: 'm9' })], sentAt: '2026-11-23T17:40:00Z' });
  const [first, second, third] = queued(world).map(({ events }) => events);
  expect(second?.[0]?.id).toBe(first?.[0]?.id);
  expect(third?.[0]?.id).toBe(first?.[1]?.id);
  expect(new Set(queuedEvents(world).map(({ statedAt }) => statedAt))).toEqual(new Set([Date.parse(timestamp)]));
});

test.each(recordedRequests)('the request that $name recorded is taken whole', async ({ call, headers, body }) => {
  const world = await doorWorld();
  expect(await send(world.ports, call, body, headers)).toMatchObject({ kind: 'accepted', rejected: [] });
  expect(queuedEvents(world).length).toBeGreaterThan(0);
  expect(queued(world).every(({ receivedAt }) => receivedAt === now)).toBe(true);
});

test('2,500 calls are taken within a second', async () => {
  const world = await doorWorld();
  const batch = Array.from({ length: 2_500 }, (_, at) => ({
    type: 'track',
    event: 'X',
    userId: `u${at % 50}`,
    timestamp: '2026-11-23T17:00:00Z',
    p: at,
  }));
  const began = Date.now();
  expect(await send(world.ports, 'b', { batch })).toMatchObject({ accepted: 2_500, rejected: [] });
  expect(Date.now() - began).toBeLessThan(1_000);
  expect(queued(world)).toHaveLength(50);
});

test('whatever a stranger with a key sends, every call is queued or parked, and no error but InvalidInput is thrown', async () => {
  const world = await doorWorld();
  const good = {
    batch: [
      track({ timestamp: '2026-11-23T17:00:00Z', context: { traits: { phone: '0612345678' } } }),
      { type: 'identify', userId: 'u', traits: { email: 'a@b.example', consent: { sms: true } } },
    ],
  };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(withAnything(good), anyJson, fc.uint8Array({ maxLength: 300 })),
      fc.constantFrom('batch', 'track', 'identify', 'alias', 'group'),
      async (body, call) => {
        const collected = await send(world.ports, call, body).catch((error: unknown) => error);
        if (collected instanceof InvalidInput) return;
        expect(collected).toMatchObject({ kind: 'accepted' });
        for (const { body: parked } of await world.parking.parked(1)) expect(() => parseJson(parked)).not.toThrow();
      },
    ),
    { numRuns: 300 },
  );
});
