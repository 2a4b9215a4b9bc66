/** What SNS and the network can answer to a text message, and what it means: never twice, never lost in silence (promise 2). */
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../shared/channels/channel.ts';
import { carriers, connectAll } from '../../shared/channels/registry.ts';
import { connect, snsClient } from '../../shared/channels/sms.ts';
import { outcomeOfError } from '../../shared/channels/sns-outcome.ts';
import { accept, Provider, refuse } from './provider.ts';
import { unanswered } from './unanswered.ts';

const message: Outgoing = {
  channel: 'sms',
  purpose: 'marketing',
  from: 'ATELIER',
  to: '+33612345678',
  body: Buffer.from('Votre panier vous attend.\nÀ bientôt 🛒'),
  tags: { sk: 'send-key', ot: '1763900000000' },
};

const sns = new Provider('AWS_ENDPOINT_URL_SNS');
const taken = accept('Publish', 'sns-1');
const timeouts = { connection: 500, request: 400, idle: 200 };
const send = (change: Partial<Outgoing> = {}) => connect(snsClient(timeouts)).send({ ...message, ...change });

describe('SNS takes a text', () => {
  test.each([
    ['marketing', 'Promotional'],
    ['transactional', 'Transactional'],
  ] as const)('that is %s as %s, to one number, under the sender of the brand, and nothing else', async (purpose, type) => {
    sns.answer = taken;
    expect(await send({ purpose })).toEqual({ kind: 'accepted', providerId: 'sns-1' });
    expect(sns.calls.map((call) => Object.fromEntries(call))).toEqual([
      {
        Action: 'Publish',
        Version: '2010-03-31',
        PhoneNumber: '+33612345678',
        Message: 'Votre panier vous attend.\nÀ bientôt 🛒',
        'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SenderID',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'ATELIER',
        'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SMSType',
        'MessageAttributes.entry.2.Value.DataType': 'String',
        'MessageAttributes.entry.2.Value.StringValue': type,
      },
    ]);
  });

  test('over one connection for many texts', async () => {
    const sockets = new Set<unknown>();
    sns.answer = (response, request) => {
      sockets.add(request.socket);
      taken(response, request);
    };
    const sender = connect(snsClient(timeouts));
    for (let count = 0; count < 5; count++) await sender.send(message);
    expect(sns.calls).toHaveLength(5);
    expect(sockets.size).toBe(1);
  });
});

describe('SNS answers', () => {
  test.each([
    // Of the API reference, "Publish".
    [400, 'InvalidParameter', 'refused'],
    [400, 'ParameterValueInvalid', 'refused'],
    [400, 'ValidationException', 'refused'],
    [404, 'NotFound', 'refused'],
    [400, 'EndpointDisabled', 'refused'],
    [400, 'PlatformApplicationDisabled', 'refused'],
    [400, 'OptedOut', 'refused'],
    [400, 'UserError', 'refused'],
    [403, 'AuthorizationError', 'throttled'],
    [403, 'InvalidSecurity', 'throttled'],
    [403, 'KMSOptInRequired', 'throttled'],
    [400, 'KMSAccessDenied', 'throttled'],
    [400, 'KMSDisabled', 'throttled'],
    [400, 'KMSInvalidState', 'throttled'],
    [400, 'KMSNotFound', 'throttled'],
    [400, 'KMSThrottling', 'throttled'],
    [429, 'Throttled', 'throttled'],
    [500, 'InternalError', 'unknown'],
    // Of every service of AWS.
    [400, 'SomethingNew', 'refused'],
    [413, 'RequestEntityTooLarge', 'refused'],
    [400, 'Throttling', 'throttled'],
    [400, 'ThrottlingException', 'throttled'],
    [503, 'Throttling', 'throttled'],
    [403, 'AccessDenied', 'throttled'],
    [403, 'InvalidClientTokenId', 'throttled'],
    [403, 'SignatureDoesNotMatch', 'throttled'],
    [403, 'ExpiredToken', 'throttled'],
    [400, 'RequestExpired', 'throttled'],
    [401, 'SomethingNew', 'throttled'],
    [408, 'RequestTimeout', 'unknown'],
    [502, 'BadGateway', 'unknown'],
    [503, 'ServiceUnavailable', 'unknown'],
    [504, 'GatewayTimeout', 'unknown'],
  ])('%i %s: the text is %3$s', async (status, code, kind) => {
    sns.answer = refuse(status, code);
    expect(await send()).toMatchObject({ kind, because: expect.any(String) as string });
    expect(sns.calls).toHaveLength(1);
  });

  test.each(['Rate exceeded', 'No quota left for account', 'The monthly spend limit is reached'])(
    '%s, under any name: later',
    async (text) => {
      sns.answer = refuse(400, 'UserError', text);
      expect(await send()).toMatchObject({ kind: 'throttled' });
    },
  );

  test.each([
    ['Invalid parameter: PhoneNumber Reason: +33612345678 is not valid to publish to', 'PhoneNumber Reason: <number> is not'],
    ['not authorized to perform: SNS:Publish on resource: +33612345678 because', 'on resource: <number> because'],
    ['the number 06 12-34.56 78 is none', 'the number <number> is none'],
  ])('a reason that never quotes a number: %s', async (text, told) => {
    sns.answer = refuse(400, 'InvalidParameter', text);
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'refused', because: expect.stringContaining(told) as string });
    expect(JSON.stringify(outcome)).not.toMatch(/\d{5}|06 12/);
  });
});

unanswered({ provider: sns, endpoint: 'AWS_ENDPOINT_URL_SNS', action: 'Publish', send, outcomeOfError });

test('the carriers hand a text to SNS', async () => {
  sns.answer = taken;
  expect(await carriers(connectAll({})).send(message)).toEqual({ kind: 'accepted', providerId: 'sns-1' });
});
