/**
 * A campaign (level 1): everybody of a segment, on a day, at a time. Compiled from config/campaigns; pure data.
 */
import type { Channel } from '../events/event.ts';
import type { TimeOfDay, ZoneChoice } from '../kernel/time.ts';
import type { Condition } from '../rules/condition.ts';

/** Weekdays: 1 = Monday … 7 = Sunday. */
export type Schedule =
  /** `YYYY-MM-DD`. */
  | { readonly kind: 'once'; readonly day: string }
  | { readonly kind: 'week'; readonly weekday: number }
  /** 1 to 31; a month that is shorter has it on its last day. */
  | { readonly kind: 'month-day'; readonly day: number }
  /** `nth` 1 to 4, or -1 for the last one of the month. */
  | { readonly kind: 'month-weekday'; readonly nth: 1 | 2 | 3 | 4 | -1; readonly weekday: number };

/** At most so many people within so long; absent = as fast as the quota allows. */
export interface Throttle {
  readonly people: number;
  readonly per: 'minute' | 'hour' | 'day';
}

export interface Campaign {
  readonly name: string;
  readonly segment: string;
  /** The condition of the segment. */
  readonly when: Condition;
  readonly template: string;
  readonly channels: readonly Channel[];
  readonly schedule: Schedule;
  readonly at: TimeOfDay;
  readonly zone: ZoneChoice;
  readonly throttle?: Throttle;
}
