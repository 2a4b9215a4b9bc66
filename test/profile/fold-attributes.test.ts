/** Facts by event time: any order of arrival ends in the same traits, consents and identifiers (promise 1). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event, Trust } from '../../shared/events/event.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import type { Json, JsonObject } from '../../shared/kernel/json.ts';
import { foldFacts, type FactsContext, type FoldedFacts } from '../../shared/profile/fold-attributes.ts';
import { addressOf, newAttributes, type Attributes } from '../../shared/profile/profile.ts';
import type { ToldEvent } from '../../shared/profile/fold-cart.ts';

interface Telling {
  readonly event: Event;
  readonly trust: Trust;
  readonly identifiers: readonly Identifier[];
}

const day = 86_400_000;
const event = (id: string, at: number, traits: JsonObject, given: Partial<Event> = {}): Event => ({
  id,
  type: 'identify',
  name: 'Identify',
  occurredAt: at,
  statedAt: at,
  properties: {},
  traits,
  ...given,
});
const telling = (at: number, traits: JsonObject, trust: Trust = 'server', identifiers: readonly Identifier[] = []): Telling => ({
  event: event(`e${at}`, at, traits),
  trust,
  identifiers,
});

interface Person {
  readonly attributes: Attributes;
  readonly lastSeen: number;
  readonly told: readonly ToldEvent[];
  readonly writes: number;
}

const nobody: Person = { attributes: newAttributes(0), lastSeen: 0, told: [], writes: 0 };

/** One envelope, as the stage folds it: the timeline is told where it is asked for. */
function hear(person: Person, events: readonly Event[], { trust, identifiers }: Omit<Telling, 'event'>): Person {
  const context: FactsContext = { source: 's', trust, mayWrite: true, identifiers, lastSeen: person.lastSeen };
  const asked = foldFacts(person.attributes, events, context);
  const folded =
    'needs' in asked ? foldFacts(person.attributes, events, { ...context, history: { from: '', told: person.told } }) : asked;
  const { attributes, changed } = expectFolded(folded);
  const told = events.map((one) => ({ event: one, context: { chunk: '', source: 's', trust, receivedAt: one.occurredAt } }));
  return {
    attributes,
    lastSeen: Math.max(person.lastSeen, ...events.map(({ occurredAt }) => occurredAt)),
    told: [...person.told, ...told],
    writes: person.writes + Number(changed),
  };
}

function expectFolded(folded: FoldedFacts | { readonly needs: string }): FoldedFacts {
  if ('needs' in folded) throw new Error('the whole timeline was not enough');
  return folded;
}

const hearAll = (tellings: readonly Telling[]): Person =>
  tellings.reduce((person, one) => hear(person, [one.event], one), nobody);

const valuesOf = ({ attributes }: Person): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(attributes.traits).map(([name, { value, verified }]) => [name, [value, verified]]));
const identifiersOf = ({ attributes }: Person): unknown =>
  attributes.identifiers.toSorted((a, b) => (a.type + a.value < b.type + b.value ? -1 : 1));

const email = (value: string): Identifier => ({ type: 'email', value });
const someTelling = fc.record({
  at: fc.integer({ min: 1, max: 6 }).map((time) => time * day),
  traits: fc.dictionary(fc.constantFrom('city', 'vip'), fc.constantFrom<Json>('Paris', 'Lyon', null), { maxKeys: 2 }),
  trust: fc.constantFrom('server' as const, 'server' as const, 'browser' as const),
  identifiers: fc.subarray([email('a@example.com'), email('b@example.com'), { type: 'reference', value: 'cart' } as const]),
  state: fc.constantFrom('granted' as const, 'withdrawn' as const),
});
const someTellings = fc.array(someTelling, { minLength: 1, maxLength: 7 }).map((all) =>
  all.map(({ at, traits, trust, identifiers, state }, index): Telling => ({
    event: event(`e${index}`, at, traits, { consent: [{ channel: 'email', state, kind: 'statement' }] }),
    trust,
    identifiers,
  })),
);
const shuffled = someTellings.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
);

