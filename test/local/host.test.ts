/**
 * The host runs handlers as Lambda does: over HTTP, from queues with partial failures, and none of them can take it
 * down.
 */
import { request as httpRequest } from 'node:http';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Host, type HostOptions, invocation, type LambdaHandler, type Outcome } from '../../local/host.ts';
import { productTopology } from '../../local/host/host-topology.ts';
import type { FunctionName } from '../../shared/topology.ts';
import { day, minute, morning, type Stack, startStack } from './stack.ts';

let stack: Stack;
const hosts: Host[] = [];
const outcomes: Outcome[] = [];
beforeEach(async () => void (stack = await startStack()));
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop(50)));
  await stack.stop();
  outcomes.length = 0;
});

const idle: LambdaHandler = () => undefined;

function hostOf(handlers: Partial<Record<FunctionName, LambdaHandler>>, options: Partial<HostOptions> = {}): Host {
  const all: Record<FunctionName, LambdaHandler> = {
    'collect-events': idle,
    'receive-webhook': idle,
    'process-events': idle,
    'run-timers': idle,
    'run-campaigns': idle,
    'advance-journeys': idle,
    'deliver-messages': idle,
    'follow-links': idle,
    'park-dead-letters': idle,
    'record-feedback': idle,
    ...handlers,
  };
  const host = new Host({
    handlers: all,
    emulators: stack.emulators,
    clock: stack.clock,
    earliestTimer: () => Promise.resolve(undefined),
    onOutcome: (outcome) => void outcomes.push(outcome),
    ...options,
  });
  hosts.push(host);
  return host;
}

const failures = (name: FunctionName) =>
  outcomes.filter(({ functionName }) => functionName === name).map(({ failure }) => failure);
const bodiesOf = (event: SQSEvent): readonly string[] => event.Records.map(({ body }) => body);
const queue = (name: string) => stack.emulators.sqs.queue(name);
const sendAll = (name: string, bodies: readonly string[]): void => {
  for (const body of bodies) queue(name).send({ body, attributes: {} });
};

test('queues are as the topology says, each with its dead-letter queue, and functions find their addresses', () => {
  const host = hostOf({});
  expect(Object.keys(host.queueUrls).toSorted()).toEqual([
    'EVENTS_QUEUE_URL',
    'FEEDBACK_QUEUE_URL',
    'OUTBOX_CAMPAIGN_QUEUE_URL',
    'OUTBOX_TRIGGERED_QUEUE_URL',
    'WORK_QUEUE_URL',
  ]);
  expect(host.queueUrls['WORK_QUEUE_URL']).toBe(`${stack.emulators.origin}/000000000000/work`);
  expect(queue('events').settings).toMatchObject({
    visibilitySeconds: 360,
    retentionSeconds: 14 * 86_400,
    redrive: { target: 'events-dead', maxReceiveCount: 20 },
  });
  expect(stack.emulators.sqs.names()).toHaveLength(2 * Object.keys(productTopology.queues).length);
});

