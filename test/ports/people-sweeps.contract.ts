/** The contract of People for whoever sweeps all of them: each once, however the pages fall, and what is asked of many at once. */
import { describe, expect, test } from 'vitest';
import type { People } from '../../shared/ports.ts';
import { placeAfter, type DirectoryPlace, type Listed } from '../../shared/profile/directory.ts';
import { newAttributes, newHotState } from '../../shared/profile/profile.ts';
import { newStatistics } from '../../shared/profile/statistics.ts';
import {
  ada,
  bob,
  cyd,
  now,
  someAttributes,
  someHotState,
  someStatistics,
  storePerson,
  type PeopleFactory,
} from './people-fixtures.ts';

async function swept(people: People, limit: number, from?: DirectoryPlace): Promise<readonly Listed[]> {
  const all: Listed[] = [];
  let place: DirectoryPlace | undefined = from;
  do {
    const page = await people.directory(place, limit);
    expect(page.people.length).toBeLessThanOrEqual(limit);
    all.push(...page.people);
    place = page.next;
  } while (place !== undefined);
  return all;
}

export function sweepsContract(newStore: PeopleFactory): void {
  describe('the directory', () => {
    const names = Array.from({ length: 150 }, (_, index) => `01KAQ${String(index * 7).padStart(21, '0')}`);

    test('of nobody is empty', async () => {
      const { people } = await newStore();
      expect(await swept(people, 10)).toEqual([]);
    });

    test('holds everybody who is known by name, with traits and consents, and no one else', async () => {
      const { people } = await newStore();
      await people.saveAttributes(ada, someAttributes());
      await people.saveAttributes(
        bob,
        someAttributes({ identifiers: [{ type: 'anonymousId', value: 'a-1', verified: false, since: now }] }),
      );
      await people.saveAttributes(cyd, someAttributes({ into: ada }));
      await people.commit(bob, { hot: someHotState(), instances: [] });
      const { traits, consents } = someAttributes();
      expect(await swept(people, 10)).toEqual([{ person: ada, traits, consents }]);
    });

    test.each([1, 7, 100, 1_000])('is told whole, each once and in one order, by pages of %d', async (limit) => {
      const { people } = await newStore();
      await Promise.all(names.map((person) => people.saveAttributes(person, someAttributes())));
      const order = (await swept(people, 1_000)).map(({ person }) => person);
      expect(order.toSorted()).toEqual(names);
      expect((await swept(people, limit)).map(({ person }) => person)).toEqual(order);
    });

    test('goes on after any person, and who becomes known meanwhile moves nobody', async () => {
      const { people } = await newStore();
      for (const person of names.slice(0, 20)) await people.saveAttributes(person, someAttributes());
      const order = (await swept(people, 100)).map(({ person }) => person);
      for (const person of names.slice(20, 60)) await people.saveAttributes(person, someAttributes());
      const all = (await swept(people, 100)).map(({ person }) => person);
      expect(all.filter((person) => order.includes(person))).toEqual(order);
      for (const person of [order[0]!, order[9]!, order[19]!]) {
        const rest = (await swept(people, 7, placeAfter(person))).map((one) => one.person);
        expect(rest).toEqual(all.slice(all.indexOf(person) + 1));
      }
    });
  });

  describe('parts of many', () => {
    test('are those that were asked for, in the order asked; the rest is as of a new person', async () => {
      const { people } = await newStore();
      await storePerson(people, ada);
      await people.saveAttributes(bob, someAttributes({ aliases: [cyd] }));
      const asked = await people.parts([cyd, ada, bob, ada], { attributes: true, hot: true, statistics: true });
      const nobody = { attributes: newAttributes(0), hot: newHotState(), statistics: newStatistics() };
      const all = {
        attributes: { ...someAttributes(), version: 1 },
        hot: { ...someHotState(), version: 1 },
        statistics: { ...someStatistics(), version: 1 },
      };
      const bobs = { ...nobody, attributes: { ...someAttributes({ aliases: [cyd] }), version: 1 } };
      expect(asked).toEqual([nobody, all, bobs, all]);
      expect(await people.parts([ada], { hot: true })).toEqual([{ ...nobody, hot: all.hot }]);
      expect(await people.parts([ada], { statistics: true })).toEqual([{ ...nobody, statistics: all.statistics }]);
      expect(await people.parts([ada], {})).toEqual([nobody]);
      expect(await people.parts([], { hot: true })).toEqual([]);
    });

    test('of more people than one request takes come all', async () => {
      const { people } = await newStore();
      const many = Array.from({ length: 130 }, (_, index) => `01KAQ${String(index).padStart(21, '0')}`);
      await Promise.all(
        many.map((person, index) => people.commit(person, { hot: someHotState({ lastSeen: index }), instances: [] })),
      );
      const parts = await people.parts(many, { hot: true, statistics: true });
      expect(parts.map(({ hot }) => hot.lastSeen)).toEqual(many.map((_, index) => index));
    });
  });
}
