/** A shop, its visitors and its clock around the running product: the words in which stories are told. Real HTTP throughout. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { afterAll, beforeAll } from 'vitest';
import { localPages } from '../../local/api/router.ts';
import { readOptions } from '../../local/options.ts';
import { startStack, type Stack, type StackOptions } from '../../local/stack.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { hours, minutes, seconds } from '../../shared/kernel/time.ts';

export const serverKey = 'local-server-key';
export const browserKey = 'local-write-key';
const shopifySecret = 'local-shopify-secret';
const webhookSecret = 'whsec_bG9jYWwtc2VjcmV0LWZvci1yZWxhbmNl';

export function localOptions(given: Partial<StackOptions> = {}): StackOptions {
  const options = readOptions(['--port', '0', '--memory'], {});
  if (options === 'help') throw new Error('no help was asked for');
  return { ...options, environment: {}, pages: localPages, ...given };
}

/** A server of its own for each test file; each test uses people of its own. */
export function shop(given: Partial<StackOptions> = {}): Shop {
  let stack: Stack | undefined;
  beforeAll(async () => {
    stack = await startStack(localOptions(given));
  });
  afterAll(() => stack?.stop());
  return new Shop(() => {
    if (stack === undefined) throw new Error('the shop is not open yet');
    return stack;
  });
}

const cause = v.object({ kind: v.picklist(['journey', 'campaign', 'api']), name: v.string(), step: v.string() });

/** Messages as /_local/messages tells them. */
const mail = v.object({
  id: v.string(),
  channel: v.literal('email'),
  to: v.string(),
  subject: v.string(),
  text: v.string(),
  html: v.string(),
  headers: v.record(v.string(), v.string()),
  sentAt: v.string(),
  status: v.picklist(['sent', 'delivered', 'bounced', 'complained']),
  profileId: v.nullable(v.string()),
  cause: v.nullable(cause),
});

const text = v.object({
  id: v.string(),
  channel: v.literal('sms'),
  from: v.string(),
  to: v.string(),
  text: v.string(),
  type: v.picklist(['Promotional', 'Transactional']),
  sentAt: v.string(),
  status: v.picklist(['sent', 'opted-out']),
  profileId: v.nullable(v.string()),
  /** Null where SNS took it and the product never heard so. */
  cause: v.nullable(cause),
});

export type Mail = v.InferOutput<typeof mail>;
export type Text = v.InferOutput<typeof text>;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export class Shop {
  readonly stack: () => Stack;
  #requests = 0;

  constructor(stack: () => Stack) {
    this.stack = stack;
  }

  now(): number {
    return this.stack().clock.now();
  }

  /** ISO 8601, so many milliseconds from now. */
  at(offset = 0): string {
    return new Date(this.now() + offset).toISOString();
  }

  fresh(word: string): string {
    return `${word}-${process.pid}-${(this.#requests += 1)}`;
  }

  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.stack().origin}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? parseJson(text) : text };
  }

  /** One Segment call, with the server key unless another is given. */
  segment(call: string, body: JsonObject, key = serverKey): Promise<Answer> {
    return this.request(`/v1/${call}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messageId: this.fresh('m'), timestamp: this.at(), ...body }),
    });
  }

  /** A webhook signed as Shopify signs it. */
  shopify(topic: string, body: JsonObject): Promise<Answer> {
    const raw = JSON.stringify(body);
    return this.request('/webhooks/shopify', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': topic,
        'x-shopify-shop-domain': 'atelier.myshopify.com',
        'x-shopify-webhook-id': this.fresh('w'),
        'x-shopify-hmac-sha256': createHmac('sha256', shopifySecret).update(raw).digest('base64'),
      },
      body: raw,
    });
  }

  /** Calls of a till or another server, signed as Standard Webhooks asks. */
  signed(body: JsonObject | readonly JsonObject[]): Promise<Answer> {
    const raw = JSON.stringify(body);
    const [id, sentAt] = [this.fresh('msg'), new Date()];
    return this.request('/webhooks/generic', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': new Webhook(webhookSecret).sign(id, sentAt, raw),
      },
      body: raw,
    });
  }

  async settle(): Promise<void> {
    await this.request('/_local/settle', { method: 'POST' });
  }

  async advance(milliseconds: number): Promise<void> {
    await this.request('/_local/clock', { method: 'POST', body: JSON.stringify({ advance: `PT${milliseconds / 1_000}S` }) });
  }

  async mailsTo(email: string): Promise<readonly Mail[]> {
    return (await this.#messages()).flatMap((one) => (one.channel === 'email' && one.to === email ? [one] : []));
  }

  /** By SMS, to a number in international form. */
  async textsTo(phone: string): Promise<readonly Text[]> {
    return (await this.#messages()).flatMap((one) => (one.channel === 'sms' && one.to === phone ? [one] : []));
  }

  async #messages(): Promise<readonly (Mail | Text)[]> {
    const { body } = await this.request('/_local/messages');
    return v.parse(v.array(v.variant('channel', [mail, text])), body);
  }

  /** A French mobile number that nobody has yet. */
  freshPhone(): string {
    return `+336${String((process.pid * 1_000 + (this.#requests += 1)) % 100_000_000).padStart(8, '0')}`;
  }

  async profile(query: string): Promise<JsonObject> {
    const { status, body } = await this.request(`/_local/profiles?${query}`);
    if (status !== 200 || !isObject(body)) throw new Error(`no profile for ${query}: ${status}`);
    return body;
  }

  async hasProfile(query: string): Promise<boolean> {
    return (await this.request(`/_local/profiles?${query}`)).status === 200;
  }
}

/** The recorded body of a Shopify webhook, changed where the story needs it. */
export function recorded(topic: string, changes: JsonObject): JsonObject {
  const text = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'shopify', `${topic.replace('/', '.')}.json`), 'utf8');
  const request = parseJson(text);
  const body = isObject(request) ? request['body'] : undefined;
  if (!isObject(body)) throw new Error(`no recorded body for ${topic}`);
  return { ...body, ...changes };
}

export { hours, minutes, seconds };
