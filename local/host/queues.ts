/**
 * The queues of the topology in the embedded SQS: every queue with its dead-letter queue, and what is mapped to whom.
 */
import type { Sqs } from '../emulators/sqs.ts';
import type { HostTopology } from './host-topology.ts';
import type { MappingSpec } from './queue-mapping.ts';

/** Batches at the same time where the topology names no limit. */
const usualConcurrency = 4;
const secondsADay = 86_400;

/** Makes or changes them, and answers the environment variables under which functions find them. */
export function createQueues(
  sqs: Sqs,
  topology: Pick<HostTopology, 'queues' | 'deadLetters' | 'deadLetterSuffix'>,
): Readonly<Record<string, string>> {
  const { queues, deadLetters, deadLetterSuffix } = topology;
  const entries = Object.entries(queues).map(([name, queue]): [string, string] => {
    sqs.ensureQueue(name + deadLetterSuffix, attributes(deadLetters));
    const redrive = { deadLetterTargetArn: sqs.arnOf(name + deadLetterSuffix), maxReceiveCount: queue.maxReceiveCount };
    sqs.ensureQueue(name, { ...attributes(queue), RedrivePolicy: JSON.stringify(redrive) });
    return [queue.urlVariable, sqs.urlOf(name)];
  });
  return Object.fromEntries(entries);
}

const attributes = (queue: { readonly visibilitySeconds: number; readonly retentionDays: number }) => ({
  VisibilityTimeout: String(queue.visibilitySeconds),
  MessageRetentionPeriod: String(queue.retentionDays * secondsADay),
});

export function mappingsOf({ queues, deadLetters, deadLetterSuffix }: HostTopology): readonly MappingSpec[] {
  return Object.entries(queues).flatMap(([name, queue]) => [
    {
      queue: name,
      functionName: queue.handler,
      batchSize: queue.batchSize,
      concurrency: queue.maxConcurrency ?? usualConcurrency,
    },
    {
      queue: name + deadLetterSuffix,
      functionName: deadLetters.handler,
      batchSize: deadLetters.batchSize,
      concurrency: usualConcurrency,
    },
  ]);
}
