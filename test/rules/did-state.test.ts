/** States of what somebody did suffice: they count as the whole history does at every later moment, whatever the order of telling. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { after, type Instant } from '../../shared/kernel/time.ts';
import type { DidCondition, DidState } from '../../shared/rules/condition.ts';
import {
  countedAs,
  countEvent,
  countInAll,
  countOf,
  countOfValue,
  didId,
  didIndex,
  didsIn,
  exactStateOf,
  isAsked,
  keptInstants,
  mergeStates,
  mostInstants,
  mostValues,
  stateOf,
  type CountedEvent,
} from '../../shared/rules/did-state.ts';
import { isFull } from '../prove/figures.ts';
import { aDid } from './arbitrary-conditions.ts';
import { aHistory } from './arbitrary-people.ts';
import { aDuration, aMoment, moments } from './arbitrary-values.ts';
import { at, compare, did, span } from './facts.ts';
import { referenceCount } from './reference.ts';

const paris = 'Europe/Paris';
const noon = at('2026-11-24T12:00:00+01:00');
const viewed = (occurredAt: Instant, category = 'robes'): CountedEvent => ({
  name: 'Product Viewed',
  occurredAt,
  properties: { category },
});
const views = did('Product Viewed', { times: { min: 3 }, within: span(14, 'days'), same: ['category'] });

interface Case {
  readonly zone: string;
  readonly now: Instant;
  readonly condition: DidCondition;
  /** As they are told. */
  readonly history: readonly CountedEvent[];
  readonly later: Instant;
}

const aCase: fc.Arbitrary<Case> = fc.constantFrom(...moments).chain(({ zone, near }) =>
  aMoment(near, zone).chain((now) =>
    fc.record({
      zone: fc.constant(zone),
      now: fc.constant(now),
      condition: aDid(now, zone),
      history: aHistory(now, zone),
      later: fc.oneof(
        fc.nat(400 * 86_400_000).map((more) => now + more),
        aDuration.map((duration) => after(now, duration, zone)),
        fc.constant(now),
      ),
    }),
  ),
);

/** One by one, each judged at the latest moment that was told. */
function told(condition: DidCondition, history: readonly CountedEvent[], zone: string): DidState {
  let [state, latest]: [DidState, Instant] = [{}, 0];
  for (const event of history) {
    latest = Math.max(latest, event.occurredAt);
    state = countEvent(state, condition, event, zone, latest) ?? {};
  }
  return state;
}

const numRuns = isFull ? 100_000 : 3_000;

