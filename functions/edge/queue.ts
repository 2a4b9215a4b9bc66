/**
 * The one way queue messages become typed values and reach a stage. What can never succeed is parked for a person, and so
 * is what fails for the fifth time by its own fault; whatever else fails comes back from SQS, and only that (promise 1).
 */
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { claimsInBody } from '../../shared/events/claims-in-body.ts';
import { Conflict, InvalidInput, Unavailable, type Problem } from '../../shared/kernel/errors.ts';
import { maxDepth, parseJson, type Json } from '../../shared/kernel/json.ts';
import type { DeadLetter } from '../../shared/pipeline/park-dead-letters.ts';
import type { Ports } from '../../shared/ports.ts';
import { deadLetterSuffix, queues } from '../../shared/topology.ts';
import { outcomeLog } from './outcome-log.ts';
import { reasonWithoutPeople } from './reason.ts';

export type QueuePorts = Pick<Ports, 'clock' | 'parking' | 'secrets' | 'log'>;

/** Throws InvalidInput, which says where. */
export type Decoder<T> = (body: Json) => T;

export interface Delivery<T> {
  readonly item: T;
  /** The same in every delivery of this message. */
  readonly messageId: string;
  /** How often the queue has delivered it, this time included; approximate, as the queue counts. */
  readonly receiveCount: number;
}

export type ItemOutcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly error: unknown };

export type QueueHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A stage's own errors before its item is parked; throttling and conflicts never count as the item's fault. */
export const patience = 5;

/** A stage that takes one item at a time; the items of a batch run side by side. */
export const queueHandler = <T>(
  ports: QueuePorts,
  stage: string,
  decode: Decoder<T>,
  handle: (item: T, delivery: Delivery<T>) => Promise<unknown>,
): QueueHandler => batchHandler(ports, stage, decode, (deliveries) => oneByOne(deliveries, handle));

/** An envelope wraps what a door accepted in a few levels of its own. */
const deepestMessage = maxDepth + 8;

/** A stage that takes a whole batch and answers one outcome per item, in their order. What it throws, all items failed with. */
export const batchHandler = <T>(ports: QueuePorts, stage: string, decode: Decoder<T>, handle: BatchStage<T>): QueueHandler =>
  recordsHandler(ports, stage, ({ body }) => decode(parseJson(body, '', deepestMessage)), handle);

/** A stage that takes letters as they are, readable or not, with the queue that gave them up. */
export const deadLetterHandler = (
  ports: QueuePorts,
  stage: string,
  handle: (letter: DeadLetter) => Promise<unknown>,
): QueueHandler => recordsHandler(ports, stage, deadLetterIn, (deliveries) => oneByOne(deliveries, handle));

/** A stage that is fed by somebody else than us: it reads the text as it came. */
export const textHandler = <T>(
  ports: QueuePorts,
  stage: string,
  read: (body: string) => T,
  handle: (item: T, delivery: Delivery<T>) => Promise<unknown>,
): QueueHandler =>
  recordsHandler(
    ports,
    stage,
    ({ body }) => read(body),
    (deliveries) => oneByOne(deliveries, handle),
  );

type BatchStage<T> = (deliveries: readonly Delivery<T>[]) => Promise<readonly ItemOutcome[]>;

const oneByOne = <T>(deliveries: readonly Delivery<T>[], handle: (item: T, delivery: Delivery<T>) => Promise<unknown>) =>
  Promise.all(
    deliveries.map(async (delivery): Promise<ItemOutcome> => {
      try {
        await handle(delivery.item, delivery);
        return { kind: 'done' };
      } catch (error) {
        return { kind: 'failed', error };
      }
    }),
  );

/** SQS names the queue a letter comes from; its own name says it too, but for the ending. */
function deadLetterIn({ messageId, body, attributes, eventSourceARN }: SQSRecord): DeadLetter {
  return { messageId, body, queue: queueNamed(attributes.DeadLetterQueueSourceArn ?? eventSourceARN) };
}

/** As the topology calls it: in AWS the installation's name stands in front (`relance-events`). */
function queueNamed(arn: string): string {
  const deployed = arn.split(':').at(-1) ?? '';
  const name = deployed.endsWith(deadLetterSuffix) ? deployed.slice(0, -deadLetterSuffix.length) : deployed;
  return Object.keys(queues).find((known) => name === known || name.endsWith(`-${known}`)) ?? name;
}

