/**
 * What becomes of an accepted mail, in the JSON in which SES publishes it: every mail is delivered, but for the addresses of
 * the SES mailbox simulator, which bounce and complain as they do in AWS.
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../shared/kernel/time.ts';
import { type AcceptedMail, addressesIn, headerOf, headersOf, type MailHeader } from './ses-mail.ts';

export interface SesEvent {
  readonly eventType: 'Send' | 'Delivery' | 'Bounce' | 'Complaint';
  /** After the mail was accepted: a moment, as in AWS. */
  readonly delaySeconds: number;
  /** JSON. */
  readonly message: string;
}

export interface SesAccount {
  readonly id: string;
  readonly region: string;
}

export function eventsOf(mail: AcceptedMail, account: SesAccount): readonly SesEvent[] {
  const headers = headersOf(mail.raw);
  return happenings(mail).map(({ eventType, delaySeconds, content }) => ({
    eventType,
    delaySeconds,
    message: JSON.stringify({ eventType, mail: mailOf(mail, headers, account), [eventType.toLowerCase()]: content }),
  }));
}

interface Happening {
  readonly eventType: SesEvent['eventType'];
  readonly delaySeconds: number;
  readonly content: object;
}

function happenings({ acceptedAt, recipients }: AcceptedMail): readonly Happening[] {
  const after = (delaySeconds: number): Instant => acceptedAt + delaySeconds * 1_000;
  const send: Happening = { eventType: 'Send', delaySeconds: 1, content: {} };
  const delivery: Happening = { eventType: 'Delivery', delaySeconds: 2, content: delivered(recipients, after(2)) };
  const bounce = (delaySeconds: number, how: Bounce): Happening => ({
    eventType: 'Bounce',
    delaySeconds,
    content: bounced(recipients, after(delaySeconds), how),
  });
  switch (simulated(recipients)) {
    case 'bounce':
      return [send, bounce(2, { type: 'Permanent', subtype: 'General', status: '5.1.1', says: '550 5.1.1 user unknown' })];
    case 'suppressionlist':
      return [send, bounce(2, { type: 'Permanent', subtype: 'Suppressed', status: '5.1.1', says: 'on the suppression list' })];
    case 'ooto':
      return [send, delivery, bounce(4, { type: 'Transient', subtype: 'General', status: '5.0.0', says: 'out of office' })];
    case 'complaint':
      return [send, delivery, { eventType: 'Complaint', delaySeconds: 4, content: complained(recipients, after(4)) }];
    default:
      return [send, delivery];
  }
}

/** Empty for real addresses; `bounce` of `bounce+label@simulator.amazonses.com`. */
function simulated([recipient = '']: readonly string[]): string {
  return /^([a-z]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i.exec(recipient)?.[1]?.toLowerCase() ?? '';
}

const delivered = (recipients: readonly string[], at: Instant): object => ({
  timestamp: time(at),
  processingTimeMillis: 2_000,
  recipients,
  smtpResponse: '250 2.0.0 OK',
  remoteMtaIp: '192.0.2.1',
  reportingMTA: 'local.amazonses.com',
});

interface Bounce {
  readonly type: 'Permanent' | 'Transient';
  readonly subtype: string;
  readonly status: string;
  readonly says: string;
}

const bounced = (recipients: readonly string[], at: Instant, { type, subtype, status, says }: Bounce): object => ({
  feedbackId: feedbackId(at),
  bounceType: type,
  bounceSubType: subtype,
  bouncedRecipients: recipients.map((emailAddress) => ({
    emailAddress,
    action: 'failed',
    status,
    diagnosticCode: `smtp; ${says}`,
  })),
  timestamp: time(at),
  reportingMTA: 'dsn; local.amazonses.com',
});

const complained = (recipients: readonly string[], at: Instant): object => ({
  feedbackId: feedbackId(at),
  complaintSubType: null,
  complainedRecipients: recipients.map((emailAddress) => ({ emailAddress })),
  timestamp: time(at),
  userAgent: 'Amazon SES Mailbox Simulator',
  complaintFeedbackType: 'abuse',
  arrivalDate: time(at),
});

function mailOf(mail: AcceptedMail, headers: readonly MailHeader[], { id, region }: SesAccount): object {
  const { acceptedAt, source, recipients, tags, configurationSet } = mail;
  const domain = source.split('@').at(-1) ?? '';
  const list = (name: string): readonly string[] => addressesIn(headerOf(headers, name) ?? '');
  return {
    timestamp: time(acceptedAt),
    source,
    sourceArn: `arn:aws:ses:${region}:${id}:identity/${domain}`,
    sendingAccountId: id,
    messageId: mail.id,
    destination: recipients,
    headersTruncated: false,
    headers,
    commonHeaders: {
      from: list('From'),
      ...(headerOf(headers, 'Date') === undefined ? {} : { date: headerOf(headers, 'Date') }),
      to: list('To'),
      messageId: headerOf(headers, 'Message-ID') ?? mail.id,
      subject: headerOf(headers, 'Subject') ?? '',
    },
    tags: {
      'ses:operation': ['SendRawEmail'],
      ...(configurationSet === undefined ? {} : { 'ses:configuration-set': [configurationSet] }),
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domain],
      'ses:caller-identity': ['local'],
      ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
    },
  };
}

const time = (at: Instant): string => new Date(at).toISOString();

const feedbackId = (at: Instant): string => `0102${at.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
