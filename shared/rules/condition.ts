/**
 * The condition language as data: what config/ says after it was checked, before it becomes closures.
 * Paths start with a root: a trait name alone, or `event.…` (properties of the event), `cart.…`, `orders.…`, `traits.…`.
 */
import type { Json } from '../kernel/json.ts';

export type Comparison =
  | { readonly op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Json }
  | { readonly op: 'in' | 'not-in'; readonly value: readonly Json[] }
  | { readonly op: 'contains'; readonly value: Json }
  | { readonly op: 'exists'; readonly value: boolean };

export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly path: readonly string[]; readonly comparison: Comparison };

/** What a condition may look at. Documents are plain data: `person.traits`, `person.cart`, `person.orders`, `event` (its properties). */
export interface Facts {
  readonly event?: Json;
  readonly traits: Json;
  readonly cart: Json;
  readonly orders: Json;
}

/** Why a condition holds or not: the first part that failed, in the words of config/, and the value that was seen. */
export type Explained = { readonly holds: true } | { readonly holds: false; readonly because: string; readonly seen: Json };
