/** What is packed comes back as it was, small things cheaply; what was packed before stays readable. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../shared/adapters/aws/deflate.ts';
import { aChunk, anInstance, now } from '../ports/people-fixtures.ts';

test('any JSON comes back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written: unknown = JSON.parse(JSON.stringify(value));
      expect(unpack(pack(value))).toEqual(written);
    }),
  );
});

test('what version 1 of the dictionary wrote is read for ever', () => {
  const stored = 'AYNmF1xGodhXCwA=';
  expect(unpack(Buffer.from(stored, 'base64'))).toEqual({ at: 1, name: 'Cart Updated', type: 'track' });
});

test('a chunk of one event and a journey fit into one unit with room to spare', () => {
  expect(pack(aChunk(now, 'e-1')).length).toBeLessThan(400);
  expect(pack(anInstance()).length).toBeLessThan(250);
});

test('bytes of another making are refused', () => {
  expect(() => unpack(Buffer.from([9, 1, 2, 3]))).toThrow(/dictionary 9, which this version does not know/);
  expect(() => unpack(new Uint8Array())).toThrow(/dictionary none/);
  expect(() => unpack(Buffer.from([1, 255, 255]))).toThrow(/block type/);
});
