/** The needs of a function (infra/needs.ts) as statements of an IAM policy: actions by name, on the narrowest resources. */
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { QueueName } from '../shared/topology.ts';
import type { Needs, TableNeed } from './needs.ts';
import { type ResourceNames, secretArns } from './resource-names.ts';

export const needStatements = (stack: Stack, names: ResourceNames, needs: Needs): readonly PolicyStatement[] => [
  ...needs.table.map((need) => tableStatement(stack, names, need)),
  ...queueStatements(stack, names, 'sqs:SendMessage', needs.sendsTo),
  ...queueStatements(stack, names, 'sqs:GetQueueAttributes', needs.counts),
  ...(needs.sendsEmail === true ? [mailStatement(stack, names)] : []),
  // SES knows no resource for it.
  ...(needs.readsMailQuota === true ? [new PolicyStatement({ actions: ['ses:GetSendQuota'], resources: ['*'] })] : []),
  ...(needs.sendsSms === true ? [textStatement(stack)] : []),
  // Parameter Store's own key needs no grant: AWS lets the account use it through SSM.
  new PolicyStatement({ actions: ['ssm:GetParameters'], resources: [...secretArns(stack, names)] }),
];

/** What an event source mapping asks for on behalf of its function. */
export const consumeStatement = (queueArn: string): PolicyStatement =>
  new PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queueArn],
  });

function tableStatement(stack: Stack, names: ResourceNames, { actions, keys, index }: TableNeed): PolicyStatement {
  const resourceName = index === undefined ? names.table : `${names.table}/index/${index}`;
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [stack.formatArn({ service: 'dynamodb', resource: 'table', resourceName })],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
  });
}

const queueStatements = (
  stack: Stack,
  names: ResourceNames,
  action: string,
  queues: readonly QueueName[] = [],
): readonly PolicyStatement[] =>
  queues.length === 0
    ? []
    : [
        new PolicyStatement({
          actions: [action],
          resources: queues.map((queue) => stack.formatArn({ service: 'sqs', resource: names.of(queue) })),
        }),
      ];

/**
 * The sender's address is what limits it: in the SES sandbox the recipient's verified identity is asked for as well, so that
 * naming our own two alone would refuse every first test.
 */
function mailStatement(stack: Stack, { configurationSet, mailDomains }: ResourceNames): PolicyStatement {
  const ses = (resource: string, resourceName: string) => stack.formatArn({ service: 'ses', resource, resourceName });
  return new PolicyStatement({
    actions: ['ses:SendRawEmail'],
    resources: [ses('identity', '*'), ses('configuration-set', configurationSet)],
    conditions: { StringLike: { 'ses:FromAddress': Object.values(mailDomains).map((domain) => `*@${domain}`) } },
  });
}

/**
 * A phone number has no ARN: IAM is asked about the bare number, which no pattern but `*` may name. So everything is allowed that
 * is no ARN of SNS: no topic of anybody, and no endpoint of an app. (cdk-nag looks at resources that are named, not at this.)
 */
const textStatement = (stack: Stack): PolicyStatement =>
  new PolicyStatement({
    actions: ['sns:Publish'],
    notResources: [stack.formatArn({ service: 'sns', region: '*', account: '*', resource: '*' })],
  });
