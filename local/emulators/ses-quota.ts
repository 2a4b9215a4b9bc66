/**
 * How much may be sent: recipients in the last 24 hours and in the last second, by the product clock, as SES counts.
 */
import type { Instant } from '../../shared/kernel/time.ts';
import { AwsError } from './aws-error.ts';

export interface SendQuota {
  readonly max24HourSend: number;
  /** Recipients a second. */
  readonly maxSendRate: number;
}

/** Told when no quota is set: those of a large account, not enforced. */
const toldQuota: SendQuota = { max24HourSend: 50_000_000, maxSendRate: 10_000 };
export const day = 86_400_000;

/** The code as the v1 API really writes it; its documentation says ThrottlingException. */
export const throttling = (message: string): AwsError => new AwsError('Throttling', message);

export class SentCounter {
  readonly #lastDay = new SlidingSum(day);
  readonly #lastSecond = new SlidingSum(1_000);

  add(at: Instant, recipients: number): void {
    this.#lastDay.add(at, recipients);
    this.#lastSecond.add(at, recipients);
  }

  told(quota: SendQuota | undefined, now: Instant): SendQuota & { readonly sentLast24Hours: number } {
    return { ...(quota ?? toldQuota), sentLast24Hours: this.#lastDay.total(now) };
  }

  refuseOver(quota: SendQuota, now: Instant, recipients: number): void {
    if (this.#lastDay.total(now) + recipients > quota.max24HourSend) throw throttling('Daily message quota exceeded.');
    if (this.#lastSecond.total(now) + recipients > quota.maxSendRate) throw throttling('Maximum sending rate exceeded.');
  }
}

/** The sum of what was added in the last `length` milliseconds; each entry is looked at twice in all. */
class SlidingSum {
  readonly #length: number;
  #entries: { readonly at: Instant; readonly count: number }[] = [];
  #first = 0;
  #sum = 0;

  constructor(length: number) {
    this.#length = length;
  }

  add(at: Instant, count: number): void {
    this.#entries.push({ at, count });
    this.#sum += count;
  }

  total(now: Instant): number {
    for (
      let entry = this.#entries[this.#first];
      entry !== undefined && entry.at <= now - this.#length;
      entry = this.#entries[this.#first]
    ) {
      this.#sum -= entry.count;
      this.#first += 1;
    }
    if (this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    return this.#sum;
  }
}
