/** Tags: any name fits what SES allows, and comes back as it was. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeTag, messageTags, readTags, unescapeTag, type MessageIdentity } from '../../shared/channels/tags.ts';

const identity: MessageIdentity = {
  sendKey: 'AbC_-0123456789x',
  orderTime: 1_763_900_000_000,
  person: '01JD0000000000000000000000',
  cause: { kind: 'journey', name: 'panier-abandonne', step: '2' },
};

test('tags read as what they are', () => {
  expect(messageTags(identity)).toEqual({
    sk: 'AbC_-0123456789x',
    ot: '1763900000000',
    pr: '01JD0000000000000000000000',
    ct: 'journey_2fpanier-abandonne_2f2',
  });
});

test('any text fits SES, and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
      const escaped = escapeTag(text);
      expect(escaped).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
      expect(text === '' ? '' : unescapeTag(escaped)).toBe(text);
    }),
  );
  expect(escapeTag('é'.repeat(1_000))).toMatch(/^[A-Za-z0-9_-]{16}$/);
});

test('a message is known again by its tags, whatever its cause is called', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const step = fc.constantFrom('1', '3.then.1', 'a-b_c');
  fc.assert(
    fc.property(word, step, fc.constantFrom('journey' as const, 'campaign' as const, 'api' as const), (name, place, kind) => {
      const known = { ...identity, cause: { kind, name, step: place } };
      expect(readTags(messageTags(known))).toEqual(known);
    }),
  );
});

test.each([
  ['nothing', {}],
  ['no send key', { ot: '1', pr: 'p' }],
  ['a time that is none', { sk: 'a', ot: '1e9', pr: 'p' }],
])('tags with %s are not ours', (_what, tags) => {
  expect(readTags(tags)).toBeUndefined();
});

test('a cause that is none is left out', () => {
  for (const ct of ['', 'x', 'journey', 'other_2fa_2f1', 'journey_2f_2f']) {
    expect(readTags({ sk: 'a', ot: '1', pr: 'p', ct })).toEqual({ sendKey: 'a', orderTime: 1, person: 'p' });
  }
});
