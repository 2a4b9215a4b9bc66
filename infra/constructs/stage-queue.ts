/**
 * One queue of the topology: what it gives up goes to its dead-letter queue and from there to the parked items; whoever
 * waits too long raises an alarm.
 */
import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetters, deadLetterSuffix, type QueueTopology } from '../../shared/topology.ts';
import { acknowledge } from '../acknowledge.ts';
import type { ResourceNames } from '../resource-names.ts';
import { consumeStatement } from '../statements.ts';
import { RunbookAlarm } from './runbook-alarm.ts';
import type { StageFunction } from './stage-function.ts';

export interface StageQueueProps {
  /** As in the topology. */
  readonly name: string;
  readonly settings: QueueTopology;
  readonly names: ResourceNames;
  readonly alarmTopic: ITopic;
}

/** A campaign queues what the quota can send in an hour; anything else is done within minutes. */
const longestWait = (name: string): Duration => (name === 'outbox-campaign' ? Duration.minutes(90) : Duration.minutes(20));

export class StageQueue extends Construct {
  readonly queue: Queue;
  readonly dead: Queue;

  constructor(scope: Construct, id: string, { name, settings, names, alarmTopic }: StageQueueProps) {
    super(scope, id);
    const { visibilitySeconds, maxReceiveCount, retentionDays } = settings;
    this.dead = new Queue(this, 'DeadLetters', {
      queueName: names.of(name + deadLetterSuffix),
      visibilityTimeout: Duration.seconds(deadLetters.visibilitySeconds),
      retentionPeriod: Duration.days(deadLetters.retentionDays),
    });
    acknowledge([this.dead], { 'Serverless-SQSRedrivePolicy': 'it is the end of the redrive; park-dead-letters empties it' });
    this.queue = new Queue(this, 'Queue', {
      queueName: names.of(name),
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      retentionPeriod: Duration.days(retentionDays),
      deadLetterQueue: { queue: this.dead, maxReceiveCount },
    });
    new RunbookAlarm(this, 'Waits', {
      name: names.of(`${name}-waits`),
      says: `The oldest message of queue ${name} has waited for ${longestWait(name).toMinutes()} minutes.`,
      section: 'a-queue-waits',
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      from: longestWait(name).toSeconds(),
      topic: alarmTopic,
    });
  }
}

export interface QueueMappingProps {
  readonly queue: Queue;
  readonly stage: StageFunction;
  readonly batchSize: number;
  readonly maxConcurrency?: number;
}

/** A function that empties a queue, and answers which messages of a batch it could not do. */
export class QueueMapping extends Construct {
  constructor(scope: Construct, id: string, { queue, stage, batchSize, maxConcurrency }: QueueMappingProps) {
    super(scope, id);
    stage.role.addToPrincipalPolicy(consumeStatement(queue.queueArn));
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: stage.lambda,
      eventSourceArn: queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    });
    acknowledge([mapping], {
      'Serverless-LambdaEventSourceMappingDestination': 'SQS knows none: its queues have dead-letter queues instead',
    });
    mapping.node.addDependency(stage.role); // Lambda refuses a mapping that its function may not read
  }
}
