/**
 * The e-mail channel: a rendered mail becomes MIME that every mailbox provider accepts, and goes out through SES once.
 * The SDK never repeats a call here (promise 2: never twice).
 */
import { GetSendQuotaCommand, SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import type { GetSendQuotaResponse, SESClientConfig } from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { Purpose } from '../events/event.ts';
import { InvalidInput, Unavailable } from '../kernel/errors.ts';
import { contentHash } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { oneLine } from '../messages/printable.ts';
import type { Environment, Outgoing, Sender } from './channel.ts';
import { oneAttempt, senderTimeouts } from './one-attempt.ts';
import { outcomeOfError } from './ses-outcome.ts';
import { escapeTag, messageTags, type MessageIdentity } from './tags.ts';

export interface EmailToCompose {
  readonly identity: MessageIdentity;
  readonly purpose: Purpose;
  readonly sender: { readonly name: string; readonly email: string; readonly replyTo?: string };
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** From `unsubscribeUrl`: stands in the headers of marketing mails. */
  readonly unsubscribeUrl: string;
  readonly at: Instant;
}

/** The same mail gives the same bytes. Throws InvalidInput when an address or our link could not stand in a header. */
export async function composeEmail(email: EmailToCompose): Promise<Outgoing> {
  const { identity, sender, to, html, text } = email;
  const problems = [sender.email, sender.replyTo ?? sender.email, to].filter((address) => !isAddress(address));
  if (problems.length > 0)
    throw new InvalidInput([{ where: 'address', problem: 'is no e-mail address that a header can carry' }]);
  const composer = new MailComposer({
    from: { name: oneLine(sender.name), address: sender.email },
    to: { name: '', address: to },
    ...(sender.replyTo === undefined ? {} : { replyTo: { name: '', address: sender.replyTo } }),
    date: new Date(email.at),
    // SES puts its own in their place; ours keep the mail the same each time it is composed.
    messageId: `<${identity.sendKey}.${identity.orderTime}@${sender.email.split('@').at(-1) ?? ''}>`,
    // From the content, so that no content can hold it.
    baseBoundary: contentHash(identity.sendKey, String(identity.orderTime), text, html),
    text,
    html,
    encoding: 'quoted-printable', // lines of at most 76 characters, and only ASCII
    newline: 'win',
    headers: headersOf(email),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const body = await composer.compile().build();
  return { channel: 'email', purpose: email.purpose, from: sender.email, to, body, tags: messageTags(identity) };
}

/** One address and nothing else: no list, no white space, no control character, no brackets. */
const isAddress = (text: string): boolean =>
  text.length <= 320 && /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;:"@]+$/u.test(text);

interface Header {
  readonly key: string;
  readonly value: string | { readonly prepared: true; readonly foldLines?: true; readonly value: string };
}

/**
 * `Auto-Submitted` on every mail (RFC 3834): a machine sent it, so absence notes answer nobody. One-click unsubscribe on
 * marketing (RFC 8058, RFC 2369): both headers exactly so, unfolded. `Feedback-ID` lets a mailbox provider tell which
 * journey is complained about; SES adds its own beside it.
 */
function headersOf({ identity: { cause }, purpose, subject, unsubscribeUrl }: EmailToCompose): Header[] {
  const always: Header[] = [
    { key: 'Subject', value: { prepared: true, foldLines: true, value: subjectHeader(subject) } },
    { key: 'Auto-Submitted', value: 'auto-generated' },
    { key: 'Feedback-ID', value: [cause.name, cause.step, cause.kind].map((part) => escapeTag(part)).join(':') + ':relance' },
  ];
  switch (purpose) {
    case 'transactional':
      return always;
    case 'marketing':
      if (!/^https?:\/\/[!-;=?-~]+$/.test(unsubscribeUrl))
        throw new InvalidInput([{ where: 'unsubscribeUrl', problem: 'is no link' }]);
      return [
        ...always,
        { key: 'List-Unsubscribe', value: { prepared: true, value: `<${unsubscribeUrl}>` } },
        { key: 'List-Unsubscribe-Post', value: { prepared: true, value: 'List-Unsubscribe=One-Click' } },
      ];
  }
}

/**
 * Text as a header may hold it (RFC 2047). What already looks like an encoded word is encoded once more: the composer would
 * let it through, and a name such as `=?utf-8?B?…?=` would say in the inbox what no check has seen. Long words too: they
 * cannot be folded.
 */
function subjectHeader(text: string): string {
  const line = oneLine(text);
  const standsAsItIs = /^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && !/\S{70}/.test(line);
  return standsAsItIs ? line : encodeWord(line, 'B', 52);
}

/**
 * The client as the product uses it. Region, credentials and endpoint come from the SDK's own environment variables unless
 * they are given.
 */
export const sesClient = (
  timeouts = senderTimeouts,
  given: Pick<SESClientConfig, 'endpoint' | 'region' | 'credentials'> = {},
): SESClient => new SESClient({ ...given, ...oneAttempt(timeouts) });

/** `SES_CONFIGURATION_SET` names the configuration set whose events come back; without it SES tells us nothing. */
export function connect(env: Environment, client: SESClient = sesClient()): Sender {
  const configurationSet = env['SES_CONFIGURATION_SET'];
  return {
    async send({ from, to, body, tags }) {
      const command = new SendRawEmailCommand({
        Source: from,
        Destinations: [to],
        RawMessage: { Data: body },
        Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
        ...(configurationSet === undefined || configurationSet === '' ? {} : { ConfigurationSetName: configurationSet }),
      });
      try {
        const { MessageId } = await client.send(command);
        if (MessageId === undefined) return { kind: 'unknown', because: 'SES answered without a message id' };
        return { kind: 'accepted', providerId: MessageId };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    async allowance() {
      try {
        return allowanceOf(await client.send(new GetSendQuotaCommand({})));
      } catch (error) {
        throw new Unavailable(`ask SES how much it takes: ${error instanceof Error ? error.name : 'no error'}`, { cause: error });
      }
    },
  };
}

/** -1 a day is as many as one likes. What SES does not say is no limit: it refuses by itself what is too much. */
export function allowanceOf({ Max24HourSend, MaxSendRate, SentLast24Hours }: GetSendQuotaResponse): number {
  const ofDay = Max24HourSend === undefined || Max24HourSend < 0 ? Infinity : Max24HourSend - (SentLast24Hours ?? 0);
  return Math.max(0, Math.floor(Math.min(ofDay, (MaxSendRate ?? Infinity) * 3_600)));
}
