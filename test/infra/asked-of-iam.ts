/**
 * A command of the AWS SDK as IAM is asked about it: one question for each action, resource and condition key. Local names
 * of queues and the table are those of the topology; the answer names what they are in the account.
 */
import { account, region } from '../../infra/resolve.ts';
import type { Call } from './is-allowed.ts';

const arn = (service: string, name: string): string => `arn:aws:${service}:${region}:${account}:${name}`;
const tableArn = arn('dynamodb', 'table/relance');

/** `input` as the client got it. Throws on a command that no function of ours makes. */
export function askedOfIam(command: string, input: object): readonly Call[] {
  switch (command) {
    case 'GetItemCommand':
    case 'PutItemCommand':
    case 'UpdateItemCommand':
    case 'DeleteItemCommand':
    case 'BatchGetItemCommand':
      return [onTable(command.replace('Command', ''), input)];
    case 'QueryCommand':
      return [onTable('Query', input, 'IndexName' in input ? `/index/${String(input.IndexName)}` : '')];
    case 'TransactWriteItemsCommand':
      return actionsIn(input).map(([action, part]) => onTable(`${action}Item`, part));
    case 'SendMessageBatchCommand':
    case 'SendMessageCommand':
      return [{ action: 'sqs:SendMessage', resource: queueArn(input) }];
    case 'GetQueueAttributesCommand':
      return [{ action: 'sqs:GetQueueAttributes', resource: queueArn(input) }];
    case 'SendRawEmailCommand':
      return mailCalls(input);
    case 'PublishCommand':
      return [{ action: 'sns:Publish', resource: publishedTo(input) }];
    case 'GetSendQuotaCommand':
      return [{ action: 'ses:GetSendQuota', resource: '*' }];
    case 'GetParametersCommand':
      return textsIn(input, 'Names').map((name) => ({ action: 'ssm:GetParameters', resource: arn('ssm', `parameter${name}`) }));
  }
  throw new Error(`no test knows what ${command} asks of IAM`);
}

const onTable = (action: string, input: object, index = ''): Call => ({
  action: `dynamodb:${action}`,
  resource: tableArn + index,
  values: { 'dynamodb:LeadingKeys': [...partitionsIn(input)] },
});

/** `{ Put: … }`, `{ Update: … }`, … of a transaction. */
const actionsIn = (input: object): readonly (readonly [string, object])[] =>
  'TransactItems' in input && Array.isArray(input.TransactItems)
    ? input.TransactItems.flatMap((item: unknown) => (isObject(item) ? Object.entries(item) : [])).flatMap(([action, part]) =>
        isObject(part) ? [[action, part] as const] : [],
      )
    : [];

const queueArn = (input: object): string =>
  arn('sqs', `relance-${'QueueUrl' in input ? (String(input.QueueUrl).split('/').at(-1) ?? '') : ''}`);

/** The identity is the sender's domain; the configuration set is a resource of its own. */
function mailCalls(input: object): readonly Call[] {
  const from = 'Source' in input ? String(input.Source) : '';
  const set = 'ConfigurationSetName' in input ? [`configuration-set/${String(input.ConfigurationSetName)}`] : [];
  return [`identity/${from.split('@').at(-1) ?? ''}`, ...set].map((name) => ({
    action: 'ses:SendRawEmail',
    resource: `arn:aws:ses:${region}:${account}:${name}`,
    values: { 'ses:FromAddress': [from] },
  }));
}

/** The number itself, as IAM names it ("not authorized to perform: SNS:Publish on resource: +336…"), or the ARN. */
const publishedTo = (input: object): string =>
  String(
    'PhoneNumber' in input
      ? input.PhoneNumber
      : 'TargetArn' in input
        ? input.TargetArn
        : 'TopicArn' in input
          ? input.TopicArn
          : '',
  );

/** Values of partition keys: of items and keys, and those that a key condition names. */
function* partitionsIn(value: unknown): Generator<string> {
  if (!isObject(value)) return;
  if ('KeyConditionExpression' in value) yield* partitionsAsked(value);
  if ('pk' in value) yield* textOf(value.pk);
  for (const [name, part] of Object.entries(value)) if (name !== 'ExpressionAttributeValues') yield* partitionsIn(part);
}

/** `pk = :person AND …`, `#shard = :shard AND …` */
function* partitionsAsked(query: object): Generator<string> {
  const condition = 'KeyConditionExpression' in query ? String(query.KeyConditionExpression) : '';
  const placeholder = /^\s*[\w#]+ = (:\w+)/.exec(condition)?.[1] ?? '';
  const values =
    'ExpressionAttributeValues' in query && isObject(query.ExpressionAttributeValues) ? query.ExpressionAttributeValues : {};
  for (const [name, value] of Object.entries(values)) if (name === placeholder) yield* textOf(value);
}

function* textOf(attribute: unknown): Generator<string> {
  if (isObject(attribute) && 'S' in attribute && typeof attribute.S === 'string') yield attribute.S;
}

const textsIn = (input: object, name: string): readonly string[] =>
  Object.entries(input).flatMap(([key, value]) => (key === name && Array.isArray(value) ? value.map(String) : []));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
