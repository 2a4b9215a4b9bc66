/** When the story begins, and its minutes. */
import { minutes, type Instant } from '../../shared/kernel/time.ts';

/** A Tuesday morning; a whole minute, as stated times are cut to. */
export const beginning = Date.UTC(2026, 2, 10, 9);

export const minuteOf = (at: Instant): string => `minute ${Math.floor((at - beginning) / 60_000)}`;

export const atMinute = (minute: number): string => new Date(beginning + minutes(minute)).toISOString();
