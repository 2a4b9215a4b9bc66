/** Random conditions over the few names and values that random people have (arbitrary-people.ts), so that both meet. */
import fc from 'fast-check';
import { dayText, localDay, type Duration, type Instant } from '../../shared/kernel/time.ts';
import type { Comparison, Condition, DidCondition, When } from '../../shared/rules/condition.ts';
import { aDuration, aMoment, anyValue } from './arbitrary-values.ts';
import { did } from './facts.ts';

/** Whole days from today. */
const anOffset: fc.Arbitrary<Duration> = fc.record({
  count: fc.constantFrom(0, 0, 1, -1, 2, -2, 7, -7, 30, -12),
  unit: fc.constantFrom('days' as const, 'days' as const, 'weeks' as const, 'months' as const, 'years' as const),
});

const aWhen = (now: Instant, zone: string): fc.Arbitrary<When> =>
  fc.oneof(
    fc.constant<When>({ kind: 'now' }),
    { arbitrary: anOffset.map((offset): When => ({ kind: 'day', offset })), weight: 3 },
    aMoment(now, zone).map((moment): When => ({ kind: 'date', day: dayText(localDay(moment, zone)) })),
    aMoment(now, zone).map((moment): When => ({ kind: 'instant', at: moment })),
  );

export const aDateComparison = (now: Instant, zone: string): fc.Arbitrary<Comparison> =>
  fc.oneof(
    fc.record({
      op: fc.constantFrom('before' as const, 'after' as const, 'on' as const, 'anniversary' as const),
      value: aWhen(now, zone),
    }),
    fc.record({ op: fc.constant('within' as const), value: aDuration }),
  );

const aPlainComparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({
    op: fc.constantFrom('eq' as const, 'ne' as const, 'gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
    value: anyValue,
  }),
  fc.record({ op: fc.constantFrom('in' as const, 'not-in' as const), value: fc.array(anyValue, { maxLength: 3 }) }),
  fc.record({
    op: fc.constantFrom('any-of' as const, 'all-of' as const, 'none-of' as const),
    value: fc.array(anyValue, { maxLength: 3 }),
  }),
  fc.record({ op: fc.constant('contains' as const), value: anyValue }),
  fc.record({ op: fc.constant('exists' as const), value: fc.boolean() }),
);

const aPath = fc.constantFrom(
  ...['a', 'b', 'traits.a', 'cart.value', 'cart', 'orders.count', 'event.x', 'event.x.0', '__proto__', 'constructor', 'a.length'],
  ...['device.type', 'place.city', 'predicted.churn', 'context.weather', 'place', 'list'],
);
const aDatePath = fc.constantFrom('date', 'date', 'traits.other', 'event.date', 'a');
const pathOf = (text: string): readonly string[] => text.split('.');

export const aName = fc.constantFrom('Product Viewed', 'Order Completed', 'Page Viewed');

const someTimes = fc.constantFrom(
  ...[
    { min: 1 },
    { min: 1 },
    { min: 2 },
    { min: 3 },
    { min: 0, max: 0 },
    { min: 0, max: 1 },
    { min: 2, max: 2 },
    { min: 1, max: 3 },
    { min: 5 },
  ],
  { min: 0 },
);

/** On the event alone. */
const aWhere = (now: Instant, zone: string): fc.Arbitrary<Condition> => {
  const kind = fc.constant('compare' as const);
  const path = fc.constantFrom('x', 'event.x', 'channel', 'event.channel').map(pathOf);
  const plain = fc.record({ kind, path, comparison: aPlainComparison });
  const channel = fc.record({
    kind,
    path: fc.constant(['channel']),
    comparison: fc.constant<Comparison>({ op: 'eq', value: 'store' }),
  });
  const dated = fc.record({ kind, path: fc.constantFrom(['date'], ['event', 'date']), comparison: aDateComparison(now, zone) });
  return fc.oneof(
    { arbitrary: channel, weight: 3 },
    plain,
    dated,
    plain.map((of): Condition => ({ kind: 'not', of })),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(fc.oneof(plain, dated, channel), { maxLength: 3 }),
    }),
  );
};

export const aDid = (now: Instant, zone: string): fc.Arbitrary<DidCondition> =>
  fc
    .record({
      events: fc.uniqueArray(aName, { minLength: 1, maxLength: 2 }),
      where: fc.option(aWhere(now, zone), { nil: undefined, freq: 2 }),
      same: fc.option(fc.constantFrom(['category'], ['event', 'category']), { nil: undefined, freq: 2 }),
      times: someTimes,
      within: fc.option(aDuration, { nil: undefined, freq: 5 }),
    })
    .map(({ events, where, same, times, within }) =>
      did(events, {
        ...(where === undefined ? {} : { where }),
        ...(same === undefined ? {} : { same }),
        times: same === undefined ? times : { min: Math.max(1, times.min) },
        ...(within === undefined ? {} : { within }),
      }),
    );

const someOrders = (now: Instant, zone: string): fc.Arbitrary<Condition> => {
  const amount = fc.constantFrom(0, 1, 2, 20, 30.5, 61, 100);
  const comparison = fc.oneof(
    { arbitrary: fc.record({ op: fc.constantFrom('gte' as const, 'lt' as const, 'eq' as const), value: amount }), weight: 4 },
    aPlainComparison,
    aDateComparison(now, zone),
  );
  return fc.record({
    kind: fc.constant('orders' as const),
    field: fc.constantFrom('count' as const, 'total' as const),
    comparison,
    within: aDuration,
  });
};

/** Every word of the language, the parts that time can change as often as the others. */
export const aCondition = (now: Instant, zone: string): fc.Arbitrary<Condition> => {
  const kind = fc.constant('compare' as const);
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ kind, path: aPath.map(pathOf), comparison: aPlainComparison }),
      fc.record({ kind, path: aDatePath.map(pathOf), comparison: aDateComparison(now, zone) }),
      aDid(now, zone),
      someOrders(now, zone),
      fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
      fc.record({ kind: fc.constant('segment' as const), segment: fc.constant('fideles'), of: tie('condition') }),
    ),
  }));
  return condition;
};

/** Only what time changes. */
export const aTimedCondition = (now: Instant, zone: string): fc.Arbitrary<Condition> => {
  const leaf: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({
      kind: fc.constant('compare' as const),
      path: fc.constantFrom(['date'], ['traits', 'other']),
      comparison: aDateComparison(now, zone),
    }),
    aDid(now, zone),
    someOrders(now, zone),
  );
  const pair = fc.record({
    kind: fc.constantFrom('all' as const, 'any' as const),
    of: fc.array(leaf, { minLength: 2, maxLength: 3 }),
  });
  return fc.oneof(
    leaf,
    pair,
    pair.map((of): Condition => ({ kind: 'not', of })),
  );
};
