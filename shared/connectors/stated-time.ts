/**
 * Times as sources write them. A time that cannot be is told from one that was not given: a wait must never start from nonsense.
 */
import { textOf, type Json } from '../kernel/json.ts';
import { exactDays, parseInstant, type Instant } from '../kernel/time.ts';

export type StatedTime =
  { readonly kind: 'at'; readonly at: Instant } | { readonly kind: 'none' } | { readonly kind: 'nonsense' };

/** No clock is a century fast; a time beyond that is a broken field. */
const farAhead = exactDays(36_525);

/**
 * ISO 8601. Without an offset it is UTC: the Segment spec says that all its timestamps are. Not text, not a time, before
 * 1970 or a century after `receivedAt` is nonsense.
 */
export function readTime(value: Json | undefined, receivedAt: Instant): StatedTime {
  if (value === undefined || value === null || value === '') return { kind: 'none' };
  const at = typeof value === 'string' ? parseInstant(withOffset(value.trim())) : undefined;
  return at === undefined || at < 0 || at > receivedAt + farAhead ? { kind: 'nonsense' } : { kind: 'at', at };
}

/** The first of several fields that holds a time; what holds none is passed over. */
export function firstTime(values: readonly (Json | undefined)[], receivedAt: Instant): Instant | undefined {
  for (const value of values) {
    const time = readTime(textOf(value), receivedAt);
    if (time.kind === 'at') return time.at;
  }
  return undefined;
}

function withOffset(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T00:00:00Z`;
  return /^\d{4}-?\d{2}-?\d{2}[Tt ][\d:.,]+$/.test(text) ? `${text}Z` : text;
}
