/** The contract of Parking: kept with its reason for 14 days, newest first, one of each id, whatever its size. */
import { describe, expect, test } from 'vitest';
import { exactDays, hours, type Instant } from '../../shared/kernel/time.ts';
import type { Parked, ParkedItems } from '../../shared/ports.ts';
import { noise } from './people-fixtures.ts';

/** A parking of its own for one test. */
export type ParkingFactory = (clock: () => Instant) => Promise<ParkedItems>;

export const now = 1_763_920_000_000;

export const aParked = (given: Partial<Parked> = {}): Parked => ({
  id: 'message-1',
  at: now,
  stage: 'process-events',
  problems: [{ where: 'events.0.name', problem: 'expected text' }],
  body: '{"broken": "é🧣',
  claims: ['email#abc', 'phone#def'],
  ...given,
});

export function parkingContract(newParking: ParkingFactory): void {
  const atNow = () => newParking(() => now);

  describe('parked items', () => {
    test('are told as they were parked', async () => {
      const parking = await atNow();
      expect(await parking.parked(10)).toEqual([]);
      const bare = aParked({ id: 'é🧣#/', at: now - 1, claims: [], problems: [], body: '' });
      await parking.park(aParked());
      await parking.park(bare);
      expect(await parking.parked(10)).toEqual([aParked(), bare]);
    });

    test('are told newest first, over days, at most so many', async () => {
      const parking = await atNow();
      const ages = [5, 0, 30, 1, 200, 26, 100];
      for (const age of ages) await parking.park(aParked({ id: `m-${age}`, at: now - hours(age) }));
      const ids = async (limit: number) => (await parking.parked(limit)).map(({ id }) => id);
      expect(await ids(10)).toEqual(['m-0', 'm-1', 'm-5', 'm-26', 'm-30', 'm-100', 'm-200']);
      expect(await ids(2)).toEqual(['m-0', 'm-1']);
      expect(await ids(4)).toEqual(['m-0', 'm-1', 'm-5', 'm-26']);
    });

    test.each([
      ['at the same moment', now],
      ['an hour later', now + hours(1)],
      ['on another day', now + exactDays(1)],
      ['13 days later', now + exactDays(13)],
    ])('with the same id again replace the item: %s', async (_when, later) => {
      const parking = await newParking(() => later);
      await parking.park(aParked());
      await parking.park(aParked({ at: later, stage: 'park-dead-letters', claims: [] }));
      expect(await parking.parked(10)).toEqual([aParked({ at: later, stage: 'park-dead-letters', claims: [] })]);
    });

    test('are gone after 14 days', async () => {
      let time = now;
      const parking = await newParking(() => time);
      await parking.park(aParked());
      time = now + exactDays(14) - 1;
      expect(await parking.parked(10)).toHaveLength(1);
      time = now + exactDays(14);
      expect(await parking.parked(10)).toEqual([]);
    });

    test.each([
      ['a megabyte of one letter', 'x'.repeat(1_048_576)],
      ['a megabyte without an order', noise(1_048_576)],
    ])('of %s are told whole, also when something smaller replaces them', async (_what, body) => {
      const parking = await atNow();
      await parking.park(aParked({ body }));
      expect(await parking.parked(10)).toEqual([aParked({ body })]);
      await parking.park(aParked({ body: body.slice(0, 500_000) }));
      expect(await parking.parked(10)).toEqual([aParked({ body: body.slice(0, 500_000) })]);
      await parking.park(aParked({ body: 'small' }));
      expect(await parking.parked(10)).toEqual([aParked({ body: 'small' })]);
    });

    test('are found by their id, the newest of it', async () => {
      const parking = await atNow();
      expect(await parking.find('message-1')).toBeUndefined();
      await parking.park(aParked({ id: 'other' }));
      await parking.park(aParked({ at: now - exactDays(13), body: noise(700_000) }));
      expect(await parking.find('message-1')).toEqual(aParked({ at: now - exactDays(13), body: noise(700_000) }));
      await parking.park(aParked({ body: 'newer' }));
      expect(await parking.find('message-1')).toEqual(aParked({ body: 'newer' }));
      expect(await parking.find('message-2')).toBeUndefined();
    });

    test('are found no longer than 14 days', async () => {
      let time = now;
      const parking = await newParking(() => time);
      await parking.park(aParked());
      time = now + exactDays(14) - 1;
      expect(await parking.find('message-1')).toEqual(aParked());
      time = now + exactDays(14);
      expect(await parking.find('message-1')).toBeUndefined();
    });

    test('are dropped alone, once, whatever their size', async () => {
      const parking = await atNow();
      await parking.park(aParked({ body: noise(700_000) }));
      await parking.park(aParked({ id: 'other' }));
      expect(await parking.drop({ id: 'message-1', at: now })).toBe(true);
      expect(await parking.drop({ id: 'message-1', at: now })).toBe(false);
      expect(await parking.find('message-1')).toBeUndefined();
      expect(await parking.parked(10)).toEqual([aParked({ id: 'other' })]);
    });

    test.each([
      ['within the day', now + 1_000],
      ['on another day', now + exactDays(2)],
    ])('are not dropped when they were parked again since: %s', async (_when, later) => {
      const parking = await newParking(() => later);
      await parking.park(aParked({ body: noise(700_000) }));
      await parking.park(aParked({ at: later, body: noise(700_000) }));
      expect(await parking.drop({ id: 'message-1', at: now })).toBe(false);
      expect(await parking.find('message-1')).toEqual(aParked({ at: later, body: noise(700_000) }));
    });

    test('of one day are all told, however many pages they fill', async () => {
      const parking = await atNow();
      const body = noise(150_000);
      const items = Array.from({ length: 20 }, (_, n) => aParked({ id: `m-${n}`, at: now - ((n * 7) % 20), body }));
      for (const item of items) await parking.park(item);
      expect(await parking.parked(100)).toEqual(items.toSorted((a, b) => b.at - a.at));
      expect(await parking.parked(3)).toEqual(items.toSorted((a, b) => b.at - a.at).slice(0, 3));
    });
  });
}
