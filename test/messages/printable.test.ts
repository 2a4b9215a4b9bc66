/** What strangers wrote never becomes a link of the shop's mail (design section 4, Trust). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../shared/kernel/json.ts';
import { looksLikeLink, oneLine, printable, printableText, printableUrl, shorten } from '../../shared/messages/printable.ts';

const hosts = ['shop.example', 'cdn.example.net', 'bücher.example', '192.0.2.7'];
const unverified = { trusted: false, hosts };
const verified = { trusted: true, hosts };

describe('links', () => {
  test.each([
    ['the host itself', 'https://shop.example/p/1?a=b&c=d#e', 'https://shop.example/p/1?a=b&c=d#e'],
    ['a sub-domain', 'https://www.shop.example/', 'https://www.shop.example/'],
    ['capitals', 'HTTPS://SHOP.EXAMPLE/P', 'https://shop.example/P'],
    ['the standard port', 'https://shop.example:443/x', 'https://shop.example/x'],
    ['a unicode host, printed as punycode', 'https://bücher.example/x', 'https://xn--bcher-kva.example/x'],
    ['an IP address that is named', 'https://192.0.2.7/x', 'https://192.0.2.7/x'],
    ['a quote, printed encoded', 'https://shop.example/"><script>', 'https://shop.example/%22%3E%3Cscript%3E'],
  ])('of the brand are printed from a browser: %s', (_why, url, as) => {
    expect(printableUrl(url, unverified)).toBe(as);
  });

  test.each([
    ['a foreign host', 'https://evil.com/free'],
    ['a host that ends alike', 'https://evilshop.example/'],
    ['the brand as a sub-domain of another', 'https://shop.example.evil.com/'],
    ['the brand as a user name', 'https://shop.example@evil.com/'],
    ['the brand as user name and password', 'https://shop.example:443@evil.com/'],
    ['a user name at the brand', 'https://evil.com@shop.example/'],
    ['an empty user name', 'https://@evil.com/'],
    ['an empty user name at the brand', 'https://@shop.example/'],
    ['an encoded @', 'https://shop.example%40evil.com/'],
    ['a backslash before the @', 'https://evil.com\\@shop.example/'],
    ['backslashes for slashes', 'https:\\\\evil.com/'],
    ['a backslash after the host', 'https://shop.example\\.evil.com/'],
    ['one slash', 'https:/evil.com'],
    ['three slashes', 'https:///evil.com'],
    ['no scheme', '//evil.com/x'],
    ['no scheme at the brand', '//shop.example/x'],
    ['plain http', 'http://shop.example/'],
    ['javascript', 'javascript:alert(1)'],
    ['javascript with the brand in a comment', 'javascript://shop.example/%0aalert(1)'],
    ['a data link', 'data:text/html,<script>alert(1)</script>'],
    ['a mail link', 'mailto:me@evil.com'],
    ['another port', 'https://shop.example:8443/'],
    ['a final dot', 'https://shop.example./'],
    ['a full stop from Japan', 'https://evil。com/'],
    ['a look-alike letter', 'https://shοp.example/'],
    ['a soft hyphen', 'https://shop\u00ad.example/'],
    ['a zero-width space', 'https://shop.exa\u200bmple/'],
    ['a tab inside', 'https://shop.exa\tmple/'],
    ['a line break inside', 'https://shop.example/\r\nBcc: a@b.c'],
    ['a space inside', 'https://shop.example/ x'],
    ['a number for a host', 'https://3232235777/'],
    ['a sub-domain of an IP address', 'https://x.192.0.2.7/'],
    ['an IPv6 address', 'https://[2001:db8::1]/'],
    ['an empty text', ''],
    ['a word', 'shop.example/p/1'],
    ['3,000 characters', `https://shop.example/${'a'.repeat(3_000)}`],
  ])('are never printed from a browser: %s', (_why, url) => {
    expect(printableUrl(url, unverified)).toBeUndefined();
  });

  test.each([
    ['https://anything.example.org:8443/a', 'https://anything.example.org:8443/a'],
    ['http://shop.example/', undefined],
    ['https://shop.example@evil.com/', undefined],
    ['//cdn.example.org/a.png', undefined],
    ['javascript:alert(1)', undefined],
    ['https://a.example/ b', undefined],
  ])('of a server-side source are printed wherever they lead, over https alone: %s', (url, as) => {
    expect(printableUrl(url, verified)).toBe(as);
  });

  test('whatever a browser writes: what is printed is https on a host of the brand, for every reader of it', () => {
    const piece = fc.constantFrom(
      'https://',
      'shop.example',
      'evil.com',
      '@',
      ':',
      '/',
      '\\',
      '.',
      '%40',
      '%2e',
      '#',
      '?',
      '443',
      '\t',
      '。',
      'ｅ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const printed = printableUrl(pieces.join(''), unverified);
        expect(printed ?? 'https://shop.example').toMatch(
          /^https:\/\/(?:[a-z0-9-]+\.)*(?:shop\.example|cdn\.example\.net)(?:[/?#]|$)/,
        );
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('texts', () => {
  test.each([
    'evil.com/free',
    'WIN A PHONE AT EVIL.COM',
    'http://evil.com',
    'www.evil',
    'evil。com',
    'ｅｖｉｌ．ｃｏｍ',
    'ⓔⓥⓘⓛ.ⓒⓞⓜ',
    'evil\u2024com',
    'ev\u200bil.com',
    'ev\u00adil.c\u2060om',
    'écrivez à win@evil.com',
    'пример.рф',
    '例え.テスト',
    'xn--80ak6aa92e.com',
    'go to 203.0.113.9/x',
    'tel:+33899123456',
    'call +33 899 12 34 56 now',
    'appelez le 08 99 12 34 56',
    'javascript:alert(1)',
    'sub.domain.evil.co.uk',
  ])('look like a link: %s', (text) => {
    expect(looksLikeLink(text)).toBe(true);
    expect(printableText(text, unverified)).toBeUndefined();
  });

  test.each([
    'Robe d’été, taille 38',
    'Vin rouge 75 cl – 12,5 %',
    'Chaise n° 4 (lot de 2)',
    'iPhone 17 Pro 256 GB 2026',
    'Câble 1.5 m USB 3.2',
    'T-shirt S/M/L',
    'O’Neill & fils…',
    'Tasse. Soucoupe.',
    '5678901234567',
    '👩‍👩‍👧 famille',
    'كتاب',
  ])('look like what they are: %s', (text) => {
    expect(looksLikeLink(text)).toBe(false);
    expect(printableText(text, unverified)).toBe(text);
  });

  test('become one line without control characters or reversed reading order', () => {
    expect(oneLine('a\r\nBcc: b\u0000\u202egnp.exe\u2066\u2028c  \u00a0d')).toBe('a Bcc: b gnp.exe c d');
    expect(oneLine('Prêt\u00a0: 1\u202f000\u00a0€\u00a0\u00a0\u202f!\u00a0')).toBe('Prêt\u00a0: 1\u202f000\u00a0€\u00a0!');
    expect(oneLine('👩‍👩‍👧 \ud800')).toBe('👩‍👩‍👧 \ufffd');
  });

  test('are cut between whole characters', () => {
    expect(shorten('abcdef', 6)).toBe('abcdef');
    expect(shorten('abcdefg', 6)).toBe('abcde…');
    expect(shorten('ab👩‍👩‍👧', 6)).toBe('ab…');
  });
});

describe('documents', () => {
  test('obey at every level, and names that say "link" hold nothing but links', () => {
    const told = {
      name: 'evil.com',
      url: 'https://evil.com',
      image_url: 'shop',
      imageUrl: 'https://cdn.example.net/a.png',
      n: 3,
      list: ['fine', 'evil.com', { href: 'javascript:x', note: null }],
    };
    expect(printable(told, unverified)).toEqual({
      imageUrl: 'https://cdn.example.net/a.png',
      n: 3,
      list: ['fine', { note: null }],
    });
    expect(printable(told, verified)).toEqual({
      name: 'evil.com',
      url: 'https://evil.com/',
      imageUrl: 'https://cdn.example.net/a.png',
      n: 3,
      list: ['fine', 'evil.com', { note: null }],
    });
  });

  test('of any shape are read without harm, and quickly', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void printable(parseJson(JSON.stringify(value)), unverified)));
    const started = performance.now();
    for (const text of [
      'a.'.repeat(50_000),
      '1 '.repeat(50_000),
      'http'.repeat(30_000),
      '-'.repeat(100_000),
      `${'a'.repeat(99_000)}.`,
    ]) {
      printableText(text, unverified);
    }
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
