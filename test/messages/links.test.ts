/** Signed links: nobody makes one but us, and none can be bent into another. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clickUrl,
  readClickLink,
  readUnsubscribeLink,
  unsubscribeUrl,
  type ClickClaim,
  type LinkClaim,
} from '../../shared/messages/links.ts';

const origin = 'https://links.example.com';
const keys = ['key-two', 'key-one'];
const claim: LinkClaim = {
  person: '01JD0000000000000000000000',
  channel: 'email',
  sendKey: 'AbC_-0123456789x',
  cause: 'panier-abandonné',
};
const click: ClickClaim = { ...claim, target: 'https://shop.example/p/1?a=é&b=2#c' };

const tokenOf = (url: string | undefined): string => url?.split('/').at(-1) ?? '';
const unsubscribeToken = tokenOf(unsubscribeUrl(origin, keys, claim));
const clickToken = tokenOf(clickUrl(origin, keys, click));

describe('our links', () => {
  test('stand under /l/ and survive any transport', () => {
    expect(unsubscribeUrl(origin, keys, claim)).toMatch(/^https:\/\/links\.example\.com\/l\/u\/[A-Za-z0-9_-]{80,300}$/);
    expect(clickUrl(origin, keys, click)).toMatch(/^https:\/\/links\.example\.com\/l\/c\/[A-Za-z0-9_-]+$/);
  });

  test('tell what was signed', () => {
    expect(readUnsubscribeLink(unsubscribeToken, keys)).toEqual(claim);
    expect(readClickLink(clickToken, keys)).toEqual({ ...click, target: 'https://shop.example/p/1?a=%C3%A9&b=2#c' });
  });

  test('are the same each time, so that a mail is the same each time it is rendered', () => {
    expect(unsubscribeUrl(origin, keys, claim)).toBe(unsubscribeUrl(origin, keys, claim));
  });

  test('are still read after the keys changed, until the old key is taken away', () => {
    const old = tokenOf(unsubscribeUrl(origin, ['key-one'], claim));
    expect(readUnsubscribeLink(old, ['key-three', 'key-two', 'key-one'])).toEqual(claim);
    expect(readUnsubscribeLink(old, ['key-three', 'key-two'])).toBeUndefined();
  });

  test('hold no address', () => {
    const token = unsubscribeToken.slice(0, -24);
    expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toEqual([
      1,
      claim.person,
      'email',
      claim.sendKey,
      claim.cause,
    ]);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:a@b.c',
    '//evil.com',
    'shop.example',
    '',
    `https://shop.example/${'x'.repeat(8_000)}`,
  ])('lead to web pages alone, not to %.40s', (target) => {
    expect(clickUrl(origin, keys, { ...click, target })).toBeUndefined();
  });

  test('cannot be made without a key', () => {
    expect(() => unsubscribeUrl(origin, [], claim)).toThrow('no link key');
    expect(() => unsubscribeUrl(origin, [''], claim)).toThrow('no link key');
    expect(readUnsubscribeLink(unsubscribeToken, [])).toBeUndefined();
    expect(readUnsubscribeLink(unsubscribeToken, [''])).toBeUndefined();
  });
});

describe('a link is refused', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  test('when any one character was changed, to any other', () => {
    for (const [token, read] of [
      [unsubscribeToken, readUnsubscribeLink],
      [clickToken, readClickLink],
    ] as const) {
      for (let at = 0; at < token.length; at++) {
        for (const other of alphabet) {
          if (other === token[at]) continue;
          expect(read(`${token.slice(0, at)}${other}${token.slice(at + 1)}`, keys)).toBeUndefined();
        }
      }
    }
  });

  test('when anything is cut off or added, at either end', () => {
    for (let cut = 1; cut <= unsubscribeToken.length; cut++) {
      expect(readUnsubscribeLink(unsubscribeToken.slice(0, -cut), keys)).toBeUndefined();
      expect(readUnsubscribeLink(unsubscribeToken.slice(cut), keys)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }), (more) => {
        expect(readUnsubscribeLink(`${unsubscribeToken}${more}`, keys)).toBeUndefined();
        expect(readUnsubscribeLink(`${more}${unsubscribeToken}`, keys)).toBeUndefined();
      }),
    );
  });

  test('when parts of two links are put together', () => {
    const other = tokenOf(unsubscribeUrl(origin, keys, { ...claim, person: '01JD0000000000000000000001' }));
    expect(readUnsubscribeLink(unsubscribeToken.slice(0, -24) + other.slice(-24), keys)).toBeUndefined();
  });

  test('when it is of the other kind', () => {
    expect(readClickLink(unsubscribeToken, keys)).toBeUndefined();
    expect(readUnsubscribeLink(clickToken, keys)).toBeUndefined();
  });

  test('when another key signed it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (key) => {
        fc.pre(!keys.includes(key));
        expect(readUnsubscribeLink(tokenOf(unsubscribeUrl(origin, [key], claim)), keys)).toBeUndefined();
      }),
    );
  });

  test('when it was signed with the empty key, as anybody can, though one of our keys is missing', () => {
    const payload = unsubscribeToken.slice(0, -24);
    const forged = createHmac('sha256', '')
      .update('relance link u ')
      .update(payload)
      .digest()
      .subarray(0, 18)
      .toString('base64url');
    expect(readUnsubscribeLink(`${payload}${forged}`, ['', ...keys])).toBeUndefined();
  });

  test('when it is anything else at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String()), (token) => {
        expect(readUnsubscribeLink(token, keys)).toBeUndefined();
        expect(readClickLink(token, keys)).toBeUndefined();
      }),
    );
    expect(readUnsubscribeLink('A'.repeat(1_000_000), keys)).toBeUndefined();
  });
});

test('whatever the ids are, a link tells them again', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.webUrl(),
      (person, sendKey, cause, target) => {
        const signed = { person, channel: 'sms' as const, sendKey, cause };
        expect(readUnsubscribeLink(tokenOf(unsubscribeUrl(origin, keys, signed)), keys)).toEqual(signed);
        expect(readClickLink(tokenOf(clickUrl(origin, keys, { ...signed, target })), keys)).toEqual({
          ...signed,
          target: new URL(target).href,
        });
      },
    ),
  );
});
