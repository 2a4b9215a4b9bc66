/** The contract of People about merging two people: one step, only over what was read, and nobody is left behind. */
import { describe, expect, test } from 'vitest';
import { Conflict } from '../../shared/kernel/errors.ts';
import type { MergeWrite, People } from '../../shared/ports.ts';
import {
  aChunk,
  ada,
  anInstance,
  bob,
  cyd,
  ended,
  now,
  sideOf,
  someHotState,
  someStatistics,
  storePerson,
} from './people-fixtures.ts';
import { waitingUntil, type PeopleFactory } from './people-fixtures.ts';

/** Ada wins and gets Bob's open journey; both as they are stored now. */
async function aMerge(people: People, given: Partial<MergeWrite> = {}): Promise<MergeWrite> {
  const before = { winner: await sideOf(people, ada), loser: await sideOf(people, bob) };
  return {
    winner: ada,
    loser: bob,
    at: now + 10,
    before,
    after: {
      attributes: { ...before.winner.attributes, aliases: [bob] },
      hot: { ...before.winner.hot, lastSeen: now + 10 },
      statistics: { ...before.winner.statistics, earlier: { count: 4, amount: 101 } },
    },
    moved: [],
    ended: [],
    ...given,
  };
}

async function bothStored(newStore: PeopleFactory): Promise<People> {
  const { people } = await newStore();
  await storePerson(people, ada);
  await storePerson(people, bob);
  return people;
}

