/**
 * Our own endpoint for whatever can send JSON: Standard Webhooks proves who calls (www.standardwebhooks.com, version 1),
 * the body is one Segment call or an array of them. The library of that name reads the system clock and takes text, so
 * the twenty lines are here: bytes stay bytes and the clock is given.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { minutes } from '../kernel/time.ts';
import type { Connector, WebhookRequest } from './connector.ts';
import { jsonBodyInParts } from './json-body.ts';
import { translateCalls } from './segment-batch.ts';

const tolerance = minutes(5);

export const generic: Connector = {
  name: 'generic',

  /** Several signatures and several secrets are valid at once while a secret is rotated. */
  isAuthentic: (request, secrets, systemNow) => {
    const { id, timestamp, signatures } = signedParts(request);
    if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
    if (!(Math.abs(systemNow - Number(timestamp) * 1_000) <= tolerance)) return false; // nor without a time
    const matches = secrets.map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(request.body).digest('base64');
      return key.length > 0 && signatures.map((given) => isSame(given, `v1,${expected}`)).includes(true);
    });
    return matches.includes(true);
  },

  /** A redelivery carries the same `webhook-id`: calls without id and time of their own are known by it. */
  translate: (request, receivedAt) =>
    translateCalls(jsonBodyInParts(request.body), {
      receivedAt,
      freshId: `generic:${signedParts(request).id}`,
      source: generic.name,
    }),
};

const signedParts = ({ headers }: WebhookRequest) => ({
  id: headers['webhook-id'] ?? '',
  timestamp: headers['webhook-timestamp'] ?? '',
  signatures: (headers['webhook-signature'] ?? '').split(' '),
});

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
