/**
 * The canonical event: the Segment spec, whatever the source, and the envelope in which one person's events travel.
 */
import type { Instant } from '../kernel/time.ts';
import type { JsonObject } from '../kernel/json.ts';
import { contentHash } from '../kernel/ids.ts';
import type { Identifier } from './identifier.ts';

export type EventType = 'identify' | 'track' | 'page' | 'screen' | 'group' | 'alias';

export type Channel = 'email' | 'sms' | 'push';
export const channels: readonly Channel[] = ['email', 'sms', 'push'];
export type Purpose = 'marketing' | 'transactional';

/** What a source says about consent to one channel, for marketing. */
export interface ConsentStatement {
  readonly channel: Channel;
  readonly state: 'granted' | 'withdrawn';
  /**
   * `statement`: the person said so now. `snapshot`: a source repeats a state it keeps; without its own time it never
   * changes a state that is already known.
   */
  readonly kind: 'statement' | 'snapshot';
  /** When the person said so; the event's time where a statement gives none; unknown for a bare snapshot. */
  readonly at?: Instant;
  /** Where it was collected (`checkout`, `newsletter form`) and which wording was shown. */
  readonly source?: string;
  readonly wording?: string;
}

export interface Event {
  /** The dedupe key: the same in every retry and regrouping, unique across sources (`segment:<messageId>`). */
  readonly id: string;
  readonly type: EventType;
  /** Segment spec name: `Order Completed`; `Page Viewed`, `Screen Viewed`, `Identify`, `Group`, `Alias` for the other calls. */
  readonly name: string;
  /** When it happened, corrected for the sender's clock; never after it was received. */
  readonly occurredAt: Instant;
  /** When the source said it happened, the same in every retry; absent where it said nothing. */
  readonly statedAt?: Instant;
  /** How many events of its request stand before it at the very same instant; left out for none. */
  readonly place?: number;
  readonly properties: JsonObject;
  /** What it states about the person; merged by `occurredAt`. */
  readonly traits?: JsonObject;
  readonly consent?: readonly ConsentStatement[];
  /** Spec `context` without traits; repeated parts are dropped when stored. */
  readonly context?: JsonObject;
}

/**
 * `server`: a server-side source, a signed click or a login: verifies identifiers.
 * `browser`: a claim anybody can make: attaches behaviour, never overrides (design section 4, Trust).
 */
export type Trust = 'server' | 'browser';

/** What travels through the events queue: events of one written identifier set, within one hour of stated time. */
export interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly trust: Trust;
  readonly receivedAt: Instant;
  /** Imported history changes the profile only: it starts, moves and ends nothing. */
  readonly imported?: true;
  /** In claim order; empty only when `personId` is given. */
  readonly identifiers: readonly Identifier[];
  /** For our own signed links, which name the person. */
  readonly personId?: string;
  /** `alias`: who this person was called before. */
  readonly previously?: Identifier;
  readonly events: readonly Event[];
}

/** The same events of the same identifier set have the same envelope, however often and however they are sent. */
export const envelopeId = (source: string, identifiers: readonly Identifier[], events: readonly Event[]): string =>
  contentHash(
    source,
    identifiers.map(({ type, value }) => `${type}:${value}`).join('\n'),
    events
      .map(({ id }) => id)
      .toSorted()
      .join('\n'),
  );
