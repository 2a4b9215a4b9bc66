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
export type OutboxItem = JourneyItem | CampaignItem;

interface Ordered {
  readonly person: PersonId;
  readonly sendKey: string;
  readonly orderTime: Instant;
}

export interface JourneyItem extends Ordered {
  readonly journey: string;
  readonly key: string;
  /** No message to the person: a webhook, or a task for staff. */
  readonly call?: true;
}

/** Of one place in an occurrence of a campaign (shared/campaigns/occurrence.ts). */
export interface CampaignItem extends Ordered {
  readonly campaign: string;
  readonly day: string;
  /** Content hash of the campaign version that the occurrence began with. */
  readonly version: string;
  /** Of the config that the runner saw: whoever decides on the message must not know less. */
  readonly generation: number;
  readonly place: MessagePlace;
  /** How often this message was asked for, this time included. */
  readonly asked: number;
}

/** Which person of which page of an occurrence a message was made for. */
export interface MessagePlace {
  readonly wave: Instant;
  readonly page: number;
  readonly ordinal: number;
}

/**
 * Names one message of one person for ever: from its cause and re-entry key, not from the profile id, so that a merge
 * cannot double it. 16 characters of `A–Z a–z 0–9 _ -`.
 */
export const sendKeyOf = (cause: Cause, reentryKey: string): string =>
  contentHash('send', cause.kind, cause.name, cause.step, reentryKey);

/** A campaign has one message. Its re-entry key is the day of the occurrence. */
export const campaignCause = (name: string): Cause => ({ kind: 'campaign', name, step: '-' });

export const dropReasons = [
  'paused',
  'journey-ended',
  'campaign-ended',
  'no-template',
  'no-address',
  'suppressed',
  'no-consent',
  'rest',
] as const;
export type DropReason = (typeof dropReasons)[number];

export type MessageStatus =
  | { readonly kind: 'sent'; readonly providerId: string }
  | { readonly kind: 'dropped'; readonly because: DropReason; readonly seen: Json }
  /** A definite refusal of the provider, or content that cannot be made. */
  | { readonly kind: 'failed'; readonly because: string }
  /** The provider was called and nobody knows whether it accepted (promise 2: final for marketing). */
  | { readonly kind: 'unknown'; readonly because: string };

/** How something leaves: a message to the person, a call to another machine, or a mail to staff. */
export type Medium = Channel | 'webhook' | 'task';

/** Item `M`. */
export interface MessageLog {
  readonly sendKey: string;
  readonly orderTime: Instant;
  readonly at: Instant;
  readonly cause: Cause;
  readonly channel: Medium;
  readonly purpose: Purpose;
  readonly template: string;
  readonly status: MessageStatus;
  /** Of a campaign's message: of two people who became one, only one is who it was made for. */
  readonly place?: MessagePlace;
}
