/** Names for things: parts cannot run into each other, keys cannot be guessed from values, people sort by age. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOf, contentHash, freshPersonId, keyedHash, shortHash } from '../../shared/kernel/ids.ts';

const someText = fc.string({ unit: fc.constantFrom('a', 'b', ':', '\n', '1', 'é', '🧣'), maxLength: 6 });
const parts = fc.array(someText, { maxLength: 4 });
const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
const age = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('a content hash', () => {
  test('separates its parts: no other split of the same text has it', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(contentHash(...a) === contentHash(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 500 },
    );
    expect(contentHash('ab', 'c')).not.toBe(contentHash('a', 'bc'));
    expect(contentHash('1:a')).not.toBe(contentHash('a'));
    expect(contentHash('a', '')).not.toBe(contentHash('a'));
    expect(contentHash()).not.toBe(contentHash(''));
  });

  test('is sixteen characters that a message tag allows', () => {
    fc.assert(
      fc.property(parts, (some) => {
        expect(contentHash(...some)).toMatch(/^[A-Za-z0-9_-]{16}$/);
      }),
    );
  });
});

describe('a keyed hash', () => {
  test('is another one under another key or of another value', () => {
    fc.assert(
      fc.property(someText, someText, someText, someText, (key, value, otherKey, otherValue) => {
        fc.pre(key !== otherKey || value !== otherValue);
        fc.pre(key !== '' && otherKey !== '');
        expect(keyedHash(key, value)).not.toBe(keyedHash(otherKey, otherValue));
      }),
    );
  });

  test('does not show its value and is 128 bits long', () => {
    expect(keyedHash('key', 'email:ada@example.com')).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(keyedHash('key', 'email:ada@example.com')).not.toBe(keyedHash('key', 'email:ada@example.org'));
  });
});

describe('a person id', () => {
  test('sorts by age, whatever the randomness', () => {
    fc.assert(
      fc.property(age, age, random, random, (a, b, x, y) => {
        fc.pre(a < b);
        expect(freshPersonId(a, x) < freshPersonId(b, y)).toBe(true);
      }),
    );
  });

  test('is 26 characters that nobody confuses, and another one for other randomness', () => {
    fc.assert(
      fc.property(age, random, random, (now, x, y) => {
        expect(freshPersonId(now, x)).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
        const same = Buffer.compare(x.subarray(0, 10), y.subarray(0, 10)) === 0;
        expect(freshPersonId(now, x) === freshPersonId(now, y)).toBe(same);
      }),
    );
  });
});

describe('small hashes', () => {
  test('spread over all buckets and stay within them', () => {
    const hit = new Set(Array.from({ length: 2_000 }, (_, index) => bucketOf(`person-${index}`, 64)));
    expect([...hit].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, index) => index));
  });

  test('of 40 bits do not meet among the events that a ring holds', () => {
    expect(new Set(Array.from({ length: 5_000 }, (_, index) => shortHash(`segment:${index}`))).size).toBe(5_000);
  });
});
