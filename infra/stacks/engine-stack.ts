/**
 * What works and holds nothing: queues, functions, doors, schedules and their alarms, wired as shared/topology.ts says.
 * It can be deleted and deployed again at any time; only messages under way would be lost.
 */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import * as topology from '../../shared/topology.ts';
import { acknowledge } from '../acknowledge.ts';
import type { CheckedChoices } from '../choices.ts';
import { constructId } from '../construct-id.ts';
import { Doors } from '../constructs/doors.ts';
import { FunctionWatch } from '../constructs/function-watch.ts';
import { LimitsWatch } from '../constructs/limits-watch.ts';
import { LinkDomain } from '../constructs/link-domain.ts';
import { RunbookAlarm } from '../constructs/runbook-alarm.ts';
import { StageFunction } from '../constructs/stage-function.ts';
import { QueueMapping, StageQueue } from '../constructs/stage-queue.ts';
import { Tick } from '../constructs/tick.ts';
import { resourceNames, type ResourceNames } from '../resource-names.ts';

export interface EngineStackProps extends StackProps {
  readonly choices: CheckedChoices;
  /** Folder of the bundles. */
  readonly dist: string;
}

type Stages = ReadonlyMap<string, StageFunction>;
type Queues = ReadonlyMap<string, StageQueue>;

export class EngineStack extends Stack {
  readonly #names: ResourceNames;
  readonly #wiring: { readonly names: ResourceNames; readonly alarmTopic: ITopic };

  constructor(scope: Construct, id: string, { choices, dist, ...props }: EngineStackProps) {
    super(scope, id, props);
    this.#names = resourceNames(choices);
    this.#wiring = { names: this.#names, alarmTopic: this.#topic('AlarmTopic', this.#names.alarmTopic) };
    const doors = new Doors(this, 'Doors', this.#wiring);
    const linkOrigin = this.#linkOrigin(choices, doors);
    const queues = this.#queues();
    const stages = this.#stages(dist, this.#environment(queues, linkOrigin));
    const stageOf = (name: topology.FunctionName): StageFunction => theOne(stages, name);
    doors.open(stageOf);
    for (const { name, handler, everyMinutes } of topology.schedules)
      new Tick(this, `${constructId(name)}Schedule`, { ...this.#wiring, name, everyMinutes, stage: stageOf(handler) });
    this.#map(queues, stageOf);
    this.#receiveFeedback(queues);
    this.#watchDeadLetters(queues);
    new FunctionWatch(this, 'FunctionWatch', { ...this.#wiring, stages });
    new LimitsWatch(this, 'LimitsWatch', this.#wiring);
    new CfnOutput(this, 'Origin', { value: doors.origin, description: 'Where shops and apps send their events' });
  }

  #linkOrigin({ links }: CheckedChoices, doors: Doors): string {
    if (links === undefined) return doors.origin;
    new LinkDomain(this, 'Links', { ...links, doors });
    return `https://${links.domain}`;
  }

  #queues(): Queues {
    return new Map(
      Object.entries(topology.queues).map(([name, settings]) => [
        name,
        new StageQueue(this, `${constructId(name)}Queue`, { ...this.#wiring, name, settings }),
      ]),
    );
  }

  /** The same for all: what a function does not need, its role does not let it use. */
  #environment(queues: Queues, linkOrigin: string): Readonly<Record<string, string>> {
    const urls = Object.entries(topology.queues).map(
      ([name, { urlVariable }]) => [urlVariable, theOne(queues, name).queue.queueUrl] as const,
    );
    return {
      ...Object.fromEntries(urls),
      [topology.table.nameVariable]: this.#names.table,
      [topology.variables.linkOrigin]: linkOrigin,
      [topology.variables.secretsPath]: this.#names.secrets,
      [topology.feedback.configurationSetVariable]: this.#names.configurationSet,
    };
  }

  #stages(dist: string, environment: Readonly<Record<string, string>>): Stages {
    return new Map(
      Object.entries(topology.functions).map(([name, settings]) => [
        name,
        new StageFunction(this, constructId(name), { name, settings, names: this.#names, dist, environment }),
      ]),
    );
  }

  #map(queues: Queues, stageOf: (name: topology.FunctionName) => StageFunction): void {
    for (const [name, { handler, batchSize, maxConcurrency }] of Object.entries(topology.queues)) {
      const { queue, dead } = theOne(queues, name);
      const limit = maxConcurrency === undefined ? {} : { maxConcurrency };
      new QueueMapping(this, `${constructId(name)}Mapping`, { queue, stage: stageOf(handler), batchSize, ...limit });
      new QueueMapping(this, `${constructId(name + topology.deadLetterSuffix)}Mapping`, {
        queue: dead,
        stage: stageOf(topology.deadLetters.handler),
        batchSize: topology.deadLetters.batchSize,
      });
    }
  }

  /** SNS hands the events over as SES wrote them; the queue takes them from this topic alone. */
  #receiveFeedback(queues: Queues): void {
    const feedback = theOne(queues, topology.feedback.queue);
    const topic = this.#topic('FeedbackTopic', this.#names.feedbackTopic);
    const subscription = topic.addSubscription(
      new SqsSubscription(feedback.queue, { rawMessageDelivery: topology.feedback.rawMessageDelivery }),
    );
    acknowledge([subscription], { 'Serverless-SNSRedrivePolicy': 'SNS goes on offering an event to SQS for 23 days' });
  }

  /** One alarm for all: they drain themselves, so that anything in one of them for half an hour is one and the same fault. */
  #watchDeadLetters(queues: Queues): void {
    const period = Duration.minutes(5);
    const letters = [...queues].map(
      ([, { dead }], index) =>
        [`q${index}`, dead.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' })] as const,
    );
    new RunbookAlarm(this, 'DeadLetters', {
      name: this.#names.of('dead-letters-stay'),
      says: 'Dead letters have not been parked for half an hour.',
      section: 'dead-letters-stay',
      metric: new MathExpression({
        expression: 'SUM(METRICS())',
        usingMetrics: Object.fromEntries(letters),
        period,
        label: 'dead letters',
      }),
      from: 1,
      periods: 6,
      topic: this.#wiring.alarmTopic,
    });
  }

  /** Of the messaging stack, by name. */
  #topic(id: string, name: string): ITopic {
    return Topic.fromTopicArn(this, id, this.formatArn({ service: 'sns', resource: name }));
  }
}

function theOne<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name);
  if (one === undefined) throw new Error(`shared/topology.ts has no ${name}`);
  return one;
}
