/**
 * What a provider carries along and hands back with its feedback, so that no index is needed to find the message again:
 * send key, order time, person and cause.
 */
import { contentHash, type PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Cause } from '../messages/message.ts';

export interface MessageIdentity {
  readonly sendKey: string;
  readonly orderTime: Instant;
  readonly person: PersonId;
  readonly cause: Cause;
}

/** SES takes `A–Z a–z 0–9 _ -`, at most 256 characters, in names and values. */
const fits = /^[A-Za-z0-9_-]{1,256}$/;
const maxLength = 256;

/** `sk` send key, `ot` order time (epoch milliseconds), `pr` person, `ct` cause (kind, name, step). */
export const messageTags = ({ sendKey, orderTime, person, cause }: MessageIdentity): Readonly<Record<string, string>> => ({
  sk: fits.test(sendKey) ? sendKey : escapeTag(sendKey),
  ot: String(orderTime),
  pr: fits.test(person) ? person : escapeTag(person),
  ct: escapeTag([cause.kind, cause.name, cause.step].join('/')),
});

/** The way back; undefined for mails that are not ours. The cause is missing where its name was too long to carry. */
export function readTags(
  tags: Readonly<Record<string, string | undefined>>,
): (Omit<MessageIdentity, 'cause'> & { readonly cause?: Cause }) | undefined {
  const { sk: sendKey, ot, pr: person, ct } = tags;
  if (sendKey === undefined || person === undefined || ot === undefined || !/^\d{1,15}$/.test(ot)) return undefined;
  const cause = ct === undefined ? undefined : causeOf(unescapeTag(ct));
  return { sendKey, orderTime: Number(ot), person, ...(cause === undefined ? {} : { cause }) };
}

function causeOf(text: string): Cause | undefined {
  const [kind, ...rest] = text.split('/');
  const step = rest.at(-1);
  const name = rest.slice(0, -1).join('/');
  if ((kind !== 'journey' && kind !== 'campaign' && kind !== 'api') || step === undefined || name === '') return undefined;
  return { kind, name, step };
}

/** Any text in the provider's alphabet: letters, digits and `-` stay, every other byte of UTF-8 is `_` and two hex digits. */
export function escapeTag(value: string): string {
  const escaped = [...Buffer.from(value.toWellFormed())]
    .map((byte) =>
      /[A-Za-z0-9-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
  if (escaped.length > maxLength) return contentHash(value);
  return escaped === '' ? '_' : escaped;
}

/** The text that was escaped. */
export const unescapeTag = (tag: string): string =>
  Buffer.from(
    tag.replace(/_([0-9a-f]{2})|[^]/g, (character, hex?: string) => hex ?? Buffer.from(character).toString('hex')),
    'hex',
  ).toString('utf8');
