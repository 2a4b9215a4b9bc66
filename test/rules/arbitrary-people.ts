/** Random people: what is known of them, what they did, and how the pipeline counts it. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../shared/kernel/json.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { DatedOrder, DidCondition, Facts } from '../../shared/rules/condition.ts';
import { countEvent, exactStateOf, type CountedEvent } from '../../shared/rules/did-state.ts';
import { aName } from './arbitrary-conditions.ts';
import { aDate, aMoment, anyValue } from './arbitrary-values.ts';

const someProperties = (now: Instant, zone: string, moment = aMoment(now, zone)): fc.Arbitrary<JsonObject> =>
  fc.record(
    {
      x: anyValue,
      channel: fc.constantFrom<Json>('store', 'Store', 'web', null),
      category: fc.constantFrom<Json>('robes', 'robes', 'sacs', ' robes ', 7, '7', true, '', null, ['robes']),
      date: aDate(now, zone, moment),
    },
    { requiredKeys: [] },
  );

/** What happened until now, in no order. */
export const aHistory = (now: Instant, zone: string, moment = aMoment(now, zone)): fc.Arbitrary<readonly CountedEvent[]> =>
  fc.array(
    fc.record({
      name: aName,
      occurredAt: moment.map((at) => Math.min(at, now)),
      properties: someProperties(now, zone),
    }),
    { maxLength: 14 },
  );

const anOrder = (moment: fc.Arbitrary<Instant>): fc.Arbitrary<DatedOrder> =>
  fc
    .record({
      at: moment,
      amount: fc.constantFrom(0, 10, 20.3, 30.5, 59.9, -5, 0.1, 0.07),
      currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'CHF', undefined),
    })
    .map(({ currency, ...order }) => (currency === undefined ? order : { ...order, currency }));

export const someFacts = (now: Instant, zone: string, moment = aMoment(now, zone)): fc.Arbitrary<Omit<Facts, 'counts'>> =>
  fc
    .record({
      event: fc.oneof(someProperties(now, zone), anyValue, fc.constant(undefined)),
      traits: fc.oneof(
        {
          arbitrary: fc.record({
            ...{ a: anyValue, b: anyValue, date: aDate(now, zone, moment), other: aDate(now, zone, moment) },
            list: fc.array(anyValue, { maxLength: 5 }),
          }),
          weight: 5,
        },
        anyValue,
      ),
      cart: fc.oneof(fc.record({ value: anyValue }), fc.constant({})),
      orders: fc.record({ count: fc.nat(5) }),
      orderList: fc.array(anOrder(moment), { maxLength: 5 }),
      device: fc.record({ type: anyValue }),
      place: fc.record({ city: anyValue }),
      predicted: fc.record({ churn: anyValue }),
      context: fc.record({ weather: anyValue }),
    })
    .map(({ event, ...facts }) => ({ now, zone, ...facts, ...(event === undefined ? {} : { event }) }));

/** As the pipeline counts: event by event as they are told. */
export const countedOneByOne = (dids: readonly DidCondition[], history: readonly CountedEvent[], zone: string): Facts['counts'] =>
  Object.fromEntries(
    dids.map((one) => {
      let [state, latest]: [Facts['counts'][string], Instant] = [{}, 0];
      for (const event of history) {
        latest = Math.max(latest, event.occurredAt);
        state = countEvent(state, one, event, zone, latest) ?? {};
      }
      return [one.id, state];
    }),
  );

/** As the timeline is counted: all at once. */
export const countedAtOnce = (
  dids: readonly DidCondition[],
  history: readonly CountedEvent[],
  zone: string,
  now: Instant,
): Facts['counts'] => Object.fromEntries(dids.map((one) => [one.id, exactStateOf(one, history, zone, now)]));
