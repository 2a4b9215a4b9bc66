/** The MIME we hand to SES, read back by another maker's parser: every mailbox provider must take it, and none be fooled. */
import fc from 'fast-check';
import PostalMime, { type Email } from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { composeEmail, type EmailToCompose } from '../../shared/channels/email.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';

const at = Date.parse('2026-11-23T12:34:56Z');
const unsubscribeUrl = `https://links.example.com/l/u/${'aB3_-'.repeat(40)}`;

const aMail = (change: Partial<EmailToCompose> = {}): EmailToCompose => ({
  identity: {
    sendKey: 'AbC_-0123456789x',
    orderTime: at,
    person: '01JD0000000000000000000000',
    cause: { kind: 'journey', name: 'panier-abandonné', step: '3.then.1' },
  },
  purpose: 'marketing',
  sender: { name: 'Atelier Éclair, "Paris"', email: 'bonjour@shop.example', replyTo: 'aide@shop.example' },
  to: 'ada@example.com',
  subject: 'Votre panier',
  html: '<html><body><p>Bonjour</p></body></html>',
  text: 'Bonjour',
  unsubscribeUrl,
  at,
  ...change,
});

async function compose(
  change: Partial<EmailToCompose> = {},
): Promise<{ raw: string; lines: string[]; headers: string[]; mail: Email }> {
  const { body } = await composeEmail(aMail(change));
  const raw = Buffer.from(body).toString('latin1');
  const [head = ''] = raw.split('\r\n\r\n');
  return {
    raw,
    lines: raw.split('\r\n'),
    headers: head.replace(/\r\n[ \t]/g, ' ').split('\r\n'),
    mail: await PostalMime.parse(body),
  };
}

const header = (mail: Email, name: string): string[] => mail.headers.filter(({ key }) => key === name).map(({ value }) => value);

describe('a marketing mail', () => {
  test('has sender, reader, answer address, date and both parts', async () => {
    const { mail } = await compose();
    expect(mail.from).toMatchObject({ name: 'Atelier Éclair, "Paris"', address: 'bonjour@shop.example' });
    expect(mail.to).toMatchObject([{ address: 'ada@example.com' }]);
    expect(mail.replyTo).toMatchObject([{ address: 'aide@shop.example' }]);
    expect(mail.subject).toBe('Votre panier');
    expect(Date.parse(mail.date ?? '')).toBe(at);
    expect(mail.text?.trim()).toBe('Bonjour');
    expect(mail.html?.trim()).toBe('<html><body><p>Bonjour</p></body></html>');
    expect(mail.attachments).toEqual([]);
  });

  test('is a multipart/alternative, plain text first', async () => {
    const { raw, headers } = await compose();
    expect(headers.find((line) => line.startsWith('Content-Type:'))).toMatch(/^Content-Type: multipart\/alternative; boundary=/);
    expect(raw.match(/Content-Transfer-Encoding: quoted-printable/g)).toHaveLength(2);
    expect(raw.indexOf('text/plain; charset=utf-8')).toBeGreaterThan(0);
    expect(raw.indexOf('text/html; charset=utf-8')).toBeGreaterThan(raw.indexOf('text/plain; charset=utf-8'));
  });

  test('can be unsubscribed from in one click, byte for byte as RFC 8058 asks', async () => {
    const { raw } = await compose();
    expect(raw).toContain(`\r\nList-Unsubscribe: <${unsubscribeUrl}>\r\n`);
    expect(raw).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  });

  test('says that a machine wrote it, and for which journey', async () => {
    const { mail } = await compose();
    expect(header(mail, 'auto-submitted')).toEqual(['auto-generated']);
    expect(header(mail, 'feedback-id')).toEqual(['panier-abandonn_c3_a9:3_2ethen_2e1:journey:relance']);
  });

  test('gives the same bytes each time', async () => {
    expect((await composeEmail(aMail())).body).toEqual((await composeEmail(aMail())).body);
  });

  test('is refused without a link to unsubscribe', async () => {
    for (const wrong of ['', 'mailto:x@y.z', 'https://a b', 'https://a/>\r\nX: y']) {
      await expect(composeEmail(aMail({ unsubscribeUrl: wrong }))).rejects.toThrow(InvalidInput);
    }
  });
});

test('a transactional mail has no unsubscribe headers', async () => {
  const { mail, raw } = await compose({ purpose: 'transactional' });
  expect(header(mail, 'list-unsubscribe')).toEqual([]);
  expect(raw).not.toMatch(/list-unsubscribe/i);
});

test('each header stands there once', async () => {
  const { headers } = await compose();
  const names = headers.map((line) => line.split(':')[0]?.toLowerCase());
  expect(names).toHaveLength(new Set(names).size);
  expect(headers.every((line) => /^[A-Za-z-]+: \S/.test(line))).toBe(true);
});

