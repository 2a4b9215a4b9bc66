/**
 * Click tracking in a finished HTML part: the targets of `<a href>` are exchanged, everything else stays byte for byte.
 * Nobody calls this without the person's consent to click tracking.
 */
import { escapeHtml } from './filters.ts';

// One start tag, whose attribute values may hold ">" between quotes.
const anchor = /<a(?=[\s/])(?:[^>"']|"[^"]*"|'[^']*')*>/gi;
const attribute = /([^\s"'=<>/]+)(?:(\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/**
 * `wrap` answers our link in place of a web link, or undefined to leave it. Links that are no web links (`mailto:`,
 * `tel:`, `#…`) are left as they are.
 */
export const wrapLinks = (html: string, wrap: (url: string) => string | undefined): string =>
  html.replace(anchor, (tag) => tag.replace(attribute, (...found: Found) => wrapAttribute(found, wrap)));

type Found = readonly (string | undefined)[];

function wrapAttribute(
  [whole = '', name = '', equals = '', double, single, bare]: Found,
  wrap: (url: string) => string | undefined,
): string {
  if (name.toLowerCase() !== 'href') return whole;
  const url = decodeEntities(double ?? single ?? bare ?? '').trim();
  const wrapped = /^https?:\/\//i.test(url) ? wrap(url) : undefined;
  return wrapped === undefined ? whole : `${name}${equals}"${escapeHtml(wrapped)}"`;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The entities that our escaping and MJML write; others do not occur in links. */
const decodeEntities = (text: string): string =>
  text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,6})|#x([0-9a-f]{1,5}));/gi,
    (whole, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return named[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
