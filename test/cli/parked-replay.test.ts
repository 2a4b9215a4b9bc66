/** `relance parked replay` sends what was parked the way it came, without loss or doubling, whatever dies half-way. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeEnvelope } from '../../functions/edge/queue-messages.ts';
import { parseJson } from '../../shared/kernel/json.ts';
import { exactDays } from '../../shared/kernel/time.ts';
import type { Parked } from '../../shared/ports.ts';
import { now, owner } from './owner.ts';
import { call, envelope, outbox, work, parkedItems } from './parked-items.ts';

const shop = owner();
const { parking, park, queued, left } = parkedItems(shop);
beforeEach(async () => {
  await shop.deploy();
  await shop.run(['setup', '--yes']);
});

describe('replay', () => {
  test.each<[string, string, object]>([
    ['process-events', 'events', envelope],
    ['events', 'events', envelope],
    ['advance-journeys', 'work', work],
    ['work', 'work', work],
    ['deliver-messages', 'outbox-triggered', outbox],
    ['outbox-campaign', 'outbox-campaign', outbox],
    ['record-feedback', 'feedback', { eventType: 'Bounce', mail: { messageId: 'm-1' } }],
  ])('of what %s gave up goes to the queue %s as it is', async (stage, queue, content) => {
    const { body } = await park({ stage, body: JSON.stringify(content, null, 1) });
    const { code, out } = await shop.run(['parked', 'replay', 'message-1']);
    expect({ code, out }).toEqual({ code: 0, out: 'message-1 is on its way again.\n1 sent again, 0 kept.' });
    expect(await queued(queue)).toEqual([body]);
    expect(await left()).toEqual([]);
  });

  test.each(['webhook', 'task'])('of a %s that a journey gave up sends nothing, and says what to do', async (stage) => {
    await park({ stage, body: JSON.stringify({ url: 'https://caisse.example/x', body: { type: 'journey.step' } }) });
    const { code, out } = await shop.run(['parked', 'replay', 'message-1']);
    expect(code).toBe(1);
    expect(out).toContain('its journey gave it up and has gone on: do it by hand (show --body says what), then drop it');
    expect(await left()).toEqual(['message-1']);
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
      'of a Segment call without id and time',
      { stage: 'collect-events', body: JSON.stringify({ ...call, userId: 'ada', messageId: undefined, timestamp: undefined }) },
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
