/** The products of the events whose count started a run: what a newsletter about a category shows. */
import { isObject, textOf, type JsonObject } from '../kernel/json.ts';
import type { PersonId } from '../kernel/ids.ts';
import { before, exactDays, isWithin, type Instant } from '../kernel/time.ts';
import { isEntry } from '../journeys/entry.ts';
import type { Entry } from '../journeys/instance.ts';
import type { People } from '../ports.ts';
import type { CartLine } from '../profile/cart-lines.ts';
import { currencyOf } from '../profile/cart-sums.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import { chunkKeyAt, onceEach, startOfTimeline } from '../profile/timeline.ts';
import type { DidCondition } from '../rules/condition.ts';
import { countedAs } from '../rules/did-state.ts';
import { cartHistory } from './cart-history.ts';

/** More than anybody reads in one mail. */
const mostProducts = 12;
/** How far a chunk's stated time may lie from that of its events. */
const clockSkew = exactDays(1);

/** Newest first, each once, up to the event that started the run; of its value where values are told apart (`same`). */
export async function countedProducts(
  people: People,
  family: readonly PersonId[],
  did: DidCondition,
  entry: Entry,
  zone: string,
): Promise<readonly CartLine[]> {
  const from = did.within === undefined ? startOfTimeline : chunkKeyAt(before(entry.at, did.within, zone) - clockSkew);
  const told = onceEach(await cartHistory(people, family, from)).filter(({ event }) =>
    isCountedAt(did, event.occurredAt, entry.at, zone),
  );
  const ofChunk = told.filter(({ event, context }) => event.occurredAt === entry.at && context.chunk === entry.chunk);
  const started = ofChunk.find(({ event }) => isEntry(entry, event)) ?? ofChunk.at(-1);
  const value = started === undefined ? undefined : countedAs(did, started.event, zone);
  const counted = told.filter(({ event }) => value !== undefined && countedAs(did, event, zone) === value);
  const lines = new Map<string, CartLine>();
  for (const line of counted.toReversed().flatMap(linesOf)) {
    const name = textOf(line.product['product_id']) ?? textOf(line.product['sku']) ?? textOf(line.product['name']);
    if (name !== undefined && !lines.has(name)) lines.set(name, line);
  }
  return [...lines.values()].slice(0, mostProducts);
}

const isCountedAt = ({ within }: DidCondition, occurredAt: Instant, now: Instant, zone: string): boolean =>
  within === undefined ? occurredAt <= now : isWithin(occurredAt, within, now, zone);

/** An event is about one product, or tells several. */
function linesOf({ event: { properties }, context }: ToldEvent): readonly CartLine[] {
  const { products } = properties;
  const told: readonly JsonObject[] = Array.isArray(products) ? products.filter(isObject) : [properties];
  return told.map((product) => {
    const currency = currencyOf(product['currency'] ?? properties['currency']);
    return { product, quantity: 1, ...(currency === undefined ? {} : { currency }), verified: context.trust === 'server' };
  });
}
