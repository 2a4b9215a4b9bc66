/** The contract of People about the commit of an envelope: together or not at all, once, and never over somebody else's. */
import { describe, expect, test } from 'vitest';
import type { Instance } from '../../shared/journeys/instance.ts';
import { Conflict } from '../../shared/kernel/errors.ts';
import type { People } from '../../shared/ports.ts';
import { newStatistics } from '../../shared/profile/statistics.ts';
import { ada, anInstance, bob, ended, now, sendingUntil, someHotState, someStatistics, waitingUntil } from './people-fixtures.ts';
import type { PeopleFactory } from './people-fixtures.ts';

export function commitContract(newStore: PeopleFactory): void {
  describe('commit', () => {
    test('the hot state alone is stored one version on, statistics stay', async () => {
      const { people } = await newStore();
      expect(await people.commit(ada, { hot: someHotState(), instances: [] })).toEqual({ kind: 'committed' });
      expect((await people.load(ada)).hot).toEqual(someHotState({ version: 1 }));
      expect(await people.statistics(ada)).toEqual(newStatistics());
      const { cart: _, lastOrderAt: __, ...emptied } = someHotState({ version: 1 });
      await people.commit(ada, { hot: emptied, instances: [] });
      expect((await people.load(ada)).hot).toEqual({ ...emptied, version: 2 });
    });

    test('statistics and journeys are stored with it', async () => {
      const { people } = await newStore();
      await people.commit(ada, {
        hot: someHotState(),
        statistics: someStatistics(),
        instances: [anInstance(), anInstance({ key: 'cart-2' })],
      });
      expect(await people.statistics(ada)).toEqual(someStatistics({ version: 1 }));
      const stored = await people.instances(
        [ada],
        [{ journey: 'panier-abandonne', key: 'cart-2' }, anInstance(), { journey: 'bienvenue', key: '-' }],
      );
      expect(stored).toHaveLength(2);
      expect(stored).toContainEqual({ person: ada, instance: anInstance({ stored: 1 }) });
      expect(stored).toContainEqual({ person: ada, instance: anInstance({ key: 'cart-2', stored: 1 }) });
      const moved = anInstance({ stored: 1, state: sendingUntil(now + 60_000), begunAs: bob });
      const last = anInstance({ key: 'cart-2', stored: 1, state: ended });
      await people.commit(ada, {
        hot: someHotState({ version: 1 }),
        statistics: someStatistics({ version: 1, orders: [] }),
        instances: [moved, last],
      });
      expect((await people.instances([ada], [moved]))[0]?.instance).toEqual({ ...moved, stored: 2 });
      expect((await people.instances([ada], [last]))[0]?.instance).toEqual({ ...last, stored: 2 });
      expect(await people.statistics(ada)).toEqual(someStatistics({ version: 2, orders: [] }));
    });

    test('of 20 commits of the same version one wins, alone as in a transaction', async () => {
      const { people } = await newStore();
      for (const instances of [[], [anInstance({ key: 'cart-race' })]]) {
        const { hot } = await people.load(ada);
        const commits = Array.from({ length: 20 }, (_, n) =>
          people.commit(ada, { hot: { ...hot, lastSeen: now + n }, instances }),
        );
        const settled = await Promise.allSettled(commits);
        expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(settled.every((one) => one.status === 'fulfilled' || one.reason instanceof Conflict)).toBe(true);
        expect((await people.load(ada)).hot.version).toBe(hot.version + 1);
      }
    });

    test('a journey that exists already is told, and nothing is written', async () => {
      const { people } = await newStore();
      await people.commit(ada, { hot: someHotState(), instances: [anInstance({ state: ended })] });
      const again = {
        hot: someHotState({ version: 1 }),
        statistics: someStatistics(),
        instances: [anInstance(), anInstance({ key: 'cart-2' })],
      };
      expect(await people.commit(ada, again)).toEqual({
        kind: 'instance-exists',
        instances: [{ journey: 'panier-abandonne', key: 'cart-1' }],
      });
      expect((await people.load(ada)).hot.version).toBe(1);
      expect((await people.statistics(ada)).version).toBe(0);
      expect(await people.instances([ada], [{ journey: 'panier-abandonne', key: 'cart-2' }])).toEqual([]);
    });

    test.each([
      ['the hot state', { hot: someHotState(), instances: [] }],
      ['the hot state, with a journey that exists', { hot: someHotState(), instances: [anInstance()] }],
      ['the hot state, with a new journey', { hot: someHotState({ version: 2 }), instances: [anInstance({ key: 'cart-2' })] }],
      ['the statistics', { hot: someHotState({ version: 1 }), statistics: someStatistics(), instances: [] }],
      [
        'the statistics, with a journey that exists',
        { hot: someHotState({ version: 1 }), statistics: someStatistics(), instances: [anInstance()] },
      ],
      ['a journey', { hot: someHotState({ version: 1 }), instances: [anInstance({ stored: 7 })] }],
      [
        'a journey that is not there',
        { hot: someHotState({ version: 1 }), instances: [anInstance({ key: 'cart-2', stored: 1 })] },
      ],
    ])('throws Conflict when somebody else changed %s', async (_what, commit) => {
      const { people } = await newStore();
      await people.commit(ada, { hot: someHotState(), statistics: someStatistics(), instances: [anInstance()] });
      await expect(people.commit(ada, commit)).rejects.toThrow(Conflict);
      expect((await people.load(ada)).hot).toEqual(someHotState({ version: 1 }));
      expect(await people.statistics(ada)).toEqual(someStatistics({ version: 1 }));
      expect((await people.allInstances([ada])).map(({ instance }) => instance)).toEqual([anInstance({ stored: 1 })]);
    });

    test('one person’s commit is none of another’s', async () => {
      const { people } = await newStore();
      await people.commit(ada, { hot: someHotState(), instances: [anInstance()] });
      await people.commit(bob, { hot: someHotState({ lastSeen: 1 }), instances: [anInstance()] });
      expect((await people.load(ada)).hot).toEqual(someHotState({ version: 1 }));
      expect((await people.load(bob)).hot).toEqual(someHotState({ version: 1, lastSeen: 1 }));
    });

    test('holds many journeys and a large state', async () => {
      const { people } = await newStore();
      const instances = Array.from({ length: 40 }, (_, n) => anInstance({ key: `cart-${n}` }));
      const closedCarts = Array.from({ length: 4_000 }, (_, n) => `a-cart-that-was-closed-some-time-ago-${n}`);
      await people.commit(ada, { hot: someHotState({ closedCarts }), instances });
      expect((await people.load(ada)).hot.closedCarts).toEqual(closedCarts);
      expect(await people.instances([ada], instances)).toHaveLength(40);
    });
  });

  describe('a commit of more journeys than one transaction takes', () => {
    const many = (count: number, given: Partial<Instance> = {}): readonly Instance[] =>
      Array.from({ length: count }, (_, n) => anInstance({ key: `cart-${n}`, ...given }));
    const storedOf = async (people: People, instances: readonly Instance[]) =>
      (await people.instances([ada], instances)).map(({ instance }) => instance);

    test.each([97, 98, 99, 100, 101, 197, 198, 199, 200, 351])('begins, moves and ends all %i of them', async (count) => {
      const { people } = await newStore();
      expect(await people.commit(ada, { hot: someHotState(), statistics: someStatistics(), instances: many(count) })).toEqual({
        kind: 'committed',
      });
      expect(await storedOf(people, many(count))).toEqual(many(count, { stored: 1 }));
      expect((await people.load(ada)).hot).toEqual(someHotState({ version: 1 }));
      const changed = many(count, { stored: 1 }).map((one, n) => ({
        ...one,
        state: n % 3 === 0 ? waitingUntil(now + n) : ended,
      }));
      await people.commit(ada, { hot: someHotState({ version: 1 }), instances: changed });
      expect(await storedOf(people, changed)).toEqual(changed.map((one) => ({ ...one, stored: 2 })));
      expect((await people.load(ada)).hot).toEqual(someHotState({ version: 2 }));
      expect(await people.dueTimers(0, now + 9_000_000, 1_000)).toHaveLength(Math.ceil(count / 3));
      expect(await people.statistics(ada)).toEqual(someStatistics({ version: 1 }));
    });

    test('writes nothing over somebody else’s', async () => {
      const { people } = await newStore();
      await people.commit(ada, { hot: someHotState(), instances: many(150) });
      await expect(people.commit(ada, { hot: someHotState(), instances: many(150, { stored: 1 }) })).rejects.toThrow(Conflict);
      await people.load(ada);
      expect(await storedOf(people, many(150))).toEqual(many(150, { stored: 1 }));
    });

    test('tells that a journey which it begins exists already, whichever it is', async () => {
      const { people } = await newStore();
      await people.commit(ada, { hot: someHotState(), instances: many(140) });
      const begun = anInstance({ journey: 'bienvenue', key: '-' });
      await people.commit(ada, { hot: someHotState({ version: 1 }), instances: [begun] });
      const ends = many(140, { stored: 1, state: ended });
      expect(await people.commit(ada, { hot: someHotState({ version: 2 }), instances: [...ends, begun] })).toEqual({
        kind: 'instance-exists',
        instances: [{ journey: 'bienvenue', key: '-' }],
      });
      expect(await storedOf(people, ends)).toEqual(many(140, { stored: 1 }));
    });
  });

  describe('an instance alone', () => {
    test('is written when it is as it was read', async () => {
      const { people } = await newStore();
      await people.saveInstance(ada, anInstance());
      const moved = anInstance({ stored: 1, state: waitingUntil(now + 5), log: [] });
      await people.saveInstance(ada, moved);
      expect(await people.instances([ada], [moved])).toEqual([{ person: ada, instance: { ...moved, stored: 2 } }]);
    });

    test('throws Conflict when it is not', async () => {
      const { people } = await newStore();
      await people.saveInstance(ada, anInstance());
      for (const stored of [0, 2]) await expect(people.saveInstance(ada, anInstance({ stored }))).rejects.toThrow(Conflict);
      await expect(people.saveInstance(ada, anInstance({ key: 'other', stored: 1 }))).rejects.toThrow(Conflict);
      const writes = Array.from({ length: 20 }, () => people.saveInstance(ada, anInstance({ stored: 1 })));
      const settled = await Promise.allSettled(writes);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });
}
