/** A segment: who somebody is, or what they did, under a name (level 1). */
import type { Condition } from './condition.ts';

export interface Segment {
  readonly name: string;
  readonly when: Condition;
}
