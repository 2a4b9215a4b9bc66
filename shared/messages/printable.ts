/**
 * What strangers wrote, made safe to print: text stays text, and links lead only where the brand or a server-side source
 * says (promise 3, design section 4 "Trust"). An attacker who puts words into a shop's mail must not put a link there.
 */
import { isObject, type Json, type JsonObject } from '../kernel/json.ts';

export interface PrintRules {
  /** Told by a server-side source: https links are printed wherever they lead. */
  readonly trusted: boolean;
  /** `brand.site`: where an unverified link may lead; each host with its sub-domains. */
  readonly hosts: readonly string[];
}

/** Longer than any name or link a shop prints. */
const maxTextLength = 1_000;
const maxUrlLength = 2_048;

// Control characters; line and paragraph separators; bidi embeddings, overrides and isolates; invisible tag characters.
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e001f}]+/gu;

/**
 * One line of visible text: control characters and what reverses reading order become a space, white space is joined. French
 * puts a no-break space before `:` and `!`: it stays, so that no line begins with them.
 */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(unprintable, ' ')
    .replace(/\s+/gu, (blank) => noBreak.exec(blank)?.[1] ?? ' ')
    .trim();

/** Nothing but no-break spaces, of one width or the other. */
const noBreak = /^([\u00a0\u202f])[\u00a0\u202f]*$/u;

/**
 * Lines of visible text, each as `oneLine` writes it, with at most one empty line between two. A no-break space becomes a plain
 * one: it alone would make the parts of an SMS hold 70 characters instead of 160.
 */
export const visibleLines = (text: string): string =>
  text
    .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/u)
    .map((line) => oneLine(line.replaceAll(/[\u00a0\u202f]/gu, ' ')))
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();

/** At most `max` UTF-16 units, cut between whole characters (an emoji is not halved), with an ellipsis where it was cut. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

const scheme = /[\p{L}\p{N}+.-]{2,}:\/\/|\b(?:www\d?\.|mailto:|tel:|sms:|javascript:|data:)/u;
const hostName = /[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)*\.(?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]+)(?![\p{L}\p{N}])/u;
const ipAddress = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/u;
const phoneNumber = /(?:\+|\b00)?\d(?:[\s()./-]{0,2}\d){8,14}/u;

/**
 * Would a mail client make a link of a part of this text: an address with a scheme, a host name (`evil.com/free`, also
 * with full-width or ideographic dots), an e-mail address, an IP address, a phone number? Errs on the side of yes:
 * `St.Tropez` looks like a host too.
 */
export function looksLikeLink(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}+/gu, '')
    .replace(/[\u3002\uff0e\uff61\u2024]/gu, '.')
    .toLowerCase();
  if (/^\d+$/.test(plain)) return false; // an id, with no words around it that could invite a call
  return [scheme, hostName, ipAddress, phoneNumber].some((pattern) => pattern.test(plain));
}

/**
 * The link as it may be printed, in the URL standard's own spelling, so that what was checked is what is printed (a host
 * is punycode, a quote is encoded); undefined when it may not. Everybody: https, no user name, no white space, control
 * character or backslash. Unverified: the standard port, and a host of the brand or below one.
 */
export function printableUrl(text: string, { trusted, hosts }: PrintRules): string | undefined {
  const written = text.trim();
  if (written.length > maxUrlLength || !/^https:\/\/[^/]/iu.test(written) || /[\s\\\p{Cc}\p{Cf}]/u.test(written))
    return undefined;
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (authorityOf(written).includes('@')) return undefined; // also an empty user name, which the parser drops in silence
  if (trusted) return url.href;
  return url.port === '' && hosts.some((host) => isWithin(url.hostname, host)) ? url.href : undefined;
}

const authorityOf = (url: string): string => url.slice('https://'.length).split(/[/?#]/u)[0] ?? '';

/** `shop.example` covers itself and `www.shop.example`, not `myshop.example` nor `shop.example.` with a final dot. */
function isWithin(hostname: string, host: string): boolean {
  const own = URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : undefined;
  if (own === undefined || own === '') return false;
  return hostname === own || (!isIpAddress(own) && isHostName(hostname) && hostname.endsWith(`.${own}`));
}

/** No empty label: some readers take `https://.shop.example` for something else. */
const isHostName = (hostname: string): boolean => /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/u.test(hostname);
const isIpAddress = (hostname: string): boolean => /^[\d.]+$|^\[/u.test(hostname);

const wholeLink = /^(?:[a-z][a-z0-9+.-]*:\/\/|javascript:|data:|vbscript:|file:)/iu;

/**
 * A text that is a link as a whole obeys the link rules; another text is cut to one line and, when unverified, not printed
 * at all if a mail client would make a link of a part of it: a template's `default` or a neutral name stands in for it.
 */
export function printableText(text: string, rules: PrintRules): string | undefined {
  const line = shorten(oneLine(text), maxUrlLength);
  if (wholeLink.test(line)) return printableUrl(text, rules);
  const short = shorten(line, maxTextLength);
  return rules.trusted || !looksLikeLink(short) ? short : undefined;
}

const linkNames = /(?:^|_)(?:url|uri|link|href|src|image)$|(?:Url|Uri|Link|Href|Image)$/u;

/** Any document, the same rules at every level; what may not be printed is left out. Names that say "link" hold nothing else. */
export function printable(value: Json, rules: PrintRules): Json | undefined {
  if (typeof value === 'string') return printableText(value, rules);
  if (isObject(value)) return printableObject(value, rules);
  if (typeof value !== 'object' || value === null) return value;
  return value.flatMap((item) => printable(item, rules) ?? []);
}

export function printableObject(value: JsonObject, rules: PrintRules): JsonObject {
  const entries = Object.entries(value).flatMap(([name, held]) => {
    const kept = typeof held === 'string' && linkNames.test(name) ? printableUrl(held, rules) : printable(held, rules);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return Object.fromEntries(entries);
}
