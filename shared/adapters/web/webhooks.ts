/**
 * Webhooks that leave: signed as Standard Webhooks asks (www.standardwebhooks.com), over https, or over http to this machine
 * alone. The answer's body is never read.
 */
import { Webhook } from 'standardwebhooks';
import { seconds } from '../../kernel/time.ts';
import type { WebhookAnswer, WebhookCall } from '../../messages/webhook-call.ts';
import type { Carriers } from '../../ports.ts';

/** Whoever takes longer has to be asked again; the deliver function lives for 60 seconds. */
const answerWithin = seconds(10);

/** `systemNow`: receivers judge the age of a signature by the real clock. */
export class WebWebhooks implements Pick<Carriers, 'post'> {
  readonly #systemNow: () => number;
  readonly #answerWithin: number;

  constructor(systemNow: () => number, within = answerWithin) {
    this.#systemNow = systemNow;
    this.#answerWithin = within;
  }

  async post({ url, id, body, depth, secrets }: WebhookCall): Promise<WebhookAnswer> {
    const sentAt = new Date(this.#systemNow());
    const signatures = secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body));
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Relance',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': signatures.join(' '),
      'relance-depth': String(depth),
    };
    try {
      const signal = AbortSignal.timeout(this.#answerWithin);
      const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
      await response.body?.cancel();
      return { kind: 'answered', status: response.status };
    } catch (error) {
      return { kind: 'unreachable', because: reasonOf(error) };
    }
  }
}

/** The cause says more than `fetch failed`, and less than the message, which may quote the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the call failed';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
  return code === 'TimeoutError' ? 'no answer in time' : `the call failed (${code})`;
}