test('an HTTP request reaches the function of its route, and its answer comes back', async () => {
  const seen: APIGatewayProxyEventV2[] = [];
  const host = hostOf({
    'receive-webhook': (event: APIGatewayProxyEventV2) => {
      seen.push(event);
      return {
        statusCode: 202,
        headers: { 'x-shop': 'ok' },
        cookies: ['a=1'],
        body: JSON.stringify({ took: event.pathParameters?.['connector'] }),
      };
    },
  });
  const origin = `http://127.0.0.1:${await host.listen(0)}`;
  const answer = await fetch(`${origin}/webhooks/shopify?x=1`, {
    method: 'POST',
    body: '{"é":1}',
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('x-shop')).toBe('ok');
  expect(answer.headers.getSetCookie()).toEqual(['a=1']);
  expect(await answer.json()).toEqual({ took: 'shopify' });
  expect(seen[0]).toMatchObject({
    routeKey: 'POST /webhooks/{connector}',
    body: '{"é":1}',
    isBase64Encoded: false,
    queryStringParameters: { x: '1' },
    requestContext: { http: { sourceIp: '127.0.0.1' } },
  });
  // The gateway is no part of the product: its time is that of the machine.
  expect(Math.abs((seen[0]?.requestContext.timeEpoch ?? 0) - Date.now())).toBeLessThan(minute);
});

test('no route is 404, a bad path 400, a failing or malformed handler 500, and the host lives on', async () => {
  let calls = 0;
  const host = hostOf({
    'collect-events': () => {
      calls += 1;
      if (calls === 1) throw new Error('broken');
      return calls === 2 ? Promise.reject(new TypeError('also broken')) : { statusCode: 'nonsense' };
    },
  });
  const origin = `http://127.0.0.1:${await host.listen(0)}`;
  const post = async (path: string) => {
    const answer = await fetch(origin + path, { method: 'POST' });
    return [answer.status, await answer.json()];
  };
  expect(await post('/nowhere')).toEqual([404, { message: 'Not Found' }]);
  expect(await post('/v1/%zz')).toEqual([400, { message: 'Bad Request' }]);
  for (let round = 0; round < 3; round += 1) expect(await post('/v1/track')).toEqual([500, { message: 'Internal Server Error' }]);
  expect(outcomes.map(({ failure }) => failure)).toEqual(['Error: broken', 'TypeError: also broken', undefined]);
});

test('a body of 10 MB passes, a larger one is refused before any function runs', async () => {
  const sizes: number[] = [];
  const host = hostOf({ 'collect-events': (event: APIGatewayProxyEventV2) => void sizes.push(event.body?.length ?? 0) });
  const url = `http://127.0.0.1:${await host.listen(0)}/v1/track`;
  const post = (bytes: number) =>
    fetch(url, { method: 'POST', body: 'x'.repeat(bytes), headers: { 'content-type': 'text/plain' } });
  expect((await post(10_485_760)).status).toBe(200);
  const refused = await post(11_000_000);
  expect([refused.status, await refused.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  expect(sizes).toEqual([10_485_760]);
});

test('a caller who hangs up in the middle disturbs nobody', async () => {
  const host = hostOf({});
  const port = await host.listen(0);
  const half = httpRequest({ port, method: 'POST', path: '/v1/track', headers: { 'content-length': '100' } });
  half.on('error', () => undefined);
  half.write('x');
  await new Promise((resolve) => setTimeout(resolve, 20));
  half.destroy();
  expect((await fetch(`http://127.0.0.1:${port}/v1/track`, { method: 'POST' })).status).toBe(200);
});

test('pages come before the product, and only on loopback', async () => {
  const host = hostOf({});
  const port = await host.listen(0, (request, response) => {
    if (request.url !== '/_local') return false;
    response.end('page');
    return true;
  });
  expect(await (await fetch(`http://127.0.0.1:${port}/_local`)).text()).toBe('page');
  expect((await fetch(`http://127.0.0.1:${port}/_other`)).status).toBe(404);
});

test('messages are handled in batches as soon as they arrive, through the real client too', async () => {
  const batches: string[][] = [];
  const host = hostOf({ 'process-events': (event: SQSEvent) => void batches.push([...bodiesOf(event)]) });
  await stack.sqs.send(new SendMessageCommand({ QueueUrl: host.queueUrls['EVENTS_QUEUE_URL'], MessageBody: 'first' }));
  await expect.poll(() => batches).toEqual([['first']]);
  sendAll(
    'events',
    Array.from({ length: 25 }, (_, at) => `m${at}`),
  );
  expect(await host.settle()).toEqual({ processed: expect.any(Number) as number });
  expect(batches.flat()).toHaveLength(26);
  expect(batches.every((batch) => batch.length <= 10)).toBe(true);
  expect(queue('events').counts()).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
});

test('settle counts what was handled while it waited, and waits for what handlers queue in turn', async () => {
  const host = hostOf({
    'process-events': (event: SQSEvent) => sendAll('work', bodiesOf(event)),
    'advance-journeys': async (event: SQSEvent) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      sendAll('outbox-triggered', bodiesOf(event));
    },
  });
  host.pause();
  sendAll('events', ['a', 'b', 'c']);
  expect(await host.settle()).toEqual({ processed: 0 });
  expect(queue('events').counts().visible).toBe(3);
  host.resume();
  expect(await host.settle()).toEqual({ processed: 9 });
});

test('a backlog larger than all batches together is settled to the last message, and counted exactly', async () => {
  const host = hostOf({ 'process-events': () => Promise.resolve() });
  host.pause();
  sendAll(
    'events',
    Array.from({ length: 1_003 }, (_, at) => String(at)),
  );
  host.resume();
  expect(await host.settle()).toEqual({ processed: 1_003 });
  expect(queue('events').counts()).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
});

test('of a batch only the named messages stay, until their visibility timeout ends', async () => {
  const seen: string[] = [];
  const host = hostOf({
    'process-events': (event: SQSEvent) => {
      seen.push(...bodiesOf(event));
      return {
        batchItemFailures: event.Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
          itemIdentifier: messageId,
        })),
      };
    },
  });
  sendAll('events', ['good', 'bad']);
  expect(await host.settle()).toEqual({ processed: 1 });
  expect(queue('events').counts()).toEqual({ visible: 0, delayed: 0, inFlight: 1 });
  expect(outcomes.at(-1)?.trigger).toMatchObject({ kind: 'queue', queue: 'events', failed: 1 });
  stack.clock.standAt(morning + 6 * minute - 1);
  await host.settle();
  expect(seen).toEqual(['good', 'bad']);
  stack.clock.standAt(morning + 6 * minute);
  await host.settle();
  expect(seen).toEqual(['good', 'bad', 'bad']);
});

