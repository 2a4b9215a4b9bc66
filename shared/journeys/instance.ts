/**
 * One run of a journey for one person: a state, its timer, and why each step went as it did. The timer is part of the
 * state, so both change in one write.
 */
import type { Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';

export type InstanceState =
  | {
      /** At a wait; or before a step that only advance-journeys can do (an effect, a condition on the past), and due at once. */
      readonly kind: 'waiting';
      readonly step: number;
      /** What the wait counts from: the start, the due time of the step before, or the last restart. */
      readonly from: Instant;
      readonly due: Instant;
    }
  | {
      /** A message, a webhook or a task: ordered, and nobody has told yet what became of it. */
      readonly kind: 'sending';
      readonly step: number;
      readonly sendKey: string;
      /** When it was due: names its log item, and the next wait counts from it. */
      readonly orderTime: Instant;
      /** How often it was queued; the timer asks for the log at 1, 5, 30 minutes and 2 hours. */
      readonly attempt: number;
      readonly due: Instant;
      /** No message to the person: a webhook, or a task for staff. */
      readonly call?: true;
    }
  /** No run: the person's one timer for what time alone changes (watch.ts). */
  | { readonly kind: 'watching'; readonly due: Instant }
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

/** What started a run. */
export interface Entry {
  readonly event: string;
  readonly at: Instant;
  /** Key of the timeline chunk that holds the event; empty where time alone started it. */
  readonly chunk: string;
  /** Short hash of the event's id; absent in runs that began before it was kept. */
  readonly id?: string;
  /** By path (`order_id`): what the event said there, as text. Only of the paths that the journey compares later (`same`). */
  readonly values?: Readonly<Record<string, string>>;
}

export interface Instance {
  readonly journey: string;
  /** The re-entry key: `-` for once, the value for once per, the start time otherwise. Personal data is hashed. */
  readonly key: string;
  /** Content hash of the journey version it runs. */
  readonly version: string;
  readonly startedAt: Instant;
  readonly entry: Entry;
  readonly state: InstanceState;
  readonly log: readonly StepRecord[];
  /** Version of the item; 0 = not stored yet. */
  readonly stored: number;
}

export interface InstanceRef {
  readonly journey: string;
  readonly key: string;
}
