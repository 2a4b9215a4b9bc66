/** What conditions may look at, of one person at one moment. */
import type { Consents } from '../consent/consent.ts';
import { at, isObject, textOf, type Json, type JsonObject } from '../kernel/json.ts';
import { isZone, type Instant } from '../kernel/time.ts';
import { countsAsOrder, netAmount, ordersFacts } from '../profile/fold-statistics.ts';
import { traitOf, zoneTraits, type Attributes, type HotState } from '../profile/profile.ts';
import type { Order, Statistics } from '../profile/statistics.ts';
import { tagsOf } from '../profile/tags.ts';
import type { DatedOrder, Facts } from '../rules/condition.ts';

export interface PersonNow {
  readonly attributes: Attributes;
  readonly hot: HotState;
  readonly statistics: Statistics;
}

/** `zone`: the brand's. */
export interface Moment {
  readonly now: Instant;
  readonly zone: string;
}

export interface Besides {
  readonly event?: JsonObject;
  /** Counted from the timeline; what `H` keeps is known anyway. */
  readonly counts?: Facts['counts'];
  /** From the timeline, where the statistics do not reach back far enough. */
  readonly orders?: readonly DatedOrder[];
}

export function factsOf({ attributes, hot, statistics }: PersonNow, { now, zone }: Moment, besides: Besides = {}): Facts {
  const { event, counts, orders } = besides;
  return {
    now,
    zone,
    ...(event === undefined ? {} : { event }),
    traits: traitFacts(attributes),
    cart: cartFacts(hot),
    orders: { ...ordersFacts(statistics) },
    orderList: orders ?? datedOrders(statistics.orders),
    device: deviceFacts(hot),
    place: placeFacts(attributes, hot),
    predicted: {},
    context: {},
    counts: { ...statesOf(hot, zone), ...counts },
  };
}

/** Counted in another zone, they say nothing. */
export const statesOf = ({ counts }: Pick<HotState, 'counts'>, zone: string): Facts['counts'] =>
  counts?.zone === zone ? counts.states : {};

export const datedOrders = (orders: readonly Order[]): readonly DatedOrder[] =>
  orders.filter(countsAsOrder).map((order) => ({
    at: order.at,
    amount: netAmount(order),
    ...(order.currency === undefined ? {} : { currency: order.currency }),
  }));

function traitFacts(attributes: Attributes): JsonObject {
  const told = Object.entries(attributes.traits).map(([name, { value }]): [string, Json] => [name, value]);
  const tags = tagsOf(attributes);
  return {
    ...Object.fromEntries(told),
    ...(tags.length === 0 ? {} : { tags }),
    consent: consentFacts(attributes.consents),
  };
}

const consentFacts = (consents: Consents): JsonObject =>
  Object.fromEntries(Object.entries(consents).map(([key, state]) => [key.split('.', 1)[0] ?? key, state.state === 'granted']));

export function cartFacts({ cart }: HotState): JsonObject {
  if (cart === undefined) return {};
  const { id, value, quantity, currency, url } = cart;
  const money = { ...(value === undefined ? {} : { value }), ...(currency === undefined ? {} : { currency }) };
  return { id, quantity, ...money, ...(url === undefined ? {} : { url }) };
}

const deviceFacts = ({ device }: HotState): JsonObject => {
  if (device === undefined) return {};
  const { type, os } = device;
  return { ...(type === undefined ? {} : { type }), ...(os === undefined ? {} : { os }) };
};

/** Where they were last seen; what that does not say, their postal address does. */
function placeFacts(attributes: Attributes, { place }: HotState): JsonObject {
  const address = traitOf(attributes, 'address');
  const written = (name: string): Readonly<Record<string, string>> => {
    const value = isObject(address) ? textOf(at(address, [name === 'region' ? 'state' : name])) : undefined;
    return value === undefined ? {} : { [name]: value };
  };
  const { at: _at, ...seen } = place ?? { at: 0 };
  return { ...written('country'), ...written('region'), ...written('city'), ...seen };
}

/** Their own trait says it, else where their latest event came from, else the brand's. */
export function recipientZone(attributes: Attributes, { place }: Pick<HotState, 'place'>, brandZone: string): string {
  const told = zoneTraits.flatMap((name) => textOf(traitOf(attributes, name)) ?? []);
  return told.find(isZone) ?? place?.timezone ?? brandZone;
}
