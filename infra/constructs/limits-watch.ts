/** Alarms for limits of the account that stop Relance although nothing of it is broken: Lambda, the table, and SES's patience. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ResourceNames } from '../resource-names.ts';
import { RunbookAlarm } from './runbook-alarm.ts';

export interface LimitsWatchProps {
  readonly names: ResourceNames;
  readonly alarmTopic: ITopic;
}

export class LimitsWatch extends Construct {
  constructor(scope: Construct, id: string, { names, alarmTopic: topic }: LimitsWatchProps) {
    super(scope, id);
    const fiveMinutes = { statistic: 'Sum', period: Duration.minutes(5) };
    const hour = { statistic: 'Maximum', period: Duration.hours(1) };
    new RunbookAlarm(this, 'Lambda', {
      name: names.of('lambda-throttled'),
      says: 'The account runs as many functions at once as it may (all of the account, not Relance alone).',
      section: 'lambda-is-throttled',
      metric: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...fiveMinutes }),
      from: 20,
      periods: 3, // a burst now and then is what queues are for
      topic,
    });
    new RunbookAlarm(this, 'Table', {
      name: names.of('table-throttled'),
      says: 'The table takes no more writes a second, by the limit in relance.config.ts or by a partition that is too hot.',
      section: 'the-table-is-throttled',
      metric: new Metric({
        namespace: 'AWS/DynamoDB',
        metricName: 'WriteThrottleEvents',
        dimensionsMap: { TableName: names.table },
        ...fiveMinutes,
      }),
      from: 100,
      periods: 3,
      topic,
    });
    // SES looks into an account at 5 % and 0.1 %, and may stop its sending at 10 % and 0.5 %.
    new RunbookAlarm(this, 'Bounces', {
      name: names.of('bounces'),
      says: 'At least 4 % of recent mails bounced. At 5 % SES looks into the account.',
      section: 'too-many-bounces',
      metric: new Metric({ namespace: 'AWS/SES', metricName: 'Reputation.BounceRate', ...hour }),
      from: 0.04,
      topic,
    });
    new RunbookAlarm(this, 'Complaints', {
      name: names.of('complaints'),
      says: 'At least 0.08 % of recent mails were called spam. At 0.1 % SES looks into the account.',
      section: 'too-many-complaints',
      metric: new Metric({ namespace: 'AWS/SES', metricName: 'Reputation.ComplaintRate', ...hour }),
      from: 0.0008,
      topic,
    });
  }
}