test('a throw or a malformed answer fails the whole batch', async () => {
  let calls = 0;
  const host = hostOf({
    'process-events': () => {
      calls += 1;
      if (calls === 1) throw new Error('broken');
      return 'done';
    },
  });
  sendAll('events', ['a', 'b']);
  await host.settle();
  stack.clock.standAt(morning + 6 * minute);
  await host.settle();
  expect(queue('events').counts().inFlight).toBe(2);
  expect(failures('process-events')).toEqual(['Error: broken', 'answered what is no batch answer']);
});

test('a message that fails again and again ends with the function of the dead-letter queue', async () => {
  const parked: string[] = [];
  const host = hostOf({
    'process-events': () => Promise.reject(new Error('never')),
    'park-dead-letters': (event: SQSEvent) =>
      void parked.push(
        ...event.Records.map(
          ({ body, eventSourceARN, attributes }) =>
            `${body} ${eventSourceARN.split(':').at(-1)} ${attributes.ApproximateReceiveCount}`,
        ),
      ),
  });
  sendAll('events', ['poison']);
  const { processed } = await host.advance(day);
  expect(parked).toEqual(['poison events-dead 21']);
  expect(processed).toBe(1);
  expect(outcomes.filter(({ functionName }) => functionName === 'process-events').map(({ at }) => at)).toEqual(
    Array.from({ length: 20 }, (_, round) => morning + round * 6 * minute),
  );
});

test('at most so many batches of a queue run at once', async () => {
  let running = 0;
  let most = 0;
  const slow = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
  };
  const host = hostOf({ 'deliver-messages': slow });
  sendAll(
    'outbox-triggered',
    Array.from({ length: 100 }, (_, at) => String(at)),
  );
  await host.settle();
  expect(most).toBe(2);
});

test('a paused function gets nothing from its queue while others go on', async () => {
  const seen: string[] = [];
  const host = hostOf({
    'process-events': (event: SQSEvent) => void seen.push(...bodiesOf(event)),
    'advance-journeys': (event: SQSEvent) => void seen.push(...bodiesOf(event)),
  });
  host.pause('advance-journeys');
  sendAll('work', ['work']);
  sendAll('events', ['event']);
  await host.settle();
  expect(seen).toEqual(['event']);
  expect(host.paused()).toEqual(['advance-journeys']);
  host.resume('advance-journeys');
  await host.settle();
  expect(seen).toEqual(['event', 'work']);
});

test('a handler beyond its time is given up like a dead machine: its messages stay', async () => {
  const host = hostOf(
    { 'process-events': () => new Promise(() => undefined) },
    {
      topology: {
        ...productTopology,
        functions: { ...productTopology.functions, 'process-events': { timeoutSeconds: 0.05, memoryMb: 128 } },
      },
    },
  );
  sendAll('events', ['a']);
  await host.settle();
  expect(outcomes[0]?.failure).toBe('timed out after 0.05 seconds');
  expect(queue('events').counts().inFlight).toBe(1);
});

test('one invocation can be crashed from inside: whatever it answers later, its batch has failed', async () => {
  const ids: number[] = [];
  const host = hostOf({
    'process-events': async (event: SQSEvent) => {
      const store = invocation.getStore();
      ids.push(store?.id ?? 0);
      await Promise.resolve();
      if (store !== undefined && bodiesOf(event).includes('crash')) store.crashed = true;
      if (ids.length === 1) await new Promise(() => undefined);
    },
  });
  sendAll('events', ['crash']);
  await host.settle();
  sendAll('events', ['fine']);
  await host.settle();
  expect(failures('process-events')).toEqual(['crashed', undefined]);
  expect(new Set(ids).size).toBe(2);
  expect(queue('events').counts().inFlight).toBe(1);
});

test('a handler knows its function and how long it may still run', async () => {
  const contexts: unknown[] = [];
  const host = hostOf({
    'process-events': (_event, context) =>
      void contexts.push([
        context.functionName,
        context.memoryLimitInMB,
        context.getRemainingTimeInMillis() > 59_000,
        context.awsRequestId.length,
      ]),
  });
  sendAll('events', ['a']);
  await host.settle();
  expect(contexts).toEqual([['process-events', '512', true, 36]]);
});

test('stop ends a host whose handlers hang, and takes nothing more', async () => {
  const host = hostOf({ 'process-events': () => new Promise(() => undefined) });
  const port = await host.listen(0);
  sendAll('events', ['a']);
  await expect.poll(() => queue('events').counts().inFlight).toBe(1);
  await host.stop(20);
  sendAll('events', ['b']);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(queue('events').counts()).toEqual({ visible: 1, delayed: 0, inFlight: 1 });
  await expect(fetch(`http://127.0.0.1:${port}/v1/track`)).rejects.toThrow('fetch failed');
});
