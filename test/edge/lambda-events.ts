/** SQS and schedule events as Lambda gets them, with what a test wants to say about them. */
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

export interface RecordWords {
  readonly body: string;
  readonly messageId?: string;
  readonly receiveCount?: number;
  readonly queue?: string;
}

export function sqsRecord({ body, messageId = 'message-1', receiveCount = 1, queue = 'events' }: RecordWords): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-of-${messageId}`,
    body,
    md5OfBody: '',
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '1763920000000',
      SenderId: 'AROAIWPX5BD2BHG722MW4:sender',
      ApproximateFirstReceiveTimestamp: '1763920000010',
    },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-3:123456789012:${queue}`,
    awsRegion: 'eu-west-3',
  };
}

export const sqsEvent = (...records: readonly RecordWords[]): SQSEvent => ({ Records: records.map(sqsRecord) });

export const lambdaContext: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-3:123456789012:function:test',
  memoryLimitInMB: '512',
  awsRequestId: 'request-1',
  logGroupName: 'test',
  logStreamName: 'test',
  getRemainingTimeInMillis: () => 30_000,
  /* oxlint-disable typescript/no-deprecated -- nobody calls them, the type still asks for them */
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
  /* oxlint-enable typescript/no-deprecated */
};
