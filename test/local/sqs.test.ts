/**
 * SQS as Relance relies on it, through the real client: acceptance, refusals, delay, visibility, dead letters, by the
 * product clock.
 */
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { day, minute, morning, refused, type Stack, startStack } from './stack.ts';

let stack: Stack;
let url: string;

beforeEach(async () => {
  stack = await startStack();
  await stack.sqs.send(new CreateQueueCommand({ QueueName: 'jobs-dead' }));
  const created = await stack.sqs.send(
    new CreateQueueCommand({
      QueueName: 'jobs',
      Attributes: {
        VisibilityTimeout: '60',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: stack.emulators.sqs.arnOf('jobs-dead'), maxReceiveCount: 2 }),
      },
    }),
  );
  url = created.QueueUrl!;
});
afterEach(() => stack.stop());

const send = (body: string, more: Partial<SendMessageCommandInput> = {}) =>
  stack.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, ...more }));

const receive = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<readonly Message[]> =>
  (await stack.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];

const bodies = async (more: Partial<ReceiveMessageCommandInput> = {}): Promise<readonly (string | undefined)[]> =>
  (await receive(more)).map((message) => message.Body);

const counts = async () => {
  const answer = await stack.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return Object.values(answer.Attributes ?? {}).map(Number);
};

const later = (milliseconds: number): void => stack.clock.standAt(stack.clock.now() + milliseconds);

test('a queue is found by name, its URL carries the emulator itself, and the same creation finds it again', async () => {
  expect(url).toBe(`${stack.emulators.origin}/000000000000/jobs`);
  expect((await stack.sqs.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).QueueUrl).toBe(url);
  expect(
    (await stack.sqs.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '60' } }))).QueueUrl,
  ).toBe(url);
  expect((await stack.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'jobs-' }))).QueueUrls).toEqual([`${url}-dead`]);
  await expect(
    stack.sqs.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '61' } })),
  ).rejects.toEqual(refused('QueueNameExists'));
});

test('what does not exist or is not known is refused, with the older code where clients look for it', async () => {
  const missing = stack.sqs.send(new SendMessageCommand({ QueueUrl: `${url}-other`, MessageBody: 'x' }));
  await expect(missing).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    Code: 'AWS.SimpleQueueService.NonExistentQueue',
    $metadata: { httpStatusCode: 400 },
  });
  const answer = await fetch(stack.emulators.origin, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.constructor' },
    body: '{}',
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ __type: 'com.amazonaws.sqs#InvalidAction' });
});

test('attributes are told, changed and refused', async () => {
  await stack.sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '5', MessageRetentionPeriod: '120' } }),
  );
  const all = await stack.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  expect(all.Attributes).toMatchObject({
    DelaySeconds: '5',
    MessageRetentionPeriod: '120',
    VisibilityTimeout: '60',
    MaximumMessageSize: '1048576',
    QueueArn: 'arn:aws:sqs:eu-west-3:000000000000:jobs',
    CreatedTimestamp: String(morning / 1_000),
  });
  expect(all.Attributes?.['RedrivePolicy']).toContain('jobs-dead');
  const set = (Attributes: Record<string, string>) =>
    stack.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
  await expect(set({ DelaySeconds: '901' })).rejects.toEqual(refused('InvalidAttributeValue'));
  await expect(set({ Colour: 'red' })).rejects.toEqual(refused('InvalidAttributeName'));
  await expect(set({ RedrivePolicy: '{"maxReceiveCount":3}' })).rejects.toThrow('RedrivePolicy');
  await expect(set({ RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:x:0:none","maxReceiveCount":3}' })).rejects.toThrow(
    'Dead letter target does not exist',
  );
});

test('a message arrives with its attributes, group and counts, and checksums that the client accepts', async () => {
  await send('héllo', {
    MessageAttributes: {
      kind: { DataType: 'String', StringValue: 'greeting' },
      size: { DataType: 'Number', StringValue: '5' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    },
    MessageGroupId: 'campaign-7',
  });
  later(1_500);
  const [message] = await receive({ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['kind', 'bytes'] });
  expect(message).toMatchObject({
    Body: 'héllo',
    Attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(morning),
      ApproximateFirstReceiveTimestamp: String(morning + 1_500),
      MessageGroupId: 'campaign-7',
    },
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' }, bytes: { DataType: 'Binary' } },
  });
  expect(Object.keys(message?.MessageAttributes ?? {}).toSorted()).toEqual(['bytes', 'kind']);
  expect([...(message?.MessageAttributes?.['bytes']?.BinaryValue ?? [])]).toEqual([1, 2, 255]);
});

