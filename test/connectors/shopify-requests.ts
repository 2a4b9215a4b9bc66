/** Recorded Shopify deliveries, signed as Shopify signs them (their own signatures were lost when they were recorded). */
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { WebhookRequest } from '../../shared/connectors/connector.ts';
import { isObject, parseJson, type JsonObject } from '../../shared/kernel/json.ts';

const folder = new URL('../fixtures/shopify/', import.meta.url);

export const secret = 'shopify-test-secret';

export const recordedTopics: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, '').replace('.', '/'));

/** The recorded body of a topic, with changes. */
export function recordedBody(topic: string, changes: JsonObject = {}): JsonObject {
  const delivery = parseJson(readFileSync(new URL(`${topic.replace('/', '.')}.json`, folder), 'utf8'));
  if (!isObject(delivery) || !isObject(delivery['body'])) throw new Error(`${topic} is not recorded`);
  return { ...delivery['body'], ...changes };
}

export const signatureOf = (body: Uint8Array, key = secret): string => createHmac('sha256', key).update(body).digest('base64');

/** Text is sent as it is, so that a test can write numbers that JavaScript cannot hold. */
export function delivery(
  topic: string,
  body: JsonObject | string,
  headers: Readonly<Record<string, string>> = {},
): WebhookRequest {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': 'example.myshopify.com',
      'x-shopify-hmac-sha256': signatureOf(bytes),
      ...headers,
    },
    body: bytes,
  };
}
