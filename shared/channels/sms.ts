/**
 * The SMS channel: a rendered text becomes what a phone can show, and goes out through SNS once. SNS says nothing of a text
 * message afterwards and carries no tags: what its answer does not tell is never known (promise 2).
 */
import { PublishCommand, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import type { Purpose } from '../events/event.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { visibleLines } from '../messages/printable.ts';
import type { Outgoing, Sender } from './channel.ts';
import { oneAttempt, senderTimeouts } from './one-attempt.ts';
import { outcomeOfError } from './sns-outcome.ts';
import { messageTags, type MessageIdentity } from './tags.ts';

export interface SmsToCompose {
  readonly identity: MessageIdentity;
  readonly purpose: Purpose;
  /** `sender.sms` of brand.yaml. */
  readonly sender: string | undefined;
  /** E.164. */
  readonly to: string;
  readonly text: string;
}

/** Of UTF-8 in one call of SNS (developer guide, "Publishing to a mobile phone"): some ten parts, each of which is paid for. */
export const maxSmsBytes = 1_600;

/** The same text gives the same bytes. Throws InvalidInput when it says nothing, is too long, or has nowhere to go or come from. */
export function composeSms({ identity, purpose, sender, to, text }: SmsToCompose): Outgoing {
  const lines = visibleLines(text);
  const body = new TextEncoder().encode(lines);
  const problems = [
    ...(sender === undefined ? [{ where: 'sender', problem: 'brand.yaml names none for SMS' }] : []),
    ...(/^\+[1-9]\d{5,14}$/.test(to) ? [] : [{ where: 'address', problem: 'is no phone number in international form' }]),
    ...(/[^\s\p{Cf}]/u.test(lines) ? [] : [{ where: 'text', problem: 'is empty' }]),
    ...(body.length > maxSmsBytes ? [{ where: 'text', problem: `is longer than ${maxSmsBytes} bytes` }] : []),
  ];
  if (sender === undefined || problems.length > 0) throw new InvalidInput(problems);
  return { channel: 'sms', purpose, from: sender, to, body, tags: messageTags(identity) };
}

/** Promotional is the cheaper way, Transactional the one that arrives; in some countries law forbids to mix them up. */
const types: Readonly<Record<Purpose, string>> = { marketing: 'Promotional', transactional: 'Transactional' };

/**
 * The client as the product uses it. Region, credentials and endpoint come from the SDK's own environment variables unless
 * they are given.
 */
export const snsClient = (
  timeouts = senderTimeouts,
  given: Pick<SNSClientConfig, 'endpoint' | 'region' | 'credentials'> = {},
): SNSClient => new SNSClient({ ...given, ...oneAttempt(timeouts) });

/**
 * No `MaxPrice`: SNS accepts a message above it like any other and then throws it away, so that it would be logged as sent. The
 * account's monthly limit stands (docs/decisions/2026-11-24-sms-through-sns.md).
 */
export function connect(client: SNSClient = snsClient()): Sender {
  return {
    async send({ purpose, from, to, body }) {
      const command = new PublishCommand({
        PhoneNumber: to,
        Message: new TextDecoder().decode(body),
        MessageAttributes: {
          'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: from },
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: types[purpose] },
        },
      });
      try {
        const { MessageId } = await client.send(command);
        if (MessageId === undefined) return { kind: 'unknown', because: 'SNS answered without a message id' };
        return { kind: 'accepted', providerId: MessageId };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    allowance: () => Promise.resolve(slowestAnHour),
  };
}

/** SNS tells no quota. A long number without registration takes one text a second: what every account can send. */
const slowestAnHour = 3_600;
