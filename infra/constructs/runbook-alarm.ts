/** An alarm that tells a person by mail, and names the section of docs/runbook.md that says what to do about it. */
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Headings of docs/runbook.md, as links name them; a test checks that they are there. */
export type RunbookSection =
  | 'a-queue-waits'
  | 'dead-letters-stay'
  | 'items-were-parked'
  | 'a-function-fails'
  | 'requests-fail'
  | 'timers-stand-still'
  | 'lambda-is-throttled'
  | 'the-table-is-throttled'
  | 'too-many-bounces'
  | 'too-many-complaints';

export interface RunbookAlarmProps {
  readonly name: string;
  /** One sentence for the mail. */
  readonly says: string;
  readonly section: RunbookSection;
  readonly metric: IMetric;
  /** Alarms at this value or above. */
  readonly from: number;
  /** For how many of the metric's periods in a row. @default 1 */
  readonly periods?: number;
  /** Silence is a failure too. @default false */
  readonly alsoWhenSilent?: boolean;
  readonly topic: ITopic;
}

export class RunbookAlarm extends Construct {
  constructor(scope: Construct, id: string, props: RunbookAlarmProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: props.name,
      alarmDescription: `${props.says} What to do: docs/runbook.md#${props.section}`,
      metric: props.metric,
      threshold: props.from,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      treatMissingData: props.alsoWhenSilent === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(props.topic));
    alarm.addOkAction(new SnsAction(props.topic));
  }
}
