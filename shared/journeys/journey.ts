/**
 * A journey as the functions run it: compiled from config/journeys, a flat list of steps with jump targets.
 * Pure data, so that it can be hashed, stored and pinned for people in flight.
 */
import type { Channel } from '../events/event.ts';
import type { Json } from '../kernel/json.ts';
import type { Duration, TimeOfDay, ZoneChoice } from '../kernel/time.ts';
import type { Condition, DidCondition } from '../rules/condition.ts';

export interface EventPattern {
  /** Segment spec names; any of them. */
  readonly on: readonly string[];
  /** A condition on the event and the person; absent = always. */
  readonly where?: Condition;
}

/** What ends a run, or what it waits for. */
export interface RunPattern extends EventPattern {
  /** The event must carry the same value at this path as the event that started the run. */
  readonly same?: readonly string[];
}

export type Reentry =
  | { readonly kind: 'once' }
  /** Once for each value at this path of the event or person, such as `cart.id` or `order_id`. */
  | { readonly kind: 'once-per'; readonly path: readonly string[] }
  | { readonly kind: 'always' };

/** A moment named by a date of the person: so long before or after that day, at this time. */
export interface DateMoment {
  /** Of the trait. */
  readonly path: readonly string[];
  /** Days, weeks, months or years; negative = before. */
  readonly offset: Duration;
  readonly at: TimeOfDay;
  /** `year`: each year on that day and month (29 February is 28 February in common years). */
  readonly every: 'once' | 'year';
  readonly zone: ZoneChoice;
}

/** Names of events that Relance raises itself to start journeys; no source can send them. */
export const raised = {
  entered: 'Segment Entered',
  left: 'Segment Left',
  date: 'Date Reached',
  requested: 'Journey Requested',
} as const;

/** What besides the name of the event must be so. */
export type StartCause =
  | { readonly kind: 'event' }
  /** This event brings the count to what is asked, or is one more above it. */
  | { readonly kind: 'did'; readonly did: DidCondition }
  | {
      readonly kind: 'segment';
      readonly segment: string;
      readonly moment: 'entered' | 'left';
      readonly when: Condition;
      /** `include`: those who are in already when the journey goes live start too. */
      readonly existing: 'ignore' | 'include';
    }
  | { readonly kind: 'date'; readonly date: DateMoment }
  /** Somebody called `POST /v1/journeys/{name}/start`. */
  | { readonly kind: 'api' };

export interface JourneyStart extends EventPattern {
  readonly cause: StartCause;
  readonly reentry: Reentry;
  /** Since this journey's last message to the person; while it is open, it does not start again either. */
  readonly rest?: Duration;
  /** Events older than this when received start nothing. */
  readonly late: Duration;
}

export interface Variant {
  readonly name: string;
  /** Whole and above 0; shares are weight by sum of weights. */
  readonly weight: number;
  /** Index of its first step. */
  readonly to: number;
}

/** `label` is the step's place in the file, such as `2` or `3.then.1`. Other numbers are indexes of steps. */
export type Step =
  | { readonly kind: 'wait'; readonly label: string; readonly duration: Duration; readonly restartOn: readonly string[] }
  /** Until it is this time on one of these weekdays (1 = Monday … 7 = Sunday; none = any day). At once where it is that time. */
  | {
      readonly kind: 'wait-time';
      readonly label: string;
      readonly at: TimeOfDay;
      readonly weekdays: readonly number[];
      readonly zone: ZoneChoice;
    }
  /** Goes on at once where the person has no such date, or where it is past. */
  | { readonly kind: 'wait-date'; readonly label: string; readonly date: DateMoment }
  /** The event comes: the next step. It does not come in time: `otherwise`. */
  | {
      readonly kind: 'wait-event';
      readonly label: string;
      readonly pattern: RunPattern;
      readonly atMost: Duration;
      readonly otherwise: number;
    }
  /** Level 3. Goes on at once where nothing is known of the person. */
  | { readonly kind: 'wait-best-time'; readonly label: string; readonly within: Duration }
  | { readonly kind: 'send'; readonly label: string; readonly template: string; readonly channels: readonly Channel[] }
  | { readonly kind: 'branch'; readonly label: string; readonly condition: Condition; readonly otherwise: number }
  | { readonly kind: 'split'; readonly label: string; readonly variants: readonly Variant[] }
  | { readonly kind: 'set'; readonly label: string; readonly traits: Readonly<Record<string, Json>> }
  | { readonly kind: 'tag'; readonly label: string; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'webhook'; readonly label: string; readonly url: string }
  /** Something for a human to do: an e-mail to staff with the person's context. */
  | {
      readonly kind: 'task';
      readonly label: string;
      readonly to: string;
      /** Liquid in both. */
      readonly subject: string;
      readonly text: string;
    }
  | { readonly kind: 'goal'; readonly label: string; readonly name: string }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'end'; readonly label: string };

export interface Journey {
  readonly name: string;
  readonly start: JourneyStart;
  readonly exit?: RunPattern;
  /** A step index beyond the end completes the journey. */
  readonly steps: readonly Step[];
}
