/**
 * What a queue can be told about itself, and what SQS refuses to be told.
 */
import * as v from 'valibot';
import type { Instant } from '../../shared/kernel/time.ts';
import { AwsError } from './aws-error.ts';

export interface QueueSettings {
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly delaySeconds: number;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  readonly waitSeconds: number;
  readonly largestMessage: number;
  readonly redrive?: { readonly target: string; readonly maxReceiveCount: number };
  /** As set, by AWS name. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface NumberAttribute {
  readonly initial: number;
  readonly lowest: number;
  readonly highest: number;
}

const numberAttributes: Readonly<Record<string, NumberAttribute>> = {
  VisibilityTimeout: { initial: 30, lowest: 0, highest: 43_200 },
  DelaySeconds: { initial: 0, lowest: 0, highest: 900 },
  MessageRetentionPeriod: { initial: 345_600, lowest: 60, highest: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { initial: 0, lowest: 0, highest: 20 },
  MaximumMessageSize: { initial: 1_048_576, lowest: 1_024, highest: 1_048_576 },
};

/** Kept and told again, without any effect here. */
const keptAttributes = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

export const countAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

export const knownAttributes: ReadonlySet<string> = new Set([
  ...Object.keys(numberAttributes),
  ...keptAttributes,
  ...countAttributes,
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'RedrivePolicy',
]);

const redrivePolicy = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    deadLetterTargetArn: v.string(),
    maxReceiveCount: v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.transform(Number))]),
      v.integer(),
      v.minValue(1),
      v.maxValue(1_000),
    ),
  }),
);

/** Reads attributes over the defaults. An empty redrive policy takes it away. Throws what SQS answers to a wrong one. */
export function readSettings(
  attributes: Readonly<Record<string, string>>,
  createdAt: Instant,
  modifiedAt: Instant,
): QueueSettings {
  for (const [name, value] of Object.entries(attributes)) refuseWrong(name, value);
  const redrive = redriveOf(attributes['RedrivePolicy']);
  return {
    createdAt,
    modifiedAt,
    delaySeconds: numberOf('DelaySeconds', attributes),
    visibilitySeconds: numberOf('VisibilityTimeout', attributes),
    retentionSeconds: numberOf('MessageRetentionPeriod', attributes),
    waitSeconds: numberOf('ReceiveMessageWaitTimeSeconds', attributes),
    largestMessage: numberOf('MaximumMessageSize', attributes),
    ...(redrive === undefined ? {} : { redrive }),
    attributes,
  };
}

function refuseWrong(name: string, value: string): void {
  if (name === 'FifoQueue') throw new AwsError('UnsupportedOperation', 'The local emulator has standard queues only.');
  const limits = numberAttributes[name];
  if (limits === undefined) {
    if (keptAttributes.has(name) || name === 'RedrivePolicy') return;
    throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  if (!/^\d+$/.test(value) || Number(value) < limits.lowest || Number(value) > limits.highest)
    throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function redriveOf(policy: string | undefined): QueueSettings['redrive'] {
  if (policy === undefined || policy === '') return undefined;
  const read = v.safeParse(redrivePolicy, policy);
  const target = read.success ? read.output.deadLetterTargetArn.split(':').at(-1) : undefined;
  if (!read.success || target === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: Invalid value for RedrivePolicy.`,
    );
  return { target, maxReceiveCount: read.output.maxReceiveCount };
}

const numberOf = (name: string, attributes: Readonly<Record<string, string>>): number =>
  Number(attributes[name] ?? numberAttributes[name]?.initial ?? 0);

/** Every number attribute as SQS tells it, set or not. */
export const toldNumbers = (settings: QueueSettings): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(numberAttributes).map((name) => [name, String(numberOf(name, settings.attributes))]));
