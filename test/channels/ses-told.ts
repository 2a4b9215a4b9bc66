/**
 * Feedback as SES writes it, field for field (SES developer guide, "Examples of event data" and "Amazon SNS notification
 * examples"): event publishing with tags, identity notifications without.
 */
import type { JsonObject } from '../../shared/kernel/json.ts';
import { escapeTag } from '../../shared/channels/tags.ts';

export interface AboutMail {
  readonly person: string;
  readonly sendKey: string;
  readonly orderTime: number;
  readonly to?: string;
  readonly providerId?: string;
  /** When SES took the mail. */
  readonly at?: number;
}

export const providerId = '0102019ab1c2d3e4-61b59c11-9236-11e6-8f96-7be8a0000000-000000';

const time = (at: number): string => new Date(at).toISOString();

function mailOf({ to = 'ada@example.com', orderTime, at = orderTime, ...about }: AboutMail): JsonObject {
  return {
    timestamp: time(at),
    source: 'Atelier <bonjour@news.example>',
    sourceArn: 'arn:aws:ses:eu-west-3:123456789012:identity/news.example',
    sendingAccountId: '123456789012',
    messageId: about.providerId ?? providerId,
    destination: [to],
  };
}

const headersOf = ({ sendKey, orderTime, to = 'ada@example.com' }: AboutMail): JsonObject => ({
  headersTruncated: false,
  headers: [
    { name: 'From', value: 'Atelier <bonjour@news.example>' },
    { name: 'To', value: to },
    { name: 'Message-ID', value: `<${sendKey}.${orderTime}@news.example>` },
  ],
  commonHeaders: { from: ['Atelier <bonjour@news.example>'], to: [to], messageId: providerId, subject: 'Votre panier' },
});

const tagsOf = ({ sendKey, orderTime, person }: AboutMail): JsonObject => ({
  'ses:operation': ['SendRawEmail'],
  'ses:configuration-set': ['relance'],
  'ses:source-ip': ['192.0.2.0'],
  'ses:from-domain': ['news.example'],
  'ses:caller-identity': ['relance-deliver-messages'],
  sk: [sendKey],
  ot: [String(orderTime)],
  pr: [person],
  ct: [escapeTag('journey/bienvenue/1')],
});

/** `eventType`: the configuration set publishes. */
export const published = (eventType: string, about: AboutMail, told: JsonObject = {}): string =>
  JSON.stringify({ eventType, mail: { ...mailOf(about), ...headersOf(about), tags: tagsOf(about) }, ...told });

/** `notificationType`: the identity notifies, with the original headers or (the default of SES) without. */
export const notified = (notificationType: string, about: AboutMail, told: JsonObject, headers = false): string =>
  JSON.stringify({
    notificationType,
    ...told,
    mail: { ...mailOf(about), sourceIp: '192.0.2.0', callerIdentity: 'relance', ...(headers ? headersOf(about) : {}) },
  });

/** As SNS hands it to a queue without raw message delivery. */
export const wrapped = (message: string): string =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
    TopicArn: 'arn:aws:sns:eu-west-3:123456789012:relance-feedback',
    Subject: 'Amazon SES Email Event Notification',
    Message: message,
    Timestamp: '2026-11-23T18:00:00.000Z',
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: 'https://sns.eu-west-3.amazonaws.com/SimpleNotificationService.pem',
    UnsubscribeURL: 'https://sns.eu-west-3.amazonaws.com/?Action=Unsubscribe',
  });

const feedbackId = '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8a0000000-000000';

export const delivery = (at: number): JsonObject => ({
  delivery: {
    timestamp: time(at),
    processingTimeMillis: 11_893,
    recipients: ['ada@example.com'],
    smtpResponse: '250 2.6.0 Message received',
    remoteMtaIp: '192.0.2.1',
    reportingMTA: 'mta.example.com',
  },
});

export const bounce = (at: number, bounceType = 'Permanent', bounceSubType = 'General', to = 'ada@example.com'): JsonObject => ({
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: to, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }],
    timestamp: time(at),
    feedbackId,
    reportingMTA: 'dsn; mta.example.com',
  },
});

export const complaint = (at: number, complaintFeedbackType?: string, complaintSubType: string | null = null): JsonObject => ({
  complaint: {
    complainedRecipients: [{ emailAddress: 'ada@example.com' }],
    timestamp: time(at),
    feedbackId,
    complaintSubType,
    ...(complaintFeedbackType === undefined
      ? {}
      : { userAgent: 'Amazon SES Mailbox Simulator', complaintFeedbackType, arrivalDate: time(at) }),
  },
});

export const delay = (at: number, delayType = 'MailboxFull'): JsonObject => ({
  deliveryDelay: {
    timestamp: time(at),
    delayType,
    expirationTime: time(at + 3_600_000),
    delayedRecipients: [{ emailAddress: 'ada@example.com', status: '4.2.2', diagnosticCode: 'smtp; 422 mailbox full' }],
  },
});