test('attribute checksums are those of AWS', async () => {
  const attributes = {
    attr: { DataType: 'String', StringValue: 'value' },
    b: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) },
  };
  const sent = await send('x', { MessageAttributes: attributes });
  // md5 of: 4-byte lengths before name, type and value; 1 before text, 2 before bytes; names sorted.
  const expected =
    '00000004617474720000000653747269 6e67010000000576616c7565 00000001620000000642696e617279020000000101'.replaceAll(' ', '');
  const { createHash } = await import('node:crypto');
  expect(sent.MD5OfMessageAttributes).toBe(createHash('md5').update(Buffer.from(expected, 'hex')).digest('hex'));
});

test.each<[string, string, Partial<SendMessageCommandInput>, string]>([
  ['a control character', 'a\u0000b', {}, 'InvalidMessageContents'],
  ['a lone surrogate', 'a\ud800b', {}, 'InvalidMessageContents'],
  ['more than 1 MiB', 'x'.repeat(1_048_577), {}, 'InvalidParameterValue'],
  ['an empty body', '', {}, 'MissingParameter'],
  ['a delay above 15 minutes', 'x', { DelaySeconds: 901 }, 'InvalidParameterValue'],
  ['a group id with a space', 'x', { MessageGroupId: 'a b' }, 'InvalidParameterValue'],
  ['a deduplication id', 'x', { MessageDeduplicationId: 'a' }, 'InvalidParameterValue'],
  [
    'an attribute without value',
    'x',
    { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
    'InvalidParameterValue',
  ],
  [
    'an attribute of unknown type',
    'x',
    { MessageAttributes: { a: { DataType: 'Text', StringValue: 'b' } } },
    'InvalidParameterValue',
  ],
  ['a number that is none', 'x', { MessageAttributes: { a: { DataType: 'Number', StringValue: 'b' } } }, 'InvalidParameterValue'],
  [
    'a reserved attribute name',
    'x',
    { MessageAttributes: { 'aws.a': { DataType: 'String', StringValue: 'b' } } },
    'InvalidParameterValue',
  ],
])('%s is refused', async (_what, body, more, name) => {
  await expect(send(body, more)).rejects.toEqual(refused(name));
  expect(await counts()).toEqual([0, 0, 0]);
});

test('a message of exactly 1 MiB passes', async () => {
  await send('x'.repeat(1_048_576));
  expect((await receive())[0]?.Body).toHaveLength(1_048_576);
});

test('a batch is answered entry by entry: good ones are in, bad ones say why', async () => {
  const answer = await stack.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', MessageBody: 'one' },
        { Id: 'b', MessageBody: 'bad\u0001' },
        { Id: 'c', MessageBody: 'late', DelaySeconds: 1_000 },
        { Id: 'd', MessageBody: 'two', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } },
      ],
    }),
  );
  expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['a', 'd']);
  expect(answer.Failed).toMatchObject([
    { Id: 'b', Code: 'InvalidMessageContents', SenderFault: true },
    { Id: 'c', Code: 'InvalidParameterValue', SenderFault: true },
  ]);
  expect(await bodies()).toEqual(['one', 'two']);
});

test('a batch that is wrong as a whole is refused whole', async () => {
  const batch = (Entries: { Id: string; MessageBody: string }[]) =>
    stack.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  const entry = (Id: string, MessageBody = 'x') => ({ Id, MessageBody });
  await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest', Code: 'AWS.SimpleQueueService.EmptyBatchRequest' });
  await expect(batch([entry('a'), entry('a')])).rejects.toEqual(refused('BatchEntryIdsNotDistinct'));
  await expect(batch([entry('a b')])).rejects.toEqual(refused('InvalidBatchEntryId'));
  await expect(batch(Array.from({ length: 11 }, (_, at) => entry(`e${at}`)))).rejects.toEqual(
    refused('TooManyEntriesInBatchRequest'),
  );
  await expect(batch(Array.from({ length: 3 }, (_, at) => entry(`e${at}`, 'x'.repeat(400_000))))).rejects.toEqual(
    refused('BatchRequestTooLong'),
  );
  expect(await counts()).toEqual([0, 0, 0]);
});

test('a delayed message appears exactly when its delay ends', async () => {
  await send('later', { DelaySeconds: 900 });
  expect(await counts()).toEqual([0, 0, 1]);
  later(900_000 - 1);
  expect(await bodies()).toEqual([]);
  later(1);
  expect(await bodies()).toEqual(['later']);
});

test('the delay of the queue holds unless the message states its own', async () => {
  await stack.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '10' } }));
  await send('queue');
  await send('own', { DelaySeconds: 0 });
  expect(await bodies()).toEqual(['own']);
  later(10_000);
  expect(await bodies()).toEqual(['queue']);
});

test('a received message is hidden until its visibility timeout ends, and counts as in flight', async () => {
  await send('job');
  expect(await bodies()).toEqual(['job']);
  expect(await counts()).toEqual([0, 1, 0]);
  expect(stack.emulators.sqs.queue('jobs').nextChange()).toBe(morning + minute);
  later(minute - 1);
  expect(await bodies()).toEqual([]);
  later(1);
  const [again] = await receive({ MessageSystemAttributeNames: ['All'] });
  expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
});

