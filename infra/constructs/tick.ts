/** One schedule of the topology: a function that is called every so many minutes, and an alarm for when it is not. */
import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
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
    const once = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 };
    stage.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    acknowledge([stage.lambda], {
      'Serverless-LambdaAsyncFailureDestination': 'a failed run leaves nothing behind that the next one does not do',
    });
    new CfnSchedule(this, 'Schedule', {
      name: names.of(name),
      scheduleExpression: `rate(${everyMinutes} ${everyMinutes === 1 ? 'minute' : 'minutes'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: stage.lambda.functionArn, roleArn: this.#role(stage).roleArn, retryPolicy: once },
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

  /** For schedules of this account alone. */
  #role({ lambda }: StageFunction): Role {
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions }) });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [lambda.functionArn] }));
    return role;
  }
}
