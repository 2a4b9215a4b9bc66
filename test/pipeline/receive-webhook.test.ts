/** The webhook door: proof first, then the queue, then the answer; what cannot be read waits for a person. */
import fc from 'fast-check';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import type { MemoryWorld } from '../../shared/adapters/memory/world.ts';
import type { WebhookRequest } from '../../shared/connectors/connector.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { parseJson } from '../../shared/kernel/json.ts';
import { maxEnvelopeBytes } from '../../shared/pipeline/envelopes.ts';
import { receiveWebhook } from '../../shared/pipeline/receive-webhook.ts';
import type { Ports } from '../../shared/ports.ts';
import { withAnything } from '../connectors/any-json.ts';
import { delivery, recordedBody, recordedTopics } from '../connectors/shopify-requests.ts';
import { broken, doorSecrets, doorWorld, now, queued, queuedEvents, type Broken } from './door-world.ts';

/** The clock on the wall, far from the product clock: only the freshness of signatures is judged by it. */
const systemNow = Date.parse('2030-01-01T00:00:00Z');
const receive = (ports: Ports, request: WebhookRequest, connector = 'shopify') =>
  receiveWebhook(ports, { connector, systemNow, ...request });

function standard(body: unknown): WebhookRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = new StandardWebhook(doorSecrets.webhookSecrets['generic']![0]!).sign('msg_1', new Date(systemNow), text);
  return {
    headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': String(systemNow / 1_000), 'webhook-signature': signature },
    body: Buffer.from(text),
  };
}

const nothing = async (world: MemoryWorld) => expect([queued(world), await world.parking.parked(10)]).toEqual([[], []]);

test.each(recordedTopics)('the recorded %s is accepted', async (topic) => {
  const world = await doorWorld();
  expect(await receive(world.ports, delivery(topic, recordedBody(topic)))).toMatchObject({ kind: 'accepted', rejected: [] });
  for (const { source, trust, receivedAt, identifiers } of queued(world)) {
    expect([source, trust, receivedAt]).toEqual(['shopify', 'server', now]);
    expect(identifiers.length).toBeGreaterThan(0);
  }
  expect(await world.parking.parked(10)).toEqual([]);
});

test("an order reaches the queue with all its digits, normalised identifiers and the shop's time", async () => {
  const world = await doorWorld();
  const body =
    '{"id":820982911946154508,"email":"Ada@Example.com","phone":"06 12 34 56 78","created_at":"2026-11-23T17:00:00+01:00","total_price":"12.50","customer":{"id":115310627314723954}}';
  await receive(world.ports, delivery('orders/create', body));
  expect(queued(world)).toMatchObject([
    {
      identifiers: [
        { type: 'externalId', value: 'shopify:115310627314723954' },
        { type: 'email', value: 'ada@example.com' },
        { type: 'phone', value: '+33612345678' },
        { type: 'reference', value: 'shopify:order:820982911946154508' },
      ],
      events: [
        {
          name: 'Order Completed',
          occurredAt: Date.parse('2026-11-23T16:00:00Z'),
          properties: { order_id: '820982911946154508', total: 12.5 },
        },
      ],
    },
  ]);
});

test('the same delivery twice is the same envelope', async () => {
  const world = await doorWorld();
  const request = delivery('checkouts/create', recordedBody('checkouts/create'));
  await receive(world.ports, request);
  await receive(world.ports, { ...request, headers: { ...request.headers, 'x-shopify-webhook-id': 'another-try' } });
  expect(new Set(queued(world).map(({ id }) => id)).size).toBe(1);
});

describe('who may not come in', () => {
  test.each(['', 'woocommerce', 'Shopify', '__proto__', 'constructor'])('there is no connector %j', async (connector) => {
    const world = await doorWorld();
    expect(await receive(world.ports, delivery('orders/create', '{}'), connector)).toEqual({ kind: 'unknown-connector' });
    await nothing(world);
  });

  test.each<[string, string, WebhookRequest]>([
    ['a wrong signature', 'shopify', delivery('orders/create', '{"id":1}', { 'x-shopify-hmac-sha256': 'AAAA' })],
    ['no signature', 'shopify', { headers: {}, body: Buffer.from('{"id":1}') }],
    ['an empty body without signature', 'shopify', { headers: {}, body: Buffer.alloc(0) }],
    ["another connector's signature", 'generic', delivery('orders/create', '{"id":1}')],
    [
      'a Standard Webhook of yesterday by the clock on the wall',
      'generic',
      { ...standard({}), headers: { ...standard({}).headers, 'webhook-timestamp': String(now / 1_000) } },
    ],
  ])('%s is not authentic, and nothing more is said or kept', async (_what, connector, request) => {
    const world = await doorWorld();
    expect(await receive(world.ports, request, connector)).toEqual({ kind: 'not-authentic' });
    await nothing(world);
  });

  test('nobody is authentic where no secret is set', async () => {
    const world = await doorWorld();
    const ports = { ...world.ports, secrets: { ...doorSecrets, webhookSecrets: {} } };
    expect(await receive(ports, delivery('orders/create', '{"id":1}'))).toEqual({ kind: 'not-authentic' });
  });

  test.each([1024 * 1024 + 1, 11 * 1024 * 1024])('%i bytes are too large', async (bytes) => {
    const world = await doorWorld();
    expect(await receive(world.ports, { headers: {}, body: Buffer.alloc(bytes, 'x') })).toEqual({ kind: 'too-large' });
    await nothing(world);
  });
});

