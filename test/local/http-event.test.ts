/**
 * Requests become the events that API Gateway records, and answers the responses that it makes of them.
 */
import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { httpAnswer, internalError } from '../../local/host/http-answer.ts';
import { httpEvent, type ReceivedRequest } from '../../local/host/http-event.ts';
import { findRoute } from '../../local/host/routes.ts';
import { failedIds, sqsEvent } from '../../local/host/sqs-event.ts';
import type { Route } from '../../shared/topology.ts';
import { morning, standingClock, startStack } from './stack.ts';

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/aws-lambda-events/${name}`, import.meta.url), 'utf8'));
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
};

const route = (method: Route['method'], path: string): Route => ({ method, path, handler: 'collect-events' });
const stamp = { at: 1_587_481_701_067, requestId: 'LV7fzho-PHcEJPw=', traceId: 'Root=1-5e9f0c65-1de4d666d4dd26aced652b6c' };

function eventOf(request: Partial<ReceivedRequest> & { readonly type?: string } = {}, path = '/'): APIGatewayProxyEventV2 {
  const full: ReceivedRequest = {
    method: 'GET',
    target: path,
    headers: request.type === undefined ? [] : [['Content-Type', request.type]],
    body: new Uint8Array(),
    protocol: 'HTTP/1.1',
    sourceIp: '1.2.3.4',
    port: 443,
    ...request,
  };
  return httpEvent(full, { route: route('GET', path), parameters: {} }, stamp);
}

test('a request gives the recorded event, but for what the gateway alone knows', () => {
  const expected = recorded('apigw-v2-request-no-authorizer.json') as APIGatewayProxyEventV2;
  const { requestContext, headers } = expected;
  const event = eventOf({
    headers: Object.entries(headers)
      .filter(([name]) => !name.startsWith('x-'))
      .map(([name, value]) => [name, value ?? '']),
  });
  const { authentication: _mutualTls, ...context } = requestContext;
  expect(event).toEqual({
    ...expected,
    routeKey: 'GET /',
    headers: { ...headers, 'x-forwarded-proto': 'http' },
    requestContext: { ...context, accountId: '000000000000', apiId: 'local', routeKey: 'GET /' },
  });
});

test('headers are lower-cased and joined, cookies and the query come apart', () => {
  const event = eventOf({
    target: '/a%20b?x=1&y=a+b%26&x=2&empty=',
    headers: [
      ['X-Tag', 'a'],
      ['x-tag', 'b'],
      ['Cookie', 'one=1; two=2'],
      ['Connection', 'keep-alive'],
      ['Host', 'shop.example.com:4000'],
    ],
  });
  expect(event.headers).toMatchObject({
    'x-tag': 'a,b',
    host: 'shop.example.com:4000',
    'x-forwarded-for': '1.2.3.4',
    'content-length': '0',
  });
  expect(Object.keys(event.headers)).not.toContain('cookie');
  expect(Object.keys(event.headers)).not.toContain('connection');
  expect(event).toMatchObject({
    cookies: ['one=1', 'two=2'],
    rawPath: '/a b',
    rawQueryString: 'x=1&y=a+b%26&x=2&empty=',
    queryStringParameters: { x: '1,2', y: 'a b&', empty: '' },
    requestContext: {
      domainName: 'shop.example.com',
      domainPrefix: 'shop',
      timeEpoch: stamp.at,
      time: '21/Apr/2020:15:08:21 +0000',
    },
  });
});

test.each([
  ['application/json', '{"é":1}', false],
  ['application/json; charset=utf-8', '{"é":1}', false],
  ['text/plain;charset=UTF-8', 'x', false],
  ['application/xml', '<x/>', false],
  ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click', true],
  ['application/octet-stream', 'x', true],
  ['application/cloudevents+json', '{}', true],
  [undefined, '{}', true],
])('a body of type %s arrives with isBase64Encoded = %s', (type, body, isBase64Encoded) => {
  const event = eventOf({ body: Buffer.from(body), ...(type === undefined ? {} : { type }) });
  expect(event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? Buffer.from(body).toString('base64') : body });
});

test('no byte of a body is lost: gzip and broken UTF-8 come as base64, whatever the type says; a byte order mark stays', () => {
  const headers = [
    ['content-type', 'application/json'],
    ['content-encoding', 'gzip'],
  ] as const;
  expect(eventOf({ headers, body: Buffer.from('x') }).isBase64Encoded).toBe(true);
  expect(eventOf({ type: 'application/json', body: Buffer.from([0x22, 0xff, 0x22]) })).toMatchObject({
    body: 'Iv8i',
    isBase64Encoded: true,
  });
  expect(eventOf({ type: 'text/plain', body: Buffer.from('\ufeffx') }).body).toBe('\ufeffx');
});

test('the most literal route wins; parameters are decoded; segments must be there', () => {
  const routes = [route('POST', '/v1/{call}'), route('POST', '/v1/batch'), route('GET', '/l/{kind}/{token}')];
  const find = (method: string, target: string) => {
    const found = findRoute(routes, method, target);
    return found.kind === 'route' ? [found.route.path, found.parameters] : found.kind;
  };
  expect(find('POST', '/v1/batch?x=/1')).toEqual(['/v1/batch', {}]);
  expect(find('POST', '/v1/tr%C3%A9ck')).toEqual(['/v1/{call}', { call: 'tréck' }]);
  expect(find('GET', '/l/c/a.b%2Fc')).toEqual(['/l/{kind}/{token}', { kind: 'c', token: 'a.b/c' }]);
  expect(find('GET', '/v1/track')).toBe('none');
  expect(find('POST', '/v1/')).toBe('none');
  expect(find('POST', '/v1/a/b')).toBe('none');
  expect(find('POST', '/v1/%zz')).toBe('malformed');
});

test('an answer becomes the response of the gateway', () => {
  expect(httpAnswer({ statusCode: 302, headers: { Location: '/x', n: 1 }, cookies: ['a=1', 'b=2'] })).toEqual({
    status: 302,
    headers: [
      ['location', '/x'],
      ['n', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
    body: '',
  });
  expect(httpAnswer({ statusCode: 200, body: 'x' }).headers).toEqual([['content-type', 'text/plain;charset=UTF-8']]);
  expect(httpAnswer({ statusCode: 200, body: 'AP8=', isBase64Encoded: true }).body).toEqual(Buffer.from([0, 255]));
});

test('a bare value is the JSON of a 200; what fits no format is an internal error', () => {
  const json = [['content-type', 'application/json']];
  expect(httpAnswer({ ok: true })).toEqual({ status: 200, headers: json, body: '{"ok":true}' });
  expect(httpAnswer('text')).toEqual({ status: 200, headers: json, body: 'text' });
  expect(httpAnswer(undefined)).toEqual({ status: 200, headers: json, body: 'null' });
  for (const wrong of [
    { statusCode: 'x' },
    { statusCode: 99 },
    { statusCode: 200, body: { a: 1 } },
    { statusCode: 200, headers: { a: [] } },
  ])
    expect(httpAnswer(wrong)).toBe(internalError);
});

test('a batch of messages has the shape of the recorded event', async () => {
  const clock = standingClock();
  const stack = await startStack({ clock });
  const queue = stack.emulators.sqs.createQueue('SQSQueue');
  const binary = { dataType: 'Binary', kind: 'binary', value: 'MTEwMA==' } as const;
  queue.send({
    body: 'Message Body',
    attributes: {
      Attribute3: binary,
      Attribute2: { dataType: 'Number', kind: 'text', value: '123' },
      Attribute1: { dataType: 'String', kind: 'text', value: 'AttributeValue1' },
    },
  });
  const event = sqsEvent(stack.emulators.sqs, 'SQSQueue', queue.take(10));
  // The recording lists values of kinds that SQS reserves and never sends.
  const expected = recorded('sqs-event.json') as SQSEvent;
  for (const attribute of Object.values(expected.Records[0]?.messageAttributes ?? {})) {
    attribute.stringListValues = [];
    attribute.binaryListValues = [];
  }
  expect(shapeOf(event)).toEqual(shapeOf(expected));
  expect(event.Records[0]).toMatchObject({
    body: 'Message Body',
    // What md5sum says of it; the recording has that of another text.
    md5OfBody: '77a3cf88eba293be44f5fd5c61835a43',
    messageAttributes: { Attribute3: { binaryValue: 'MTEwMA==' }, Attribute2: { stringValue: '123' } },
    eventSourceARN: 'arn:aws:sqs:eu-west-3:000000000000:SQSQueue',
    awsRegion: 'eu-west-3',
    attributes: { SentTimestamp: String(morning) },
  });
  await stack.stop();
});

test.each<[string, unknown, readonly string[] | 'all']>([
  ['nothing', undefined, []],
  ['null', null, []],
  ['an empty object', {}, []],
  ['an empty list', { batchItemFailures: [] }, []],
  ['no list', { batchItemFailures: null }, []],
  ['one id', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
  ['an id of another batch', { batchItemFailures: [{ itemIdentifier: 'x' }] }, 'all'],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, 'all'],
  ['a wrong key', { batchItemFailures: [{ id: 'a' }] }, 'all'],
  ['a text', 'ok', 'all'],
])('a batch answer of %s', (_what, answer, expected) => {
  const failed = failedIds(answer, ['a', 'b']);
  expect(failed === 'all' ? failed : [...failed]).toEqual(expected);
});
