/** The owner's account as the command line relies on it, through the real clients: what is absent, refused and kept. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAccountCommand, GetEmailIdentityCommand, ListContactListsCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetParametersCommand, ParameterType, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refused, type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeEach(async () => void (stack = await startStack()));
afterEach(() => stack.stop());

const client = () => ({
  endpoint: stack.emulators.origin,
  region: 'eu-west-3',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

test('a stack that nobody deployed does not exist', async () => {
  const cloudFormation = new CloudFormationClient(client());
  await expect(cloudFormation.send(new DescribeStacksCommand({ StackName: 'x' }))).rejects.toEqual(
    refused('ValidationError', 'Stack with id x does not exist'),
  );
});

test('a parameter is written once unless overwriting is asked for', async () => {
  const ssm = new SSMClient(client());
  const put = (Value: string, Overwrite = false) =>
    ssm.send(new PutParameterCommand({ Name: '/a', Value, Type: ParameterType.SECURE_STRING, Overwrite }));
  await put('one');
  await expect(put('two')).rejects.toEqual(refused('ParameterAlreadyExists'));
  await put('three', true);
  await expect(put('x'.repeat(4_097), true)).rejects.toEqual(refused('ValidationException'));
  const read = (...Names: string[]) => ssm.send(new GetParametersCommand({ Names, WithDecryption: true }));
  expect(await read('/a', '/b')).toMatchObject({ Parameters: [{ Name: '/a', Value: 'three' }], InvalidParameters: ['/b'] });
  await expect(read(...Array.from({ length: 11 }, (_, n) => `/${n}`))).rejects.toEqual(refused('ValidationException'));
});

test('a new account is in the sandbox, and what the emulator does not know is refused, not left hanging', async () => {
  const ses = new SESv2Client(client());
  expect(await ses.send(new GetAccountCommand({}))).toMatchObject({
    ProductionAccessEnabled: false,
    SendQuota: { Max24HourSend: 200, MaxSendRate: 1 },
    PricingAttributes: { CurrentPlan: 'ESSENTIALS' },
  });
  await expect(ses.send(new GetEmailIdentityCommand({ EmailIdentity: 'é.fr' }))).rejects.toEqual(refused('NotFoundException'));
  await expect(ses.send(new ListContactListsCommand({}))).rejects.toEqual(refused('InvalidAction'));
});

test('refusals are those that a test ordered', async () => {
  const sts = new STSClient(client());
  const who = () => sts.send(new GetCallerIdentityCommand({}));
  stack.emulators.account.throttle('sts.GetCallerIdentity', 1);
  await expect(who()).rejects.toEqual(refused('ThrottlingException'));
  expect(await who()).toMatchObject({ Account: '000000000000' });
  stack.emulators.account.deny('sts.GetCallerIdentity');
  await expect(who()).rejects.toEqual(refused('AccessDenied', /sts:GetCallerIdentity/));
});
