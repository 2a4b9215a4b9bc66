/**
 * The actions of the SNS API that Relance and its set-up call: query form in, XML out.
 */
import type { Silence } from './faults.ts';
import type { OwnerAccount } from './owner-account.ts';
import { element, mapEntries, members, type QueryForm, type Xml } from './query-form.ts';
import { invalidParameter } from './sns-phones.ts';
import type { Publish, Sns } from './sns.ts';

export const snsNamespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

export interface SnsCall {
  readonly sns: Sns;
  readonly account: OwnerAccount;
  readonly form: QueryForm;
}

export const snsActions: Readonly<Record<string, (call: SnsCall) => readonly Xml[] | Silence>> = {
  Publish: publish,
  CheckIfPhoneNumberIsOptedOut: ({ sns, form }) => [element('isOptedOut', sns.phones.isOptedOut(form.text('phoneNumber')))],
  ListPhoneNumbersOptedOut: ({ sns }) => [members('phoneNumbers', sns.phones.optedOut())],
  OptInPhoneNumber: ({ sns, form }) => nothing(sns.phones.optIn(form.text('phoneNumber'))),
  GetSMSAttributes: ({ sns, form }) => [mapEntries('attributes', sns.phones.attributes(form.texts('attributes')))],
  SetSMSAttributes: ({ sns, form }) => nothing(sns.phones.setAttributes(form.entries('attributes'))),
  GetSMSSandboxAccountStatus: ({ account }) => [element('IsInSandbox', account.smsSandbox)],
  CreatePlatformApplication: ({ sns, form }) => [
    element(
      'PlatformApplicationArn',
      sns.devices.createApplication(form.text('Name'), form.text('Platform'), form.entries('Attributes')),
    ),
  ],
  GetPlatformApplicationAttributes: ({ sns, form }) => [
    mapEntries('Attributes', sns.devices.applicationAttributes(form.text('PlatformApplicationArn'))),
  ],
  DeletePlatformApplication: ({ sns, form }) => nothing(sns.devices.deleteApplication(form.text('PlatformApplicationArn'))),
  CreatePlatformEndpoint: createPlatformEndpoint,
  GetEndpointAttributes: ({ sns, form }) => [mapEntries('Attributes', sns.devices.endpointAttributes(form.text('EndpointArn')))],
  SetEndpointAttributes: ({ sns, form }) =>
    nothing(sns.devices.setEndpointAttributes(form.text('EndpointArn'), form.entries('Attributes'))),
  DeleteEndpoint: ({ sns, form }) => nothing(sns.devices.deleteEndpoint(form.text('EndpointArn'))),
  ListEndpointsByPlatformApplication: listEndpoints,
  CreateTopic: ({ sns, form }) => [element('TopicArn', sns.topics.create(form.text('Name')))],
  DeleteTopic: ({ sns, form }) => nothing(sns.topics.delete(form.text('TopicArn'))),
  ListTopics: ({ sns }) => [
    members(
      'Topics',
      sns.topics.list().map((arn) => element('TopicArn', arn)),
    ),
  ],
  Subscribe: ({ sns, form }) => [
    element(
      'SubscriptionArn',
      sns.topics.subscribe(form.text('TopicArn'), form.text('Protocol'), form.text('Endpoint'), form.entries('Attributes')),
    ),
  ],
  Unsubscribe: ({ sns, form }) => nothing(sns.topics.unsubscribe(form.text('SubscriptionArn'))),
  ListSubscriptionsByTopic: listSubscriptions,
};

/** For actions that answer with an empty result. */
const nothing = (_done: undefined | void): readonly Xml[] => [];

function publish({ sns, form }: SnsCall): readonly Xml[] | Silence {
  const subject = form.optionalText('Subject');
  const outcome = sns.publish({
    target: targetOf(form),
    message: form.optionalText('Message') ?? '',
    ...(subject === undefined ? {} : { subject }),
    structured: form.optionalText('MessageStructure') === 'json',
    attributes: form.list('MessageAttributes', 'entry').map((entry) => {
      const binary = entry.optionalText('Value.BinaryValue');
      const value = binary ?? entry.optionalText('Value.StringValue') ?? '';
      return {
        name: entry.text('Name'),
        dataType: entry.optionalText('Value.DataType') ?? '',
        kind: binary === undefined ? 'text' : 'binary',
        value,
      };
    }),
  });
  return typeof outcome === 'string' ? [element('MessageId', outcome)] : outcome;
}

function targetOf(form: QueryForm): Publish['target'] {
  const phoneNumber = form.optionalText('PhoneNumber');
  if (phoneNumber !== undefined) return { kind: 'phone', phoneNumber };
  const arn = form.optionalText('TargetArn') ?? form.optionalText('TopicArn');
  if (arn === undefined) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  return arn.includes(':endpoint/') ? { kind: 'endpoint', arn } : { kind: 'topic', arn };
}

function createPlatformEndpoint({ sns, form }: SnsCall): readonly Xml[] {
  const userData = form.optionalText('CustomUserData');
  const attributes = { ...form.entries('Attributes'), ...(userData === undefined ? {} : { CustomUserData: userData }) };
  return [
    element('EndpointArn', sns.devices.createEndpoint(form.text('PlatformApplicationArn'), form.text('Token'), attributes)),
  ];
}

function listEndpoints({ sns, form }: SnsCall): readonly Xml[] {
  const endpoints = sns.devices.endpoints(form.text('PlatformApplicationArn'));
  return [
    members(
      'Endpoints',
      endpoints.map((arn) => ({
        markup: element('EndpointArn', arn).markup + mapEntries('Attributes', sns.devices.endpointAttributes(arn)).markup,
      })),
    ),
  ];
}

function listSubscriptions({ sns, account, form }: SnsCall): readonly Xml[] {
  const topicArn = form.text('TopicArn');
  const queues = sns.topics
    .subscriptions(topicArn)
    .map(([arn, { queueArn }]) => subscriptionXml({ arn, topicArn, protocol: 'sqs', endpoint: queueArn }));
  const mails = (account.mailSubscriptions.get(topicArn) ?? []).map(({ address, confirmed }) =>
    subscriptionXml({
      arn: confirmed ? `${topicArn}:${address}` : 'PendingConfirmation',
      topicArn,
      protocol: 'email',
      endpoint: address,
    }),
  );
  return [members('Subscriptions', [...queues, ...mails])];
}

interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
}

const subscriptionXml = ({ arn, topicArn, protocol, endpoint }: Subscription): Xml => ({
  markup: [
    element('SubscriptionArn', arn),
    element('TopicArn', topicArn),
    element('Protocol', protocol),
    element('Endpoint', endpoint),
  ].reduce((markup, part) => markup + part.markup, ''),
});
