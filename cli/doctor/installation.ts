/** Is everything there that Relance runs on: stacks, secrets; and does an alarm say that something of it is not well? */
import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import type { Account } from '../account.ts';
import { missingSecrets } from '../setup/secrets.ts';
import { type DeployedStack, isDeployed, type StackPart } from '../stacks.ts';
import { calling } from '../trouble.ts';
import { fine, type Finding, wrong } from './finding.ts';

export type Stacks = ReadonlyMap<StackPart, DeployedStack | undefined>;

const deploy = 'Deploy: `npm run -s relance -- deploy`.';

export function lookAtStacks({ choices, id, names }: Account, stacks: Stacks): readonly Finding[] {
  const all = [...stacks];
  const about = 'Deployment';
  if (all.every(([, stack]) => stack === undefined))
    return [wrong(about, `Relance is not deployed in ${choices.region} of account ${id}.`, deploy)];
  const broken = all.flatMap(([part, stack]) => {
    if (stack === undefined) return [`${names.of(part)} is not there`];
    return isDeployed(stack) ? [] : [`${names.of(part)} is ${stack.status}`];
  });
  if (broken.length === 0) return [fine(about, `${all.length} stacks are deployed in ${choices.region}.`)];
  const working = all.some(([, stack]) => stack?.status.endsWith('_IN_PROGRESS') === true);
  const next = working ? 'A deployment is under way. Wait until it ends and look again.' : deploy;
  return [wrong(about, `Part of Relance is not deployed: ${broken.join(', ')}.`, next)];
}

export async function lookAtSecrets(account: Account): Promise<readonly Finding[]> {
  const missing = await missingSecrets(account);
  if (missing.length === 0) return [fine('Secrets', 'All are in Parameter Store.')];
  return [
    wrong(
      'Secrets',
      `No function can work before its secrets are there: ${missing.join(', ')}.`,
      'Make them: `npm run -s relance -- setup`.',
    ),
  ];
}

export async function lookAtAlarms({ clients, names }: Account): Promise<readonly Finding[]> {
  const { MetricAlarms: alarms = [] } = await calling('cloudwatch:DescribeAlarms', () =>
    clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: names.of(''), StateValue: 'ALARM', MaxRecords: 100 })),
  );
  return alarms.length === 0 ? [fine('Alarms', 'None is ringing.')] : alarms.map(ringing);
}

/** AWS asks once by mail whether the address wants its alarms: until then they reach nobody. */
export async function lookAtAlarmMail({
  choices: { region, alarmEmail },
  clients,
  id,
  caller,
  names,
}: Account): Promise<readonly Finding[]> {
  const about = 'Alarm mail';
  const [, partition = 'aws'] = caller.split(':');
  const topic = `arn:${partition}:sns:${region}:${id}:${names.alarmTopic}`;
  const { Subscriptions: found = [] } = await calling('sns:ListSubscriptionsByTopic', () =>
    clients.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic })),
  );
  const own = found.filter(({ Endpoint: address }) => address?.toLowerCase() === alarmEmail.toLowerCase());
  if (own.some(({ SubscriptionArn: arn }) => arn !== 'PendingConfirmation' && arn !== 'Deleted'))
    return [fine(about, `Alarms go to ${alarmEmail}.`)];
  if (own.length === 0) return [wrong(about, `No alarm reaches ${alarmEmail}: it is not subscribed (any more).`, deploy)];
  return [
    wrong(
      about,
      `No alarm reaches ${alarmEmail} yet.`,
      'AWS wrote to it ("AWS Notification - Subscription Confirmation"): open that mail and confirm. It is valid for two days; after',
      'that choose the subscription in the SNS console, and Request confirmation:',
      `https://${region}.console.aws.amazon.com/sns/v3/home?region=${region}#/topic/${topic}`,
    ),
  ];
}

/** Its description says what is not well and names the section of the runbook. */
function ringing({ AlarmName: name, AlarmDescription: description, StateUpdatedTimestamp: since }: MetricAlarm): Finding {
  const [says = '', todo = ''] = (description ?? '').split(' What to do: ');
  const when = since === undefined ? '' : ` (since ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC)`;
  return wrong(
    `Alarm ${name ?? ''}`,
    `${says === '' ? 'It is ringing.' : says}${when}`,
    todo === '' ? 'Look at it in CloudWatch.' : `Do what ${todo} says.`,
  );
}
