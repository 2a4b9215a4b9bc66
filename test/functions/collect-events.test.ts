/** What SDKs and browsers get over HTTP from the Segment door. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/collect-events.ts';
import { httpEvent, type RequestWords } from '../edge/http-events.ts';
import { lambdaContext } from '../edge/lambda-events.ts';
import { broken, doorWorld, queuedEvents } from '../pipeline/door-world.ts';

const authorization = `Basic ${Buffer.from('browser-key:').toString('base64')}`;
const track = JSON.stringify({ event: 'Product Added', userId: 'u1', messageId: 'm1' });

async function ask(words: RequestWords) {
  const world = await doorWorld();
  const result = await createHandler(world.ports)(httpEvent(words), lambdaContext);
  return { world, status: result.statusCode, headers: result.headers ?? {}, body: JSON.parse(result.body || 'null') as unknown };
}

describe('an answer', () => {
  test.each<[string, RequestWords, number, unknown]>([
    [
      'a call',
      { path: { call: 'track' }, headers: { authorization }, body: track },
      200,
      { success: true, accepted: 1, rejected: [] },
    ],
    [
      'a call of another name',
      { path: { call: 'tracks' }, headers: { authorization }, body: track },
      404,
      { error: 'no such call' },
    ],
    ['a call of nobody', { path: { call: 'track' }, body: track }, 401, { error: 'unknown write key' }],
    [
      '500 KB and more',
      { path: { call: 'batch' }, headers: { authorization }, body: 'x'.repeat(600_000) },
      413,
      { error: 'the request is larger than 500 KB' },
    ],
    [
      'no JSON',
      { path: { call: 'track' }, headers: { authorization }, body: '' },
      400,
      {
        error: 'the body is empty; JSON was expected',
        problems: [{ where: '', problem: 'the body is empty; JSON was expected' }],
      },
    ],
    [
      'a half good batch',
      {
        path: { call: 'b' },
        headers: { authorization },
        body: `{"batch":[{"type":"track","event":"X","userId":"u"},{"type":"track","messageId":"m2"}]}`,
      },
      200,
      { success: false, accepted: 1, rejected: [{ index: 1, messageId: 'm2', problem: 'event is required and must be text' }] },
    ],
    [
      'a call with an address nobody can write to',
      {
        path: { call: 'identify' },
        headers: { authorization },
        body: '{"userId":"u","messageId":"m3","traits":{"email":"x@localhost"}}',
      },
      200,
      {
        success: true,
        accepted: 1,
        rejected: [],
        warnings: [{ index: 0, messageId: 'm3', problem: 'left out: email is no e-mail address' }],
      },
    ],
  ])('to %s', async (_what, words, status, body) => {
    const answer = await ask(words);
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  test('to a gzipped body that the gateway took for binary', async () => {
    const { status, world } = await ask({
      path: { call: 'track' },
      headers: { authorization },
      body: gzipSync(track),
      base64: true,
    });
    expect([status, queuedEvents(world)[0]?.id]).toEqual([200, 'segment:m1']);
  });

  test('is "try again" when the queue cannot take it, for browsers too', async () => {
    const world = await doorWorld();
    const event = httpEvent({ path: { call: 'track' }, headers: { authorization }, body: track });
    const result = await createHandler(broken(world, 'queues'))(event, lambdaContext);
    expect(result).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5', 'access-control-allow-origin': '*' } });
  });
});

test('a preflight allows what the SDKs send', async () => {
  const { status, headers, body } = await ask({
    method: 'OPTIONS',
    path: { call: 't' },
    headers: { origin: 'https://shop.example' },
  });
  expect([status, body]).toEqual([204, null]);
  expect(headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-max-age': '7200',
  });
  for (const name of ['authorization', 'content-type', 'x-write-key', 'x-retry-count'])
    expect(headers['access-control-allow-headers']).toContain(name);
});

describe('the settings that analytics.js asks for', () => {
  const settings = (key: string, headers = {}) => ask({ method: 'GET', path: { key }, headers });

  test('lead it back to this host', async () => {
    const { status, headers, body } = await settings('browser-key', { host: 'api.shop.example', 'x-forwarded-proto': 'https' });
    expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(body).toMatchObject({
      integrations: { 'Segment.io': { apiKey: 'browser-key', apiHost: 'api.shop.example/v1', protocol: 'https' } },
    });
  });

  test('speak http on loopback, where there is no certificate', async () => {
    const { body } = await settings('browser-key', { host: '127.0.0.1:4000' });
    expect(body).toMatchObject({ integrations: { 'Segment.io': { apiHost: '127.0.0.1:4000/v1', protocol: 'http' } } });
  });

  test.each(['wrong', '', 'server-key', '__proto__'])('are not for the key %j', async (key) => {
    expect(await settings(key)).toMatchObject({ status: 404, body: { error: 'not found' } });
  });
});