function recordsHandler<T>(
  ports: QueuePorts,
  stage: string,
  read: (record: SQSRecord) => T,
  handle: BatchStage<T>,
): QueueHandler {
  const handleEvent = async ({ Records: records }: SQSEvent): Promise<Answer> => {
    const decoded = records.map((record) => readRecord(record, read));
    const deliveries = decoded.flatMap((one) => (one.kind === 'decoded' ? [one.delivery] : []));
    const outcomes = await outcomesOf(deliveries, handle);
    const fates = await Promise.all(
      records.map((record, at) => {
        const failure = decoded[at]?.kind === 'failed' ? decoded[at] : undefined;
        return settle(ports, stage, record, failure ?? outcomes.get(record.messageId) ?? forgotten);
      }),
    );
    const retried = records.filter((_, at) => fates[at] === 'retry');
    return {
      batchItemFailures: retried.map(({ messageId }) => ({ itemIdentifier: messageId })),
      counts: { items: records.length, retried: retried.length, parked: fates.filter((fate) => fate === 'parked').length },
    };
  };
  const handler = middy(handleEvent).use(outcomeLog<SQSEvent, Answer>(ports, stage, ({ counts }) => counts));
  return async (event, context) => {
    const { batchItemFailures } = await handler(event, context);
    return { batchItemFailures };
  };
}

interface Answer extends SQSBatchResponse {
  readonly counts: { readonly items: number; readonly retried: number; readonly parked: number };
}

/** A stage that answers fewer outcomes than it got items has not done the others. */
const forgotten: ItemOutcome = { kind: 'failed', error: new Error('the stage answered no outcome for this item') };

const receiveCountOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount) || 1;

type Decoded<T> =
  { readonly kind: 'decoded'; readonly delivery: Delivery<T> } | { readonly kind: 'failed'; readonly error: unknown };

function readRecord<T>(record: SQSRecord, read: (record: SQSRecord) => T): Decoded<T> {
  try {
    return {
      kind: 'decoded',
      delivery: { item: read(record), messageId: record.messageId, receiveCount: receiveCountOf(record) },
    };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** By message id. */
async function outcomesOf<T>(
  deliveries: readonly Delivery<T>[],
  handle: BatchStage<T>,
): Promise<ReadonlyMap<string, ItemOutcome>> {
  const answered =
    deliveries.length === 0 ? [] : await handle(deliveries).catch((error: unknown) => failedAll(deliveries, error));
  return new Map(deliveries.map(({ messageId }, at) => [messageId, answered[at] ?? forgotten]));
}

const failedAll = (deliveries: readonly unknown[], error: unknown): readonly ItemOutcome[] =>
  deliveries.map(() => ({ kind: 'failed', error }));

/** An item that cannot be parked now is not acknowledged: it comes back and is parked then. */
async function settle(
  ports: QueuePorts,
  stage: string,
  record: SQSRecord,
  outcome: ItemOutcome,
): Promise<'done' | 'parked' | 'retry'> {
  if (outcome.kind === 'done') return 'done';
  const { messageId, body } = record;
  const receiveCount = receiveCountOf(record);
  const ids = {
    stage,
    messageId,
    receiveCount,
    error: outcome.error instanceof Error ? outcome.error.name : typeof outcome.error,
  };
  const problems = hopeless(outcome.error, receiveCount);
  if (problems === undefined) {
    ports.log('warn', 'will retry', ids);
    return 'retry';
  }
  try {
    const claims = claimsInBody(ports.secrets.identifierKey, body);
    await ports.parking.park({ id: messageId, at: ports.clock(), stage, problems, body, claims });
    ports.log('warn', 'parked', ids);
    return 'parked';
  } catch {
    ports.log('error', 'could not park', ids);
    return 'retry';
  }
}

/** Why it is useless to try again; undefined when it is not. */
function hopeless(error: unknown, receiveCount: number): readonly Problem[] | undefined {
  if (error instanceof InvalidInput) return error.problems;
  if (error instanceof Unavailable || error instanceof Conflict || receiveCount < patience) return undefined;
  return [{ where: '', problem: reasonWithoutPeople(error) }];
}
