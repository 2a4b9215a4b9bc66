/** One proof: what it shows, how it is run, and what came of it. */
import type { Figures } from './figures.ts';

export interface Proof {
  readonly name: string;
  /** What must be true, with the numbers that issue 2 names. */
  readonly shows: string;
  readonly prove: () => Promise<Outcome>;
}

export type Outcome =
  | { readonly kind: 'passed'; readonly figures: readonly Figures[] }
  | { readonly kind: 'failed'; readonly figures: readonly Figures[]; readonly because: string }
  | { readonly kind: 'skipped'; readonly because: string };

export interface Done {
  readonly proof: Proof;
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

export const inSeconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
