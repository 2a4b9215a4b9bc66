/**
 * SNS as Relance relies on it, through the real client: text messages, push endpoints, opt-outs, and topics that feed
 * queues.
 */
import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  GetSMSAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  ListPhoneNumbersOptedOutCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  OptInPhoneNumberCommand,
  PublishCommand,
  type PublishCommandInput,
  SetEndpointAttributesCommand,
  SetSMSAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { day, morning, refused, type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeEach(async () => void (stack = await startStack()));
afterEach(() => stack.stop());

const publish = (input: PublishCommandInput) => stack.sns.send(new PublishCommand(input));
const text = (PhoneNumber: string, Message = 'Votre panier', attributes: Record<string, string> = {}) =>
  publish({
    PhoneNumber,
    Message,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [`AWS.SNS.SMS.${name}`, { DataType: 'String', StringValue }]),
    ),
  });

async function device(platform = 'GCM') {
  const application = await stack.sns.send(
    new CreatePlatformApplicationCommand({ Name: 'shop', Platform: platform, Attributes: {} }),
  );
  const PlatformApplicationArn = application.PlatformApplicationArn!;
  const create = async (Attributes?: Record<string, string>) =>
    (await stack.sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: 'token-1', Attributes })))
      .EndpointArn!;
  return { PlatformApplicationArn, create, arn: await create() };
}

test('a text message is kept with its sender, type and price', async () => {
  const answer = await text('+33612345678', 'À bientôt & merci <3', {
    SenderID: 'MaBoutique',
    SMSType: 'Transactional',
    MaxPrice: '0.50',
  });
  expect(stack.emulators.sns.inbox()).toEqual([
    {
      kind: 'sms',
      id: answer.MessageId,
      acceptedAt: morning,
      phoneNumber: '+33612345678',
      message: 'À bientôt & merci <3',
      type: 'Transactional',
      senderId: 'MaBoutique',
      maxPrice: '0.50',
      delivered: true,
    },
  ]);
});

test.each<[string, string, string, Record<string, string>, RegExp]>([
  ['a number without plus', '33612345678', 'x', {}, /33612345678 is not valid to publish to/],
  ['a number with spaces', '+33 6 12', 'x', {}, /not valid to publish to/],
  ['an empty message', '+33612345678', '', {}, /Empty message/],
  ['more than 1,600 bytes', '+33612345678', 'é'.repeat(801), {}, /too long/],
  ['a sender id of 12', '+33612345678', 'x', { SenderID: 'abcdefghijkl' }, /SenderID/],
  ['a sender id of digits', '+33612345678', 'x', { SenderID: '12345' }, /SenderID/],
  ['an unknown type', '+33612345678', 'x', { SMSType: 'Urgent' }, /SMSType/],
  ['a price in words', '+33612345678', 'x', { MaxPrice: 'cheap' }, /MaxPrice/],
])('%s is refused', async (_what, number, message, attributes, problem) => {
  await expect(text(number, message, attributes)).rejects.toEqual(refused('InvalidParameterException', problem));
  expect(stack.emulators.sns.accepted()).toBe(0);
});

test('who answered STOP gets nothing, is listed, and can be opted in once in 30 days', async () => {
  const phoneNumber = '+33612345678';
  const isOptedOut = async () => (await stack.sns.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber }))).isOptedOut;
  expect(await isOptedOut()).toBe(false);
  stack.emulators.sns.phones.optOut(phoneNumber);
  expect(await isOptedOut()).toBe(true);
  expect((await stack.sns.send(new ListPhoneNumbersOptedOutCommand({}))).phoneNumbers).toEqual([phoneNumber]);
  await text(phoneNumber);
  expect(stack.emulators.sns.inbox()).toMatchObject([{ delivered: false }]);
  await stack.sns.send(new OptInPhoneNumberCommand({ phoneNumber }));
  expect(await isOptedOut()).toBe(false);
  stack.emulators.sns.phones.optOut(phoneNumber);
  await expect(stack.sns.send(new OptInPhoneNumberCommand({ phoneNumber }))).rejects.toEqual(
    refused('InvalidParameterException', /30 days/),
  );
  stack.clock.standAt(morning + 30 * day);
  await stack.sns.send(new OptInPhoneNumberCommand({ phoneNumber }));
});

test('account-wide SMS attributes are kept and used', async () => {
  await stack.sns.send(new SetSMSAttributesCommand({ attributes: { DefaultSenderID: 'Shop', DefaultSMSType: 'Transactional' } }));
  expect((await stack.sns.send(new GetSMSAttributesCommand({ attributes: ['DefaultSMSType'] }))).attributes).toEqual({
    DefaultSMSType: 'Transactional',
  });
  await text('+33612345678');
  expect(stack.emulators.sns.inbox()).toMatchObject([{ senderId: 'Shop', type: 'Transactional' }]);
  await expect(stack.sns.send(new SetSMSAttributesCommand({ attributes: { Colour: 'red' } }))).rejects.toEqual(
    refused('InvalidParameterException'),
  );
});

test('the same token with the same attributes is the same endpoint; with others it is refused by name', async () => {
  const { PlatformApplicationArn, create, arn } = await device();
  expect(arn).toMatch(/^arn:aws:sns:eu-west-3:000000000000:endpoint\/GCM\/shop\/[\da-f-]{36}$/);
  expect(await create()).toBe(arn);
  await expect(create({ CustomUserData: 'p1' })).rejects.toEqual(
    refused('InvalidParameterException', `Endpoint ${arn} already exists`),
  );
  const list = await stack.sns.send(new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn }));
  expect(list.Endpoints).toEqual([{ EndpointArn: arn, Attributes: { Enabled: 'true', Token: 'token-1' } }]);
});