test('a timeout of 0 hands a message out at most once a call', async () => {
  await send('job');
  expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['job']);
  expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['job']);
});

test('deleted is deleted, also after the timeout; a handle of an earlier receive deletes nothing', async () => {
  await send('job');
  const [first] = await receive();
  later(minute);
  const [second] = await receive();
  await stack.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  expect(await counts()).toEqual([0, 1, 0]);
  later(minute);
  await stack.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
  await stack.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
  expect(await counts()).toEqual([0, 0, 0]);
  const nonsense = stack.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'nonsense' }));
  await expect(nonsense).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid', $metadata: { httpStatusCode: 404 } });
});

test('a batch of deletes and of visibility changes answers each entry', async () => {
  await send('a');
  await send('b');
  const [a, b] = await receive();
  const changed = await stack.sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'a', ReceiptHandle: a?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: 'x', ReceiptHandle: 'nonsense', VisibilityTimeout: 0 },
      ],
    }),
  );
  expect(changed.Successful).toEqual([{ Id: 'a' }]);
  expect(changed.Failed).toMatchObject([{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }]);
  expect(await counts()).toEqual([1, 1, 0]);
  const deleted = await stack.sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'b', ReceiptHandle: b?.ReceiptHandle }] }),
  );
  expect(deleted.Successful).toEqual([{ Id: 'b' }]);
  expect(await bodies()).toEqual(['a']);
});

test('visibility is changed from now on, and only while a message is in flight', async () => {
  await send('job');
  const [message] = await receive();
  later(30_000);
  const change = (VisibilityTimeout: number) =>
    stack.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
    );
  await change(600);
  later(599_999);
  expect(await bodies()).toEqual([]);
  later(1);
  await expect(change(10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  await expect(change(50_000)).rejects.toEqual(refused('InvalidParameterValue'));
});

test('after its last allowed receive a message moves to the dead-letter queue, with its age and where it came from', async () => {
  await send('poison');
  await receive();
  later(minute);
  await receive();
  later(minute);
  expect(await bodies()).toEqual([]);
  const [dead] = await receive({ QueueUrl: `${url}-dead`, MessageSystemAttributeNames: ['All'] });
  expect(dead).toMatchObject({
    Body: 'poison',
    Attributes: { SentTimestamp: String(morning), DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-3:000000000000:jobs' },
  });
  const sources = await stack.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: `${url}-dead` }));
  expect(sources.queueUrls).toEqual([url]);
});

test('a dead-letter queue is given back as new messages', async () => {
  await send('poison');
  for (let round = 0; round < 3; round += 1) {
    await receive();
    later(minute);
  }
  await stack.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: stack.emulators.sqs.arnOf('jobs-dead') }));
  const [message] = await receive({ MessageSystemAttributeNames: ['All'] });
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: String(morning + 3 * minute) });
});

test('what is older than the retention period is gone, received or not', async () => {
  await send('old');
  await send('old in flight');
  await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 43_200 });
  later(4 * day - 1);
  await send('young');
  expect(await counts()).toEqual([3, 0, 0]);
  later(1);
  expect(await bodies()).toEqual(['young']);
});

test('a purge empties the queue', async () => {
  await send('a');
  await send('b', { DelaySeconds: 60 });
  await stack.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  expect(await counts()).toEqual([0, 0, 0]);
});

test('a long poll ends when a message arrives, when a delay ends by a jump of the clock, or when its time is up', async () => {
  const waiting = receive({ WaitTimeSeconds: 20 });
  await send('now');
  expect((await waiting).map(({ Body }) => Body)).toEqual(['now']);
  await send('after an hour', { DelaySeconds: 900 });
  const jumped = receive({ WaitTimeSeconds: 20 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  later(900_000);
  expect((await jumped).map(({ Body }) => Body)).toContain('after an hour');
  const start = performance.now();
  stack.emulators.sqs.queue('jobs').purge();
  expect(await receive({ WaitTimeSeconds: 1 })).toEqual([]);
  expect(performance.now() - start).toBeGreaterThan(900);
});

test('in process the same queue is seen, counted and taken from', async () => {
  const queue = stack.emulators.sqs.queue('jobs');
  let changes = 0;
  const leave = queue.onChange(() => (changes += 1));
  await send('seen');
  leave();
  expect(changes).toBe(1);
  expect(queue.peek(10).map(({ body }) => body)).toEqual(['seen']);
  expect(queue.counts()).toEqual({ visible: 1, delayed: 0, inFlight: 0 });
  const [taken] = queue.take(10);
  queue.delete(taken!.receiptHandle);
  expect(queue.counts()).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  expect(stack.emulators.calls.get('sqs.SendMessage')).toBe(1);
});
