/** `relance parked`: what could not be done is seen, repaired, sent again without loss or doubling, or dropped for good. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeEnvelope } from '../../functions/edge/queue-messages.ts';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { parseJson } from '../../shared/kernel/json.ts';
import { exactDays } from '../../shared/kernel/time.ts';
import type { Parked } from '../../shared/ports.ts';
import { localAccess } from '../ports/embedded-table.ts';
import { now, owner } from './owner.ts';

const shop = owner();
beforeEach(async () => {
  await shop.deploy();
  await shop.run(['setup', '--yes']);
});

const parking = () => new AwsParking({ dynamo: shop.dynamo(), table: shop.names().table, clock: () => now });

const envelope = {
  id: 'e-1',
  source: 'shopify',
  trust: 'server',
  receivedAt: now - 1_000,
  identifiers: [{ type: 'email', value: 'ada@example.com' }],
  events: [{ id: 'x-1', type: 'track', name: 'Order Completed', occurredAt: now - 2_000, properties: { order_id: '1' } }],
};

const work = { person: 'p-1', journey: 'panier', key: 'cart-1', due: now };
const outbox = { person: 'p-1', journey: 'panier', key: 'cart-1', sendKey: 's-1', orderTime: now };
const call = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'm-1',
  userId: '',
  email: 'x',
  timestamp: '2026-11-23T10:00:00Z',
};

async function park(given: Partial<Parked> = {}): Promise<Parked> {
  const item: Parked = {
    id: 'message-1',
    at: now - 60_000,
    stage: 'process-events',
    problems: [{ where: 'events.0', problem: 'the table said no' }],
    body: JSON.stringify(envelope),
    claims: ['email#hashed'],
    ...given,
  };
  await parking().park(item);
  return item;
}

/** Bodies in a queue, taken out. */
async function queued(name: string): Promise<readonly string[]> {
  const access = { accessKeyId: localAccess['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: 'local' };
  const sqs = new SQSClient({ endpoint: shop.cloud().origin, region: 'eu-west-3', credentials: access });
  const url = `${shop.cloud().origin}/000000000000/${shop.names().of(name)}`;
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  );
  return messages.map(({ Body: body }) => body ?? '');
}

const left = async () => (await parking().parked(100)).map(({ id }) => id);

describe('list and show', () => {
  test('tell why and since when, and no body', async () => {
    await park();
    await park({ id: 'older', at: now - exactDays(2), stage: 'shopify', body: 'ada@example.com' });
    const { code, out } = await shop.run(['parked', 'list']);
    expect(code).toBe(0);
    expect(out).toBe(
      'message-1\n  2026-11-23 11:59 UTC  process-events\n  events.0: the table said no\n\n' +
        'older\n  2026-11-21 12:00 UTC  shopify\n  events.0: the table said no\n\n2 parked.',
    );
    expect((await shop.run(['parked', 'list', '--stage', 'shopify'])).out).toMatch(/^older\n[^]*1 parked\.$/);
    const shown = await shop.run(['parked', 'show', 'older']);
    expect(shown.out).toContain('Since   2026-11-21 12:00 UTC, kept until 2026-12-05 12:00 UTC');
    for (const said of [
      out,
      shown.out,
      (await shop.run(['parked', 'list', '--json'])).out,
      (await shop.run(['parked', 'show', 'older', '--json'])).out,
    ])
      expect(said).not.toMatch(/ada|hashed/);
  });

  test('a body is shown only where it is asked for, byte for byte', async () => {
    const { body } = await park({ body: '{"broken": "é🧣' });
    expect((await shop.run(['parked', 'show', 'message-1', '--body'])).out).toBe(body);
    expect(JSON.parse((await shop.run(['parked', 'show', 'message-1', '--body', '--json'])).out)).toMatchObject({ body });
  });

  test('say when there is nothing', async () => {
    expect(await shop.run(['parked', 'list'])).toEqual({ code: 0, out: 'Nothing is parked.', error: '' });
    const { code, error } = await shop.run(['parked', 'show', 'é#/nobody']);
    expect(code).toBe(2);
    expect(error).toMatch(/^Nothing is parked under é#\/nobody/);
  });
});

describe('replay', () => {
  test.each<[string, string, object]>([
    ['process-events', 'events', envelope],
    ['events', 'events', envelope],
    ['advance-journeys', 'work', work],
    ['work', 'work', work],
    ['deliver-messages', 'outbox-triggered', outbox],
    ['outbox-campaign', 'outbox-campaign', outbox],
  ])('of what %s gave up goes to the queue %s as it is', async (stage, queue, content) => {
    const { body } = await park({ stage, body: JSON.stringify(content, null, 1) });
    const { code, out } = await shop.run(['parked', 'replay', 'message-1']);
    expect({ code, out }).toEqual({ code: 0, out: 'message-1 is on its way again.\n1 sent again, 0 kept.' });
    expect(await queued(queue)).toEqual([body]);
    expect(await left()).toEqual([]);
  });

  test('of a part that Shopify told goes through the connector, as received then', async () => {
    const body = { topic: 'customers/create', body: { id: 7, email: 'ada@example.com', created_at: '2026-11-23T10:00:00Z' } };
    const item = await park({ stage: 'shopify', body: JSON.stringify(body) });
    expect(await shop.run(['parked', 'replay', 'message-1'])).toMatchObject({ code: 0 });
    const told = (await queued('events')).map((text) => decodeEnvelope(parseJson(text)));
    expect(told[0]).toMatchObject({ source: 'shopify', trust: 'server', receivedAt: item.at });
    expect(told.flatMap(({ identifiers }) => identifiers)).toContainEqual({ type: 'email', value: 'ada@example.com' });
  });

  test('of a Segment call is repaired with a file, and believed as far as is said', async () => {
    await park({ stage: 'collect-events', body: JSON.stringify(call) });
    const refused = await shop.run(['parked', 'replay', 'message-1']);
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/^message-1 stays parked, because it cannot be used as it is:\n {2}\[0\]: /);
    expect(refused.out).toContain('0 sent again, 1 kept.');
    expect(await queued('events')).toEqual([]);
    const file = join(shop.folder, 'repaired.json');
    writeFileSync(file, JSON.stringify({ ...call, userId: 'ada' }));
    expect((await shop.run(['parked', 'replay', 'message-1', '--with', file, '--trust', 'server'])).code).toBe(0);
    const told = (await queued('events')).map((text) => decodeEnvelope(parseJson(text)));
    expect(told).toMatchObject([{ source: 'segment', trust: 'server', events: [{ name: 'Order Completed' }] }]);
  });

  test('of a Segment call is believed no more than a browser unless it is said', async () => {
    await park({ stage: 'collect-events', body: JSON.stringify({ ...call, userId: 'ada' }) });
    await shop.run(['parked', 'replay', 'message-1']);
    expect((await queued('events')).map((text) => decodeEnvelope(parseJson(text)).trust)).toEqual(['browser']);
  });

  test.each<[string, string, string]>([
    ['process-events', '{"broken', 'JSON'],
    ['process-events', JSON.stringify({ ...envelope, identifiers: [] }), 'names nobody'],
    ['advance-journeys', '{}', 'person'],
    ['shopify', '{"id": 7}', '"topic": "orders/create"'],
    ['shopify', '{"topic": "app/uninstalled", "body": {}}', 'nothing that Relance has a use for'],
    ['shopify', 'é'.repeat(10), 'JSON'],
    ['generic', '[1, {"type": "track"}]', '[0]'],
    ['of-the-future', '{}', 'nothing is known of "of-the-future"'],
    ['__proto__', '{}', 'nothing is known of'],
    ['process-events', '['.repeat(50_000), 'nested deeper'],
  ])('keeps what would only be parked again: %s %#', async (stage, body, says) => {
    await park({ stage, body });
    const { code, out } = await shop.run(['parked', 'replay', 'message-1']);
    expect(code).toBe(1);
    expect(out).toContain(says);
    expect(await left()).toEqual(['message-1']);
    for (const queue of ['events', 'work', 'outbox-triggered']) expect(await queued(queue)).toEqual([]);
  });

  test('of all goes on past what stays, oldest first', async () => {
    await park({ id: 'new', body: JSON.stringify({ ...envelope, id: 'new' }) });
    await park({ id: 'bad', body: '{', at: now - 70_000 });
    await park({ id: 'old', at: now - exactDays(3), body: JSON.stringify({ ...envelope, id: 'old' }) });
    await park({ id: 'work', stage: 'work', body: JSON.stringify(work) });
    const { code, out } = await shop.run(['parked', 'replay', '--stage', 'process-events', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { id: 'old', outcome: 'sent' },
      { id: 'bad', outcome: 'kept' },
      { id: 'new', outcome: 'sent' },
    ]);
    expect(await left()).toEqual(expect.arrayContaining(['bad', 'work']));
    expect((await shop.run(['parked', 'replay', '--all'])).out).toContain('1 sent again, 1 kept.');
  });
});

describe('a crash half-way through a replay', () => {
  test.each<[string, Partial<Parked>]>([
    ['of an envelope', {}],
    [
      'of a Segment call without an id',
      { stage: 'collect-events', body: JSON.stringify({ ...call, userId: 'ada', messageId: undefined }) },
    ],
    ['of a generic webhook', { stage: 'generic', body: JSON.stringify([{ type: 'track', event: 'A', userId: 'ada' }]) }],
  ])('%s after it was sent loses nothing, and the second time says the same', async (_what, given) => {
    await park(given);
    shop.table().refuse.set('DeleteItem', 'cut');
    const first = await shop.run(['parked', 'replay', 'message-1']);
    expect(first.code).toBe(2);
    expect(first.error).not.toMatch(/\n\s+at /);
    expect(await left()).toEqual(['message-1']);
    shop.table().refuse.clear();
    expect((await shop.run(['parked', 'replay', 'message-1'])).code).toBe(0);
    const bodies = await queued('events');
    expect(bodies).toHaveLength(2);
    expect(new Set(bodies).size).toBe(1);
    expect(await left()).toEqual([]);
  });

  test('before it was sent keeps it', async () => {
    await park();
    shop.cloud().account.deny('sqs.SendMessage');
    const { code, error } = await shop.run(['parked', 'replay', 'message-1']);
    expect(code).toBe(2);
    expect(error).toContain('may not sqs:SendMessage');
    expect(await left()).toEqual(['message-1']);
  });

  test('leaves what was parked again under the same id meanwhile', async () => {
    const item = await park();
    await parking().park({ ...item, at: now, body: 'newer' });
    expect(await parking().drop(item)).toBe(false);
    expect(await left()).toEqual(['message-1']);
  });
});

describe('drop', () => {
  test('asks first, and keeps after a no', async () => {
    await park();
    const asked: string[] = [];
    const no = await shop.run(['parked', 'drop', 'message-1'], { ask: async (question) => asked.push(question) === 0 });
    expect(no).toEqual({ code: 1, out: 'Nothing was dropped.', error: '' });
    expect(asked).toEqual([expect.stringMatching(/^One item is dropped for good/)]);
    expect(await left()).toEqual(['message-1']);
    const yes = await shop.run(['parked', 'drop', 'message-1'], { ask: async () => true });
    expect(yes).toEqual({ code: 0, out: '1 dropped.', error: '' });
    expect(await left()).toEqual([]);
  });

  test('refuses where nobody can be asked, and says what to add', async () => {
    await park();
    const { code, error } = await shop.run(['parked', 'drop', '--all']);
    expect(code).toBe(2);
    expect(error).toMatch(/nobody is here to be asked\.\nAdd --yes/);
    expect(await left()).toEqual(['message-1']);
    expect(await shop.run(['parked', 'drop', '--all', '--yes', '--json'])).toMatchObject({ code: 0 });
    expect(await left()).toEqual([]);
  });

  test('names the permission that is missing', async () => {
    await park();
    shop.table().refuse.set('DeleteItem', 'AccessDeniedException');
    const { code, error } = await shop.run(['parked', 'drop', 'message-1', '--yes']);
    expect(code).toBe(2);
    expect(error).toContain('user/owner may not dynamodb:DeleteItem.');
    shop.table().refuse.set('Query', 'AccessDeniedException');
    expect((await shop.run(['parked', 'list'])).error).toContain('may not dynamodb:Query.');
  });
});

test.each([
  [['parked'], 'Say what to do with parked items.'],
  [['parked', 'lst'], 'There is no "parked lst". did you mean "list"?'],
  [['parked', 'show'], 'parked show takes one id.'],
  [['parked', 'list', 'x'], 'parked list takes no ids: parked show does.'],
  [['parked', 'list', '--yes'], 'parked list has no use for --yes.'],
  [['parked', 'replay'], 'Which ones?'],
  [['parked', 'replay', 'a', '--all'], 'Which ones?'],
  [['parked', 'replay', 'a', '--trust', 'me'], '--trust takes browser or server, not "me".'],
  [['parked', 'replay', 'a', 'b', '--with', 'x'], '--with repairs one item.'],
  [['parked', 'replay', 'a', '--with', '/nowhere/x'], '/nowhere/x cannot be read (ENOENT).'],
  [['parked', 'replay', 'a', '--wth', 'x'], 'There is no option --wth: did you mean --with?'],
])('%j is answered 2: %s', async (args, says) => {
  const { code, error } = await shop.run(args);
  expect(code).toBe(2);
  expect(error.split('\n')[0]).toBe(says);
});
