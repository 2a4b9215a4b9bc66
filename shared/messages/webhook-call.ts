/** A webhook that a journey sends, and what is known of it afterwards. */

/** A call to a machine of somebody else's. */
export interface WebhookCall {
  readonly url: string;
  /** The same in every attempt: the receiver knows a repetition by it. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
  /** How many of our webhooks led to this one, itself included. */
  readonly depth: number;
  /** Standard Webhooks; all sign, so that one can be changed over. */
  readonly secrets: readonly string[];
}

export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly status: number }
  /** No connection, no answer in time: it may have been heard. */
  | { readonly kind: 'unreachable'; readonly because: string };
