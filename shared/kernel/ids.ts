/**
 * Names for things: keyed hashes so that no personal data stands in a key, content hashes, and fresh ids from given randomness.
 */
import { createHash, createHmac } from 'node:crypto';

export type PersonId = string;

/** 128 bits of HMAC-SHA256, base64url: cannot be reversed without the key, and too long to collide. */
export const keyedHash = (key: string, value: string): string =>
  createHmac('sha256', key).update(value, 'utf8').digest().subarray(0, 16).toString('base64url');

/** 96 bits of SHA-256 over the parts, base64url (16 characters of `A–Z a–z 0–9 _ -`, as SES message tags allow). */
export function contentHash(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest().subarray(0, 12).toString('base64url');
}

/** 40 bits: enough for the ring of one person's recent events. */
export const shortHash = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 5).toString('base64url');

/** A number from 0 to `buckets` - 1, the same for the same text. */
export const bucketOf = (value: string, buckets: number): number =>
  createHash('sha256').update(value).digest().readUInt32BE(0) % buckets;

/** Sixteen random bytes, given by the caller: the core reads no randomness. */
export type Randomness = () => Uint8Array;

/**
 * A person's id: 48 bits of time, then 80 random bits, as Crockford base32 (26 characters, sorts by age like a ULID).
 */
export function freshPersonId(now: number, random: Uint8Array): PersonId {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  Buffer.from(random).copy(bytes, 6, 0, 10);
  let bits = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let index = 0; index < 26; index++) {
    text = `${'0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Number(bits & 31n)]}${text}`;
    bits >>= 5n;
  }
  return text;
}