describe('a state', { timeout: isFull ? 900_000 : 60_000 }, () => {
  test('counts as the whole history does at any later moment, as far as it can matter', () => {
    fc.assert(
      fc.property(aCase, ({ zone, now, condition, history, later }) => {
        const whole = referenceCount(condition, { history, now: later, zone });
        const kept = keptInstants(condition.times);
        for (const state of [told(condition, history, zone), exactStateOf(condition, history, zone, now)]) {
          const count = countOf(condition, state, zone, later);
          expect(count).toBe(Math.min(whole, kept));
          expect(isAsked(condition, count)).toBe(isAsked(condition, whole));
          for (const instants of Object.values(state)) expect(instants.length).toBeLessThanOrEqual(kept);
        }
      }),
      { numRuns },
    );
  });

  test('is the same whatever the order in which its events are told, and however they are split and merged', () => {
    fc.assert(
      fc.property(
        aCase.chain((one) =>
          fc.record({
            ...{ one: fc.constant(one), split: fc.nat(one.history.length) },
            other: fc.shuffledSubarray([...one.history], { minLength: one.history.length, maxLength: one.history.length }),
          }),
        ),
        ({ one: { zone, now, condition, history }, other, split }) => {
          const latest = Math.max(now, ...history.map(({ occurredAt }) => occurredAt));
          const whole = stateOf(condition, history, zone, latest);
          const halves = [other.slice(0, split), other.slice(split)].map((half) => told(condition, half, zone));
          expect(mergeStates(condition, told(condition, other, zone), {}, zone, latest)).toEqual(whole);
          expect(mergeStates(condition, halves[0]!, halves[1]!, zone, latest)).toEqual(whole);
        },
      ),
      { numRuns },
    );
  });

  test('keeps what lasts longest, which at the end of a month is not what came last', () => {
    const month = did('Product Viewed', { times: { min: 1 }, within: span(1, 'months') });
    const evening = at('2026-01-29T18:00:00+01:00');
    const morning = at('2026-01-31T09:00:00+01:00'); // both last until 28 February, the earlier one until the evening
    expect(stateOf(month, [viewed(morning), viewed(evening)], paris, morning)).toEqual({ '': [evening] });
  });

  test('drops what has expired, and values of which nothing is left', () => {
    const [old, fresh] = [noon - 14 * 86_400_000, noon - 86_400_000];
    const state = stateOf(views, [viewed(old, 'sacs'), viewed(old), viewed(fresh)], paris, noon)!;
    expect(Object.values(state)).toEqual([[fresh]]);
  });

  test('is the very same where the event does not count', () => {
    const state = stateOf(views, [viewed(noon)], paris, noon)!;
    expect(countEvent(state, views, { ...viewed(noon), name: 'Page Viewed' }, paris, noon)).toBe(state);
    expect(countEvent(state, views, { ...viewed(noon), properties: {} }, paris, noon)).toBe(state);
  });

  test('counts two events of the same instant twice', () => {
    const state = stateOf(views, [viewed(noon), viewed(noon), viewed(noon)], paris, noon)!;
    expect(countOf(views, state, paris, noon)).toBe(3);
  });

  test(`is given up beyond ${mostValues} values, and the timeline still counts exactly`, () => {
    const many = Array.from({ length: mostValues + 1 }, (_, index) => viewed(noon, `category ${index}`));
    const enough = stateOf(views, many.slice(1), paris, noon)!;
    expect(Object.keys(enough)).toHaveLength(mostValues);
    expect(countEvent(enough, views, many[0]!, paris, noon)).toBeUndefined();
    expect(stateOf(views, many, paris, noon)).toBeUndefined();
    const exact = exactStateOf(views, [...many, viewed(noon, 'category 7'), viewed(noon, 'category 7')], paris, noon);
    expect(countOf(views, exact, paris, noon)).toBe(3);
  });

  test(`is given up beyond ${mostInstants} instants, however few values they are of`, () => {
    const often = did('Product Viewed', { times: { min: 1_000 }, same: ['category'] });
    const views = (count: number) => Array.from({ length: count }, (_, index) => viewed(noon + index, `c${index % 5}`));
    expect(stateOf(often, views(mostInstants), paris, noon)).toBeDefined();
    expect(stateOf(often, views(mostInstants + 1), paris, noon)).toBeUndefined();
    expect(countEvent(stateOf(often, views(mostInstants), paris, noon)!, often, viewed(noon, 'c9'), paris, noon)).toBeUndefined();
  });

  test('tells each value its own count', () => {
    const state = stateOf(views, [viewed(noon), viewed(noon), viewed(noon, 'sacs')], paris, noon)!;
    const key = (category: string): string => countedAs(views, viewed(noon, category), paris) ?? 'none';
    expect([key('robes'), key('sacs'), key('gants')].map((value) => countOfValue(views, state, value, paris, noon))).toEqual([
      2, 1, 0,
    ]);
  });

  test('asks for nothing to be kept where any number will do', () => {
    const always = did('Product Viewed', { times: { min: 0 } });
    expect(stateOf(always, [viewed(noon)], paris, noon)).toEqual({});
    expect(isAsked(always, countOf(always, {}, paris, noon))).toBe(true);
  });
});

