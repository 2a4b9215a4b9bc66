/** What a mailbox provider's machine, a browser and a scanner get over HTTP from our own links. */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/follow-links.ts';
import { memorySecrets, memoryWorld } from '../../shared/adapters/memory/world.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { clickUrl, unsubscribeUrl } from '../../shared/messages/links.ts';
import { lambdaContext } from '../edge/lambda-events.ts';

const noon = Date.parse('2026-11-23T12:00:00Z');
const claim = {
  person: '01JD0000000000000000000000',
  channel: 'email',
  sendKey: 'AbC_-0123456789x',
  cause: 'bienvenue',
} as const;
const target = 'https://shop.example/p/1?a=%C3%A9&b=%0D%0AX#c';
const unsubscribe = unsubscribeUrl('', memorySecrets.linkKeys, claim);
const click = clickUrl('', memorySecrets.linkKeys, { ...claim, target }) ?? '';

function event(method: string, path: string, headers: Record<string, string> = {}, body?: string): APIGatewayProxyEventV2 {
  const [, , kind = '', token = ''] = path.split('/');
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.1', userAgent: 'test' };
  return {
    version: '2.0',
    routeKey: `${method} /l/{kind}/{token}`,
    rawPath: path,
    rawQueryString: '',
    headers,
    pathParameters: { kind, token },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'links.example.com',
      domainPrefix: 'links',
      http,
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
  };
}

interface Answered extends APIGatewayProxyStructuredResultV2 {
  readonly html: string;
  readonly queued: number;
}

async function ask(given: APIGatewayProxyEventV2, broken = false): Promise<Answered> {
  const memory = memoryWorld({ clock: () => noon });
  const sendEvents = () => Promise.reject(new Unavailable('down'));
  const queues = broken ? Object.assign(Object.create(memory.queues) as typeof memory.queues, { sendEvents }) : memory.queues;
  const answer = await createHandler({ ...memory.ports, queues })(given, lambdaContext);
  return { ...answer, html: answer.body ?? '', queued: memory.queues.queued().events.length };
}

const bodies = [
  ['urlencoded', { 'content-type': 'application/x-www-form-urlencoded' }, 'List-Unsubscribe=One-Click'],
  [
    'multipart',
    { 'content-type': 'multipart/form-data; boundary=x' },
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
  ],
  ['no body', {}, undefined],
] as const;

describe('unsubscribing', () => {
  test.each(bodies)('by a mailbox provider with %s acts, answers 200 and redirects nowhere', async (_what, headers, body) => {
    const answer = await ask(event('POST', unsubscribe, headers, body));
    expect(answer).toMatchObject({ statusCode: 200, queued: 1 });
    expect(answer.headers).not.toHaveProperty('location');
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  test('is answered 503 when it could not be kept, so that it comes again', async () => {
    expect(await ask(event('POST', unsubscribe), true)).toMatchObject({ statusCode: 503 });
  });

  test('by a browser asks first, with a form to the same address', async () => {
    const answer = await ask(event('GET', unsubscribe, { 'accept-language': 'fr-FR,en;q=0.5' }));
    expect(answer).toMatchObject({ statusCode: 200, queued: 0 });
    expect(answer.html).toMatch(/^<!doctype html><html lang="fr">/);
    expect(answer.html).toContain(
      '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Me désinscrire</button>',
    );
    expect(answer.html).toMatch(/<title>[^<]+<\/title>/);
    expect(answer.html.match(/<h1>/g)).toHaveLength(1);
  });

  test('speaks English to those who read it', async () => {
    const answer = await ask(event('POST', unsubscribe, { 'accept-language': 'en-GB' }));
    expect(answer.html).toMatch(/<html lang="en">.*you are unsubscribed/);
  });
});

describe('unsubscribing from text messages', () => {
  const fromSms = unsubscribeUrl('', memorySecrets.linkKeys, { ...claim, channel: 'sms' });

  test.each([
    ['fr', 'nos SMS ?', 'publicité par SMS', /e-mail/],
    ['en', 'our text messages?', 'marketing by text message', /e-mail/],
  ])('speaks of them, and of no other channel: %s', async (language, question, about, other) => {
    const headers = { 'accept-language': language };
    const [asks, done] = [await ask(event('GET', fromSms, headers)), await ask(event('POST', fromSms, headers))];
    expect(asks.html).toContain(question);
    for (const { html } of [asks, done]) {
      expect(html).toContain(about);
      expect(html).not.toMatch(other);
    }
    expect(done.queued).toBe(1);
  });
});

describe('clicking', () => {
  test('leads to the target that was signed, as one line', async () => {
    const answer = await ask(event('GET', click));
    expect(answer).toMatchObject({ statusCode: 302, queued: 1, body: '' });
    expect(answer.headers?.['location']).toBe(target);
  });

  test('leads on while the queue is down', async () => {
    expect(await ask(event('GET', click), true)).toMatchObject({ statusCode: 302, headers: { location: target } });
  });

  test.each([{ 'sec-purpose': 'prefetch;prerender' }, { Purpose: 'prefetch' }, { 'X-Moz': 'prefetch' }])(
    'is not what a browser does that looks ahead: %o',
    async (headers) => {
      expect(await ask(event('GET', click, headers as Record<string, string>))).toMatchObject({ statusCode: 302, queued: 0 });
    },
  );
});

describe('a link that is not ours', () => {
  const broken = `${unsubscribe.slice(0, -3)}abc`;
  test.each(['GET', 'POST', 'HEAD'])('is a page that says so, in both languages: %s', async (method) => {
    const answer = await ask(event(method, broken, { 'accept-language': 'en' }));
    expect(answer).toMatchObject({ statusCode: 404, queued: 0 });
    expect(answer.html).toContain('This link is not valid.');
    expect(answer.html).toContain('<section lang="fr"><h2>Ce lien n’est pas valable.');
  });
});

test('every answer loads nothing, is kept by nobody, and tells nobody where the reader came from', async () => {
  for (const given of [event('GET', unsubscribe), event('POST', unsubscribe), event('GET', click), event('GET', '/l/u/x')]) {
    const { headers, html } = await ask(given);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'no-store',
    });
    const policy = String(headers?.['content-security-policy']);
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    const style = /<style>(.*)<\/style>/.exec(html)?.[1] ?? '';
    const allowed = style === '' || policy.includes(createHash('sha256').update(style).digest('base64'));
    expect(allowed).toBe(true);
    expect(html).not.toMatch(/<script|src=|@import|style="|https?:/);
  }
});
