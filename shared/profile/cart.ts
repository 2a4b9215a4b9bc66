/**
 * The cart in the hot state: scalars only. Its lines are folded from the timeline, from chunk `from` on, when a message
 * needs them; that keeps the hot state small and lets late events fall into place.
 */
import type { Instant } from '../kernel/time.ts';

export interface Cart {
  /** The source's cart id; else the checkout's; else `cart-<opened at>`. */
  readonly id: string;
  /** Other ids of the same cart: its checkout's token and number. */
  readonly also: readonly string[];
  /** Sort key of the oldest timeline chunk that holds a part of this cart. */
  readonly from: string;
  readonly openedAt: Instant;
  /** The last snapshot (or the opening): what is older has no effect on the sums. */
  readonly baseAt: Instant;
  readonly changedAt: Instant;
  /** Pieces, and their price in `currency`; sums of what the source told. No `value` where they have several currencies. */
  readonly quantity: number;
  readonly value?: number;
  readonly currency?: string;
  /** Where the buyer goes on: the shop's recovery link; `verified` says whether a server-side source named it. */
  readonly url?: string;
  readonly verified: boolean;
}
