/** A Shopify shop for the demo: its recorded requests with the changes named here, signed as Shopify signs, over real HTTP. */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson, type JsonObject } from '../../shared/kernel/json.ts';

export interface ShopSettings {
  readonly origin: string;
  readonly secret: string;
}

/** The recorded body of a topic such as `checkouts/create`. */
export async function recorded(topic: string): Promise<JsonObject> {
  const file = join(import.meta.dirname, 'payloads', `${topic.replace('/', '.')}.json`);
  const request = parseJson(await readFile(file, 'utf8'), file);
  const body = isObject(request) ? request['body'] : undefined;
  if (!isObject(body)) throw new Error(`${file} holds no recorded request`);
  return body;
}

/** Sends the recorded request with changes and answers the status; `secret` signs it. */
export async function deliver({ origin, secret }: ShopSettings, topic: string, changes: JsonObject): Promise<number> {
  const body = JSON.stringify({ ...(await recorded(topic)), ...changes });
  const response = await fetch(`${origin}/webhooks/shopify`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': 'hookdeck-demo.myshopify.com',
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}
