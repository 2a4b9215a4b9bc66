/** Who calls the Segment door, in every way SDKs say it, and how far they are trusted. */
import { expect, test } from 'vitest';
import { collectEvents, type Collected } from '../../shared/pipeline/collect-events.ts';
import type { Ports } from '../../shared/ports.ts';
import { doorWorld, queued } from './door-world.ts';

const basic = (key: string) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` });
const track = (fields = {}) => ({ type: 'track', event: 'Product Added', userId: 'u1', messageId: 'm1', ...fields });
const send = (ports: Ports, call: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Collected> =>
  collectEvents(ports, { call, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });

test.each<[string, Readonly<Record<string, string>>, object, string]>([
  ['Basic', basic('browser-key'), {}, 'browser'],
  ['Basic of a server key', basic('server-key'), {}, 'server'],
  ['Basic without the colon', { authorization: `basic ${Buffer.from('server-key').toString('base64')}` }, {}, 'server'],
  ['Basic of a key with a colon in it', { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` }, {}, 'server'],
  ['Bearer', { authorization: 'Bearer server-key' }, {}, 'server'],
  ['X-Write-Key', { 'x-write-key': 'id:secret' }, { writeKey: 'id:***' }, 'server'],
  ['writeKey in the body', {}, { writeKey: 'browser-key' }, 'browser'],
  ['an OAuth token with writeKey in the body', { authorization: 'Bearer token' }, { writeKey: 'server-key' }, 'server'],
])('%s', async (_what, headers, also, trust) => {
  const world = await doorWorld();
  expect(await send(world.ports, 'track', track(also), headers)).toMatchObject({ kind: 'accepted', accepted: 1 });
  expect(await send(world.ports, 'batch', { batch: [track({ messageId: 'm2' })], ...also }, headers)).toMatchObject({
    kind: 'accepted',
    accepted: 1,
  });
  expect(queued(world).map((envelope) => envelope.trust)).toEqual([trust, trust]);
  expect(JSON.stringify(queued(world))).not.toMatch(/writeKey|-key/);
});

test.each<[string, Readonly<Record<string, string>>, unknown]>([
  ['no key', {}, track()],
  ['another key', basic('wrong'), track({ writeKey: 'wrong' })],
  ['an empty key', basic(''), track({ writeKey: '' })],
  ['a name every object has', basic('constructor'), track({ writeKey: '__proto__' })],
  ['half a key', basic('server'), track({ writeKey: 'server-ke' })],
  ['no key and no JSON', {}, '{'],
  ['no key and nothing', {}, ''],
  ['no key and depth', {}, '['.repeat(10_000)],
])('%s is unknown', async (_what, headers, body) => {
  const world = await doorWorld();
  expect(await send(world.ports, 'track', body, headers)).toEqual({ kind: 'unknown-key' });
  expect([queued(world), await world.parking.parked(10)]).toEqual([[], []]);
});

test('an empty key opens nothing, even where one is configured', async () => {
  const { ports } = await doorWorld();
  const careless = { ...ports, secrets: { ...ports.secrets, writeKeys: { '': 'server' as const } } };
  for (const headers of [{}, basic(''), { authorization: 'Bearer ' }, { 'x-write-key': '' }]) {
    expect(await send(careless, 'track', track({ writeKey: '' }), headers)).toEqual({ kind: 'unknown-key' });
  }
});