describe('what is authentic and cannot be used', () => {
  test.each([
    ['empty', delivery('orders/create', ''), /the body is empty/],
    ['no JSON', delivery('orders/create', 'order=1'), /not valid JSON/],
    ['too deep', delivery('orders/create', '['.repeat(10_000)), /nested deeper/],
    ['an order without id', delivery('orders/create', '{"email":"ada@example.com"}'), /has no id/],
  ])('is parked as it came: %s', async (_what, request, words) => {
    const world = await doorWorld();
    for (let tries = 0; tries < 2; tries++)
      expect(await receive(world.ports, request)).toMatchObject({
        kind: 'unreadable',
        problems: [{ problem: expect.stringMatching(words) as string }],
      });
    const parked = await world.parking.parked(10);
    expect(parked.map(({ stage, body }) => [stage, body])).toEqual([['shopify', Buffer.from(request.body).toString()]]);
  });

  test('is parked with its reason when one event is larger than an envelope', async () => {
    const world = await doorWorld();
    const line_items = Array.from({ length: 3_000 }, (_, at) => ({
      product_id: at,
      title: 'x'.repeat(100),
      quantity: 1,
      price: '1.00',
    }));
    const body = { ...recordedBody('orders/create'), line_items };
    expect(await receive(world.ports, delivery('orders/create', body))).toMatchObject({
      kind: 'accepted',
      accepted: 0,
      rejected: [{ index: 0 }],
    });
    const [parked] = await world.parking.parked(10);
    expect(parked?.problems[0]?.problem).toMatch(new RegExp(`at most ${maxEnvelopeBytes} are taken`));
    expect(parseJson(parked?.body ?? '')).toEqual({ topic: 'orders/create', body });
    expect(parked?.claims).toContain(claimKey(doorSecrets.identifierKey, { type: 'email', value: 'jon@example.com' }));
    expect(queued(world)).toEqual([]);
  });

  test('keeps nothing of the rest from coming in', async () => {
    const world = await doorWorld();
    const call = (userId: string) => ({ type: 'track', userId, event: 'Store Visited' });
    expect(
      await receive(world.ports, standard([call('u1'), { type: 'nonsense' }, call('null'), call('u2')]), 'generic'),
    ).toMatchObject({
      kind: 'accepted',
      accepted: 2,
      rejected: [{ index: 1 }, { index: 2 }],
    });
    expect(queuedEvents(world)).toHaveLength(2);
    expect(queued(world).map(({ source, trust }) => [source, trust])).toEqual([
      ['generic', 'server'],
      ['generic', 'server'],
    ]);
    expect(await world.parking.parked(10)).toHaveLength(2);
  });
});

describe('yes is said only after the queue said so', () => {
  test.each<[Broken, WebhookRequest]>([
    ['queues', standard([{ type: 'track', userId: 'u', event: 'X' }, 7])],
    ['parking', standard([{ type: 'track', userId: 'u', event: 'X' }, 7])],
    ['settings', standard([{ type: 'track', userId: 'u', event: 'X' }])],
    ['parking', standard('not json')],
  ])('when the %s cannot answer, it is unavailable and the sender tries again', async (what, request) => {
    const world = await doorWorld();
    await expect(receive(broken(world, what), request, 'generic')).rejects.toThrow(Unavailable);
  });
});

test('whatever an authentic sender sends is queued, parked, or told nothing', async () => {
  const world = await doorWorld();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...recordedTopics).chain((topic) => fc.tuple(fc.constant(topic), withAnything(recordedBody(topic)))),
      async ([topic, body]) => {
        const receipt = await receive(world.ports, delivery(topic, JSON.stringify(body)));
        expect(['accepted', 'unreadable']).toContain(receipt.kind);
      },
    ),
    { numRuns: 300 },
  );
});
