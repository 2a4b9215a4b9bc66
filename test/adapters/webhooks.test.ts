/** Webhooks as they leave this machine: any receiver of Standard Webhooks knows them for ours. */
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, test } from 'vitest';
import { WebWebhooks } from '../../shared/adapters/web/webhooks.ts';
import { generic } from '../../shared/connectors/generic.ts';
import type { WebhookCall } from '../../shared/messages/webhook-call.ts';

const [first, second] = ['whsec_Zmlyc3Qtc2VjcmV0LW9mLW91cnM=', 'whsec_c2Vjb25kLXNlY3JldC1vZi1vdXJz'];

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

async function receiver(answer: RequestListener): Promise<{ readonly url: string; readonly heard: readonly Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ headers: request.headers, body: Buffer.concat(chunks) });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.closeAllConnections());
  closing.push(() => server.close());
  const address = server.address();
  const { port }: Pick<AddressInfo, 'port'> = typeof address === 'object' && address !== null ? address : { port: 0 };
  return { url: `http://127.0.0.1:${port}/x`, heard };
}

const call = (url: string): WebhookCall => ({ url, id: 'abc', body: '{"é":"☕"}', depth: 2, secrets: [first, second] });

describe('a webhook of ours', () => {
  test.each([first, second])('is known by the receiver that has the secret %s, and by our own door', async (secret) => {
    const { url, heard } = await receiver((_, response) => response.writeHead(204).end());
    expect(await new WebWebhooks(() => Date.now()).post(call(url))).toEqual({ kind: 'answered', status: 204 });
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = heard;
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(secret).verify(body.toString(), given)).toEqual({ é: '☕' });
    expect(generic.isAuthentic({ headers: given, body }, [secret], Date.now())).toBe(true);
    expect(given).toMatchObject({ 'relance-depth': '2', 'content-type': 'application/json', 'webhook-id': 'abc' });
  });

  test('follows no redirect', async () => {
    const elsewhere = await receiver((_, response) => response.writeHead(200).end());
    const { url } = await receiver((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(await new WebWebhooks(() => Date.now()).post(call(url))).toEqual({ kind: 'answered', status: 307 });
    expect(elsewhere.heard).toEqual([]);
  });

  test('waits for an answer as long as it may, and reads no endless one', async () => {
    const silent = await receiver(() => undefined);
    expect(await new WebWebhooks(() => Date.now(), 100).post(call(silent.url))).toEqual({
      kind: 'unreachable',
      because: 'no answer in time',
    });
    const endless = await receiver((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await new WebWebhooks(() => Date.now(), 5_000).post(call(endless.url))).toEqual({ kind: 'answered', status: 200 });
  });

  test('says that nobody is there', async () => {
    const answer = await new WebWebhooks(() => Date.now()).post(call('http://127.0.0.1:1/x'));
    expect(answer).toMatchObject({ kind: 'unreachable' });
  });
});
