/**
 * The actions of the SQS API about queues and single messages, as SDK clients call them (AWS JSON 1.0).
 * Batches are in sqs-batches.ts.
 */
import { AwsError } from './aws-error.ts';
import type { JsonFields } from './json-fields.ts';
import { deleteBatch, sendBatch, visibilityBatch } from './sqs-batches.ts';
import { attributesMd5, md5, outgoingMessage, sizeOf, wireAttributes } from './sqs-message.ts';
import { knownAttributes, toldNumbers } from './sqs-queue-settings.ts';
import type { ReceivedMessage, SqsQueue } from './sqs-queue.ts';
import type { Sqs } from './sqs.ts';

export interface SqsCall {
  readonly sqs: Sqs;
  readonly fields: JsonFields;
  /** Aborted when the caller hangs up or the server stops. */
  readonly signal: AbortSignal;
}

type Answer = Readonly<Record<string, unknown>>;

export const sqsActions: Readonly<Record<string, (call: SqsCall) => Answer | Promise<Answer>>> = {
  CreateQueue: ({ sqs, fields }) => ({
    QueueUrl: sqs.urlOf(sqs.createQueue(fields.text('QueueName'), textsOf(fields.optionalObject('Attributes'))).name),
  }),
  GetQueueUrl: ({ sqs, fields }) => ({ QueueUrl: sqs.urlOf(sqs.queue(fields.text('QueueName')).name) }),
  ListQueues: listQueues,
  DeleteQueue: (call) => nothing(call.sqs.deleteQueue(queueOf(call))),
  PurgeQueue: (call) => nothing(queueOf(call).purge()),
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: (call) => nothing(call.sqs.setAttributes(queueOf(call), textsOf(call.fields.object('Attributes')))),
  ListDeadLetterSourceQueues: (call) => ({ queueUrls: call.sqs.sourcesOf(queueOf(call)).map((name) => call.sqs.urlOf(name)) }),
  TagQueue: (call) => nothing(queueOf(call)),
  UntagQueue: (call) => nothing(queueOf(call)),
  ListQueueTags: (call) => nothing(queueOf(call)),
  SendMessage: sendMessage,
  SendMessageBatch: (call) => sendBatch(call.sqs, queueOf(call), call.fields),
  ReceiveMessage: receiveMessage,
  DeleteMessage: (call) => nothing(queueOf(call).delete(call.fields.text('ReceiptHandle'))),
  DeleteMessageBatch: (call) => deleteBatch(call.sqs, queueOf(call), call.fields),
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: (call) => visibilityBatch(call.sqs, queueOf(call), call.fields),
  StartMessageMoveTask: startMessageMoveTask,
};

const queueOf = ({ sqs, fields }: SqsCall): SqsQueue => sqs.queueAt(fields.text('QueueUrl'));

/** For actions that answer with an empty object. */
const nothing = (_done: unknown): Answer => ({});

const textsOf = (fields: JsonFields): Readonly<Record<string, string>> =>
  Object.fromEntries(fields.names().map((name) => [name, fields.optionalText(name) ?? '']));

function listQueues({ sqs, fields }: SqsCall): Answer {
  const prefix = fields.optionalText('QueueNamePrefix') ?? '';
  const names = sqs.names().filter((name) => name.startsWith(prefix));
  return names.length === 0 ? {} : { QueueUrls: names.slice(0, 1_000).map((name) => sqs.urlOf(name)) };
}

