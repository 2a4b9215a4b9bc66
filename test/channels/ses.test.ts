/** What SES and the network can answer, and what it means: never twice, never lost in silence (promise 2). */
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../shared/channels/channel.ts';
import { connect, sesClient } from '../../shared/channels/email.ts';
import { carriers, connectAll } from '../../shared/channels/registry.ts';
import { outcomeOfError } from '../../shared/channels/ses-outcome.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { accept, Provider, refuse, type Answer } from './provider.ts';
import { unanswered } from './unanswered.ts';

const message: Outgoing = {
  channel: 'email',
  purpose: 'marketing',
  from: 'bonjour@shop.example',
  to: 'ada@example.com',
  body: Buffer.from('Subject: x\r\n\r\nBonjour\r\n'),
  tags: { sk: 'send-key', ot: '1763900000000' },
};

const ses = new Provider('AWS_ENDPOINT_URL_SES');
const taken = accept('SendRawEmail', 'ses-1');

const timeouts = { connection: 500, request: 400, idle: 200 };
const send = (env = {}) => connect(env, sesClient(timeouts)).send(message);

describe('SES takes a mail', () => {
  test('with its bytes, one reader, and its tags', async () => {
    ses.answer = taken;
    expect(await send()).toEqual({ kind: 'accepted', providerId: 'ses-1' });
    expect(ses.calls).toHaveLength(1);
    expect(Object.fromEntries(ses.calls[0] ?? [])).toMatchObject({
      Action: 'SendRawEmail',
      Source: 'bonjour@shop.example',
      'Destinations.member.1': 'ada@example.com',
      'RawMessage.Data': Buffer.from(message.body).toString('base64'),
      'Tags.member.1.Name': 'sk',
      'Tags.member.1.Value': 'send-key',
      'Tags.member.2.Name': 'ot',
    });
    expect([...(ses.calls[0]?.keys() ?? [])]).not.toContain('ConfigurationSetName');
    expect([...(ses.calls[0]?.keys() ?? [])]).not.toContain('Destinations.member.2');
  });

  test('through the configuration set that the environment names', async () => {
    ses.answer = taken;
    await send({ SES_CONFIGURATION_SET: 'relance' });
    expect(ses.calls[0]?.get('ConfigurationSetName')).toBe('relance');
  });

  test('over one connection for many mails', async () => {
    const sockets = new Set<unknown>();
    ses.answer = (response, request) => {
      sockets.add(request.socket);
      taken(response, request);
    };
    const sender = connect({}, sesClient(timeouts));
    for (let count = 0; count < 5; count++) await sender.send(message);
    expect(ses.calls).toHaveLength(5);
    expect(sockets.size).toBe(1);
  });
});

describe('SES answers', () => {
  test.each([
    [400, 'MessageRejected', 'refused'],
    [400, 'MailFromDomainNotVerifiedException', 'refused'],
    [400, 'ConfigurationSetDoesNotExist', 'refused'],
    [400, 'ConfigurationSetSendingPausedException', 'refused'],
    [400, 'AccountSendingPausedException', 'refused'],
    [400, 'InvalidParameterValue', 'refused'],
    [400, 'ValidationError', 'refused'],
    [404, 'SomethingNew', 'refused'],
    [413, 'RequestEntityTooLarge', 'refused'],
    [400, 'Throttling', 'throttled'],
    [400, 'ThrottlingException', 'throttled'],
    [429, 'TooManyRequestsException', 'throttled'],
    [503, 'Throttling', 'throttled'],
    [403, 'AccessDenied', 'throttled'],
    [403, 'InvalidClientTokenId', 'throttled'],
    [403, 'SignatureDoesNotMatch', 'throttled'],
    [403, 'ExpiredToken', 'throttled'],
    [400, 'RequestExpired', 'throttled'],
    [408, 'RequestTimeout', 'unknown'],
    [500, 'InternalFailure', 'unknown'],
    [502, 'BadGateway', 'unknown'],
    [503, 'ServiceUnavailable', 'unknown'],
    [504, 'GatewayTimeout', 'unknown'],
  ])('%i %s: the mail is %3$s', async (status, code, kind) => {
    ses.answer = refuse(status, code);
    expect(await send()).toMatchObject({ kind, because: expect.any(String) as string });
    expect(ses.calls).toHaveLength(1);
  });

  test.each(['Maximum sending rate exceeded.', 'Daily message quota exceeded.'])('%s, under any name: later', async (text) => {
    ses.answer = refuse(400, 'MessageRejected', text);
    expect(await send()).toMatchObject({ kind: 'throttled' });
  });

  test('a reason that never quotes an address', async () => {
    ses.answer = refuse(400, 'MessageRejected', 'Email address is not verified: ada@example.com, &lt;bob@shop.example&gt;');
    expect(await send()).toEqual({
      kind: 'refused',
      because: 'MessageRejected: Email address is not verified: <address>, <<address>>',
    });
  });
});

unanswered({ provider: ses, endpoint: 'AWS_ENDPOINT_URL_SES', action: 'SendRawEmail', send, outcomeOfError });

describe('the carriers', () => {
  test('hand a message to its channel', async () => {
    ses.answer = taken;
    expect(await carriers(connectAll({})).send(message)).toEqual({ kind: 'accepted', providerId: 'ses-1' });
  });

  test('refuse a channel that is not connected', async () => {
    expect(await carriers({}).send({ ...message, channel: 'sms' })).toEqual({
      kind: 'refused',
      because: 'no provider for sms is connected',
    });
  });
});

describe('how much SES takes within the hour', () => {
  const quota = (...numbers: readonly number[]): Answer => {
    const fields = ['Max24HourSend', 'MaxSendRate', 'SentLast24Hours'].map((name, at) => `<${name}>${numbers[at]}</${name}>`);
    return (response) =>
      void response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(`<GetSendQuotaResponse><GetSendQuotaResult>${fields.join('')}</GetSendQuotaResult></GetSendQuotaResponse>`);
  };

  test.each([
    ['as fast as it may, where the day has room', [50_000, 14, 100], 49_900],
    ['as fast as it may, for an hour', [1_000_000, 14, 100], 50_400],
    ['what the day has left', [200, 1, 150], 50],
    ['nothing, when the day is used up', [200, 1, 200], 0],
    ['nothing, when it was cut back', [200, 1, 900], 0],
    ['its rate, where a day has no limit', [-1, 2, 1_000_000], 7_200],
    ['whole mails', [200.9, 1, 0.2], 200],
  ] as const)('is %s', async (_what, numbers, expected) => {
    ses.answer = quota(...numbers);
    expect(await carriers(connectAll({})).allowance('email')).toBe(expected);
    expect(Object.fromEntries(ses.calls[0] ?? [])).toMatchObject({ Action: 'GetSendQuota' });
  });

  test('is not guessed: what SES does not answer is asked again in the next run', async () => {
    ses.answer = refuse(403, 'AccessDenied');
    await expect(carriers(connectAll({})).allowance('email')).rejects.toThrow(Unavailable);
    ses.answer = refuse(400, 'Throttling');
    await expect(carriers(connectAll({})).allowance('email')).rejects.toThrow(/how much it takes: Throttling/);
  });

  test('is one SMS a second, since SNS tells none, and no limit on a channel that refuses at once', async () => {
    expect(await carriers(connectAll({})).allowance('sms')).toBe(3_600);
    expect(await carriers({}).allowance('push')).toBe(Infinity);
  });
});
