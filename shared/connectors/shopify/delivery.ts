/** A Shopify delivery as its topics see it, and how fields of its documents are read: each may be missing or of any type. */
import type { ConsentStatement, EventType } from '../../events/event.ts';
import type { RawIdentifier } from '../../events/identifier.ts';
import { at, numberOf, textOf, type Json, type JsonObject } from '../../kernel/json.ts';
import type { Instant } from '../../kernel/time.ts';

export interface Delivery {
  readonly topic: string;
  readonly body: JsonObject;
  /** `example.myshopify.com`; not signed. */
  readonly shop: string | undefined;
  readonly receivedAt: Instant;
}

/** One event that a delivery tells, still without id and time. */
export interface Saying {
  readonly type: EventType;
  readonly name: string;
  /** Id of the cart, order or customer it is about. */
  readonly resource: string | undefined;
  /** Fields that may say when it happened, the best first. */
  readonly times: readonly (Json | undefined)[];
  readonly identifiers: readonly RawIdentifier[];
  readonly properties: JsonObject;
  readonly traits?: JsonObject;
  readonly consent?: readonly ConsentStatement[];
}

export const read = (document: Json | undefined, path: string): Json | undefined => at(document, path.split('.'));
/** Ids with every digit, also those beyond 2^53. */
export const text = (document: Json | undefined, path: string): string | undefined => textOf(read(document, path));
export const amount = (document: Json | undefined, path: string): number | undefined => numberOf(read(document, path));

/** Without the fields that are not known. */
export const known = (fields: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, Json][] => (value === undefined ? [] : [[name, value]])),
  );

/** Sums of money in binary fractions: no currency has more than three decimals. */
export const sum = (amounts: readonly number[]): number =>
  Math.round(amounts.reduce((total, one) => total + one, 0) * 1_000) / 1_000;

/** How a later delivery without any identity finds the person: by a thing that is theirs. */
export const reference = (
  kind: 'cart' | 'checkout' | 'checkout-id' | 'order',
  id: string | undefined,
): readonly RawIdentifier[] => (id === undefined ? [] : [{ type: 'reference', value: `shopify:${kind}:${id}` }]);
