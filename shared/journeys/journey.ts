/**
 * A journey as the functions run it: compiled from config/journeys, a flat list of steps with jump targets.
 * Pure data, so that it can be hashed, stored and pinned for people in flight.
 */
import type { Channel } from '../events/event.ts';
import type { Duration } from '../kernel/time.ts';
import type { Condition } from '../rules/condition.ts';

export interface EventPattern {
  /** Segment spec names; any of them. */
  readonly on: readonly string[];
  /** A condition on the event and the person; absent = always. */
  readonly where?: Condition;
}

export type Reentry =
  | { readonly kind: 'once' }
  /** Once for each value at this path of the event or person, such as `cart.id` or `order_id`. */
  | { readonly kind: 'once-per'; readonly path: readonly string[] }
  | { readonly kind: 'always' };

export interface JourneyStart extends EventPattern {
  readonly reentry: Reentry;
  /** Since this journey's last message to the person; while it is open, it does not start again either. */
  readonly rest?: Duration;
  /** Events older than this when received start nothing. */
  readonly late: Duration;
}

export type Step =
  | { readonly kind: 'wait'; readonly label: string; readonly duration: Duration; readonly restartOn: readonly string[] }
  | { readonly kind: 'send'; readonly label: string; readonly template: string; readonly channels: readonly Channel[] }
  | { readonly kind: 'branch'; readonly label: string; readonly condition: Condition; readonly otherwise: number }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'end'; readonly label: string };

export interface Journey {
  readonly name: string;
  readonly start: JourneyStart;
  readonly exit?: EventPattern;
  /** `label` is the step's place in the file, such as `2` or `3.then.1`; a step index beyond the end completes the journey. */
  readonly steps: readonly Step[];
}
