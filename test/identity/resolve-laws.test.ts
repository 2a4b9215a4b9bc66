/** What no statement may ever do, whoever has which identifier: laws of identity over any people and any words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWeak, type Identifier } from '../../shared/events/identifier.ts';
import type { KnownPerson } from '../../shared/identity/resolve.ts';
import { ask, isSame, read, words, type Known } from './statements.ts';

const someWord = fc.constantFrom(
  ...[
    'user1',
    'user2',
    'till1',
    'till2',
    'shop1',
    'shop2',
    'crm1',
    'card1',
    'mail1',
    'mail2',
    'tel1',
    'tel2',
    'dev1',
    'dev2',
    'cart1',
  ],
);
/** Each identifier is somebody's or nobody's, said by a server or a browser. */
const somePeople = fc
  .uniqueArray(someWord, { maxLength: 9 })
  .chain((all) => fc.tuple(...all.map((word) => fc.tuple(fc.constant(word), fc.nat(3), fc.boolean()))))
  .map((all) =>
    ['P', 'Q', 'R', 'S'].flatMap((id, index): readonly KnownPerson[] => {
      const mine = all.filter(([, owner]) => owner === index).map(([word, , proven]) => read(proven ? word : `?${word}`));
      return mine.length === 0 ? [] : [{ id, identifiers: mine }];
    }),
  );
const someWords = fc.uniqueArray(someWord, { minLength: 1, maxLength: 5 }).map((named) => named.join(' '));
const someStatement = fc
  .tuple(someWords, fc.option(someWord, { freq: 4 }))
  .map(([named, previously]) => (previously === null ? named : `${named} was ${previously}`));

const isName = ({ type }: Identifier): boolean => !isWeak(type) && type !== 'phone';
const says = (statement: string, identifier: Identifier): boolean =>
  words(statement.replace(' was ', ' ')).some((word) => isSame(read(word), identifier));
const identifiersOf = (person: KnownPerson | undefined): readonly Known[] => person?.identifiers ?? [];

/** One word for each account: its source. */
const accountsOf = (identifiers: readonly Identifier[]): readonly string[] =>
  identifiers.flatMap(({ type, value, source = '' }) => {
    if (type === 'userId') return [`user of ${source}`];
    if (type === 'loyaltyId') return [type];
    return type === 'externalId' ? [value.split(':', 1)[0] ?? ''] : [];
  });
const isOfOne = (identifiers: readonly Identifier[]): boolean =>
  new Set(accountsOf(identifiers)).size === accountsOf(identifiers).length;

describe('a server that calls nobody by two names', () => {
  test('gives no person a second account of one source', () => {
    fc.assert(
      fc.property(somePeople, someWords, (people, statement) => {
        fc.pre(people.every(({ identifiers }) => isOfOne(identifiers)));
        const { subject, claim, merge } = ask('server', people, statement);
        // One is merged at a time; then it is asked again.
        for (const other of [undefined, ...merge])
          expect(isOfOne([...identifiersOf(subject), ...claim, ...identifiersOf(other)])).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('joins two who have names by a name only, never by a phone or a device', () => {
    fc.assert(
      fc.property(somePeople, someWords, (people, statement) => {
        const { subject, claim, merge } = ask('server', people, statement);
        const isMeantByName = (person: KnownPerson | undefined): boolean =>
          identifiersOf(person).some((one) => isName(one) && says(statement, one));
        for (const other of merge) expect(isMeantByName(other) || !other.identifiers.some(isName)).toBe(true);
        const getsName = claim.some(isName) || merge.some(isMeantByName);
        expect(getsName && identifiersOf(subject).some(isName) && !isMeantByName(subject)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('any statement', () => {
  const trust = fc.constantFrom('server' as const, 'browser' as const);

  test('leaves no identifier without an answer: claimed, the person’s own, to be merged, or left', () => {
    fc.assert(
      fc.property(trust, somePeople, someStatement, (who, people, statement) => {
        const { subject, claim, merge, left } = ask(who, people, statement);
        const answered = [...claim, ...left, ...identifiersOf(subject), ...merge.flatMap(identifiersOf)];
        const named = words(statement.replace(' was ', ' ')).map(read);
        expect(named.filter((one) => !answered.some((other) => isSame(one, other)))).toEqual([]);
        expect(claim.filter((one) => people.some(({ identifiers }) => identifiers.some((known) => isSame(known, one))))).toEqual(
          [],
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test('finds the same person when it comes again, and claims nothing more', () => {
    fc.assert(
      fc.property(trust, somePeople, someStatement, (who, people, statement) => {
        const { subject, claim, merge } = ask(who, people, statement);
        fc.pre(merge.length === 0);
        const known = claim.map((one) => ({ ...one, verified: who === 'server' }));
        const person: KnownPerson = { id: subject?.id ?? 'N', identifiers: [...identifiersOf(subject), ...known] };
        const again = ask(who, [person, ...people.filter(({ id }) => id !== person.id)], statement);
        expect(again).toMatchObject({ subject: { id: person.id }, claim: [], merge: [] });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a browser', () => {
  test('joins nobody and writes nothing to whom a server vouched for, whatever it says', () => {
    fc.assert(
      fc.property(somePeople, someStatement, (people, statement) => {
        const { subject, claim, merge, mayWrite } = ask('browser', people, statement);
        expect(merge).toEqual([]);
        const isVouched = identifiersOf(subject).some(({ type, verified }) => verified && !isWeak(type));
        expect(isVouched && (mayWrite || claim.length > 0)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  test('writes to somebody only from that person’s own device', () => {
    fc.assert(
      fc.property(somePeople, someStatement, (people, statement) => {
        const { subject, mayWrite } = ask('browser', people, statement);
        fc.pre(subject !== undefined && mayWrite);
        expect(identifiersOf(subject).some((one) => isWeak(one.type) && says(statement, one))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
