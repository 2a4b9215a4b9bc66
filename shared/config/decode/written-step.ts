/** Steps as a tree, the way people write them: what decoding makes and flattening takes. */
import type { Channel } from '../../events/event.ts';
import type { RunPattern, Step } from '../../journeys/journey.ts';
import type { Duration } from '../../kernel/time.ts';
import type { Condition } from '../../rules/condition.ts';

/** Steps that lead to the next one and nowhere else stand as they run, without their label. */
type Plain<Kind extends Step['kind']> = Omit<Extract<Step, { readonly kind: Kind }>, 'label'>;

export interface WrittenVariant {
  readonly name: string;
  readonly weight: number;
  readonly steps: readonly WrittenStep[];
}

export type WrittenStep =
  | Plain<'wait'>
  | Plain<'wait-time'>
  | Plain<'wait-date'>
  | Plain<'wait-best-time'>
  | { readonly kind: 'send'; readonly template: string; readonly channels: readonly Channel[] }
  | Plain<'set'>
  | Plain<'tag'>
  | Plain<'webhook'>
  | Plain<'task'>
  | Plain<'goal'>
  | {
      readonly kind: 'wait-event';
      readonly pattern: RunPattern;
      readonly atMost: Duration;
      readonly steps: readonly WrittenStep[];
      readonly otherwise: readonly WrittenStep[];
    }
  | {
      readonly kind: 'branch';
      readonly condition: Condition;
      readonly steps: readonly WrittenStep[];
      readonly otherwise: readonly WrittenStep[];
    }
  | { readonly kind: 'split'; readonly variants: readonly WrittenVariant[] }
  | { readonly kind: 'end' };
