/**
 * The batch actions of SQS: refused whole when the batch itself is wrong, otherwise answered entry by entry.
 */
import { AwsError } from './aws-error.ts';
import type { JsonFields } from './json-fields.ts';
import { attributesMd5, largestMessage, md5, outgoingMessage, sizeOf } from './sqs-message.ts';
import type { SqsQueue } from './sqs-queue.ts';
import type { Sqs } from './sqs.ts';

type BatchAnswer = Readonly<Record<'Successful' | 'Failed', readonly Readonly<Record<string, unknown>>[]>>;

export function sendBatch(sqs: Sqs, queue: SqsQueue, fields: JsonFields): BatchAnswer {
  const entries = entriesOf(fields, 'SendMessageBatch');
  const bytes = entries.reduce((sum, { entry }) => sum + Buffer.byteLength(entry.optionalText('MessageBody') ?? ''), 0);
  if (bytes > largestMessage)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${largestMessage} bytes. You have sent ${bytes} bytes.`,
    );
  return answerEach(sqs, entries, (entry) => {
    const outgoing = outgoingMessage(entry);
    if (sizeOf(outgoing) > queue.settings.largestMessage)
      throw new AwsError('InvalidParameterValue', `Message must be shorter than ${queue.settings.largestMessage} bytes.`);
    const message = queue.send(outgoing);
    const digest = attributesMd5(message.attributes);
    return {
      MessageId: message.id,
      MD5OfMessageBody: md5(message.body),
      ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
    };
  });
}

export function deleteBatch(sqs: Sqs, queue: SqsQueue, fields: JsonFields): BatchAnswer {
  return answerEach(sqs, entriesOf(fields, 'DeleteMessageBatch'), (entry) => {
    queue.delete(entry.text('ReceiptHandle'));
    return {};
  });
}

export function visibilityBatch(sqs: Sqs, queue: SqsQueue, fields: JsonFields): BatchAnswer {
  return answerEach(sqs, entriesOf(fields, 'ChangeMessageVisibilityBatch'), (entry) => {
    queue.changeVisibility(entry.text('ReceiptHandle'), entry.optionalWhole('VisibilityTimeout', 0, 43_200) ?? 0);
    return {};
  });
}

interface Entry {
  readonly id: string;
  readonly entry: JsonFields;
}

function entriesOf(fields: JsonFields, action: string): readonly Entry[] {
  const entries = fields.objects('Entries').map((entry) => ({ id: entry.text('Id'), entry }));
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${action}RequestEntry in the request.`);
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  if (entries.some(({ id }) => !/^[\w-]{1,80}$/.test(id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (seen.has(id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** All entries that succeed are kept in one write. */
function answerEach(
  sqs: Sqs,
  entries: readonly Entry[],
  act: (entry: JsonFields) => Readonly<Record<string, unknown>>,
): BatchAnswer {
  const successful: Readonly<Record<string, unknown>>[] = [];
  const failed: Readonly<Record<string, unknown>>[] = [];
  sqs.atomically(() => {
    for (const { id, entry } of entries) {
      try {
        successful.push({ Id: id, ...act(entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: id, SenderFault: error.side === 'Sender', Code: error.code, Message: error.message });
      }
    }
  });
  return { Successful: successful, Failed: failed };
}
