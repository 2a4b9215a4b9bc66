/** Every answer of AWS becomes what must happen next, and says what was tried without telling what was in it. */
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { SQSServiceException } from '@aws-sdk/client-sqs';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoClient, sendConditional, sendOrThrow, sendTransaction } from '../../shared/adapters/aws/client.ts';
import { getItem } from '../../shared/adapters/aws/people-reads.ts';
import { Conflict, Unavailable } from '../../shared/kernel/errors.ts';
import { localAccess } from '../ports/embedded-table.ts';

const answering = (error: Error) => () => Promise.reject(error);
const service = (name: string, fault: 'client' | 'server' = 'client', status = 400) =>
  new DynamoDBServiceException({ name, $fault: fault, $metadata: { httpStatusCode: status }, message: 'of ada@example.com' });
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled, of ada@example.com',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({
      Code,
      ...(Code === 'ConditionalCheckFailed' ? { Item: { v: { N: '7' } } } : {}),
    })),
  });

describe('one call', () => {
  test.each([
    ['throttled', service('ProvisionedThroughputExceededException')],
    ['throttled as a whole', service('ThrottlingException')],
    ['limited', service('RequestLimitExceeded')],
    ['broken on the other side', service('InternalServerError', 'server', 500)],
    ['an answer nobody understands', service('Unknown', 'client', 503)],
    ['busy with our transaction', service('TransactionInProgressException')],
    ['throttled inside a transaction', cancelled('None', 'ThrottlingError')],
    ['SQS broken', new SQSServiceException({ name: 'InternalFailure', $fault: 'server', $metadata: {} })],
    ['silent', Object.assign(new Error('socket'), { name: 'TimeoutError' })],
    ['not there', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ])('%s is Unavailable', async (_what, error) => {
    const call = sendOrThrow('load a person', answering(error));
    await expect(call).rejects.toThrow(Unavailable);
    await expect(call).rejects.toThrow(/^load a person: /);
    await expect(call).rejects.not.toThrow(/ada/);
  });

  test.each([
    ['a condition', new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} })],
    ['another transaction', new TransactionConflictException({ message: 'ongoing', $metadata: {} })],
    ['a cancelled transaction', cancelled('None', 'TransactionConflict')],
    ['conditions of a transaction', cancelled('ConditionalCheckFailed', 'None')],
  ])('refused by %s is a Conflict', async (_what, error) => {
    await expect(sendOrThrow('save', answering(error))).rejects.toThrow(Conflict);
  });

  test('that is wrong is an error of ours, with its reason', async () => {
    const wrong = new DynamoDBServiceException({
      name: 'ValidationException',
      $fault: 'client',
      $metadata: {},
      message: 'bad key',
    });
    const call = sendOrThrow('save', answering(wrong));
    await expect(call).rejects.toThrow('save: ValidationException: bad key');
    await expect(call).rejects.not.toThrow(Unavailable);
  });

  test('what is not of the SDK passes as it is', async () => {
    const ours = new TypeError('x is undefined');
    await expect(sendOrThrow('save', answering(ours))).rejects.toBe(ours);
  });

  test('a cancelled transaction names its reasons once', async () => {
    await expect(
      sendOrThrow('merge', answering(cancelled('None', 'TransactionConflict', 'None', 'TransactionConflict'))),
    ).rejects.toThrow('merge: TransactionCanceledException, TransactionConflict');
  });
});

test('a conditional write that was refused tells what is stored', async () => {
  const refusal = (Item?: Record<string, { S: string }>) =>
    new ConditionalCheckFailedException({ message: '', $metadata: {}, ...(Item === undefined ? {} : { Item }) });
  expect(await sendConditional('claim', answering(refusal({ p: { S: 'P1' } })))).toEqual({
    kind: 'refused',
    item: { p: { S: 'P1' } },
  });
  expect(await sendConditional('claim', answering(refusal()))).toEqual({ kind: 'refused' });
  expect(await sendConditional('claim', () => Promise.resolve(5))).toEqual({ kind: 'done', output: 5 });
  await expect(sendConditional('claim', answering(service('ThrottlingException')))).rejects.toThrow(Unavailable);
});

test('a transaction tells action by action which condition failed, and only that is a refusal', async () => {
  expect(await sendTransaction('commit', () => Promise.resolve())).toEqual({ kind: 'done' });
  expect(await sendTransaction('commit', answering(cancelled('None', 'ConditionalCheckFailed')))).toEqual({
    kind: 'refused',
    actions: [{ held: true }, { held: false, item: { v: { N: '7' } } }],
  });
  await expect(sendTransaction('commit', answering(cancelled('ConditionalCheckFailed', 'TransactionConflict')))).rejects.toThrow(
    Conflict,
  );
  await expect(sendTransaction('commit', answering(cancelled('ConditionalCheckFailed', 'ThrottlingError')))).rejects.toThrow(
    Unavailable,
  );
  await expect(sendTransaction('commit', answering(cancelled('ValidationError')))).rejects.toThrow(/ValidationError/);
});

describe('a table that accepts and never answers', () => {
  let server: Server;
  let endpoint = '';
  beforeAll(async () => {
    server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address !== null) endpoint = `http://127.0.0.1:${address.port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is Unavailable after the timeout, and does not hang', async () => {
    const dynamo = dynamoClient({ ...localAccess, AWS_ENDPOINT_URL_DYNAMODB: endpoint }, 200);
    const read = getItem('load', { dynamo, table: 'relance' }, { pk: { S: 'a' }, sk: { S: '-' } });
    await expect(read).rejects.toThrow(/^load: TimeoutError/);
    dynamo.destroy();
  });
});