describe('facts', () => {
  test('are the same in any order of arrival', () => {
    fc.assert(
      fc.property(shuffled, ([tellings, other]) => {
        const [one, same] = [hearAll(tellings), hearAll(other)];
        expect(valuesOf(same)).toEqual(valuesOf(one));
        expect(same.attributes.consents).toEqual(one.attributes.consents);
        expect(identifiersOf(same)).toEqual(identifiersOf(one));
        expect(addressOf(same.attributes, 'email')).toBe(addressOf(one.attributes, 'email'));
      }),
      { numRuns: 2_000 },
    );
  });

  test('are the same whether events come alone or together, and when they come again', () => {
    fc.assert(
      fc.property(shuffled, ([tellings, other]) => {
        fc.pre(new Set(tellings.map(({ trust }) => trust)).size === 1);
        const { trust } = tellings[0]!;
        const identifiers = tellings.flatMap((one) => one.identifiers);
        const together = hear(
          nobody,
          other.map((one) => one.event),
          { trust, identifiers },
        );
        expect(valuesOf(together)).toEqual(valuesOf(hearAll(tellings)));
        expect(
          valuesOf(
            hear(
              together,
              tellings.map((one) => one.event),
              { trust, identifiers },
            ),
          ),
        ).toEqual(valuesOf(together));
      }),
      { numRuns: 1_000 },
    );
  });

  test('are what was said last, by a server if one said anything', () => {
    fc.assert(
      fc.property(someTellings, (tellings) => {
        const { attributes } = hearAll(tellings);
        for (const [name, trait] of Object.entries(attributes.traits)) {
          const told = tellings.filter((one) => Object.hasOwn(one.event.traits ?? {}, name));
          const proven = told.filter(({ trust }) => trust === 'server');
          const heard = proven.length > 0 ? proven : told;
          const last = Math.max(...heard.map((one) => one.event.occurredAt));
          const candidates = heard.filter((one) => one.event.occurredAt === last).map((one) => one.event.traits?.[name]);
          expect(candidates).toContainEqual(trait.value);
          expect(trait.verified).toBe(proven.length > 0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('move back when somebody moves back, although the first move is told last', () => {
    const moves = [telling(1 * day, { city: 'Paris' }), telling(5 * day, { city: 'Paris' }), telling(3 * day, { city: 'Lyon' })];
    expect(valuesOf(hearAll(moves))).toEqual({ city: ['Paris', true] });
  });

  test('that are only repeated are not written again, or every order would cost a trait change', () => {
    const orders = Array.from({ length: 30 }, (_, index) => telling((index + 1) * day, { city: 'Paris', vip: true }));
    expect(hearAll(orders).writes).toBe(1);
  });

  test('of a browser never outweigh those of a server, and one that may not write changes nothing', () => {
    expect(valuesOf(hearAll([telling(1 * day, { city: 'Paris' }), telling(9 * day, { city: 'Hacked' }, 'browser')]))).toEqual({
      city: ['Paris', true],
    });
    const context: FactsContext = {
      source: 's',
      trust: 'browser',
      mayWrite: false,
      identifiers: [email('x@example.com')],
      lastSeen: 0,
    };
    const before = hearAll([telling(1 * day, { city: 'Paris' })]).attributes;
    expect(foldFacts(before, [event('x', 9 * day, { city: 'Hacked' })], context)).toEqual({
      attributes: before,
      changed: false,
      consentChanges: [],
    });
  });

  test('too large to be a person are refused, and what a browser claims leaves room for what a server knows', () => {
    const large = (bytes: number): JsonObject => ({ note: 'x'.repeat(bytes) });
    expect(() => hearAll([telling(1, large(20_000), 'browser')])).toThrow(InvalidInput);
    expect(() => hearAll([telling(1, large(70_000))])).toThrow(InvalidInput);
    const claimed = telling(1, { claim: 'x'.repeat(15_000) }, 'browser');
    expect(() => hearAll([claimed, telling(2, large(40_000))])).not.toThrow();
  });
});

describe('the address of a person', () => {
  test.each([
    [
      'a proven one before a claimed one',
      [telling(1, {}, 'server', [email('a@example.com')]), telling(9, {}, 'browser', [email('b@example.com')])],
      'a@example.com',
    ],
    [
      'the newer of two',
      [telling(1, {}, 'server', [email('a@example.com')]), telling(9, {}, 'server', [email('b@example.com')])],
      'b@example.com',
    ],
    ['nothing where there is none', [telling(1, {}, 'server', [])], undefined],
  ])('is %s', (_why, tellings, address) => {
    expect(addressOf(hearAll(tellings).attributes, 'email')).toBe(address);
    expect(addressOf(hearAll(tellings.toReversed()).attributes, 'email')).toBe(address);
  });
});
