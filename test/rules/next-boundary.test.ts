/** The next instant at which time alone changes what a condition says (promise 4): case by case. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { isoInstant, type Instant } from '../../shared/kernel/time.ts';
import { nextBoundary } from '../../shared/rules/boundary.ts';
import type { Condition, DatedOrder, Facts, When } from '../../shared/rules/condition.ts';
import { countChange } from '../../shared/rules/count-boundary.ts';
import { exactStateOf } from '../../shared/rules/did-state.ts';
import { aDateComparison } from './arbitrary-conditions.ts';
import { at, compare, did, it, nobody, seeing, span } from './facts.ts';

const minute = 60_000;
const paris = 'Europe/Paris';

test('is told beyond many parts that change and decide nothing', () => {
  const on = (path: string): Condition => compare(path, { op: 'on', value: { kind: 'now' } });
  const idle = Array.from({ length: 9 }, (_, index): Condition => ({
    kind: 'all',
    of: [compare('no', { op: 'exists', value: true }), on(`d${index}`)],
  }));
  const days = Array.from(
    { length: 10 },
    (_, index) => [`d${index}`, `2026-12-${String(2 + 2 * index).padStart(2, '0')}`] as const,
  );
  expect(nextBoundary({ kind: 'any', of: [...idle, on('d9')] }, { ...nobody, traits: Object.fromEntries(days) })).toBeDefined();
});

test('of a month ahead lies at the beginning of a month where the month ahead is shorter', () => {
  const condition = it({ op: 'before', value: { kind: 'day', offset: span(1, 'months') } });
  const facts = seeing('2027-02-28', { now: at('2027-01-25T12:00:00+01:00') });
  expect(nextBoundary(condition, facts)).toBe(at('2027-02-01T00:00:00+01:00'));
});

describe('the next boundary', () => {
  const now = at('2026-10-20T12:00:00+02:00');
  const ordered = (...instants: Instant[]) =>
    instants.map((occurredAt) => ({ name: 'Order Completed', occurredAt, properties: {} }));
  const order = (when: string, amount: number): DatedOrder => ({ at: at(when), amount, currency: 'EUR' });
  const day = (count: number): When => ({ kind: 'day', offset: span(count, 'days') });

  const away = did('Order Completed', { times: { min: 0, max: 0 }, within: span(60, 'days') });
  const twice = did('Order Completed', { times: { min: 2 }, within: span(60, 'days') });
  const [early, late] = [at('2026-09-01T08:00:00+02:00'), at('2026-10-01T18:30:00+02:00')];
  const counted = (condition: typeof away, ...instants: Instant[]): Facts => ({
    ...nobody,
    now,
    counts: { [condition.id]: exactStateOf(condition, ordered(...instants), paris, now) },
  });

  test.each<[string, Condition, Facts, string | undefined]>([
    [
      'win-back: 60 days after the last order, at its minute, across the change',
      away,
      counted(away, early, late),
      '2026-11-30T18:30:00+01:00',
    ],
    ['two orders: until the earlier one has left the span', twice, counted(twice, early, late), '2026-10-31T08:00:00+01:00'],
    ['one order where two are asked: never by time alone', twice, counted(twice, late), undefined],
    ['who never ordered', away, counted(away), undefined],
    [
      'an order that lies ahead begins to count',
      away,
      { ...nobody, now, counts: { [away.id]: { '': [now + 5] } } },
      isoInstant(now + 5),
    ],
    [
      'orders.total falls below its limit when the dear one leaves, not when the cheap one does',
      { kind: 'orders', field: 'total', comparison: { op: 'gte', value: 100 }, within: span(1, 'months') },
      { ...nobody, now, orderList: [order('2026-09-25T10:00:00+02:00', 5), order('2026-09-30T10:00:00+02:00', 120)] },
      '2026-10-30T10:00:00+01:00',
    ],
    [
      'a birthday in a week',
      it({ op: 'anniversary', value: day(7) }),
      seeing('1990-11-02', { now }),
      '2026-10-26T00:00:00+01:00',
    ],
    [
      'which ends after its day',
      it({ op: 'anniversary', value: day(7) }),
      seeing('1990-10-27', { now }),
      '2026-10-21T00:00:00+02:00',
    ],
    [
      '29 February in a common year',
      it({ op: 'anniversary', value: { kind: 'now' } }),
      seeing('--02-29', { now }),
      '2027-02-28T00:00:00+01:00',
    ],
    [
      'a moment that passes',
      it({ op: 'before', value: { kind: 'now' } }),
      seeing('2026-12-24T18:00:00Z', { now }),
      '2026-12-24T18:00:00.001Z',
    ],
    [
      'a moment that comes',
      it({ op: 'after', value: { kind: 'now' } }),
      seeing('2026-12-24T18:00:00Z', { now }),
      '2026-12-24T18:00:00Z',
    ],
    ['30 days ago', it({ op: 'before', value: day(-30) }), seeing('2026-10-01', { now }), '2026-11-01T00:00:00+01:00'],
    [
      'within 7 days',
      it({ op: 'within', value: span(7, 'days') }),
      seeing('2026-10-18T09:00:00Z', { now }),
      '2026-10-25T11:00:00+01:00',
    ],
    [
      'within, of a day that lies ahead',
      it({ op: 'within', value: span(7, 'days') }),
      seeing('2026-11-02', { now }),
      '2026-11-02T00:00:00+01:00',
    ],
    [
      'what does not depend on time',
      it({ op: 'before', value: { kind: 'date', day: '2027-01-01' } }),
      seeing('2026-12-01', { now }),
      undefined,
    ],
    ['what is no date', it({ op: 'on', value: day(0) }), seeing('soon', { now }), undefined],
    [
      'a part that changes nothing of the whole is looked through',
      { kind: 'all', of: [it({ op: 'on', value: day(0) }), compare('country', { op: 'eq', value: 'FR' })] },
      seeing('2026-10-25', { now }),
      undefined,
    ],
    [
      'the earliest part, through not and a segment',
      { kind: 'not', of: { kind: 'segment', segment: 's', of: { kind: 'any', of: [away, it({ op: 'on', value: day(0) })] } } },
      { ...counted(away, late), traits: { it: '2026-10-25' } },
      '2026-10-25T00:00:00+02:00',
    ],
  ])('%s', (_what, condition, facts, expected) => {
    const next = nextBoundary(condition, facts);
    expect(next === undefined ? undefined : isoInstant(next)).toBe(expected === undefined ? undefined : isoInstant(at(expected)));
  });

  test.each<[string, string]>([
    ['2024-03-05T10:00:00Z', '2028-02-29T00:00:00+01:00'],
    ['2096-03-05T10:00:00Z', '2104-02-29T00:00:00+01:00'],
  ])('29 March is in one month on a leap day alone: from %s on, on %s', (from, expected) => {
    const inOneMonth = it({ op: 'anniversary', value: { kind: 'day', offset: span(1, 'months') } });
    expect(nextBoundary(inOneMonth, seeing('--03-29', { now: at(from) }))).toBe(at(expected));
  });

  test('one that leaves at the instant at which another begins changes nothing', () => {
    const lately = did('Order Completed', { within: span(1, 'hours') });
    const facts = { ...nobody, now, counts: { [lately.id]: { '': [now - 30 * minute, now + 30 * minute] } } };
    expect(countChange(lately, facts)).toBe(now + 90 * minute);
  });

  test('never throws, whatever stands where a date should', () => {
    fc.assert(
      fc.property(fc.jsonValue(), aDateComparison(now, paris), (value, comparison) => {
        expect(() => nextBoundary(it(comparison), seeing(JSON.parse(JSON.stringify(value)) as Json, { now }))).not.toThrow();
      }),
    );
  });

  test('of a thousand values is found at once', () => {
    const views = did('Product Viewed', { times: { min: 3 }, within: span(14, 'days'), same: ['category'] });
    const many = Array.from({ length: 3_000 }, (_, index) => ({
      ...{ name: 'Product Viewed', occurredAt: now - index * minute },
      properties: { category: `c${index % 1_000}` },
    }));
    const facts = { ...nobody, now, counts: { [views.id]: exactStateOf(views, many, paris, now) } };
    const begun = performance.now();
    const next = nextBoundary(views, facts);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(next).toBe(at('2026-11-03T12:00:00+01:00') - 2_000 * minute); // the third of the last value that has three
  });
});
