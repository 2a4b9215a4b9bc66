/** What a decision about a person's journeys starts from, looks at and ends with. */
import type { Event } from '../events/event.ts';
import type { Instant } from '../kernel/time.ts';
import type { OpenJourney } from '../profile/profile.ts';
import type { Decision } from '../profile/timeline.ts';
import type { DidCondition } from '../rules/condition.ts';
import type { AdvanceContext } from './advance.ts';
import type { Instance } from './instance.ts';
import type { Listeners, VersionOf } from './listeners.ts';

export interface TriggerState {
  readonly open: readonly OpenJourney[];
  /** Loaded or just begun, by `nameOf`. */
  readonly instances: ReadonlyMap<string, Instance>;
  readonly decisions: readonly Decision[];
}

/** An event and the key of the chunk that holds it. */
export interface EventInChunk {
  readonly event: Event;
  readonly chunk: string;
}

export interface TriggerContext extends AdvanceContext {
  readonly receivedAt: Instant;
  readonly imported: boolean;
  readonly chunk: string;
  readonly listeners: Listeners;
  /** Versions that open runs are pinned to, by hash. */
  readonly pinned: ReadonlyMap<string, VersionOf>;
  readonly lastMessages: Readonly<Record<string, Instant>>;
  /** Runs that exist although they are not open, by `nameOf`; `stored` is 0 where the item is another of the person's ids'. */
  readonly existing: ReadonlyMap<string, Instance>;
  /** Keyed hash, for re-entry keys that could be personal data. */
  readonly hashed: (text: string) => string;
  /**
   * Where the count is reached because of this event: there, or, where it is told late, at later ones that were counted without
   * it.
   */
  readonly reached: (did: DidCondition, event: Event) => readonly EventInChunk[];
  /** What was told before this event and happened in that second or later, in time: a run that begins or goes on late must not miss it. */
  readonly since: (at: Instant) => readonly Event[];
}

export const nameOf = ({ journey, key }: { readonly journey: string; readonly key: string }): string => `${journey}\n${key}`;
