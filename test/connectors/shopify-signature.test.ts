/** Who may send a Shopify delivery: whoever signed these very bytes with a secret that is valid now. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shopify } from '../../shared/connectors/shopify.ts';
import { delivery, secret, signatureOf } from './shopify-requests.ts';

const isAuthentic = (request: ReturnType<typeof delivery>, secrets: readonly string[] = [secret]) =>
  shopify.isAuthentic(request, secrets, 0);

describe('a delivery is authentic', () => {
  test.each(['{"name":"Ada > Zoë"}\r\n', '\ufeff{"a":1}', '{"a":1}  ', ''])(
    'when its signature is over these very bytes: %j',
    (body) => {
      expect(isAuthentic(delivery('orders/create', body))).toBe(true);
    },
  );

  test('under the older and the newer header, and under an older secret', () => {
    const request = delivery('orders/create', '{}');
    const { 'x-shopify-hmac-sha256': signature = '', ...headers } = request.headers;
    expect(isAuthentic({ ...request, headers: { ...headers, 'shopify-hmac-sha256': signature } })).toBe(true);
    expect(isAuthentic(request, ['newer-secret', secret])).toBe(true);
  });

  test.each([
    ['another secret', [signatureOf(Buffer.from('{}'), 'other')], [secret]],
    ['no secret configured', [signatureOf(Buffer.from('{}'))], []],
    ['an empty secret configured', [signatureOf(Buffer.from('{}'), '')], ['']],
    ['no signature', [], [secret]],
    ['an empty signature', [''], [secret]],
    ['no base64', ['%%%'], [secret]],
    ['a cut signature', [signatureOf(Buffer.from('{}')).slice(0, -1)], [secret]],
    ['the hexadecimal form', [Buffer.from(signatureOf(Buffer.from('{}')), 'base64').toString('hex')], [secret]],
  ])('and not with %s', (_what, given, secrets) => {
    const { headers, body } = delivery('orders/create', '{}');
    const { 'x-shopify-hmac-sha256': _signature, ...rest } = headers;
    const [signature] = given;
    expect(
      isAuthentic({ body, headers: signature === undefined ? rest : { ...rest, 'x-shopify-hmac-sha256': signature } }, secrets),
    ).toBe(false);
  });

  test('no more once any byte of body or signature is another', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(43),
        (body, at, flip, place) => {
          const signature = signatureOf(body);
          const headers = { 'x-shopify-hmac-sha256': signature };
          expect(isAuthentic({ headers, body })).toBe(true);
          const flipped = body.map((byte, index) => (index === at % body.length ? byte ^ flip : byte));
          expect(isAuthentic({ headers, body: flipped })).toBe(false);
          const forged = signature
            .split('')
            .map((character, index) => (index === place ? (character === 'A' ? 'B' : 'A') : character))
            .join('');
          expect(isAuthentic({ headers: { 'x-shopify-hmac-sha256': forged }, body })).toBe(false);
        },
      ),
    );
  });
});
