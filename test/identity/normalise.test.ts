/** One spelling for one person, and none for nobody. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identifierTypes, type IdentifierType } from '../../shared/events/identifier.ts';
import { normaliseIdentifiers } from '../../shared/identity/normalise.ts';

const spelled = (type: IdentifierType, value: string, country?: string): string | undefined =>
  normaliseIdentifiers([{ type, value, ...(country === undefined ? {} : { country }) }], 'FR').identifiers[0]?.value;

describe('an e-mail address', () => {
  test.each([
    ['  Ada@Example.COM ', 'ada@example.com'],
    ['test@test.com', 'test@test.com'],
    ['first.last+tag@mail.example.co.uk', 'first.last+tag@mail.example.co.uk'],
    ['jo\u0065\u0301@b\u00fccher.example', 'jo\u00e9@xn--bcher-kva.example'],
    ['JOSÉ@BÜCHER.example', 'josé@xn--bcher-kva.example'],
    ["o'hara@example.com", "o'hara@example.com"],
  ])('%j is spelled %s', (written, expected) => {
    expect(spelled('email', written)).toBe(expected);
  });

  test.each([
    ...[
      '',
      'ada',
      'ada@',
      '@example.com',
      'ada@example',
      'ada@localhost',
      'ada@@example.com',
      'a da@example.com',
      'ada@exam ple.com',
    ],
    ...[
      'ada@example.com, bob@example.com',
      'Ada <ada@example.com>',
      '.ada@example.com',
      'ada..b@example.com',
      'ada@-example.com',
    ],
    ...['ada@127.0.0.1', 'ada@ex%61mple.com', 'ada\u200b@example.com', 'null', '[object Object]'],
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(130)}com`,
    `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(60)}.com`,
  ])('%j is none', (written) => {
    expect(spelled('email', written)).toBeUndefined();
  });
});

describe('a phone number', () => {
  test.each([
    ['06 12 34 56 78', undefined, '+33612345678'],
    ['+33 (0)6 12 34 56 78', undefined, '+33612345678'],
    ['0033612345678', 'FR', '+33612345678'],
    ['(212) 555-1212', 'US', '+12125551212'],
    ['(212) 555-1212', 'us', '+12125551212'],
    ['0612345678', 'nowhere', '+33612345678'],
    ['+442079460958', 'FR', '+442079460958'],
  ])('%s read in %s is %s', (written, country, expected) => {
    expect(spelled('phone', written, country)).toBe(expected);
  });

  test.each([
    ['555-555-SHIP', 'US'],
    ['12', 'FR'],
    ['call me 0612345678', 'FR'],
    ['0000000000', 'FR'],
    ['+1 212 555 1212 ext. 4', 'US'],
    ['', 'FR'],
  ])('%j read in %s is none', (written, country) => {
    expect(spelled('phone', written, country)).toBeUndefined();
  });

  test('a brand in an unknown country still reads international numbers', () => {
    const { identifiers } = normaliseIdentifiers([{ type: 'phone', value: '+33612345678' }], 'ZZ');
    expect(identifiers).toEqual([{ type: 'phone', value: '+33612345678' }]);
  });
});

describe('an id of a source', () => {
  test('is trimmed and otherwise kept as it is written', () => {
    expect(spelled('userId', '  User-ß 42 ')).toBe('User-ß 42');
  });

  test.each(['', '  ', 'null', 'Undefined', '0', 'anonymous', '[object Object]', 'NaN', 'a\u0000b', '\ud800', 'x'.repeat(257)])(
    '%j names nobody',
    (written) => {
      expect(spelled('userId', written)).toBeUndefined();
      expect(spelled('anonymousId', written)).toBeUndefined();
    },
  );
});

test.each(['userId', 'externalId', 'loyaltyId', 'email', 'phone', 'anonymousId', 'reference'] as const)(
  'an %s that holds what was no text (U+FFFD) names nobody: two broken ones would be one person',
  (type) => {
    for (const value of ['S\ufffd', 'ada\ufffd@example.com', 'ada@exam\ufffdple.com', '+33612345678\ufffd']) {
      const { identifiers, leftOut } = normaliseIdentifiers([{ type, value }], 'FR');
      expect({ identifiers, leftOut }).toEqual({
        identifiers: [],
        leftOut: [{ type, because: 'holds characters that are no text' }],
      });
    }
  },
);

test('what is left out is told with its reason, and the rest comes strongest first, one of each', () => {
  const { identifiers, leftOut } = normaliseIdentifiers(
    [
      { type: 'anonymousId', value: 'device-1' },
      { type: 'phone', value: '555-SHIP', country: 'US' },
      { type: 'email', value: 'B@example.com' },
      { type: 'email', value: 'a@example.com' },
      { type: 'email', value: 'b@example.com' },
      { type: 'userId', value: 'null' },
      { type: 'externalId', value: 'shopify:7' },
    ],
    'FR',
  );
  expect(identifiers).toEqual([
    { type: 'externalId', value: 'shopify:7' },
    { type: 'email', value: 'a@example.com' },
    { type: 'email', value: 'b@example.com' },
    { type: 'anonymousId', value: 'device-1' },
  ]);
  expect(leftOut).toEqual([
    { type: 'phone', because: 'is no phone number' },
    { type: 'userId', because: 'is `null`, which names nobody' },
  ]);
});

const anyIdentifier = fc.record({
  type: fc.constantFrom(...identifierTypes),
  value: fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.emailAddress(), fc.stringMatching(/^[+0-9 ().-]{0,20}$/)),
});

test('what is normalised stays as it is when it is normalised again', () => {
  fc.assert(
    fc.property(fc.array(anyIdentifier, { maxLength: 6 }), (raw) => {
      const once = normaliseIdentifiers(raw, 'FR').identifiers;
      expect(normaliseIdentifiers(once, 'FR').identifiers).toEqual(once);
    }),
  );
});

test('whatever is written, values are well-formed, not empty and at most 256 characters', () => {
  fc.assert(
    fc.property(fc.array(anyIdentifier, { maxLength: 6 }), (raw) => {
      for (const { value } of normaliseIdentifiers(raw, 'FR').identifiers) {
        expect(value.isWellFormed() && value !== '' && value.length <= 256 && value === value.trim()).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
