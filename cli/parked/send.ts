/** Puts a parked body back on its way. Sent means that the queue accepted it; the parked item is removed only after that. */
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { queueText } from '../../shared/adapters/aws/queues.ts';
import type { Parked } from '../../shared/ports.ts';
import type { QueueName } from '../../shared/topology.ts';
import type { Account } from '../account.ts';
import { calling } from '../trouble.ts';
import type { Way } from './ways.ts';

type Where = Pick<Account, 'clients' | 'names'>;

/** Throws Trouble; some of several may have been sent then, which a second time does no harm. */
export async function send(account: Where, item: Parked, way: Exclude<Way, { readonly kind: 'none' }>): Promise<void> {
  switch (way.kind) {
    case 'queue':
      return sendBody(account, way.queue, way.body, item);
    case 'events':
      for (const envelope of way.envelopes) await sendBody(account, 'events', queueText(envelope), item);
  }
}

async function sendBody({ clients: { sqs }, names }: Where, queue: QueueName, body: string, item: Parked): Promise<void> {
  const { QueueUrl: url } = await calling('sqs:GetQueueUrl', () =>
    sqs.send(new GetQueueUrlCommand({ QueueName: names.of(queue) })),
  );
  // Fair queues: hashed, so that no personal data stands in an attribute.
  const group = item.claims[0] ?? item.id;
  await calling('sqs:SendMessage', () =>
    sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: group })),
  );
}
