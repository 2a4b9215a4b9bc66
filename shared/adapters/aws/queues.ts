/**
 * The queues on SQS. Nothing is answered before every entry was accepted (promise 1); what is asked again after a partial
 * refusal may arrive twice, which every stage expects.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import type { Envelope } from '../../events/event.ts';
import { claimKey } from '../../events/identifier.ts';
import { InvalidInput, Unavailable } from '../../kernel/errors.ts';
import type { Instant } from '../../kernel/time.ts';
import type { OutboxItem } from '../../messages/message.ts';
import type { Backlog, Queues, Work } from '../../ports.ts';
import type { QueueName } from '../../topology.ts';
import { sendOrThrow } from './client.ts';

export interface QueuesOnSqs {
  readonly sqs: SQSClient;
  readonly urls: Readonly<Record<QueueName, string>>;
  /** Keys the hashes that group events by person: no personal data in a message's attributes. */
  readonly identifierKey: string;
}

/** Limits of SendMessageBatch: entries, and bytes of all bodies together (which is also the limit of one). */
const batchEntries = 10;
const batchBytes = 1_048_576;
const longestDelaySeconds = 900;
/** Batches under way at once. */
const width = 8;
/** Before entries that the queue refused for no fault of theirs are tried again. */
const pausesMs = [100, 400, 1_600];

interface Entry {
  /** Fair queues: one busy person or campaign does not hold up the others. */
  readonly group: string;
  readonly body: string;
  readonly delaySeconds?: number;
}

export function awsQueues({ sqs, urls, identifierKey }: QueuesOnSqs): Queues {
  return {
    sendEvents: (envelopes) =>
      send(
        sqs,
        urls.events,
        envelopes.map((envelope) => ({ group: groupOf(envelope, identifierKey), body: queueText(envelope) })),
      ),
    sendWork: async (work, now) =>
      send(
        sqs,
        urls.work,
        work.map((one) => workEntry(one, now)),
      ),
    sendOutbox: (items, kind) =>
      send(
        sqs,
        urls[`outbox-${kind}`],
        items.map((item) => ({ group: 'campaign' in item ? item.campaign : item.person, body: queueText(item) })),
      ),
    workBacklog: () => backlog('count the work queue', sqs, urls.work),
    campaignBacklog: () => backlog('count the campaign outbox', sqs, urls['outbox-campaign']),
  };
}

function workEntry(work: Work, now: Instant): Entry {
  const delaySeconds = Math.max(0, Math.ceil((work.due - now) / 1_000));
  if (delaySeconds > longestDelaySeconds)
    throw new Error(`work due in ${work.due - now} ms cannot wait in a queue: 15 minutes at most`);
  return { group: work.person, body: queueText(work), delaySeconds };
}

/** Claims are made strongest first, so the first identifier says best which person it is. */
function groupOf({ identifiers: [first], personId, id }: Envelope, identifierKey: string): string {
  return first === undefined ? (personId ?? id) : claimKey(identifierKey, first);
}

/** SQS refuses the two non-characters that JSON leaves as they are. */
export const queueText = (item: Envelope | Work | OutboxItem): string =>
  JSON.stringify(item)
    .replaceAll('\uFFFE', String.raw`\ufffe`)
    .replaceAll('\uFFFF', String.raw`\uffff`);

async function send(sqs: SQSClient, url: string, entries: readonly Entry[]): Promise<void> {
  const batches = inBatches(entries);
  for (let at = 0; at < batches.length; at += width) {
    await Promise.all(batches.slice(at, at + width).map((batch) => sendBatch(sqs, url, batch)));
  }
}

function inBatches(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  let free = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.body);
    if (size > batchBytes) throw new InvalidInput([{ where: '', problem: `${size} bytes; a queue takes ${batchBytes} at most` }]);
    const last = batches.at(-1);
    if (last === undefined || last.length === batchEntries || size > free) {
      batches.push([entry]);
      free = batchBytes - size;
    } else {
      last.push(entry);
      free -= size;
    }
  }
  return batches;
}

async function sendBatch(sqs: SQSClient, url: string, batch: readonly Entry[]): Promise<void> {
  let pending = batch.map(asRequest);
  for (const pause of [...pausesMs, undefined]) {
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: pending });
    const { Failed: failed = [] } = await sendOrThrow('queue a batch', () => sqs.send(command));
    if (failed.length === 0) return;
    const refused = new Set(failed.map(({ Id: id }) => id));
    pending = pending.filter(({ Id: id }) => refused.has(id));
    if (pause === undefined || failed.some(({ SenderFault: ours }) => ours === true)) {
      throw new Unavailable(`queue a batch: ${failed.length} of ${batch.length} refused: ${failed[0]?.Code ?? 'no reason'}`);
    }
    await sleep(pause);
  }
}

const asRequest = ({ group, body, delaySeconds }: Entry, index: number): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: body,
  MessageGroupId: group,
  ...(delaySeconds === undefined || delaySeconds === 0 ? {} : { DelaySeconds: delaySeconds }),
});

async function backlog(what: string, sqs: SQSClient, url: string): Promise<Backlog> {
  const names = {
    waiting: 'ApproximateNumberOfMessages',
    delayed: 'ApproximateNumberOfMessagesDelayed',
    inWork: 'ApproximateNumberOfMessagesNotVisible',
  } as const;
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: Object.values(names) });
  const { Attributes: counts } = await sendOrThrow(what, () => sqs.send(command));
  const count = (name: keyof typeof names): number => Number(counts?.[names[name]] ?? 0);
  return { waiting: count('waiting'), delayed: count('delayed'), inWork: count('inWork') };
}
