/** Parked items of one owner: what stages park, and what lies in queues afterwards. */
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import type { Parked } from '../../shared/ports.ts';
import { localAccess } from '../ports/embedded-table.ts';
import { now, type Owner } from './owner.ts';

export const envelope = {
  id: 'e-1',
  source: 'shopify',
  trust: 'server',
  receivedAt: now - 1_000,
  identifiers: [{ type: 'email', value: 'ada@example.com' }],
  events: [{ id: 'x-1', type: 'track', name: 'Order Completed', occurredAt: now - 2_000, properties: { order_id: '1' } }],
};

export const work = { person: 'p-1', journey: 'panier', key: 'cart-1', due: now };
export const outbox = { person: 'p-1', journey: 'panier', key: 'cart-1', sendKey: 's-1', orderTime: now };
export const call = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'm-1',
  userId: '',
  email: 'x',
  timestamp: '2026-11-23T10:00:00Z',
};

/** For one owner. */
export function parkedItems(shop: Owner) {
  const parking = () => new AwsParking({ dynamo: shop.dynamo(), table: shop.names().table, clock: () => now });

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

  return { parking, park, queued, left };
}
