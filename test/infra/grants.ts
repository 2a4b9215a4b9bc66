/** No function may do more than is listed here: a grant that appears, appears in this file first. */
import { describe, expect, test } from 'vitest';
import { functions, queues } from '../../shared/topology.ts';
import { deployedFunctions, type Statement } from '../../infra/deployed-functions.ts';
import { isAllowed } from './is-allowed.ts';
import { ofType } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

/** By resource, as `<part of the table>` or the resource's own name: the actions. */
type Grants = Readonly<Record<string, string>>;

const always: Grants = {
  'own logs': 'logs:CreateLogStream logs:PutLogEvents',
  'parameter relance/secrets/identifier-key': 'ssm:GetParameters',
  'parameter relance/secrets/link-keys': 'ssm:GetParameters',
  'parameter relance/secrets/write-keys': 'ssm:GetParameters',
  'parameter relance/secrets/webhook-secrets': 'ssm:GetParameters',
};
const consume = 'sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage';
const readConfig: Grants = { 'table D#*': 'dynamodb:GetItem dynamodb:Query' };
const park: Grants = { 'table Q#*': 'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:PutItem' };
const door: Grants = { ...readConfig, ...park, 'queue events': 'sqs:SendMessage' };

const listed: Readonly<Record<string, Grants>> = {
  'collect-events': { ...door, 'table R#*': 'dynamodb:PutItem' },
  'receive-webhook': door,
  'process-events': {
    ...readConfig,
    ...park,
    'table P#*': 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    'table I#*': 'dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem',
    'queue events': `${consume} sqs:SendMessage`,
    'queue work': 'sqs:SendMessage',
    'queue outbox-triggered': 'sqs:SendMessage',
  },
  'run-timers': {
    'table D#timers': 'dynamodb:GetItem dynamodb:PutItem',
    'index due T#*': 'dynamodb:Query',
    'queue work': 'sqs:GetQueueAttributes sqs:SendMessage',
  },
  'run-campaigns': {
    ...readConfig,
    'index dir ?': 'dynamodb:Query',
    'index dir ??': 'dynamodb:Query',
    'table P#*': 'dynamodb:BatchGetItem dynamodb:Query',
    'table C#*': 'dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
    'queue outbox-campaign': 'sqs:GetQueueAttributes sqs:SendMessage',
    'the send quota': 'ses:GetSendQuota',
  },
  'advance-journeys': {
    ...readConfig,
    ...park,
    'table P#*': 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    'queue events': 'sqs:SendMessage',
    'queue work': `${consume} sqs:SendMessage`,
    'queue outbox-triggered': 'sqs:SendMessage',
  },
  'deliver-messages': {
    ...readConfig,
    ...park,
    'table P#*': 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    'table X#*': 'dynamodb:GetItem',
    'table C#*': 'dynamodb:UpdateItem',
    'queue outbox-triggered': consume,
    'queue outbox-campaign': consume,
    'identity *, from *@news.example.com or *@mail.example.com': 'ses:SendRawEmail',
    'configuration-set relance, from *@news.example.com or *@mail.example.com': 'ses:SendRawEmail',
    'whatever is not arn:aws:sns:*:*:*': 'sns:Publish',
  },
  'follow-links': { ...readConfig, 'table P#*': 'dynamodb:BatchGetItem', 'queue events': 'sqs:SendMessage' },
  'record-feedback': {
    ...readConfig,
    ...park,
    'table P#*': 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query',
    'table I#*': 'dynamodb:BatchGetItem',
    'table X#*': 'dynamodb:GetItem dynamodb:PutItem',
    'table D#feedback': 'dynamodb:UpdateItem',
    'queue feedback': consume,
    'queue events': 'sqs:SendMessage',
  },
  'park-dead-letters': {
    ...park,
    ...Object.fromEntries(Object.keys(queues).map((name) => [`queue ${name}-dead`, consume])),
  },
};

/** `arn:aws:sqs:eu-west-3:000000000000:relance-work` → `queue work` */
function resourceName(arn: string, functionName: string): string {
  if (arn === '*') return 'the send quota';
  const [, , service = '', region, account, ...rest] = arn.split(':');
  const name = rest.join(':');
  expect([region, account]).toEqual(['eu-west-3', '000000000000']);
  if (service === 'logs') return name === `log-group:/aws/lambda/${functionName}:*` ? 'own logs' : name;
  if (service === 'sqs') return `queue ${name.replace('relance-', '')}`;
  if (service === 'dynamodb') return name.replace(/^table\/relance$/, 'table').replace('table/relance/index/', 'index ');
  return name.replace('/', ' ');
}

/** Which part of the resource: partition keys, senders. A condition that it does not know is told as it is. */
const partsOf = ({ Condition }: Statement): readonly string[] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, patterns]) => {
      if (operator === 'ForAllValues:StringLike' && key === 'dynamodb:LeadingKeys')
        return patterns.map((pattern) => ` ${pattern}`);
      if (operator === 'StringLike' && key === 'ses:FromAddress') return [`, from ${patterns.join(' or ')}`];
      return [`${operator} ${key}`];
    }),
  );

