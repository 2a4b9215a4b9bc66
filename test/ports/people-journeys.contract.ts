/** The contract of People about instances and their timers: found under any of a person's ids, due in order, none left out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Timer } from '../../shared/ports.ts';
import {
  ada,
  anInstance,
  bob,
  cyd,
  ended,
  noise,
  now,
  sendingUntil,
  waitingUntil,
  type PeopleFactory,
} from './people-fixtures.ts';

const nameOf = ({ person, key }: Pick<Timer, 'person' | 'key'>): string => `${person} ${key}`;

export function journeysContract(newStore: PeopleFactory): void {
  describe('instances', () => {
    test('are found under the first of the people who has them', async () => {
      const { people } = await newStore();
      await people.saveInstance(ada, anInstance({ version: 'of ada' }));
      await people.saveInstance(bob, anInstance({ version: 'of bob' }));
      await people.saveInstance(bob, anInstance({ key: 'cart-2' }));
      const refs = [anInstance(), anInstance({ key: 'cart-2' }), anInstance({ key: 'cart-3' })];
      const found = await people.instances([ada, bob], refs);
      expect(found.map(({ person, instance }) => [person, instance.key, instance.version])).toEqual(
        expect.arrayContaining([
          [ada, 'cart-1', 'of ada'],
          [bob, 'cart-2', 'v-1'],
        ]),
      );
      expect(found).toHaveLength(2);
      expect((await people.instances([bob, ada], refs)).find(({ instance }) => instance.key === 'cart-1')?.person).toBe(bob);
      expect(await people.instances([], refs)).toEqual([]);
      expect(await people.instances([ada], [])).toEqual([]);
    });

    test('with keys of any alphabet and with separators in them are kept apart', async () => {
      const { people } = await newStore();
      const names = [
        { journey: 'a', key: 'b#c' },
        { journey: 'a', key: 'b' },
        { journey: 'a', key: '-' },
        { journey: 'a', key: 'é' },
        { journey: 'a', key: 'e\u0301' },
        { journey: 'a', key: '🛒'.repeat(60) },
        { journey: 'après-achat', key: 'gid://shopify/Cart/1?x=#y' },
      ];
      for (const name of names) await people.saveInstance(ada, anInstance(name));
      for (const name of names) {
        expect(await people.instances([ada], [name])).toEqual([{ person: ada, instance: anInstance({ ...name, stored: 1 }) }]);
      }
      expect(await people.allInstances([ada])).toHaveLength(names.length);
    });

    test('are all told, newest start first, whoever of the people has them', async () => {
      const { people } = await newStore();
      const starts = [3, 1, 5, 2, 4];
      for (const start of starts) {
        const instance = anInstance({ key: `cart-${start}`, startedAt: now + start, ...(start === 2 ? { state: ended } : {}) });
        await people.saveInstance(start % 2 === 0 ? ada : bob, instance);
      }
      await people.saveInstance(cyd, anInstance());
      const told = await people.allInstances([ada, bob]);
      expect(told.map(({ person, instance }) => [person, instance.key])).toEqual([
        [bob, 'cart-5'],
        [ada, 'cart-4'],
        [bob, 'cart-3'],
        [ada, 'cart-2'],
        [bob, 'cart-1'],
      ]);
      expect(await people.allInstances([])).toEqual([]);
    });

    test('of more than one page are all told', async () => {
      const { people } = await newStore();
      const log = [{ step: 'start', at: now, outcome: 'started', seen: noise(50_000) }];
      for (let n = 0; n < 30; n++) await people.saveInstance(ada, anInstance({ key: `cart-${n}`, startedAt: now + n, log }));
      const told = await people.allInstances([ada]);
      expect(told.map(({ instance }) => instance.key)).toEqual(Array.from({ length: 30 }, (_, n) => `cart-${29 - n}`));
      expect(told[0]?.instance.log).toEqual(log);
    });
  });

  describe('timers', () => {
    test('are those that wait or send, after the one instant and until the other', async () => {
      const { people } = await newStore();
      await people.saveInstance(ada, anInstance({ key: 'at the start', state: waitingUntil(now) }));
      await people.saveInstance(ada, anInstance({ key: 'sends', state: sendingUntil(now + 2) }));
      await people.saveInstance(bob, anInstance({ key: 'waits', state: waitingUntil(now + 1) }));
      await people.saveInstance(bob, anInstance({ key: 'at the end', state: waitingUntil(now + 10) }));
      await people.saveInstance(bob, anInstance({ key: 'beyond', state: waitingUntil(now + 11) }));
      await people.saveInstance(cyd, anInstance({ key: 'ended', state: ended }));
      const journey = 'panier-abandonne';
      expect(await people.dueTimers(now, now + 10, 100)).toEqual([
        { person: bob, journey, key: 'waits', due: now + 1 },
        { person: ada, journey, key: 'sends', due: now + 2 },
        { person: bob, journey, key: 'at the end', due: now + 10 },
      ]);
      expect(await people.dueTimers(0, now, 100)).toEqual([{ person: ada, journey, key: 'at the start', due: now }]);
      expect(await people.dueTimers(now + 11, now + 500, 100)).toEqual([]);
    });

    test('name runs whose keys have separators and any alphabet', async () => {
      const { people } = await newStore();
      const names = [
        { journey: 'après-achat', key: 'gid://shopify/Cart/1#2' },
        { journey: 'bienvenue', key: '-' },
        { journey: 'bienvenue', key: '100 % é🧣' },
      ];
      for (const [n, name] of names.entries())
        await people.saveInstance(ada, anInstance({ ...name, state: waitingUntil(now + n) }));
      expect(await people.dueTimers(0, now + 9, 10)).toEqual(names.map((name, n) => ({ person: ada, ...name, due: now + n })));
    });

    test('move and go with the state of their instance', async () => {
      const { people } = await newStore();
      await people.saveInstance(ada, anInstance({ state: waitingUntil(now + 1) }));
      await people.saveInstance(ada, anInstance({ stored: 1, state: waitingUntil(now + 9) }));
      expect(await people.dueTimers(0, now + 8, 10)).toEqual([]);
      expect((await people.dueTimers(0, now + 9, 10)).map(({ due }) => due)).toEqual([now + 9]);
      await people.saveInstance(ada, anInstance({ stored: 2, state: ended }));
      expect(await people.dueTimers(0, now + 9, 10)).toEqual([]);
    });

    test('at most so many, but all that share the last instant', async () => {
      const { people } = await newStore();
      for (let n = 0; n < 30; n++)
        await people.saveInstance(
          n % 2 === 0 ? ada : bob,
          anInstance({ key: `k-${n}`, state: waitingUntil(now + Math.floor(n / 10)) }),
        );
      const told = await people.dueTimers(0, now + 5, 12);
      expect(told.map(({ due }) => due)).toEqual([...Array<number>(10).fill(now), ...Array<number>(10).fill(now + 1)]);
      expect(new Set(told.map(nameOf)).size).toBe(20);
      expect(await people.dueTimers(0, now + 5, 10)).toHaveLength(10);
      expect(await people.dueTimers(0, now + 5, 1)).toHaveLength(10);
    });

    test('of many people at many instants: a sweep in steps of any size sees each once, oldest first', async () => {
      const { people } = await newStore();
      const dues = Array.from({ length: 120 }, (_, n) => now + ((n * 37) % 50));
      const persons = Array.from({ length: 40 }, (_, n) => `01KAQ0000${String(n).padStart(2, '0')}PERSON00000000000`);
      await Promise.all(
        dues.map((due, n) =>
          people.saveInstance(persons[n % 40] ?? ada, anInstance({ key: `k-${n}`, state: waitingUntil(due) })),
        ),
      );
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }), async (limit, until) => {
          const seen: Timer[] = [];
          for (let after = 0; ; after = seen.at(-1)?.due ?? now + until) {
            const step = await people.dueTimers(after, now + until, limit);
            if (step.length === 0) break;
            seen.push(...step);
          }
          expect(seen.map(({ due }) => due)).toEqual(dues.filter((due) => due <= now + until).toSorted((a, b) => a - b));
          expect(new Set(seen.map(nameOf)).size).toBe(seen.length);
        }),
        { numRuns: 8 },
      );
    });
  });
}
