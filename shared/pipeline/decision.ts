/** What a decision about one person starts from and ends with: plain data, loaded before and committed after. */
import type { Identifier } from '../events/identifier.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Listeners, VersionOf } from '../journeys/listeners.ts';
import type { TriggerState } from '../journeys/trigger-state.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Proof } from '../ports.ts';
import type { History } from '../profile/place-cart-event.ts';
import type { Attributes, HotState } from '../profile/profile.ts';
import type { Statistics } from '../profile/statistics.ts';
import type { Decision } from '../profile/timeline.ts';
import type { States } from './count-events.ts';

export interface PersonState {
  readonly id: PersonId;
  readonly attributes: Attributes;
  readonly hot: HotState;
  readonly statistics: Statistics;
  readonly instances: readonly Instance[];
  /** Runs found to exist that are not open, by `nameOf`. */
  readonly existing: ReadonlyMap<string, Instance>;
}

export interface DecisionContext {
  readonly now: Instant;
  readonly zone: string;
  readonly generation: number;
  readonly mayWrite: boolean;
  readonly identifiers: readonly Identifier[];
  readonly listeners: Listeners;
  readonly pinned: ReadonlyMap<string, VersionOf>;
  readonly hashed: (text: string) => string;
  /** The person's events from the asked chunk on, once they were asked for. */
  readonly history?: History;
}

export interface Decided {
  readonly kind: 'decided';
  readonly attributes: Attributes;
  readonly factsChanged: boolean;
  readonly proofs: readonly Proof[];
  readonly hot: HotState;
  /** Only when they changed. */
  readonly statistics?: Statistics;
  /** Begun, moved or ended here. */
  readonly instances: readonly Instance[];
  readonly decisions: readonly Decision[];
}

export type Outcome =
  | Decided
  /** `final`: what it decides from that is never made good. */
  | { readonly kind: 'needs-history'; readonly from: string; readonly final?: true };

/** While events are folded, one after the other. */
export interface Progress {
  readonly hot: HotState;
  readonly statistics: Statistics;
  readonly states: States;
  readonly triggers: TriggerState;
}
