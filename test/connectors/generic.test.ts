/** The endpoint for whatever can send JSON: Standard Webhooks, checked against the library of that name. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { WebhookRequest } from '../../shared/connectors/connector.ts';
import { generic } from '../../shared/connectors/generic.ts';
import { connectorNamed } from '../../shared/connectors/registry.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import { unlessInvalid, withAnything } from './any-json.ts';

const secret = 'whsec_bG9jYWwtc2VjcmV0LWZvci1yZWxhbmNl';
const other = 'whsec_YW5vdGhlci1zZWNyZXQtZm9yLXJlbGFuY2U=';
const now = Date.parse('2026-11-23T12:00:00Z');

function signed(body: string, { at = now, id = 'msg_1', key = secret } = {}): WebhookRequest {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': new Webhook(key).sign(id, new Date(at), body),
  };
  return { headers, body: Buffer.from(body) };
}
/** What anybody could compute if an empty secret were one. */
function signedWithNothing(body: string): WebhookRequest {
  const request = signed(body);
  const text = `${request.headers['webhook-id']}.${request.headers['webhook-timestamp']}.${body}`;
  return withHeader(request, 'webhook-signature', `v1,${createHmac('sha256', '').update(text).digest('base64')}`);
}
const isAuthentic = (request: WebhookRequest, secrets: readonly string[] = [secret]) =>
  generic.isAuthentic(request, secrets, now);
const withHeader = (request: WebhookRequest, name: string, value: string) => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

describe('a request is authentic', () => {
  test.each(['{"a":"é > ß"}\r\n', '\ufeff{}', ''])('when the library signed these bytes: %j', (body) => {
    expect(isAuthentic(signed(body))).toBe(true);
  });

  test('with any of its signatures and any valid secret, with or without the prefix', () => {
    const request = signed('{}', { key: other });
    const both = `v1a,zzz ${request.headers['webhook-signature']} v1,AAAA`;
    expect(isAuthentic(withHeader(request, 'webhook-signature', both), [secret, other])).toBe(true);
    expect(isAuthentic(request, [other.replace('whsec_', '')])).toBe(true);
  });

  test.each([0, 299, 300, -300])('%i seconds after it was signed', (seconds) => {
    expect(isAuthentic(signed('{}', { at: now - seconds * 1_000 }))).toBe(true);
  });

  test.each([301, -301, 86_400])('and not %i seconds after it was signed', (seconds) => {
    expect(isAuthentic(signed('{}', { at: now - seconds * 1_000 }))).toBe(false);
  });

  test('and not where nobody knows when it was received', () => {
    expect(generic.isAuthentic(signed('{}'), [secret], Number.NaN)).toBe(false);
  });

  test.each<[string, WebhookRequest, readonly string[]]>([
    ['another secret', signed('{}', { key: other }), [secret]],
    ['no secret configured', signed('{}'), []],
    ['an empty secret configured', signedWithNothing('{}'), ['whsec_', '']],
    ['another id', withHeader(signed('{}'), 'webhook-id', 'msg_2'), [secret]],
    ['no id', withHeader(signed('{}', { id: '' }), 'webhook-id', ''), [secret]],
    ['no timestamp', withHeader(signed('{}'), 'webhook-timestamp', ''), [secret]],
    ['a timestamp that is no number', withHeader(signed('{}'), 'webhook-timestamp', '1795435200.0'), [secret]],
    ['no signature', withHeader(signed('{}'), 'webhook-signature', ''), [secret]],
    [
      'a signature of another version',
      withHeader(signed('{}'), 'webhook-signature', (signed('{}').headers['webhook-signature'] ?? '').replace('v1,', 'v2,')),
      [secret],
    ],
    ['another body', { ...signed('{}'), body: Buffer.from('{ }') }, [secret]],
    ['no headers at all', { headers: {}, body: Buffer.from('{}') }, [secret]],
  ])('and not with %s', (_what, request, secrets) => {
    expect(isAuthentic(request, secrets)).toBe(false);
  });

  test('no more once any byte of the body is another', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (body, at, flip) => {
        const request = signed(body);
        expect(isAuthentic(request)).toBe(true);
        const flipped = Buffer.from(request.body).map((byte, index) => (index === at % request.body.length ? byte ^ flip : byte));
        expect(isAuthentic({ ...request, body: flipped })).toBe(false);
      }),
    );
  });
});

describe('its body', () => {
  const track = { type: 'track', userId: 'u', event: 'Store Visited' };
  const names = (body: unknown) => generic.translate(signed(JSON.stringify(body)), now).told.map(({ event }) => event.name);

  test('is one call or an array of them; bad ones are refused alone', () => {
    expect(names(track)).toEqual(['Store Visited']);
    expect(names([track, { type: 'identify', userId: 'u' }])).toEqual(['Store Visited', 'Identify']);
    const { told, refused } = generic.translate(signed(JSON.stringify([track, 7, track])), now);
    expect([told.length, refused.map(({ index }) => index)]).toEqual([2, [1]]);
  });

  test('without ids and times is known by the id of the request, so a redelivery counts once', () => {
    const ids = (id: string) =>
      generic.translate(signed(JSON.stringify([track, track]), { id }), now).told.map(({ event }) => event.id);
    expect(ids('msg_1')).toEqual(['segment:generic:msg_1:0', 'segment:generic:msg_1:1']);
    expect(ids('msg_2')).not.toEqual(ids('msg_1'));
  });

  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

  test.each(['', 'event=x', '7', '"track"', `{"userId":"u","properties":${deep}}`])('%.20s is none', (body) => {
    expect(() => generic.translate(signed(body), now)).toThrow(InvalidInput);
  });

  test('loses the call that is nested too deep alone', () => {
    const { told, refused } = generic.translate(signed(`[${JSON.stringify(track)},{"userId":"u","properties":${deep}}]`), now);
    expect([told.length, refused.map(({ index, problem }) => [index, problem])]).toEqual([
      1,
      [[1, 'nested deeper than 64 levels; send flatter objects']],
    ]);
  });

  test('with anything at any place throws nothing but InvalidInput', () => {
    fc.assert(
      fc.property(
        withAnything([
          { ...track, timestamp: '2026-11-23T10:00:00Z' },
          { type: 'alias', userId: 'u', previousId: 'p' },
        ]),
        (body) => {
          const text = JSON.stringify(body);
          expect(() => unlessInvalid(() => generic.translate({ headers: {}, body: Buffer.from(text) }, now))).not.toThrow();
        },
      ),
    );
  });
});

test('connectors are found by their names and by nothing else', () => {
  expect(connectorNamed('shopify')?.name).toBe('shopify');
  expect(connectorNamed('generic')).toBe(generic);
  for (const name of ['', 'Shopify', 'toString', '__proto__']) expect(connectorNamed(name)).toBeUndefined();
});
