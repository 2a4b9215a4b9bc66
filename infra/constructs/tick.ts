/** One schedule of the topology: a function that is called every so many minutes, and an alarm for when it is not. */
import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ResourceNames } from '../resource-names.ts';
import { RunbookAlarm } from './runbook-alarm.ts';
import type { StageFunction } from './stage-function.ts';

export interface TickProps {
  readonly name: string;
  readonly everyMinutes: number;
  readonly stage: StageFunction;
  readonly names: ResourceNames;
  readonly alarmTopic: ITopic;
}

/** Runs in a row that may fail before a person is told. */
const missedRuns = 5;

export class Tick extends Construct {
  constructor(scope: Construct, id: string, { name, everyMinutes, stage, names, alarmTopic }: TickProps) {
    super(scope, id);
    const every = Duration.minutes(everyMinutes);
    // The next run does what this one could not: retries would only come on top of it.
    stage.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Schedule(this, 'Schedule', {
      scheduleName: names.of(name),
      schedule: ScheduleExpression.rate(every),
      target: new LambdaInvoke(stage.lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    });
    new RunbookAlarm(this, 'StandsStill', {
      name: names.of(`${name}-stands-still`),
      says: `${name} has not run well for ${missedRuns * everyMinutes} minutes.`,
      section: 'timers-stand-still',
      metric: new MathExpression({
        expression: 'IF(runs - errors > 0, 0, 1)',
        usingMetrics: {
          runs: stage.lambda.metricInvocations({ period: every }),
          errors: stage.lambda.metricErrors({ period: every }),
        },
        period: every,
        label: 'no good run',
      }),
      from: 1,
      periods: missedRuns,
      alsoWhenSilent: true,
      topic: alarmTopic,
    });
  }
}
