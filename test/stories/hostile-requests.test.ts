/** Whatever comes to the door gets a clear answer, and the good of a mixed batch goes through (promise 1). */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { serverKey, shop } from './shop.ts';

describe('hostile and broken requests', () => {
  const story = shop();
  const key = { authorization: `Basic ${btoa(`${serverKey}:`)}` };
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = key) =>
    story.request(path, { method: 'POST', headers, body });
  const event = (userId: string, more: object = {}) => ({
    type: 'track',
    userId,
    messageId: story.fresh('m'),
    event: 'Viewed',
    ...more,
  });

  test.each([
    ['no key', '/v1/track', '{"userId":"u","event":"e"}', {}, 401],
    ['an unknown key', '/v1/track', '{"userId":"u","event":"e"}', { authorization: `Basic ${btoa('nobody:')}` }, 401],
    ['an empty body', '/v1/track', '', key, 400],
    ['no JSON', '/v1/batch', '{"batch":[', key, 400],
    ['a list where an object belongs', '/v1/track', '[1,2]', key, 400],
    ['a call we do not have', '/v1/nothing', '{}', key, 404],
    ['an unknown connector', '/webhooks/nobody', '{}', {}, 404],
    [
      'a wrong signature',
      '/webhooks/shopify',
      '{}',
      { 'x-shopify-hmac-sha256': 'AAAA', 'x-shopify-topic': 'orders/create' },
      401,
    ],
    ['no signature', '/webhooks/shopify', '{}', {}, 401],
    ['no signature on the generic endpoint', '/webhooks/generic', '{}', {}, 401],
  ])('%s is answered', async (_what, path, body, headers, status) => {
    const answer = await post(path, body, { ...headers });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(status === 400 ? /\w{4,}/ : /^/);
  });

  test('too large is said, not suffered: 33 KB event, 2,501 items, 500 KB, 11 MB, a gzip bomb', async () => {
    const large = JSON.stringify(event('u', { properties: { text: 'x'.repeat(33_000) } }));
    expect((await post('/v1/track', large)).status).toBe(400);
    const many = JSON.stringify({
      batch: Array.from({ length: 2_501 }, (_, n) => ({ type: 'track', userId: 'u', event: `${n}` })),
    });
    expect((await post('/v1/batch', many)).status).toBe(400);
    expect((await post('/v1/batch', JSON.stringify({ batch: [], pad: 'x'.repeat(600_000) }))).status).toBe(413);
    expect((await post('/v1/batch', 'x'.repeat(11 * 1024 * 1024))).status).toBe(413);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50 * 1024 * 1024, 32)));
    expect((await post('/v1/batch', bomb, { ...key, 'content-encoding': 'gzip' })).status).toBe(413);
  });

  test('the good items of a mixed batch go through, the others are named and parked', async () => {
    const userId = story.fresh('mixed');
    const deep = `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`;
    const batch = `{"batch":[
      ${JSON.stringify(event(userId, { event: 'First' }))},
      {"type":"track","messageId":"bad-1","userId":"${userId}"},
      {"type":"track","messageId":"bad-2","event":"Nobody"},
      "not an object", null, 7,
      {"type":"track","userId":"${userId}","messageId":"${story.fresh('m')}","event":"Polluted","properties":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}},
      {"type":"track","userId":"${userId}","messageId":"${story.fresh('m')}","event":"Surrogate \\ud800","properties":{"a":"\\udfff"}},
      {"type":"track","userId":"${userId}","messageId":"${story.fresh('m')}","event":"Deep","properties":{"deep":${deep}}},
      {"type":"track","userId":"${userId}","messageId":"${story.fresh('m')}","event":"Big id","properties":{"id":820982911946154508}},
      ${JSON.stringify(event(userId, { properties: { text: 'x'.repeat(33_000) } }))},
      ${JSON.stringify(event(userId, { event: 'Last' }))}
    ]}`;
    const answer = await post('/v1/batch', batch);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      accepted: 6,
      rejected: [
        { index: 1, messageId: 'bad-1' },
        { index: 2, messageId: 'bad-2' },
        { index: 3 },
        { index: 4 },
        { index: 5 },
        { index: 10 },
      ],
    });
    await story.settle();
    const profile = JSON.stringify(await story.profile(`userId=${userId}`));
    for (const name of ['First', 'Last', 'Polluted', 'Deep', '820982911946154508', 'Surrogate \uFFFD'])
      expect(profile).toContain(name);
    expect(profile).not.toContain('__proto__');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const parked = JSON.stringify((await story.request('/_local/parked')).body);
    expect(parked).toContain('bad-1');
    expect(parked).toContain('bad-2');
  });

  test('a depth of 10,000 is refused in words, on every door that reads it', async () => {
    const deep = `{"userId":"u","event":"e","properties":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const answer = await post('/v1/track', deep);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain('deep');
  });
});
