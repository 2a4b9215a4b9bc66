/**
 * What SES reads from a raw e-mail, and which mails it refuses before sending: sizes, lines, recipients, tags.
 */
import type { Instant } from '../../shared/kernel/time.ts';
import { AwsError } from './aws-error.ts';

export interface AcceptedMail {
  /** The provider's message id. */
  readonly id: string;
  readonly acceptedAt: Instant;
  /** Bare address of the sender. */
  readonly source: string;
  readonly recipients: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet?: string;
  readonly raw: Uint8Array;
}

export interface MailHeader {
  readonly name: string;
  /** Unfolded, still encoded. */
  readonly value: string;
}

export interface SesTag {
  readonly name: string;
  readonly value: string;
}

/** Of one message through the v1 API, after base64. */
const largestMail = 10_485_760;
const mostRecipients = 50;
/** RFC 5321 4.5.3.1.6: 1,000 with the line end. */
const longestLine = 998;

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

/** The headers up to the first empty line. */
export function headersOf(raw: Uint8Array): readonly MailHeader[] {
  const text = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, 262_144)).toString('utf8');
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const lines = head.replaceAll(/\r?\n(?=[ \t])/g, '').split(/\r?\n/);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }];
  });
}

export function headerOf(headers: readonly MailHeader[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;
}

/** The bare addresses in a header such as `"Last, First" <a@example.com>, b@example.com`. */
export function addressesIn(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  return parts.map((part) => (/<([^<>]*)>\s*$/.exec(part)?.[1] ?? part).trim()).filter((address) => address !== '');
}

export function refuseRaw(raw: Uint8Array): void {
  if (raw.byteLength > largestMail) throw invalid(`Message length is more than ${largestMail} bytes long: '${raw.byteLength}'.`);
  for (let start = 0; start < raw.byteLength;) {
    const lineFeed = raw.indexOf(10, start);
    const end = lineFeed === -1 ? raw.byteLength : lineFeed;
    const length = end - start - (raw[end - 1] === 13 ? 1 : 0);
    if (length > longestLine) throw invalid(`A line of the message is longer than ${longestLine} characters: '${length}'.`);
    start = end + 1;
  }
}

export function refuseRecipients(recipients: readonly string[]): void {
  if (recipients.length === 0) throw invalid("Missing required header 'To'.");
  if (recipients.length > mostRecipients) throw invalid(`Recipient count exceeds ${mostRecipients}.`);
  for (const recipient of recipients) refuseAddress(recipient);
}

export function refuseAddress(address: string): void {
  const bare = addressesIn(address)[0] ?? '';
  const at = bare.lastIndexOf('@');
  if (at < 1) throw invalid("Missing final '@domain'");
  const local = bare.slice(0, at);
  const domain = bare.slice(at + 1);
  if (/[\s\p{Cc}]/u.test(local)) throw invalid('Local address contains control or whitespace');
  if (/[^!-~]/.test(local)) throw invalid('Local address contains non-ASCII characters');
  if (domain === '') throw invalid("Missing final '@domain'");
  if (domain.startsWith('.') || domain.endsWith('.'))
    throw invalid(`Domain ${domain.startsWith('.') ? 'starts' : 'ends'} with dot`);
  if (!/^[A-Za-z0-9.-]+$/.test(domain)) throw invalid('Domain contains illegal character');
}

/** Names and values are ASCII letters, digits, `_` and `-`, 1 to 256 characters. */
export function refuseTags(tags: readonly SesTag[]): void {
  const named = new Set<string>();
  for (const { name, value } of tags) {
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name))
      throw invalid(`Invalid tag name <${name}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`);
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(value))
      throw invalid(`Invalid tag value <${value}>: only alphanumeric ASCII characters, '_', and '-' are allowed.`);
    if (named.has(name)) throw invalid(`Duplicate tag name <${name}>.`);
    named.add(name);
  }
}

/** `name=value, name=value` of the header X-SES-MESSAGE-TAGS, which counts when the call states no tags. */
export const tagsIn = (header: string): readonly SesTag[] =>
  header.split(',').flatMap((pair) => {
    const [name, value] = pair.split('=').map((part) => part.trim());
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
