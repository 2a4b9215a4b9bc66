/**
 * The actions of the SES v1 API that Relance and its set-up call: query form in, XML out.
 */
import { randomBytes } from 'node:crypto';
import { element, members, type QueryForm, type Xml } from './query-form.ts';
import type { Silence } from './faults.ts';
import { composeMail } from './ses-compose.ts';
import { invalid, refuseAddress, type SesTag } from './ses-mail.ts';
import type { RawEmail, Ses } from './ses.ts';

export const sesNamespace = 'http://ses.amazonaws.com/doc/2010-12-01/';

export interface SesCall {
  readonly ses: Ses;
  readonly form: QueryForm;
}

export const sesActions: Readonly<Record<string, (call: SesCall) => readonly Xml[] | Silence>> = {
  SendRawEmail: sendRawEmail,
  SendEmail: sendEmail,
  GetSendQuota: getSendQuota,
  GetAccountSendingEnabled: () => [element('Enabled', true)],
  VerifyEmailIdentity: ({ ses, form }) => {
    const address = form.text('EmailAddress');
    refuseAddress(address);
    ses.verify(address, 'address');
    return [];
  },
  VerifyDomainIdentity: ({ ses, form }) => {
    ses.verify(form.text('Domain'), 'domain');
    return [element('VerificationToken', randomBytes(32).toString('base64'))];
  },
  ListIdentities: ({ ses }) => [members('Identities', ses.identities())],
  GetIdentityVerificationAttributes: identityAttributes,
};

function sendRawEmail({ ses, form }: SesCall): readonly Xml[] | Silence {
  const raw = Buffer.from(form.at('RawMessage').text('Data'), 'base64');
  return answered(ses.send({ ...sender(form), raw, destinations: form.texts('Destinations') }));
}

/** SES writes the mail itself here, without custom headers. */
function sendEmail({ ses, form }: SesCall): readonly Xml[] | Silence {
  const destination = form.at('Destination');
  const lists = { to: destination.texts('ToAddresses'), cc: destination.texts('CcAddresses') };
  const message = form.at('Message');
  const body = message.at('Body');
  const text = body.optionalText('Text.Data');
  const html = body.optionalText('Html.Data');
  if (text === undefined && html === undefined) throw invalid('Message body empty.');
  const raw = composeMail({
    from: form.text('Source'),
    ...lists,
    replyTo: form.texts('ReplyToAddresses'),
    subject: message.optionalText('Subject.Data') ?? '',
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
  });
  return answered(
    ses.send({ ...sender(form), raw, destinations: [...lists.to, ...lists.cc, ...destination.texts('BccAddresses')] }),
  );
}

const answered = (outcome: string | Silence): readonly Xml[] | Silence =>
  typeof outcome === 'string' ? [element('MessageId', outcome)] : outcome;

function sender(form: QueryForm): Pick<RawEmail, 'source' | 'tags' | 'configurationSet'> {
  const source = form.optionalText('Source');
  const configurationSet = form.optionalText('ConfigurationSetName');
  const tags: readonly SesTag[] = form
    .list('Tags')
    .map((tag) => ({ name: tag.optionalText('Name') ?? '', value: tag.optionalText('Value') ?? '' }));
  return { tags, ...(source === undefined ? {} : { source }), ...(configurationSet === undefined ? {} : { configurationSet }) };
}

function getSendQuota({ ses }: SesCall): readonly Xml[] {
  const quota = ses.sendQuota();
  return [
    element('Max24HourSend', quota.max24HourSend.toFixed(1)),
    element('MaxSendRate', quota.maxSendRate.toFixed(1)),
    element('SentLast24Hours', quota.sentLast24Hours.toFixed(1)),
  ];
}

/** Identities nobody asked to verify are left out, as SES does. */
function identityAttributes({ ses, form }: SesCall): readonly Xml[] {
  const known = form.texts('Identities').filter((identity) => ses.identities().includes(identity.toLowerCase()));
  const entries = known.map((identity) =>
    element('entry', element('key', identity), element('value', element('VerificationStatus', 'Success'))),
  );
  return [element('VerificationAttributes', ...entries)];
}
