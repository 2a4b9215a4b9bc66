/**
 * Reads two things out of the logs of all functions: errors of ours, and items that were parked. One metric and one alarm
 * each, because an alarm for every function would cost more than the functions.
 */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type IFilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { deadLetters } from '../../shared/topology.ts';
import type { ResourceNames } from '../resource-names.ts';
import { RunbookAlarm } from './runbook-alarm.ts';
import type { StageFunction } from './stage-function.ts';

export interface FunctionWatchProps {
  readonly stages: ReadonlyMap<string, StageFunction>;
  readonly names: ResourceNames;
  readonly alarmTopic: ITopic;
}

/** What functions/edge logs as an error, and what Lambda itself says of a run that was cut off (time, memory, start). */
const errors = FilterPattern.any(
  FilterPattern.stringValue('$.level', '=', 'ERROR'),
  FilterPattern.stringValue('$.record.status', '=', 'timeout'),
  FilterPattern.stringValue('$.record.status', '=', 'error'),
);

/** functions/edge/queue.ts: an item that can never succeed, or failed five times. A webhook or task that a journey gave up. */
const parked = FilterPattern.stringValue('$.message', '=', 'parked');

/** What came out of a dead-letter queue: `items` of each run. */
const drained = FilterPattern.all(
  FilterPattern.stringValue('$.stage', '=', deadLetters.handler),
  FilterPattern.numberValue('$.items', '>', 0),
);

export class FunctionWatch extends Construct {
  constructor(scope: Construct, id: string, { stages, names, alarmTopic }: FunctionWatchProps) {
    super(scope, id);
    const namespace = names.of('functions');
    const count = (
      metricName: string,
      filters: readonly (readonly [string, StageFunction, IFilterPattern, string])[],
    ): Metric => {
      for (const [filterId, { logs }, filterPattern, metricValue] of filters)
        new MetricFilter(this, filterId, { logGroup: logs, metricNamespace: namespace, metricName, filterPattern, metricValue });
      return new Metric({ namespace, metricName, statistic: 'Sum', period: Duration.minutes(5) });
    };
    const all = [...stages];
    new RunbookAlarm(this, 'Fails', {
      name: names.of('function-fails'),
      says: 'A function failed, was cut off, or could not park an item.',
      section: 'a-function-fails',
      metric: count(
        'Errors',
        all.map(([name, stage]) => [`Errors-${name}`, stage, errors, '1']),
      ),
      from: 3,
      topic: alarmTopic,
    });
    new RunbookAlarm(this, 'Parked', {
      name: names.of('items-parked'),
      says: 'Items could not be done and were parked. They are kept for 14 days.',
      section: 'items-were-parked',
      metric: count(
        'Parked',
        all.map(([name, stage]) =>
          name === deadLetters.handler ? [`Parked-${name}`, stage, drained, '$.items'] : [`Parked-${name}`, stage, parked, '1'],
        ),
      ),
      from: 1,
      topic: alarmTopic,
    });
  }
}
