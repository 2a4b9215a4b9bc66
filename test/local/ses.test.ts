/**
 * SES as Relance relies on it, through the real client: what is accepted is kept once, what is refused says why, and
 * the troubles of a provider can be ordered.
 */
import {
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  ListTemplatesCommand,
  SendEmailCommand,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
  VerifyDomainIdentityCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { day, morning, refused, type Stack, startStack } from './stack.ts';

let stack: Stack;
beforeEach(async () => void (stack = await startStack()));
afterEach(() => stack.stop());

const mime = (headers: readonly string[] = [], body = 'Bonjour') =>
  Buffer.from(['From: Shop <shop@example.com>', 'To: "Doe, Jane" <jane@example.org>', ...headers, '', body].join('\r\n'));

const send = (raw: Uint8Array = mime(), more: Partial<SendRawEmailCommandInput> = {}) =>
  stack.ses.send(new SendRawEmailCommand({ RawMessage: { Data: raw }, ...more }));

test('an accepted mail is kept byte for byte with its id, tags, time and recipients', async () => {
  const raw = mime(['Subject: Votre panier', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click']);
  const answer = await send(raw, {
    Tags: [
      { Name: 'sk', Value: 'abc-123_X' },
      { Name: 'pr', Value: 'p1' },
    ],
    ConfigurationSetName: 'relance',
  });
  const [mail] = stack.emulators.ses.inbox();
  expect(mail).toMatchObject({
    id: answer.MessageId,
    acceptedAt: morning,
    source: 'shop@example.com',
    recipients: ['jane@example.org'],
    tags: { sk: 'abc-123_X', pr: 'p1' },
    configurationSet: 'relance',
  });
  expect(Buffer.from(mail!.raw).equals(raw)).toBe(true);
  expect(stack.emulators.ses.mail(answer.MessageId!)?.id).toBe(answer.MessageId);
  expect(answer.MessageId).toMatch(/^0102[\da-f]{12}-[\da-f-]{36}-000000$/);
});

test('Destinations replace the recipients of the headers; tags of the header count when the call states none', async () => {
  await send(mime(['X-SES-MESSAGE-TAGS: a=1, b=2', 'Cc: cc@example.org']), {
    Destinations: ['other@example.org'],
    Source: 'news@example.com',
  });
  await send(mime(['Cc: cc@example.org, cd@example.org']));
  const [first, second] = stack.emulators.ses.inbox();
  expect(first).toMatchObject({ recipients: ['other@example.org'], source: 'news@example.com', tags: { a: '1', b: '2' } });
  expect(second?.recipients).toEqual(['jane@example.org', 'cc@example.org', 'cd@example.org']);
});

test.each<[string, Uint8Array, Partial<SendRawEmailCommandInput>, string, RegExp]>([
  ['a tag with a dot', mime(), { Tags: [{ Name: 'a', Value: 'b.c' }] }, 'InvalidParameterValue', /tag value/],
  ['a tag name with a space', mime(), { Tags: [{ Name: 'a b', Value: 'c' }] }, 'InvalidParameterValue', /tag name/],
  ['a tag value of 257', mime(), { Tags: [{ Name: 'a', Value: 'x'.repeat(257) }] }, 'InvalidParameterValue', /tag value/],
  ['a mail above 10 MB', mime([], 'x\r\n'.repeat(3_600_000)), {}, 'InvalidParameterValue', /more than 10485760 bytes/],
  ['a line of 999 characters', mime([], 'x'.repeat(999)), {}, 'InvalidParameterValue', /longer than 998/],
  [
    '51 recipients',
    mime(),
    { Destinations: Array.from({ length: 51 }, (_, at) => `p${at}@example.org`) },
    'InvalidParameterValue',
    /exceeds 50/,
  ],
  ['no recipient', Buffer.from('From: a@example.com\r\n\r\nx'), {}, 'InvalidParameterValue', /required header 'To'/],
  ['no sender', Buffer.from('To: a@example.com\r\n\r\nx'), {}, 'InvalidParameterValue', /required header 'From'/],
  ['an address without domain', mime(), { Destinations: ['jane'] }, 'InvalidParameterValue', /Missing final '@domain'/],
  ['an address with a space', mime(), { Destinations: ['ja ne@example.org'] }, 'InvalidParameterValue', /whitespace/],
  ['a domain with an underscore', mime(), { Destinations: ['jane@exa_mple.org'] }, 'InvalidParameterValue', /illegal character/],
  ['a wrong configuration set name', mime(), { ConfigurationSetName: 'a b' }, 'InvalidParameterValue', /Configuration set/],
])('%s is refused and not kept', async (_what, raw, more, name, message) => {
  await expect(send(raw, more)).rejects.toEqual(refused(name, message));
  expect(stack.emulators.ses.accepted()).toBe(0);
});

test('lines of 998 characters and mails just below 10 MB pass', async () => {
  await send(mime([], `${'x'.repeat(998)}\r\n`));
  await send(mime([], 'x\r\n'.repeat(3_495_000)));
  expect(stack.emulators.ses.accepted()).toBe(2);
});

test('where identities must be verified, the address, its domain or a domain above counts; others are rejected', async () => {
  stack.emulators.ses.options = { verifiedIdentities: ['example.com', 'one@other.test'] };
  await send();
  await send(mime(), { Source: 'a@mail.example.com' });
  await expect(send(mime(), { Source: 'two@other.test' })).rejects.toEqual(
    refused('MessageRejected', /not verified.*two@other.test/),
  );
  await stack.ses.send(new VerifyEmailIdentityCommand({ EmailAddress: 'two@other.test' }));
  await stack.ses.send(new VerifyDomainIdentityCommand({ Domain: 'third.test' }));
  await send(mime(), { Source: 'two@other.test' });
  const attributes = await stack.ses.send(
    new GetIdentityVerificationAttributesCommand({ Identities: ['two@other.test', 'third.test', 'never@asked.test'] }),
  );
  expect(attributes.VerificationAttributes).toEqual({
    'two@other.test': { VerificationStatus: 'Success' },
    'third.test': { VerificationStatus: 'Success' },
  });
});

test('a configuration set that must exist and does not is refused by its name', async () => {
  stack.emulators.ses.options = { configurationSets: ['relance'] };
  await expect(send(mime(), { ConfigurationSetName: 'other' })).rejects.toEqual(refused('ConfigurationSetDoesNotExistException'));
});

test('a quota is kept by the product clock: a rate a second and a number a day, counted in recipients', async () => {
  stack.emulators.ses.options = { quota: { max24HourSend: 4, maxSendRate: 2 } };
  await send(mime(), { Destinations: ['a@example.org', 'b@example.org'] });
  await expect(send()).rejects.toMatchObject({
    name: 'Throttling',
    message: 'Maximum sending rate exceeded.',
    $metadata: { httpStatusCode: 400 },
  });
  stack.clock.standAt(morning + 1_000);
  await send();
  await send();
  stack.clock.standAt(morning + 2_000);
  await expect(send()).rejects.toEqual(refused('Throttling', /Daily message quota exceeded/));
  const quota = await stack.ses.send(new GetSendQuotaCommand({}));
  expect(quota).toMatchObject({ Max24HourSend: 4, MaxSendRate: 2, SentLast24Hours: 4 });
  stack.clock.standAt(morning + day);
  await send();
  expect((await stack.ses.send(new GetSendQuotaCommand({}))).SentLast24Hours).toBe(3);
});

test('ordered troubles happen to the next sends, and each is what it says about acceptance', async () => {
  const { ses } = stack.emulators;
  ses.failNext({ kind: 'throttle', count: 2 });
  ses.failNext({ kind: 'reject' });
  ses.failNext({ kind: '500' });
  await expect(send()).rejects.toEqual(refused('Throttling', /Maximum sending rate/));
  await expect(send()).rejects.toEqual(refused('Throttling'));
  await expect(send()).rejects.toEqual(refused('MessageRejected'));
  await expect(send()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  ses.failNext({ kind: 'timeout-before-accept' });
  await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(ses.accepted()).toBe(0);
  ses.failNext({ kind: 'timeout-after-accept' });
  await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(ses.accepted()).toBe(1);
  await send();
  expect(ses.accepted()).toBe(2);
});

test('a silence lasts as long as ordered, so that a client can run into its own timeout', async () => {
  stack.emulators.ses.failNext({ kind: 'timeout-after-accept', silentFor: 60_000 });
  const abortSignal = AbortSignal.timeout(50);
  await expect(stack.ses.send(new SendRawEmailCommand({ RawMessage: { Data: mime() } }), { abortSignal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(stack.emulators.ses.accepted()).toBe(1);
});

test('SendEmail writes the mail itself', async () => {
  await stack.ses.send(
    new SendEmailCommand({
      Source: 'shop@example.com',
      Destination: { ToAddresses: ['jane@example.org'], BccAddresses: ['audit@example.com'] },
      Message: { Subject: { Data: 'Ça vous a plu ? '.repeat(6) }, Body: { Text: { Data: 'Texte' }, Html: { Data: '<p>é</p>' } } },
    }),
  );
  const [mail] = stack.emulators.ses.inbox();
  expect(mail?.recipients).toEqual(['jane@example.org', 'audit@example.com']);
  const parsed = await PostalMime.parse(mail!.raw);
  expect(parsed.subject).toBe('Ça vous a plu ? '.repeat(6));
  expect(parsed.html).toContain('<p>é</p>');
  expect(parsed.text).toContain('Texte');
  expect(parsed.headers.some(({ key }) => key === 'bcc')).toBe(false);
});

test('the newest mails are shown on request, and each accepted one is announced', async () => {
  const announced: string[] = [];
  stack.emulators.ses.onAccepted(({ id }) => announced.push(id));
  const ids: (string | undefined)[] = [];
  for (let mail = 0; mail < 3; mail += 1) ids.push((await send()).MessageId);
  expect(stack.emulators.ses.inbox({ newest: 2 }).map(({ id }) => id)).toEqual(ids.slice(1));
  expect(announced).toEqual(ids);
});

test('an action it does not know is an error at once, never silence', async () => {
  await expect(stack.ses.send(new ListTemplatesCommand({}))).rejects.toEqual(refused('InvalidAction', /ListTemplates/));
});
