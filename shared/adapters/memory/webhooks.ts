/** Receivers of webhooks in memory: they answer 200 and remember the call, until a test tells them to answer otherwise. */
import type { WebhookAnswer, WebhookCall } from '../../messages/webhook-call.ts';
import type { Carriers } from '../../ports.ts';

export class MemoryWebhooks implements Pick<Carriers, 'post'> {
  readonly #calls: WebhookCall[] = [];
  #answers: readonly WebhookAnswer[] = [];

  async post(call: WebhookCall): Promise<WebhookAnswer> {
    const [answer = { kind: 'answered', status: 200 } as const, ...later] = this.#answers;
    this.#answers = later;
    this.#calls.push(structuredClone(call));
    return answer;
  }

  /** All calls, in order. */
  calls(): readonly WebhookCall[] {
    return structuredClone(this.#calls);
  }

  /** The next calls are answered so, in order; then 200 again. */
  answerNext(...answers: readonly WebhookAnswer[]): void {
    this.#answers = [...this.#answers, ...answers];
  }
}
