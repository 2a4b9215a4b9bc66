/** Requests become typed values, answers become results, and faults say nothing internal. */
import { describe, expect, test } from 'vitest';
import { httpHandler, redirect, reply, type HttpRequest, type Reply } from '../../functions/edge/http.ts';
import { Conflict, InvalidInput, Unavailable } from '../../shared/kernel/errors.ts';
import type { Log } from '../../shared/ports.ts';
import { httpEvent, type RequestWords } from './http-events.ts';
import { lambdaContext } from './lambda-events.ts';

function setUp(answer: (request: HttpRequest) => Promise<Reply>) {
  const logged: string[] = [];
  const log: Log = (level, outcome, ids) => void logged.push(`${level} ${outcome} ${JSON.stringify(ids)}`);
  const handler = httpHandler({ log }, answer, { 'x-always': 'yes' });
  return { logged, call: (words: RequestWords) => handler(httpEvent(words), lambdaContext) };
}

async function seen(words: RequestWords): Promise<HttpRequest> {
  const requests: HttpRequest[] = [];
  const { call } = setUp(async (request) => {
    requests.push(request);
    return reply(200);
  });
  await call(words);
  return requests[0]!;
}

describe('a request', () => {
  test('keeps its bytes, base64 or not', async () => {
    const bytes = Buffer.from('\u001f\u008bé\r\n', 'latin1');
    expect(Buffer.from((await seen({ body: bytes, base64: true })).rawBody)).toEqual(bytes);
    expect(Buffer.from((await seen({ body: 'é ✓\r\n' })).rawBody).toString('utf8')).toBe('é ✓\r\n');
    expect((await seen({})).rawBody).toHaveLength(0);
  });

  test('has lower-cased header names, parameters and the time of the gateway', async () => {
    const request = await seen({ method: 'OPTIONS', headers: { 'X-Write-Key': 'K' }, path: { call: 'track' } });
    expect(request).toMatchObject({
      method: 'OPTIONS',
      path: { call: 'track' },
      headers: { 'x-write-key': 'K' },
      sourceIp: '192.0.2.1',
      requestId: 'request-1',
      systemNow: 1_795_456_800_000,
    });
  });

  test('without parameters has none', async () => {
    const requests: HttpRequest[] = [];
    const handler = httpHandler({ log: () => undefined }, async (request) => {
      requests.push(request);
      return redirect('https://shop.example/');
    });
    const { pathParameters: _none, ...event } = httpEvent({});
    expect(await handler(event, lambdaContext)).toEqual({
      statusCode: 302,
      headers: { location: 'https://shop.example/' },
      body: '',
    });
    expect(requests[0]?.path).toEqual({});
  });
});

describe('an error', () => {
  const failing = (error: Error) => setUp(() => Promise.reject(error));

  test.each([
    [
      new InvalidInput([{ where: 'batch', problem: 'must be an array' }]),
      400,
      { error: 'batch: must be an array', problems: [{ where: 'batch', problem: 'must be an array' }] },
    ],
    [new Unavailable('table relance-prod is throttled'), 503, { error: 'cannot take it now; send it again' }],
    [new Conflict('version 7'), 503, { error: 'cannot take it now; send it again' }],
    [new Error('ada@example.com has no lastName'), 500, { error: 'something went wrong on our side; send it again' }],
    [new TypeError('secret is undefined'), 500, { error: 'something went wrong on our side; send it again' }],
  ])('%s is answered %i', async (error, status, body) => {
    const { call, logged } = failing(error);
    const result = await call({ body: '{}' });
    expect(result).toMatchObject({ statusCode: status, headers: { 'x-always': 'yes', 'content-type': 'application/json' } });
    expect(JSON.parse(result.body ?? '')).toEqual(body);
    expect(result.headers?.['retry-after']).toBe(status === 503 ? '5' : undefined);
    expect(logged.join()).not.toMatch(/ada@|relance-prod|secret/);
  });

  test('of ours is logged with its place and without its words', async () => {
    const { call, logged } = failing(new Error('ada@example.com\nis broken'));
    await call({});
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/^error not answered .*"status":500,"error":"Error","place":"at .*http\.test\.ts/);
  });
});

test('an answer without a body has no content type', async () => {
  const { call } = setUp(async () => reply(401));
  expect(await call({})).toEqual({ statusCode: 401, headers: { 'x-always': 'yes' }, body: '' });
});
