/**
 * What STS, CloudFormation, Parameter Store and CloudWatch answer about the owner's account: the few calls that the
 * command line makes.
 */
import { AwsError } from './aws-error.ts';
import type { JsonFields } from './json-fields.ts';
import type { DeployedStack, OwnerAccount } from './owner-account.ts';
import { element, members, type QueryForm, type Xml } from './query-form.ts';

export interface FormCall {
  readonly account: OwnerAccount;
  readonly form: QueryForm;
}

export interface FieldsCall {
  readonly account: OwnerAccount;
  readonly fields: JsonFields;
}

type Actions<C, R> = Readonly<Record<string, (call: C) => R>>;

export const stsNamespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
export const stsActions: Actions<FormCall, readonly Xml[]> = {
  GetCallerIdentity: ({ account }) => [
    element('Arn', account.caller),
    element('UserId', 'AIDALOCALOWNER'),
    element('Account', account.id),
  ],
};

export const cloudFormationNamespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
export const cloudFormationActions: Actions<FormCall, readonly Xml[]> = {
  DescribeStacks: ({ account, form }) => {
    const name = form.text('StackName');
    const stack = account.stacks.get(name);
    if (stack === undefined) throw new AwsError('ValidationError', `Stack with id ${name} does not exist`);
    return [members('Stacks', [stackXml(name, stack)])];
  },
};

const stackXml = (name: string, { status, outputs }: DeployedStack): Xml => ({
  markup: [
    element('StackName', name),
    element('CreationTime', '2026-11-23T12:00:00.000Z'),
    element('StackStatus', status),
    members(
      'Outputs',
      outputs.map(({ key, value, description }) => ({
        markup: [element('OutputKey', key), element('OutputValue', value), element('Description', description ?? '')]
          .map(({ markup }) => markup)
          .join(''),
      })),
    ),
  ]
    .map(({ markup }) => markup)
    .join(''),
});

export const ssmActions: Actions<FieldsCall, Readonly<Record<string, unknown>>> = {
  GetParameters: getParameters,
  PutParameter: putParameter,
};

/** At most ten names a call. What is not there is named as invalid. */
function getParameters({ account, fields }: FieldsCall): Readonly<Record<string, unknown>> {
  const names = fields.texts('Names');
  if (names.length === 0 || names.length > 10) throw new AwsError('ValidationException', 'Names must hold 1 to 10 names.');
  const there = names.filter((name) => account.parameters.has(name));
  return {
    Parameters: there.map((Name) => ({ Name, Type: 'SecureString', Value: account.parameters.get(Name), Version: 1 })),
    InvalidParameters: names.filter((name) => !there.includes(name)),
  };
}

/** The standard tier: 4 KB. */
function putParameter({ account, fields }: FieldsCall): Readonly<Record<string, unknown>> {
  const name = fields.text('Name');
  const value = fields.text('Value');
  if (fields.optionalText('Type') !== 'SecureString')
    throw new AwsError('ValidationException', 'Only SecureString is kept here.');
  if (Buffer.byteLength(value) > 4_096) throw new AwsError('ValidationException', 'Standard tier parameters hold 4096 bytes.');
  if (account.parameters.has(name) && !fields.flag('Overwrite'))
    throw new AwsError('ParameterAlreadyExists', 'The parameter already exists.');
  account.parameters.set(name, value);
  return { Version: 1, Tier: 'Standard' };
}

export const cloudWatchActions: Actions<FieldsCall, Readonly<Record<string, unknown>>> = {
  DescribeAlarms: ({ account, fields }) => {
    const prefix = fields.optionalText('AlarmNamePrefix') ?? '';
    const state = fields.optionalText('StateValue');
    const found = account.alarms.filter((alarm) => alarm.name.startsWith(prefix) && (state ?? alarm.state) === alarm.state);
    return {
      MetricAlarms: found.map(({ name, description, state: StateValue, since }) => ({
        AlarmName: name,
        AlarmDescription: description,
        StateValue,
        StateUpdatedTimestamp: since / 1_000,
      })),
    };
  },
};