test('a push carries the text of its platform, or the default one', async () => {
  const { arn } = await device('GCM');
  await publish({ TargetArn: arn, Message: 'plain' });
  await publish({
    TargetArn: arn,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: 'd', GCM: '{"data":1}', APNS: '{}' }),
  });
  await publish({ TargetArn: arn, MessageStructure: 'json', Message: JSON.stringify({ default: 'd', APNS: '{}' }) });
  expect(stack.emulators.sns.inbox()).toMatchObject(
    ['plain', '{"data":1}', 'd'].map((payload) => ({ kind: 'push', platform: 'GCM', token: 'token-1', payload })),
  );
  const structured = (Message: string) => publish({ TargetArn: arn, MessageStructure: 'json', Message });
  await expect(structured('{"APNS":"{}"}')).rejects.toEqual(refused('InvalidParameterException', /'default' or 'GCM'/));
  await expect(structured('no json')).rejects.toEqual(refused('InvalidParameterException', /failed to parse/));
});

test('structured messages to a phone or a topic need a default text', async () => {
  const TopicArn = (await stack.sns.send(new CreateTopicCommand({ Name: 'feedback' }))).TopicArn;
  for (const target of [{ TopicArn }, { PhoneNumber: '+33612345678' }])
    await expect(publish({ ...target, MessageStructure: 'json', Message: '{"GCM":"x"}' })).rejects.toEqual(
      refused('InvalidParameterException', /No default entry/),
    );
});

test('a disabled endpoint refuses, an enabled one takes again, a deleted one is not found', async () => {
  const { arn } = await device();
  const enable = (Enabled: string) =>
    stack.sns.send(new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes: { Enabled } }));
  await enable('false');
  await expect(publish({ TargetArn: arn, Message: 'x' })).rejects.toMatchObject({ name: 'EndpointDisabledException' });
  await enable('true');
  await publish({ TargetArn: arn, Message: 'x' });
  expect((await stack.sns.send(new GetEndpointAttributesCommand({ EndpointArn: arn }))).Attributes).toEqual({
    Enabled: 'true',
    Token: 'token-1',
  });
  await stack.sns.send(new DeleteEndpointCommand({ EndpointArn: arn }));
  await expect(publish({ TargetArn: arn, Message: 'x' })).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
});

test('what is published to a topic reaches its queues, wrapped or raw', async () => {
  const { emulators, sns } = stack;
  const TopicArn = (await sns.send(new CreateTopicCommand({ Name: 'feedback' }))).TopicArn;
  const subscribe = (queue: string, Attributes: Record<string, string>) => {
    emulators.sqs.createQueue(queue);
    return sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: emulators.sqs.arnOf(queue), Attributes }));
  };
  await subscribe('wrapped', {});
  await subscribe('raw', { RawMessageDelivery: 'true' });
  await subscribe('raw', { RawMessageDelivery: 'true' });
  expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toHaveLength(2);
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'bounce' } };
  const { MessageId } = await publish({ TopicArn, Message: '{"a":1}', Subject: 'S', MessageAttributes });
  const [wrapped] = emulators.sqs.queue('wrapped').peek(10);
  expect(JSON.parse(wrapped!.body)).toMatchObject({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 'S',
    Message: '{"a":1}',
    Timestamp: new Date(morning).toISOString(),
    MessageAttributes: { kind: { Type: 'String', Value: 'bounce' } },
  });
  expect(emulators.sqs.queue('raw').peek(10)).toMatchObject([{ body: '{"a":1}', attributes: { kind: { value: 'bounce' } } }]);
  await expect(sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://example.com' }))).rejects.toEqual(
    refused('InvalidParameterException', /sqs only/),
  );
});

test('ordered troubles meet the next publications', async () => {
  stack.emulators.sns.failNext({ kind: 'throttle' });
  stack.emulators.sns.failNext({ kind: 'timeout-after-accept' });
  await expect(text('+33612345678')).rejects.toMatchObject({ name: 'ThrottledException', $metadata: { httpStatusCode: 429 } });
  await expect(text('+33612345678')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(stack.emulators.sns.accepted()).toBe(1);
});

test('texts are listed apart from what feeds the queues, the newest on request', async () => {
  const { TopicArn } = await stack.sns.send(new CreateTopicCommand({ Name: 'feedback' }));
  const numbers = ['+33612345671', '+33612345672', '+33612345673'];
  for (const number of numbers) {
    await text(number);
    await publish({ TopicArn, Message: 'x' });
  }
  const { sns } = stack.emulators;
  expect(sns.texts().map(({ phoneNumber }) => phoneNumber)).toEqual(numbers);
  expect(sns.texts({ newest: 2 }).map(({ phoneNumber }) => phoneNumber)).toEqual(numbers.slice(1));
  expect([sns.acceptedTexts(), sns.accepted()]).toEqual([3, 6]);
});

test('no target and unknown actions are errors at once', async () => {
  await expect(publish({ Message: 'x' })).rejects.toEqual(refused('InvalidParameterException', /TopicArn or TargetArn/));
  await expect(stack.sns.send(new ListTagsForResourceCommand({ ResourceArn: 'arn:aws:sns:x' }))).rejects.toEqual(
    refused('InvalidAction'),
  );
});