describe('other alphabets', () => {
  const texts = [
    'Été à l’œuvre – 12,50 €',
    '🛒 Votre panier 👩‍👩‍👧 vous attend',
    '購物車裡還有東西',
    'سلة التسوق الخاصة بك',
    'Ваша корзина ждёт вас, а с ней и очень длинная строка темы письма, которая не помещается в одну строку заголовка',
    'a'.repeat(255),
    '"quotes", <angles> & (comments); ...',
  ];
  test.each(texts)('arrive as they were written: %s', async (text) => {
    const { mail, raw, lines } = await compose({
      subject: text,
      html: `<html><body><p>${text}</p></body></html>`,
      text: `${text}\n\n${text}`,
      sender: { name: text, email: 'bonjour@shop.example' },
    });
    expect(mail.subject).toBe(text);
    expect(mail.from?.name).toBe(text);
    expect(mail.html).toContain(text);
    expect(mail.text?.trim()).toBe(`${text}\n\n${text}`);
    // eslint-disable-next-line no-control-regex -- exactly what SMTP carries
    expect(raw).toMatch(/^[\r\n\t\x20-\x7e]*$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  test('hosts of addresses become punycode', async () => {
    expect((await compose({ to: 'ada@bücher.example' })).raw).toContain('\r\nTo: ada@xn--bcher-kva.example\r\n');
  });
});

test('no line is longer than a mail server takes, whatever is written', async () => {
  const long = 'x'.repeat(5_000);
  const { lines, mail } = await compose({ html: `<p>${long}</p>`, text: `${long} ${long}`, subject: long });
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
  expect(mail.text?.trim()).toBe(`${long} ${long}`);
  expect(mail.html?.trim()).toBe(`<p>${long}</p>`);
});

describe('an attacker', () => {
  test.each(['=?utf-8?B?ZXZpbC5jb20=?=', 'Hi =?utf-8?Q?evil=2Ecom?=', '=?utf-8?Q?a b?=', '=?x?='])(
    'hides nothing in an encoded word of his own: %s',
    async (subject) => {
      expect((await compose({ subject })).mail.subject).toBe(subject);
    },
  );

  const evil = 'x\r\nBcc: victim@example.com\r\n\r\n<h1>spam</h1>';

  test('adds no header through the subject or the sender’s name', async () => {
    const { mail, headers } = await compose({ subject: evil, sender: { name: evil, email: 'bonjour@shop.example' } });
    expect(mail.bcc).toBeUndefined();
    expect(mail.subject).toBe('x Bcc: victim@example.com <h1>spam</h1>');
    expect(mail.from?.name).toBe(mail.subject);
    expect(headers.filter((line) => /^(Bcc|To):/i.test(line))).toEqual(['To: ada@example.com']);
    expect(mail.html).not.toContain('spam');
  });

  test.each([
    'a@b.c, d@e.f',
    'a@b.c\r\nBcc: d@e.f',
    'a@b.c>',
    '<a@b.c>',
    'Ada <a@b.c>',
    'a@b@c',
    'a b@c.d',
    '"a\r\n"@b.c',
    'a@b.c;d@e.f',
    'group:a@b.c;',
    '',
    'nobody',
    `${'a'.repeat(400)}@b.c`,
  ])('makes no second reader of %j', async (to) => {
    await expect(composeEmail(aMail({ to }))).rejects.toThrow(InvalidInput);
    await expect(composeEmail(aMail({ sender: { name: 'x', email: to } }))).rejects.toThrow(InvalidInput);
    await expect(composeEmail(aMail({ sender: { name: 'x', email: 'a@b.c', replyTo: to } }))).rejects.toThrow(InvalidInput);
  });

  test('adds no part through the content', async () => {
    const first = await compose();
    const boundary = /boundary="([^"]+)"/.exec(first.raw)?.[1] ?? '';
    const { mail } = await compose({
      text: `\r\n--${boundary}\r\nContent-Type: text/html\r\n\r\n<h1>spam</h1>\r\n--${boundary}--\r\n`,
    });
    expect(mail.html?.trim()).toBe('<html><body><p>Bonjour</p></body></html>');
    expect(mail.attachments).toEqual([]);
    expect(mail.text).toContain('<h1>spam</h1>');
  });

  test('whatever is written anywhere: one reader, two parts, the headers we meant', async () => {
    const wild = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\r', '\n', ':', '--', '=?', '?=', '<', '>', '"', '\\', '\0', '\u2028'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    });
    const anything = wild.filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(anything, anything, anything, async (subject, name, text) => {
        const { mail, headers } = await compose({
          subject: `s ${subject}`,
          text,
          html: `<p>x</p>${text}`,
          sender: { name, email: 'a@b.c' },
        });
        expect(mail.to).toMatchObject([{ address: 'ada@example.com' }]);
        expect(mail.from?.address).toBe('a@b.c');
        expect(mail.attachments).toEqual([]);
        expect(new Set(headers.map((line) => line.split(':')[0]))).toEqual(expectedHeaders);
        expect(headers).toHaveLength(expectedHeaders.size);
      }),
      { numRuns: 300 },
    );
  });
});

const expectedHeaders = new Set([
  'Auto-Submitted',
  'Content-Type',
  'Date',
  'Feedback-ID',
  'From',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'MIME-Version',
  'Message-ID',
  'Subject',
  'To',
]);
