/**
 * What every channel shares: how a message is handed to its provider, and what the provider can answer.
 */
import type { Channel } from '../events/event.ts';

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
  readonly from: string;
  readonly to: string;
  /** Channel's own form: raw MIME for e-mail. */
  readonly body: Uint8Array;
  /** Carried back by the provider's feedback: send key, order time, person, cause. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a channel's `connect` answers: one attempt a call. */
export interface Sender {
  send(message: Outgoing): Promise<SendOutcome>;
}

export type Environment = Readonly<Record<string, string | undefined>>;
