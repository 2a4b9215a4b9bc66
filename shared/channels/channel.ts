/**
 * What every channel shares: how a message is handed to its provider, what the provider can answer, and what it tells later.
 */
import type { Channel, Purpose } from '../events/event.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Mark } from '../messages/marks.ts';
import type { Cause } from '../messages/message.ts';

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  /** It will never accept this message. */
  | { readonly kind: 'refused'; readonly because: string }
  /** It did not accept it; later it may. */
  | { readonly kind: 'throttled'; readonly because: string }
  /** Nobody knows whether it accepted it. */
  | { readonly kind: 'unknown'; readonly because: string };

/** A message as it is given to a provider. */
export interface Outgoing {
  readonly channel: Channel;
  /** Carriers of SMS take marketing and what is owed by different ways. */
  readonly purpose: Purpose;
  readonly from: string;
  readonly to: string;
  /** Channel's own form: raw MIME for e-mail, UTF-8 text for SMS. */
  readonly body: Uint8Array;
  /** Carried back by the provider's feedback: send key, order time, person, cause. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a channel's `connect` answers: one attempt a call. */
export interface Sender {
  send(message: Outgoing): Promise<SendOutcome>;
  /** How many messages the provider will take within the next hour, as far as it tells. Throws Unavailable when it cannot say. */
  allowance(): Promise<number>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Does the provider tell afterwards that it took a message? SNS tells nothing of text messages and push. */
export const tellsFeedback: Readonly<Record<Channel, boolean>> = { email: true, sms: false, push: false };

/** What a provider told of one message. */
export interface Feedback {
  readonly kind: 'feedback';
  readonly channel: Channel;
  readonly providerId: string;
  /** When the provider took the message. */
  readonly acceptedAt: Instant;
  /** Addresses it was sent to, as the provider writes them. */
  readonly to: readonly string[];
  readonly mark: Mark;
  readonly about: MessageNamed;
}

/** Tags name the message; without them only the address says who it went to, and perhaps a header which message it was. */
export type MessageNamed =
  | {
      readonly by: 'tags';
      readonly person: PersonId;
      readonly sendKey: string;
      readonly orderTime: Instant;
      readonly cause?: Cause;
    }
  | { readonly by: 'address'; readonly message?: { readonly sendKey: string; readonly orderTime: Instant } };

export type Receipt = Feedback | { readonly kind: 'ignored'; readonly because: string; readonly providerId?: string };