function getQueueAttributes(call: SqsCall): Answer {
  const asked = call.fields.texts('AttributeNames');
  const unknown = asked.find((name) => name !== 'All' && !knownAttributes.has(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const told = Object.entries(allAttributes(call.sqs, queueOf(call))).filter(
    ([name]) => asked.includes('All') || asked.includes(name),
  );
  return told.length === 0 ? {} : { Attributes: Object.fromEntries(told) };
}

function allAttributes(sqs: Sqs, queue: SqsQueue): Readonly<Record<string, string>> {
  const counts = queue.counts();
  const { settings } = queue;
  return {
    SqsManagedSseEnabled: 'true',
    ...Object.fromEntries(Object.entries(settings.attributes).filter(([, value]) => value !== '')),
    ...toldNumbers(settings),
    QueueArn: sqs.arnOf(queue.name),
    CreatedTimestamp: String(Math.floor(settings.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(settings.modifiedAt / 1_000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}

function sendMessage(call: SqsCall): Answer {
  const queue = queueOf(call);
  const outgoing = outgoingMessage(call.fields);
  if (sizeOf(outgoing) > queue.settings.largestMessage) throw tooLong(queue.settings.largestMessage);
  const message = queue.send(outgoing);
  const attributes = attributesMd5(message.attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(message.body),
    ...(attributes === undefined ? {} : { MD5OfMessageAttributes: attributes }),
  };
}

const tooLong = (bytes: number): AwsError =>
  new AwsError(
    'InvalidParameterValue',
    `One or more parameters are invalid. Reason: Message must be shorter than ${bytes} bytes.`,
  );

async function receiveMessage(call: SqsCall): Promise<Answer> {
  const { fields, signal } = call;
  const queue = queueOf(call);
  const most = fields.optionalWhole('MaxNumberOfMessages', 1, 10) ?? 1;
  const visibility = fields.optionalWhole('VisibilityTimeout', 0, 43_200);
  const wait = fields.optionalWhole('WaitTimeSeconds', 0, 20) ?? queue.settings.waitSeconds;
  let received = queue.take(most, visibility);
  if (received.length === 0 && wait > 0) {
    // The wait of a long poll is the caller's, so it is real time; what arrives meanwhile goes by the product clock.
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(wait * 1_000)]);
    while (received.length === 0 && !deadline.aborted) {
      await nextArrival(call.sqs, queue, deadline);
      if (!signal.aborted) received = queue.take(most, visibility);
    }
  }
  const systemNames = new Set([...fields.texts('AttributeNames'), ...fields.texts('MessageSystemAttributeNames')]);
  const names = fields.texts('MessageAttributeNames');
  return received.length === 0 ? {} : { Messages: received.map((one) => wireMessage(call.sqs, one, systemNames, names)) };
}

/** Until the queue changes, a hidden message becomes visible, or the poll is over. */
async function nextArrival(sqs: Sqs, queue: SqsQueue, deadline: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const unsubscribe = queue.onChange(() => changed.abort());
  await sqs.clock.sleepUntil(queue.nextChange() ?? Infinity, AbortSignal.any([deadline, changed.signal]));
  unsubscribe();
}

function wireMessage(sqs: Sqs, received: ReceivedMessage, systemNames: ReadonlySet<string>, names: readonly string[]): Answer {
  const { message, receiptHandle } = received;
  const system = Object.entries(systemAttributes(sqs, received)).filter(
    ([name]) => systemNames.has('All') || systemNames.has(name),
  );
  const asked = Object.entries(message.attributes).filter(([name]) => names.some((pattern) => fits(name, pattern)));
  const attributes = Object.fromEntries(asked);
  const digest = attributesMd5(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(digest === undefined ? {} : { MessageAttributes: wireAttributes(attributes), MD5OfMessageAttributes: digest }),
  };
}

const fits = (name: string, pattern: string): boolean =>
  pattern === 'All' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1))) || pattern === '.*';

export interface SystemAttributes {
  readonly ApproximateReceiveCount: string;
  readonly SentTimestamp: string;
  readonly SenderId: string;
  readonly ApproximateFirstReceiveTimestamp: string;
  readonly MessageGroupId?: string;
  readonly DeadLetterQueueSourceArn?: string;
}

/** What SQS says about a received message by itself; Lambda passes all of it on. */
export function systemAttributes(sqs: Sqs, { message }: ReceivedMessage): SystemAttributes {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: 'AROALOCALLOCALLOCAL:local',
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.movedFrom === undefined ? {} : { DeadLetterQueueSourceArn: sqs.arnOf(message.movedFrom) }),
  };
}

function changeMessageVisibility(call: SqsCall): Answer {
  const { fields } = call;
  const seconds = fields.optionalWhole('VisibilityTimeout', 0, 43_200);
  if (seconds === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
  return nothing(queueOf(call).changeVisibility(fields.text('ReceiptHandle'), seconds));
}

/** Done at once: the answer's handle is of a finished task. */
function startMessageMoveTask({ sqs, fields }: SqsCall): Answer {
  const source = sqs.queueOf(fields.text('SourceArn'));
  const sources = sqs.sourcesOf(source);
  if (sources.length === 0)
    throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  const destination = fields.optionalText('DestinationArn');
  const moved = source.moveAll((message) =>
    destination === undefined ? sqs.queue(message.movedFrom ?? sources[0] ?? source.name) : sqs.queueOf(destination),
  );
  return { TaskHandle: Buffer.from(JSON.stringify({ source: source.name, moved })).toString('base64url') };
}
