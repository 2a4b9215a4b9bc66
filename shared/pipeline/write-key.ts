/** Whose write key a request carries, in any of the ways SDKs send it, and so how far the sender is trusted. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Trust } from '../events/event.ts';
import { at, textOf, type Json } from '../kernel/json.ts';
import type { Secrets } from '../ports.ts';

/** Basic (the key is the user; some keys hold a colon), Bearer, `X-Write-Key`. */
export function keysInHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  const [, scheme = '', credentials = ''] = /^(\w+)\s+(\S+)$/.exec(headers['authorization']?.trim() ?? '') ?? [];
  const user = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const bearer = scheme.toLowerCase() === 'bearer' ? credentials : '';
  return [user.replace(/:$/, ''), user.split(':', 1)[0] ?? '', bearer, headers['x-write-key'] ?? ''];
}

export const keyInBody = (body: Json | undefined): string => textOf(at(body, ['writeKey'])) ?? '';

/** The trust of the first key that is known. Compared in constant time, as hashes, with all that there are. */
export function trustOf(keys: readonly string[], { writeKeys }: Pick<Secrets, 'writeKeys'>): Trust | undefined {
  const known = Object.entries(writeKeys).map(([key, trust]) => ({ digest: digestOf(key), trust }));
  return keys.flatMap((key) => {
    const digest = digestOf(key);
    const same = known.filter((one) => timingSafeEqual(one.digest, digest) && key !== '');
    return same.map(({ trust }) => trust);
  })[0];
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