describe('where looks at the event alone', () => {
  const store = did('Order Completed', { where: compare('channel', { op: 'eq', value: 'store' }) });
  const ordered = (properties: CountedEvent['properties']): CountedEvent => ({
    name: 'Order Completed',
    occurredAt: noon,
    properties,
  });

  test('a path without a root and event. are the same property', () => {
    const same = did('Order Completed', { where: compare('event.channel', { op: 'eq', value: 'store' }) });
    for (const condition of [store, same]) {
      expect(countedAs(condition, ordered({ channel: 'Store' }), paris)).toBe('');
      expect(countedAs(condition, ordered({ channel: 'web' }), paris)).toBeUndefined();
    }
  });

  test('a relative day is counted from the day of the event, in the zone', () => {
    const today = did('Order Completed', {
      where: compare('delivery', { op: 'on', value: { kind: 'day', offset: span(0, 'days') } }),
    });
    const event = { ...ordered({ delivery: '2026-11-25' }), occurredAt: at('2026-11-24T23:30:00Z') };
    expect(countedAs(today, event, paris)).toBe('');
    expect(countedAs(today, event, 'UTC')).toBeUndefined();
  });
});

describe('all states together', () => {
  const orders = did('Order Completed', { within: span(90, 'days') });
  const both = did(['Order Completed', 'Product Viewed']);

  test('an event changes those that listen to it and no other, and nothing where none does', () => {
    const index = didIndex([views, orders, both, orders]);
    const states = { [views.id]: {}, [orders.id]: {}, [both.id]: {} };
    expect(countInAll(states, index, { ...viewed(noon), name: 'Page Viewed' }, paris, noon)).toBe(states);
    const counted = countInAll(states, index, viewed(noon), paris, noon);
    expect(counted[orders.id]).toBe(states[orders.id]);
    expect([countOf(views, counted[views.id]!, paris, noon), countOf(both, counted[both.id]!, paris, noon)]).toEqual([1, 1]);
  });

  test('a state that is not there, or has too many values, is not begun: its past must be counted first', () => {
    const index = didIndex([views, both]);
    const full = stateOf(
      views,
      Array.from({ length: mostValues }, (_, index) => viewed(noon, `c${index}`)),
      paris,
      noon,
    )!;
    expect(countInAll({ [views.id]: full }, index, viewed(noon), paris, noon)).toEqual({});
  });
});

describe('the name of a state', () => {
  const id = (more: Parameters<typeof did>[1]): string => did(['A', 'B'], more).id;
  const where = compare('x', { op: 'eq', value: 1 });

  test('is that of what is counted and how much of it is kept', () => {
    expect(id({ times: { min: 1 } })).toBe(id({ times: { min: 0, max: 0 } })); // `did X` and `did not X` share one state
    expect(id({ where })).toBe(id({ where: { ...where } }));
    expect(did(['B', 'A', 'B']).id).toBe(id({}));
    const { id: known, ...rest } = views;
    expect(didId(rest)).toBe(known);
  });

  test('differs with all that changes what is kept', () => {
    const different = [
      ...[{}, { times: { min: 2 } }, { times: { min: 1, max: 3 } }, { within: span(7, 'days') }, { within: span(1, 'weeks') }],
      ...[{ where }, { where: compare('x', { op: 'eq', value: '1' }) }, { same: ['x'] }, { same: ['x', 'y'] }],
    ].map(id);
    expect(new Set([...different, did('A').id]).size).toBe(different.length + 1);
  });

  test('is asked for once, wherever it stands', () => {
    const twice = did('Product Viewed', { times: { min: 0, max: 0 } });
    const once = did('Product Viewed');
    const found = didsIn({
      kind: 'all',
      of: [{ kind: 'not', of: once }, { kind: 'segment', segment: 's', of: { kind: 'any', of: [twice, views] } }, where],
    });
    expect(found.map((one) => one.id)).toEqual([once.id, views.id]);
  });
});
