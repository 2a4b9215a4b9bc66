/** A provider in memory: accepts everything and remembers it, until a test tells it to answer otherwise. */
import type { Outgoing, SendOutcome } from '../../channels/channel.ts';
import type { WebhookAnswer, WebhookCall } from '../../messages/webhook-call.ts';
import type { Carriers } from '../../ports.ts';
import { MemoryWebhooks } from './webhooks.ts';

export class MemoryCarriers implements Carriers {
  /** Those who hear webhooks. */
  readonly webhooks = new MemoryWebhooks();
  readonly #sent: Outgoing[] = [];
  #answers: readonly SendOutcome[] = [];
  #calls = 0;
  #allowance = Infinity;

  async send(message: Outgoing): Promise<SendOutcome> {
    this.#calls += 1;
    const [answer, ...later] = this.#answers;
    this.#answers = later;
    const outcome = answer ?? { kind: 'accepted', providerId: `memory-${this.#calls}` };
    if (outcome.kind === 'accepted') this.#sent.push(structuredClone(message));
    return outcome;
  }

  async allowance(): Promise<number> {
    return this.#allowance;
  }

  async post(call: WebhookCall): Promise<WebhookAnswer> {
    return this.webhooks.post(call);
  }

  // What no port asks: for tests to arrange and to look.

  /** On every channel, from now on. */
  allow(allowance: number): void {
    this.#allowance = allowance;
  }

  /** What was accepted, in order. */
  sent(): readonly Outgoing[] {
    return structuredClone(this.#sent);
  }

  /** All calls, refused ones too. */
  calls(): number {
    return this.#calls;
  }

  /** The next calls answer these, in order; then everything is accepted again. */
  answerNext(...answers: readonly SendOutcome[]): void {
    this.#answers = [...this.#answers, ...answers];
  }
}
