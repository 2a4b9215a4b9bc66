/**
 * The mail that SES writes itself when it is given subject and bodies instead of raw MIME (SendEmail).
 */
export interface SimpleMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

const boundary = '=_relance_local';

export function composeMail(mail: SimpleMail): Uint8Array {
  const headers = [
    `From: ${mail.from}`,
    ...list('To', mail.to),
    ...list('Cc', mail.cc),
    ...list('Reply-To', mail.replyTo),
    `Subject: ${encodedWords(mail.subject)}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
  const parts = [...part('text/plain', mail.text), ...part('text/html', mail.html)];
  return Buffer.from([...headers, '', ...parts, `--${boundary}--`, ''].join('\r\n'));
}

const list = (name: string, addresses: readonly string[]): readonly string[] =>
  addresses.length === 0 ? [] : [`${name}: ${addresses.join(',\r\n ')}`];

function part(type: string, content: string | undefined): readonly string[] {
  if (content === undefined) return [];
  const encoded =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return [`--${boundary}`, `Content-Type: ${type}; charset=UTF-8`, 'Content-Transfer-Encoding: base64', '', ...encoded];
}

/** RFC 2047: words of at most 75 characters, split between characters. */
function encodedWords(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  const words: string[] = [''];
  for (const character of text) {
    const longer = (words.at(-1) ?? '') + character;
    if (Buffer.byteLength(longer) <= 45) words[words.length - 1] = longer;
    else words.push(character);
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}
