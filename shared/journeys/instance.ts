/**
 * One run of a journey for one person: a state, its timer, and why each step went as it did. The timer is part of the
 * state, so both change in one write.
 */
import type { Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';

export type InstanceState =
  | {
      readonly kind: 'waiting';
      readonly step: number;
      /** What the wait counts from: the start, the due time of the step before, or the last restart. */
      readonly from: Instant;
      readonly due: Instant;
    }
  | {
      readonly kind: 'sending';
      readonly step: number;
      readonly sendKey: string;
      /** When the message was due: names its log item, and the next wait counts from it. */
      readonly orderTime: Instant;
      /** How often it was queued; the timer asks for the log at 1, 5, 30 minutes and 2 hours. */
      readonly attempt: number;
      readonly due: Instant;
    }
  | { readonly kind: 'ended'; readonly because: EndReason; readonly at: Instant };

export type EndReason = 'completed' | 'exit' | 'cart-closed' | 'merged' | 'unsendable';

export interface StepRecord {
  /** The step's place in the journey file; `start` and `exit` for those. */
  readonly step: string;
  readonly at: Instant;
  readonly outcome: string;
  readonly because?: string;
  readonly seen?: Json;
}

export interface Instance {
  readonly journey: string;
  /** The re-entry key: `-` for once, the value for once per, the start time otherwise. Personal data is hashed. */
  readonly key: string;
  /** Content hash of the journey version it runs. */
  readonly version: string;
  readonly startedAt: Instant;
  readonly entry: { readonly event: string; readonly at: Instant; readonly chunk: string };
  readonly state: InstanceState;
  readonly log: readonly StepRecord[];
  /** Version of the item; 0 = not stored yet. */
  readonly stored: number;
}

export interface InstanceRef {
  readonly journey: string;
  readonly key: string;
}
