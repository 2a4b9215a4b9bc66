/**
 * What sums and predictions need: orders with amounts, when they were made, what was bought. Kept by order id, so that
 * the same order told by several events counts once.
 */
import type { Instant } from '../kernel/time.ts';

export interface Order {
  readonly id: string;
  readonly at: Instant;
  /** In the order's own currency, what the customer paid; refunds by refund id (or event id). */
  readonly amount: number;
  readonly currency?: string;
  readonly refunds: Readonly<Record<string, number>>;
  readonly cancelled?: true;
  /** Only a refund or cancellation was seen so far. */
  readonly placed: boolean;
}

/** Item `S`. */
export interface Statistics {
  /** 0 = not stored yet. */
  readonly version: number;
  /** The last 50 by time; what is older is in `earlier`, which has no amount where it was of several currencies. */
  readonly orders: readonly Order[];
  readonly earlier: { readonly count: number; readonly amount?: number; readonly currency?: string };
  /** Orders per hour of the week in the brand's zone: index 0 = Monday 0:00. Sparse. */
  readonly hours: Readonly<Record<number, number>>;
  /** Pieces bought by product id and by category: the 50 largest each. */
  readonly products: Readonly<Record<string, number>>;
  readonly categories: Readonly<Record<string, number>>;
  /** How often mailboxes said no; absent while none did. */
  readonly feedback?: FeedbackCounts;
}

/** Messages by what became of them: each counts once, however often it was told. */
export interface FeedbackCounts {
  /** Refused for good. */
  readonly bounced: number;
  /** Refused for now: mailbox full, too large, nobody knows. */
  readonly undelivered: number;
  readonly complained: number;
}

export const newStatistics = (): Statistics => ({
  version: 0,
  orders: [],
  earlier: { count: 0, amount: 0 },
  hours: {},
  products: {},
  categories: {},
});
