/**
 * A connector proves that a request comes from its source and translates it into the canonical vocabulary.
 * One file each, one line in registry.ts.
 */
import type { Event } from '../events/event.ts';
import type { RawIdentifier } from '../events/identifier.ts';
import type { Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';

export interface WebhookRequest {
  /** Names lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  /** As received, byte for byte: signatures are over these. */
  readonly body: Uint8Array;
}

/** The part of a request in which something was told. */
export interface Part {
  /** Place in the request, 0 for the only one. */
  readonly index: number;
  readonly messageId?: string;
  /** The part as the source wrote it: parked where the rest of the way refuses it. */
  readonly item: Json;
  /** What the source calls the person; of a refused part as far as it could be read, so that erasure finds it. */
  readonly identifiers: readonly RawIdentifier[];
}

/** One event and what the source calls the person in it. */
export interface Told extends Part {
  readonly previously?: RawIdentifier;
  readonly event: Event;
}

export interface Refused extends Part {
  /** What is wrong, what was expected, what to do. */
  readonly problem: string;
}

export interface Translation {
  readonly told: readonly Told[];
  readonly refused: readonly Refused[];
}

export interface Connector {
  readonly name: string;
  /** Over the raw bytes, in constant time, against all secrets valid now. `systemNow` judges freshness (never the product clock). */
  isAuthentic(request: WebhookRequest, secrets: readonly string[], systemNow: Instant): boolean;
  /** Pure. Throws InvalidInput where the body is not what the source sends at all. A topic we have no use for answers nothing told. */
  translate(request: WebhookRequest, receivedAt: Instant): Translation;
}
