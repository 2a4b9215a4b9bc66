/**
 * Tells a story to a world, minute by minute, and calls as the product's callers do: what is answered 5xx is asked again,
 * with the same body.
 */
import { createHmac } from 'node:crypto';
import PostalMime from 'postal-mime';
import type { AcceptedMail } from '../../local/emulators/ses-mail.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { serverKey } from '../stories/shop.ts';
import { beginning } from './minutes.ts';
import type { World } from './world.ts';

const shopifySecret = 'local-shopify-secret';

export interface Step {
  readonly minute: number;
  readonly what: string;
  /** To this address: nobody answers a mail that never came. */
  readonly answersMail?: string;
  readonly happens: (teller: Teller) => Promise<void>;
}

export class Teller {
  readonly world: World;
  constructor(world: World) {
    this.world = world;
  }

  async tell(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      try {
        await this.#tellOne(step);
      } catch (error) {
        throw new Error(`${step.what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }
  }

  async #tellOne({ minute, happens, answersMail }: Step): Promise<void> {
    const { host, clock } = this.world;
    await host.advance(Math.max(0, beginning + minutes(minute) - clock.now()));
    if (answersMail === undefined || this.#mailsTo(answersMail).length > 0) await happens(this);
    await host.settle();
  }

  #mailsTo(email: string): readonly AcceptedMail[] {
    return this.world.emulators.ses.inbox().filter(({ recipients }) => recipients.includes(email));
  }

  /** Asked again five seconds later for as long as it is answered 5xx. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url.startsWith('/') ? `${this.world.origin}${url}` : url, { redirect: 'manual', ...init });
      await response.arrayBuffer();
      if (response.status < 500) {
        if (response.status >= 400) throw new Error(`${url} is answered ${response.status}`);
        return response;
      }
      if (attempt === 3) throw new Error(`${url} is answered ${response.status} for ever`);
      await this.world.host.advance(5_000);
    }
  }

  async segment(call: string, body: JsonObject): Promise<void> {
    await this.request(`/v1/${call}`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${serverKey}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async shopify(topic: string, body: JsonObject): Promise<void> {
    const raw = JSON.stringify(body);
    await this.request('/webhooks/shopify', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': topic,
        'x-shopify-shop-domain': 'atelier.myshopify.com',
        'x-shopify-hmac-sha256': createHmac('sha256', shopifySecret).update(raw).digest('base64'),
      },
      body: raw,
    });
  }

  /** What SES tells of the newest mail that somebody got. */
  async mailbox(email: string, fate: 'bounce' | 'complaint'): Promise<void> {
    const { emulators, clock } = this.world;
    const mail = this.#mailsTo(email).at(-1);
    if (mail === undefined) throw new Error(`no mail to ${email}`);
    const timestamp = new Date(clock.now()).toISOString();
    const told = {
      bounce: { eventType: 'Bounce', bounce: { timestamp, bounceType: 'Permanent', bounceSubType: 'General' } },
      complaint: { eventType: 'Complaint', complaint: { timestamp, complaintFeedbackType: 'abuse' } },
    };
    const about = {
      timestamp: new Date(mail.acceptedAt).toISOString(),
      messageId: mail.id,
      destination: mail.recipients,
      tags: Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
    };
    emulators.sqs.queue('feedback').send({ body: JSON.stringify({ ...told[fate], mail: about }), attributes: {} });
  }

  /** The newest mail that somebody got. */
  async newestMail(email: string): Promise<{ readonly html: string; readonly unsubscribe: string }> {
    const mail = this.#mailsTo(email).at(-1);
    if (mail === undefined) throw new Error(`no mail to ${email}`);
    const { html = '', headers } = await PostalMime.parse(mail.raw);
    const header = headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
    return { html, unsubscribe: header.slice(1, -1) };
  }
}