export function mergeContract(newStore: PeopleFactory): void {
  describe('a merge', () => {
    test('is one person afterwards, whichever id is asked', async () => {
      const people = await bothStored(newStore);
      const write = await aMerge(people);
      await people.merge(write);
      const merged = await people.load(ada);
      expect(merged.attributes).toEqual({ ...write.after.attributes, version: 2 });
      expect(merged.hot).toEqual({ ...write.after.hot, version: 2 });
      expect(await people.statistics(ada)).toEqual({ ...write.after.statistics, version: 2 });
      expect(await people.load(bob)).toEqual(merged);
    });

    test('of people of whom nothing is stored yet leads to the winner too', async () => {
      const { people } = await newStore();
      await people.merge(await aMerge(people));
      expect((await people.load(bob)).id).toBe(ada);
      expect((await people.load(ada)).hot.version).toBe(1);
      await expect(people.commit(bob, { hot: someHotState(), instances: [] })).rejects.toThrow(Conflict);
    });

    test('follows a chain of merges to its end', async () => {
      const people = await bothStored(newStore);
      await people.merge(await aMerge(people));
      const before = { winner: await sideOf(people, cyd), loser: await sideOf(people, ada) };
      const after = { attributes: { ...before.winner.attributes, aliases: [ada, bob] }, hot: before.winner.hot };
      await people.merge({ winner: cyd, loser: ada, at: now + 20, before, after, moved: [], ended: [] });
      expect((await people.load(bob)).id).toBe(cyd);
      await people.keepChunk(bob, aChunk(now, 'e-1'));
      expect((await people.load(bob, aChunk(now, 'e-1').key)).hasChunk).toBe(true);
    });

    test('moves open journeys and ends them on the other side, timers and all', async () => {
      const people = await bothStored(newStore);
      await people.saveInstance(bob, anInstance({ state: waitingUntil(now + 60) }));
      await people.saveInstance(bob, anInstance({ key: 'cart-2', state: waitingUntil(now + 70) }));
      await people.saveInstance(ada, anInstance({ key: 'cart-2', state: waitingUntil(now + 80) }));
      const endedByMerge = { kind: 'ended', because: 'merged', at: now + 10 } as const;
      const moved = [
        anInstance({ state: waitingUntil(now + 60) }),
        anInstance({ key: 'cart-2', stored: 1, state: waitingUntil(now + 70) }),
      ];
      const left = [
        anInstance({ stored: 1, state: endedByMerge }),
        anInstance({ key: 'cart-2', stored: 1, state: endedByMerge }),
      ];
      await people.merge(await aMerge(people, { moved, ended: left }));
      expect((await people.dueTimers(0, now + 99, 10)).map(({ person, key, due }) => [person, key, due - now])).toEqual([
        [ada, 'cart-1', 60],
        [ada, 'cart-2', 70],
      ]);
      expect((await people.instances([bob], left)).map(({ instance }) => instance.state)).toEqual([endedByMerge, endedByMerge]);
      expect((await people.instances([ada, bob], left)).map(({ person, instance }) => [person, instance.stored])).toEqual([
        [ada, 1],
        [ada, 2],
      ]);
    });

    test.each([46, 47, 48, 100, 170])('moves as many as %i open journeys', async (count) => {
      const people = await bothStored(newStore);
      const all = Array.from({ length: count }, (_, n) => anInstance({ key: `cart-${n}`, state: waitingUntil(now + 60 + n) }));
      for (let at = 0; at < count; at += 25)
        await Promise.all(all.slice(at, at + 25).map((instance) => people.saveInstance(bob, instance)));
      const left = all.map((one) => ({ ...one, stored: 1, state: ended }));
      await people.merge(await aMerge(people, { moved: all, ended: left }));
      const timers = await people.dueTimers(0, now + 999, 1_000);
      expect(timers.map(({ person, key }) => `${person} ${key}`)).toEqual(all.map(({ key }) => `${ada} ${key}`));
      expect((await people.instances([bob], left)).map(({ instance }) => instance)).toEqual(
        left.map((one) => ({ ...one, stored: 2 })),
      );
      expect((await people.load(bob)).id).toBe(ada);
    });

    test('leaves the history where it is', async () => {
      const people = await bothStored(newStore);
      await people.keepChunk(bob, aChunk(now, 'e-1'));
      await people.merge(await aMerge(people));
      expect((await people.load(ada, aChunk(now, 'e-1').key)).hasChunk).toBe(true);
      expect((await people.load(bob, aChunk(now, 'e-1').key)).hasChunk).toBe(true);
    });

    test('without statistics of its own leaves the winner’s as they are', async () => {
      const people = await bothStored(newStore);
      const write = await aMerge(people);
      const { statistics: _, ...after } = write.after;
      await people.merge({ ...write, after });
      expect(await people.statistics(ada)).toEqual(someStatistics({ version: 1 }));
    });

    test('of 20 at once one is done', async () => {
      const people = await bothStored(newStore);
      const write = await aMerge(people);
      const settled = await Promise.allSettled(Array.from({ length: 20 }, () => people.merge(write)));
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(settled.every((one) => one.status === 'fulfilled' || one.reason instanceof Conflict)).toBe(true);
    });
  });

  describe('a merge over what changed since it was read', () => {
    const changes: readonly (readonly [string, (people: People) => Promise<unknown>])[] = [
      ['the winner’s facts', async (people) => people.saveAttributes(ada, (await people.load(ada)).attributes)],
      ['the loser’s facts', async (people) => people.saveAttributes(bob, (await people.load(bob)).attributes)],
      ['the winner’s hot state', (people) => people.commit(ada, { hot: someHotState({ version: 1 }), instances: [] })],
      ['the loser’s hot state', (people) => people.commit(bob, { hot: someHotState({ version: 1 }), instances: [] })],
      [
        'the loser’s statistics',
        (people) =>
          people.commit(bob, { hot: someHotState({ version: 1 }), statistics: someStatistics({ version: 1 }), instances: [] }),
      ],
      ['a journey to be ended', (people) => people.saveInstance(bob, anInstance({ stored: 1, state: waitingUntil(now + 61) }))],
      ['a journey that the winner has got meanwhile', (people) => people.saveInstance(ada, anInstance({ state: ended }))],
    ];

    test.each(changes)('throws Conflict and changes nothing: %s', async (_what, change) => {
      const people = await bothStored(newStore);
      await people.saveInstance(bob, anInstance());
      const write = await aMerge(people, { moved: [anInstance()], ended: [anInstance({ stored: 1, state: ended })] });
      await change(people);
      const read = async () => ({
        ada: await sideOf(people, ada),
        bob: await sideOf(people, bob),
        all: await people.allInstances([ada, bob]),
      });
      const stood = await read();
      await expect(people.merge(write)).rejects.toThrow(Conflict);
      expect(await read()).toEqual(stood);
    });

    test('whoever read the loser before the merge cannot write to it after', async () => {
      const people = await bothStored(newStore);
      const { attributes, hot } = await people.load(bob);
      await people.saveInstance(bob, anInstance());
      await people.merge(await aMerge(people, { moved: [anInstance()], ended: [anInstance({ stored: 1, state: ended })] }));
      await expect(people.commit(bob, { hot, instances: [] })).rejects.toThrow(Conflict);
      await expect(people.commit(bob, { hot, instances: [anInstance({ key: 'cart-9' })] })).rejects.toThrow(Conflict);
      await expect(people.saveAttributes(bob, attributes)).rejects.toThrow(Conflict);
      await expect(people.saveInstance(bob, anInstance({ stored: 1 }))).rejects.toThrow(Conflict);
      expect((await people.load(bob)).id).toBe(ada);
    });
  });
}
