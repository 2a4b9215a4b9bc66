/** The contract of People about claims: one owner each, whoever asks at the same moment. */
import { describe, expect, test } from 'vitest';
import { Conflict } from '../../shared/kernel/errors.ts';
import { ada, bob, cyd, now, someAttributes, storePerson, type PeopleFactory } from './people-fixtures.ts';

export function claimsContract(newStore: PeopleFactory): void {
  describe('claims', () => {
    test('nobody has what nobody claimed', async () => {
      const { people } = await newStore();
      expect([...(await people.owners(['email#a', 'phone#b']))]).toEqual([]);
      expect([...(await people.owners([]))]).toEqual([]);
    });

    test('the first who claims has it, and whoever claims it later is told so', async () => {
      const { people } = await newStore();
      expect(await people.claim('email#a', ada)).toBe(ada);
      expect(await people.claim('email#a', ada)).toBe(ada);
      expect(await people.claim('email#a', bob)).toBe(ada);
      expect(await people.claim('email#b', bob)).toBe(bob);
      expect(await people.owners(['email#a', 'email#b', 'email#c'])).toEqual(
        new Map([
          ['email#a', ada],
          ['email#b', bob],
        ]),
      );
    });

    test('of 20 people who claim it at once one gets it, and all are told the same', async () => {
      const { people } = await newStore();
      const told = await Promise.all(
        Array.from({ length: 20 }, (_, index) => people.claim('email#a', `${ada.slice(0, -2)}${index + 10}`)),
      );
      expect(new Set(told).size).toBe(1);
      expect((await people.owners(['email#a'])).get('email#a')).toBe(told[0]);
    });

    test('more claims than one read takes are all answered, and asking twice for one is asking once', async () => {
      const { people } = await newStore();
      const claims = Array.from({ length: 130 }, (_, index) => `reference#${index}`);
      await Promise.all(claims.map((claim, index) => people.claim(claim, index % 2 === 0 ? ada : bob)));
      const owners = await people.owners([...claims, 'reference#0', 'reference#none']);
      expect(owners.size).toBe(130);
      expect(claims.every((claim, index) => owners.get(claim) === (index % 2 === 0 ? ada : bob))).toBe(true);
    });

    test('only what `from` has is moved', async () => {
      const { people } = await newStore();
      await people.claim('email#a', ada);
      await people.claim('phone#b', bob);
      await people.moveClaims(['email#a', 'phone#b', 'userId#nobody'], ada, cyd);
      expect(await people.owners(['email#a', 'phone#b', 'userId#nobody'])).toEqual(
        new Map([
          ['email#a', cyd],
          ['phone#b', bob],
        ]),
      );
      await people.moveClaims(['email#a'], ada, cyd);
      expect((await people.owners(['email#a'])).get('email#a')).toBe(cyd);
    });

    test('keys of any alphabet are kept apart', async () => {
      const { people } = await newStore();
      for (const [claim, person] of [
        ['externalId#é', ada],
        ['externalId#e\u0301', bob],
        ['externalId#🛒#-', cyd],
      ] as const) {
        expect(await people.claim(claim, person)).toBe(person);
      }
      expect((await people.owners(['externalId#é', 'externalId#e\u0301', 'externalId#🛒#-'])).size).toBe(3);
    });
  });

  describe('facts', () => {
    test('a person without items is new', async () => {
      const { people } = await newStore();
      const { id, attributes, hot, hasChunk } = await people.load(ada, 'E#1#x');
      expect({ id, hasChunk }).toEqual({ id: ada, hasChunk: false });
      expect(attributes).toMatchObject({ version: 0, identifiers: [], traits: {}, consents: {}, aliases: [] });
      expect(hot.version).toBe(0);
      expect((await people.statistics(ada)).version).toBe(0);
    });

    test('are read as they were written, one version on, which is what the writer is answered', async () => {
      const { people } = await newStore();
      const answered = await people.saveAttributes(ada, someAttributes());
      expect(answered).toEqual(someAttributes({ version: 1 }));
      expect((await people.load(ada)).attributes).toEqual(answered);
      const again = await people.saveAttributes(ada, {
        ...answered,
        traits: { ü: { value: { 'a.b': 1.5 }, at: now, verified: false } },
      });
      expect(again.version).toBe(2);
      expect((await people.load(ada)).attributes).toEqual(again);
    });

    test('are not overwritten by who read them earlier', async () => {
      const { people } = await newStore();
      await people.saveAttributes(ada, someAttributes());
      await expect(people.saveAttributes(ada, someAttributes())).rejects.toThrow(Conflict);
      await expect(people.saveAttributes(ada, someAttributes({ version: 2 }))).rejects.toThrow(Conflict);
      await expect(people.saveAttributes(bob, someAttributes({ version: 1 }))).rejects.toThrow(Conflict);
    });

    test('of 20 writers at once one wins', async () => {
      const { people } = await newStore();
      const read = await people.saveAttributes(ada, someAttributes());
      const writes = Array.from({ length: 20 }, (_, n) =>
        people.saveAttributes(ada, { ...read, traits: { n: { value: n, at: now, verified: true } } }),
      );
      const settled = await Promise.allSettled(writes);
      const won = settled.filter(({ status }) => status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(settled.every((one) => one.status === 'fulfilled' || one.reason instanceof Conflict)).toBe(true);
      expect((await people.load(ada)).attributes.version).toBe(2);
    });

    test('hold what is large, and what was given may be changed by the giver afterwards', async () => {
      const { people } = await newStore();
      const attributes = structuredClone(
        someAttributes({ traits: { essay: { value: 'é'.repeat(150_000), at: now, verified: true } } }),
      );
      await people.saveAttributes(ada, attributes);
      Object.assign(attributes.traits, { essay: 'gone' });
      expect((await people.load(ada)).attributes.traits['essay']?.value).toBe('é'.repeat(150_000));
    });

    test('proofs of consent are only added, and the same one again is the same', async () => {
      const { people, countProofs } = await newStore();
      await storePerson(people, ada);
      const state = { state: 'granted', at: now, source: 'checkout', wording: 'v1' } as const;
      const proof = { key: 'email.marketing', state, envelopeId: 'e-1', evidence: '203.0.113.7' } as const;
      await people.keepProofs(ada, []);
      await people.keepProofs(ada, [proof, { ...proof, key: 'sms.marketing' }]);
      await people.keepProofs(ada, [proof]);
      expect(await countProofs(ada)).toBe(2);
      await people.keepProofs(ada, [
        { ...proof, envelopeId: 'e-2' },
        { ...proof, state: { ...state, at: now + 1 } },
      ]);
      expect(await countProofs(ada)).toBe(4);
      expect(await countProofs(bob)).toBe(0);
    });
  });
}
