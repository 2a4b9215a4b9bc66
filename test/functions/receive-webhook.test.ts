/** What shops and other services get over HTTP from the webhook door. */
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/receive-webhook.ts';
import { delivery, recordedBody } from '../connectors/shopify-requests.ts';
import { httpEvent, type RequestWords } from '../edge/http-events.ts';
import { lambdaContext } from '../edge/lambda-events.ts';
import { broken, doorWorld, queuedEvents } from '../pipeline/door-world.ts';

const shopify = (topic: string, body = recordedBody(topic), more: RequestWords = {}): RequestWords => ({
  path: { connector: 'shopify' },
  ...delivery(topic, body),
  ...more,
});

async function ask(words: RequestWords) {
  const world = await doorWorld();
  const result = await createHandler(world.ports)(httpEvent(words), lambdaContext);
  return { world, status: result.statusCode, body: result.body ?? '' };
}

describe('an answer', () => {
  test.each([false, true])('to a signed delivery, base64 %s', async (base64) => {
    const { status, body, world } = await ask(
      shopify('orders/create', recordedBody('orders/create', { note: 'Zoë ✓' }), { base64 }),
    );
    expect([status, JSON.parse(body)]).toEqual([202, { accepted: 1, rejected: [] }]);
    expect(queuedEvents(world)[0]?.name).toBe('Order Completed');
  });

  test('to a wrong signature says nothing', async () => {
    const { status, body } = await ask({
      path: { connector: 'shopify' },
      headers: { 'x-shopify-topic': 'orders/create', 'x-shopify-hmac-sha256': 'AAAA' },
      body: '{}',
    });
    expect([status, body]).toEqual([401, '']);
  });

  test.each<[string, RequestWords, number, string]>([
    ['an unknown connector', { path: { connector: 'magento' }, body: '{}' }, 404, 'no such connector'],
    ['more than 1 MB', { path: { connector: 'shopify' }, body: 'x'.repeat(1_100_000) }, 413, 'the body is larger than 1 MB'],
    ['no JSON', { path: { connector: 'shopify' }, ...delivery('orders/create', 'no json') }, 400, 'the body cannot be read'],
  ])('to %s is clear', async (_what, words, status, error) => {
    const answer = await ask(words);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error });
  });

  test('is "try again" when the queue cannot take it', async () => {
    const world = await doorWorld();
    const result = await createHandler(broken(world, 'queues'))(httpEvent(shopify('orders/create')), lambdaContext);
    expect(result).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(result.body).not.toMatch(/queue/);
  });
});
