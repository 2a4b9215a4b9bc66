/**
 * An address to which nothing is sent any more, whoever it belongs to, and why. Outlives the person (promise 3).
 */
import type { Instant } from '../kernel/time.ts';

export interface SuppressionReason {
  readonly because: 'bounced' | 'complained';
  /** When it was first told. */
  readonly at: Instant;
}

/** Item `X`. */
export interface Suppression {
  /** 0 = not stored yet, or stored without reasons. */
  readonly version: number;
  readonly reasons: readonly SuppressionReason[];
}

export const notSuppressed: Suppression = { version: 0, reasons: [] };

/** The same object where nothing new was told; told in any order it ends the same. */
export function withReason(before: Suppression, told: SuppressionReason): Suppression {
  const known = before.reasons.find(({ because }) => because === told.because);
  if (known !== undefined && known.at <= told.at) return before;
  const others = before.reasons.filter(({ because }) => because !== told.because);
  return { ...before, reasons: [...others, told].toSorted((a, b) => (a.because < b.because ? -1 : 1)) };
}