function grantsIn(statements: readonly Statement[], functionName: string): Grants {
  const granted = new Map<string, Set<string>>();
  for (const one of statements) {
    const parts = partsOf(one);
    for (const other of 'NotResource' in one ? one.NotResource : [])
      granted.set([`whatever is not ${other}`, ...parts].join(''), new Set(one.Action));
    for (const arn of 'Resource' in one ? one.Resource : [])
      for (const part of parts.length === 0 ? [''] : parts) {
        const name = resourceName(arn, functionName) + part;
        granted.set(name, new Set([...(granted.get(name) ?? []), ...one.Action]));
      }
  }
  return Object.fromEntries([...granted].map(([name, actions]) => [name, [...actions].toSorted().join(' ')]));
}

export function grantTests(): void {
  describe('what a function may do', () => {
    test.each(Object.keys(functions))('%s: exactly what is listed', async (name) => {
      const { statements, functionName } = deployedFunctions(await synthesised()).get(name)!;
      expect(grantsIn(statements, functionName)).toEqual({ ...always, ...listed[name] });
    });

    test('never includes reading the whole table, nor any action by a pattern', async () => {
      const { messaging, engine } = await synthesised();
      const actions = [messaging, engine].flatMap((template) =>
        ofType(template, 'AWS::IAM::Policy').flatMap(({ Properties }) => [
          ...JSON.stringify(Properties).matchAll(/"(\w+:[\w*]+)"/g),
        ]),
      );
      const found = actions
        .map(([, action = '']) => action)
        .filter((action) => /^(dynamodb|sqs|ses|sns|ssm|lambda|logs):/.test(action));
      expect(found.filter((action) => /Scan|\*|Delete(?!Item|Message)/.test(action))).toEqual([]);
      expect(found.length).toBeGreaterThan(50);
      for (const template of [messaging, engine])
        for (const { Properties } of ofType(template, 'AWS::IAM::Role')) {
          expect(Properties).not.toHaveProperty('ManagedPolicyArns');
          expect(Properties).not.toHaveProperty('Policies');
        }
    });

    test('is judged as IAM judges it', async () => {
      const { statements } = deployedFunctions(await synthesised()).get('collect-events')!;
      const table = 'arn:aws:dynamodb:eu-west-3:000000000000:table/relance';
      const put = (...keys: string[]) =>
        isAllowed(statements, { action: 'dynamodb:PutItem', resource: table, values: { 'dynamodb:LeadingKeys': keys } });
      expect(put('Q#2026-11-23')).toBe(true);
      expect(put('R#asked')).toBe(true);
      for (const elsewhere of ['P#someone', 'D#active', 'I#email#x', 'X#email#x', 'C#-'])
        expect([put(elsewhere), put('Q#2026-11-23', elsewhere), put('R#asked', elsewhere)]).toEqual([false, false, false]);
      expect(isAllowed(statements, { action: 'dynamodb:Scan', resource: table })).toBe(false);
      expect(isAllowed(statements, { action: 'dynamodb:PutItem', resource: `${table}2` })).toBe(false);
      const runner = deployedFunctions(await synthesised()).get('run-campaigns')!.statements;
      const sweep = (...keys: string[]) =>
        isAllowed(runner, {
          action: 'dynamodb:Query',
          resource: `${table}/index/dir`,
          values: { 'dynamodb:LeadingKeys': keys },
        });
      expect(['0', '63', 'P#someone', ''].map((shard) => sweep(shard))).toEqual([true, true, false, false]);
      const mails = deployedFunctions(await synthesised()).get('deliver-messages')!.statements;
      const send = (from: string) =>
        isAllowed(mails, {
          action: 'ses:SendRawEmail',
          resource: 'arn:aws:ses:eu-west-3:000000000000:identity/news.example.com',
          values: { 'ses:FromAddress': [from] },
        });
      expect(send('hello@news.example.com')).toBe(true);
      expect(send('boss@example.com')).toBe(false);
      const publish = (resource: string) => isAllowed(mails, { action: 'sns:Publish', resource });
      expect(publish('+33612345678')).toBe(true);
      for (const other of ['relance-alarms', 'endpoint/GCM/app/1'])
        expect(publish(`arn:aws:sns:eu-west-3:000000000000:${other}`)).toBe(false);
      expect(publish('arn:aws:sns:us-east-1:111111111111:somebody-elses')).toBe(false);
      expect(isAllowed(mails, { action: 'sns:CreateTopic', resource: '+33612345678' })).toBe(false);
      expect(isAllowed(statements, { action: 'sns:Publish', resource: '+33612345678' })).toBe(false);
    });
  });
}
