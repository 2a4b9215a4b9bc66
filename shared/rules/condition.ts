/**
 * The condition language as data: what config/ says after it was checked, before it becomes closures.
 * Paths start with a root: a trait name alone, or `event.…` (properties of the event), `cart.…`, `orders.…`, `device.…`,
 * `place.…`, `predicted.…`, `context.…`, `traits.…`.
 */
import type { Json } from '../kernel/json.ts';
import type { Duration, Instant } from '../kernel/time.ts';

/** A moment or a calendar day, seen from when it is asked, in the brand's zone. */
export type When =
  | { readonly kind: 'now' }
  /** A calendar day counted from today: 0 is today, negative counts lie in the past. Days, weeks, months and years only. */
  | { readonly kind: 'day'; readonly offset: Duration }
  /** `YYYY-MM-DD`. */
  | { readonly kind: 'date'; readonly day: string }
  | { readonly kind: 'instant'; readonly at: Instant };

export type Comparison =
  | { readonly op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Json }
  | { readonly op: 'in' | 'not-in'; readonly value: readonly Json[] }
  | { readonly op: 'contains'; readonly value: Json }
  /** Of a list (a single value counts as a list of one): one of these is in it, all of them are, none is. */
  | { readonly op: 'any-of' | 'all-of' | 'none-of'; readonly value: readonly Json[] }
  | { readonly op: 'exists'; readonly value: boolean }
  /** Of a date: earlier than, later than, on that very day, on that day of any year (29 February is 28 February in common years). */
  | { readonly op: 'before' | 'after' | 'on' | 'anniversary'; readonly value: When }
  /** Of a date: in the past, and no longer ago than this. */
  | { readonly op: 'within'; readonly value: Duration };

/** How often: at least `min`, at most `max` where there is one. */
export interface Times {
  readonly min: number;
  readonly max?: number;
}

/** What the person did: how often these events happened. */
export interface DidCondition {
  readonly kind: 'did';
  /** Content hash of what is counted (not of `times` beyond what must be remembered): names its state (did-state.ts). */
  readonly id: string;
  /** Any of them. */
  readonly events: readonly string[];
  /** On the event alone: paths without a root, and `event.…`, are its properties. */
  readonly where?: Condition;
  /** Counted by the value at this path of the event: one value must reach it alone. Only with `max` absent. */
  readonly same?: readonly string[];
  readonly times: Times;
  /** An event counts until this long after it, by calendar from days on; without it as long as events are kept. */
  readonly within?: Duration;
}

export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly path: readonly string[]; readonly comparison: Comparison }
  /** Orders of a span of time: their number, or what was paid for them. */
  | {
      readonly kind: 'orders';
      readonly field: 'count' | 'total';
      readonly comparison: Comparison;
      readonly within: Duration;
    }
  | DidCondition
  /** Is the person in the segment? Its condition travels along, so that a journey keeps the one it was checked with. */
  | { readonly kind: 'segment'; readonly segment: string; readonly of: Condition };

/**
 * When a counted event happened, by value of `same` (short hash; `''` where nothing is told apart): the instants that last
 * longest, as many as the condition can ask for.
 */
export type DidState = Readonly<Record<string, readonly Instant[]>>;

/** An order that counts: placed and not cancelled. */
export interface DatedOrder {
  readonly at: Instant;
  /** After refunds. */
  readonly amount: number;
  readonly currency?: string;
}

/** What a condition may look at: plain data of one moment. */
export interface Facts {
  readonly now: Instant;
  /** The brand's: what a marketer calls a day is a day there. */
  readonly zone: string;
  /** Properties of the event at hand. */
  readonly event?: Json;
  readonly traits: Json;
  readonly cart: Json;
  readonly orders: Json;
  /** Every order of the spans that are asked for. */
  readonly orderList: readonly DatedOrder[];
  readonly device: Json;
  readonly place: Json;
  /** Level 3: empty until there are predictions. */
  readonly predicted: Json;
  /** Level 4: empty until there is data of the moment. */
  readonly context: Json;
  /** By id of each `did` that is asked; asking for one that is missing is a mistake of the caller, and throws. */
  readonly counts: Readonly<Record<string, DidState>>;
}

/** Why a condition holds or not: the first part that failed, in the words of config/, and the value that was seen. */
export type Explained = { readonly holds: true } | { readonly holds: false; readonly because: string; readonly seen: Json };
