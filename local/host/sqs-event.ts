/**
 * A batch of messages as the event that Lambda gives a function, and its answer about single messages
 * (ReportBatchItemFailures) as Lambda reads it. Pure.
 */
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as v from 'valibot';
import { systemAttributes } from '../emulators/sqs-actions.ts';
import { attributesMd5, md5 } from '../emulators/sqs-message.ts';
import type { ReceivedMessage } from '../emulators/sqs-queue.ts';
import type { Sqs } from '../emulators/sqs.ts';

export const sqsEvent = (sqs: Sqs, queue: string, batch: readonly ReceivedMessage[]): SQSEvent => ({
  Records: batch.map((received) => record(sqs, queue, received)),
});

function record(sqs: Sqs, queue: string, received: ReceivedMessage): SQSRecord {
  const { message, receiptHandle } = received;
  const digest = attributesMd5(message.attributes);
  const arn = sqs.arnOf(queue);
  return {
    messageId: message.id,
    receiptHandle,
    body: message.body,
    attributes: systemAttributes(sqs, received),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { dataType, kind, value }]) => [
        name,
        {
          ...(kind === 'binary' ? { binaryValue: value } : { stringValue: value }),
          stringListValues: [],
          binaryListValues: [],
          dataType,
        },
      ]),
    ),
    md5OfBody: md5(message.body),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3] ?? '',
  };
}

const partialAnswer = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.pipe(v.string(), v.nonEmpty()) }))) }),
);

/**
 * Ids of the messages that failed. Nothing, an empty object and an empty list mean that all succeeded; an answer that
 * does not fit, or that names a message which is not in the batch, fails them all.
 */
export function failedIds(answer: unknown, ids: readonly string[]): ReadonlySet<string> | 'all' {
  const read = v.safeParse(partialAnswer, answer);
  if (!read.success) return 'all';
  const failed = (read.output?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => ids.includes(id)) ? new Set(failed) : 'all';
}
