/**
 * A message to one person on one channel: what the outbox carries (ids only) and what the log keeps.
 */
import type { Channel, Purpose } from '../events/event.ts';
import { contentHash, type PersonId } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';

/** Why a message exists. `step` is the step's place in the journey file. */
export interface Cause {
  readonly kind: 'journey' | 'campaign' | 'api';
  readonly name: string;
  readonly step: string;
}

/** What an outbox queue carries: ids only; address, consent and content are read when it leaves. */
export interface OutboxItem {
  readonly person: PersonId;
  readonly journey: string;
  readonly key: string;
  readonly sendKey: string;
  readonly orderTime: Instant;
  /** No message to the person: a webhook, or a task for staff. */
  readonly call?: true;
}

/**
 * Names one message of one person for ever: from its cause and re-entry key, not from the profile id, so that a merge
 * cannot double it. 16 characters of `A–Z a–z 0–9 _ -`.
 */
export const sendKeyOf = (cause: Cause, reentryKey: string): string =>
  contentHash('send', cause.kind, cause.name, cause.step, reentryKey);

export type DropReason = 'journey-ended' | 'no-address' | 'suppressed' | 'no-consent' | 'no-template' | 'paused' | 'rest';

export type MessageStatus =
  | { readonly kind: 'sent'; readonly providerId: string }
  | { readonly kind: 'dropped'; readonly because: DropReason; readonly seen: Json }
  /** A definite refusal of the provider, or content that cannot be made. */
  | { readonly kind: 'failed'; readonly because: string }
  /** The provider was called and nobody knows whether it accepted (promise 2: final for marketing). */
  | { readonly kind: 'unknown'; readonly because: string };

/** Item `M`. */
/** How something leaves: a message to the person, a call to another machine, or a mail to staff. */
export type Medium = Channel | 'webhook' | 'task';

export interface MessageLog {
  readonly sendKey: string;
  readonly orderTime: Instant;
  readonly at: Instant;
  readonly cause: Cause;
  readonly channel: Medium;
  readonly purpose: Purpose;
  readonly template: string;
  readonly status: MessageStatus;
}
