/** What a person agreed to: the same for any order of telling, and no "no" is ever undone by who may not (promise 3). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consentChange,
  hasConsent,
  mergeConsents,
  type Consents,
  type ConsentState,
  type StatementContext,
} from '../../shared/consent/consent.ts';
import type { ConsentStatement } from '../../shared/events/event.ts';

interface Telling {
  readonly statement: ConsentStatement;
  readonly context: StatementContext;
}

const tell = (known: Consents, { statement, context }: Telling): Consents => {
  const change = consentChange(known, statement, context);
  return change === undefined ? known : { ...known, [change.key]: change.state };
};
const tellAll = (tellings: readonly Telling[]): Consents => tellings.reduce(tell, {});

const telling = (
  state: ConsentStatement['state'],
  occurredAt: number,
  given: Partial<ConsentStatement> = {},
  context: Partial<StatementContext> = {},
): Telling => ({
  statement: { channel: 'email', state, kind: 'statement', ...given },
  context: { occurredAt, source: 'shop', trust: 'server', mayWrite: true, ...context },
});

const email = (consents: Consents): ConsentState | undefined => consents['email.marketing'];
const browser = { trust: 'browser' } as const;
const snapshot = { kind: 'snapshot' } as const;

describe('a statement', () => {
  test.each<[string, readonly Telling[], ConsentState['state'], number]>([
    ['the newer "yes" wins', [telling('withdrawn', 1), telling('granted', 2)], 'granted', 2],
    ['the newer "no" wins', [telling('granted', 1), telling('withdrawn', 2)], 'withdrawn', 2],
    ['at the same instant "no" wins', [telling('granted', 1), telling('withdrawn', 1)], 'withdrawn', 1],
    [
      'a "no" told late still comes after an older "yes"',
      [telling('granted', 1), telling('granted', 5), telling('withdrawn', 3)],
      'granted',
      5,
    ],
    ['it counts from when the person said so', [telling('withdrawn', 5), telling('granted', 9, { at: 4 })], 'withdrawn', 5],
    ['but never from later than it was told', [telling('granted', 5, { at: 99 })], 'granted', 5],
  ])('%s', (_why, tellings, state, at) => {
    expect(email(tellAll(tellings))).toMatchObject({ state, at });
    expect(email(tellAll(tellings.toReversed()))).toMatchObject({ state, at });
  });

  test.each<[string, readonly Telling[], ConsentState['state']]>([
    [
      'an opt-in that a snapshot repeats does not undo a newer opt-out',
      [telling('withdrawn', 5), telling('granted', 9, { ...snapshot, at: 3 })],
      'withdrawn',
    ],
    [
      'an opt-in whose time a snapshot does not know undoes no opt-out',
      [telling('withdrawn', 5), telling('granted', 9, snapshot)],
      'withdrawn',
    ],
    ['not even an older one that is told after it', [telling('granted', 9, snapshot), telling('withdrawn', 5)], 'withdrawn'],
    ['an opt-out without a time undoes no opt-in', [telling('granted', 5), telling('withdrawn', 9, snapshot)], 'granted'],
    [
      'an opt-in with its own, newer time counts',
      [telling('withdrawn', 5), telling('granted', 9, { ...snapshot, at: 8 })],
      'granted',
    ],
    ['where nothing is known a snapshot counts', [telling('granted', 9, snapshot)], 'granted'],
  ])('of a snapshot: %s', (_why, tellings, state) => {
    expect(email(tellAll(tellings))?.state).toBe(state);
    expect(email(tellAll(tellings.toReversed()))?.state).toBe(state);
  });

  test.each<[string, readonly Telling[], ConsentState['state']]>([
    ['its "yes" counts where nothing is known', [telling('granted', 5, {}, browser)], 'granted'],
    ['its newer "yes" lifts no opt-out', [telling('withdrawn', 1), telling('granted', 5, {}, browser)], 'withdrawn'],
    [
      'not even an opt-out that it told itself',
      [telling('withdrawn', 1, {}, browser), telling('granted', 5, {}, browser)],
      'withdrawn',
    ],
    ['an older opt-out that is told later stands', [telling('granted', 5, {}, browser), telling('withdrawn', 1)], 'withdrawn'],
    ['a server lifts it', [telling('withdrawn', 1), telling('granted', 5, {}, browser), telling('granted', 3)], 'granted'],
    ['its "no" counts', [telling('granted', 1), telling('withdrawn', 5, {}, browser)], 'withdrawn'],
  ])('of a browser: %s', (_why, tellings, state) => {
    expect(email(tellAll(tellings))?.state).toBe(state);
    expect(email(tellAll(tellings.toReversed()))?.state).toBe(state);
  });

  test('of somebody who may not write says nothing', () => {
    expect(tellAll([telling('withdrawn', 5, {}, { mayWrite: false }), telling('granted', 5, {}, { mayWrite: false })])).toEqual(
      {},
    );
  });

  test('keeps where and with which words it was collected', () => {
    expect(email(tellAll([telling('granted', 5, { source: 'checkout', wording: 'v2' })]))).toEqual({
      state: 'granted',
      at: 5,
      source: 'checkout',
      wording: 'v2',
    });
    expect(email(tellAll([telling('granted', 5)]))?.source).toBe('shop');
  });

  test('on one channel says nothing about another', () => {
    const known = tellAll([telling('granted', 1), telling('withdrawn', 2, { channel: 'sms' })]);
    expect([hasConsent(known, 'email'), hasConsent(known, 'sms'), hasConsent(known, 'push')]).toEqual([true, false, false]);
  });
});

const someTelling: fc.Arbitrary<Telling> = fc
  .record({
    channel: fc.constantFrom('email' as const, 'sms' as const),
    state: fc.constantFrom('granted' as const, 'withdrawn' as const),
    kind: fc.constantFrom('statement' as const, 'snapshot' as const),
    at: fc.option(fc.nat(4)),
    occurredAt: fc.nat(4),
    source: fc.constantFrom('shop', 'form'),
    wording: fc.option(fc.constantFrom('v1', 'v2')),
    trust: fc.constantFrom('server' as const, 'browser' as const),
  })
  .map(({ at, wording, trust, occurredAt, ...statement }) => ({
    statement: { ...statement, ...(at === null ? {} : { at }), ...(wording === null ? {} : { wording }) },
    context: { occurredAt, trust, source: 'any', mayWrite: true },
  }));
const shuffled = fc
  .array(someTelling, { maxLength: 7 })
  .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })));

describe('consent', () => {
  test('is the same whatever the order of telling, and when all is told twice', () => {
    fc.assert(
      fc.property(shuffled, ([tellings, other]) => {
        expect(tellAll(other)).toEqual(tellAll(tellings));
        expect(tellAll([...tellings, ...other])).toEqual(tellAll(tellings));
      }),
      { numRuns: 2_000 },
    );
  });

  test('of two people who become one is as if one had told it all', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(7), ([tellings, other], cut) => {
        const [mine, theirs] = [tellAll(other.slice(0, cut)), tellAll(other.slice(cut))];
        expect(mergeConsents(mine, theirs)).toEqual(tellAll(tellings));
        expect(mergeConsents(theirs, mine)).toEqual(tellAll(tellings));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is never granted by a browser or a bare snapshot to who said no', () => {
    const isProven = ({ statement, context }: Telling): boolean =>
      statement.state === 'granted' &&
      context.trust === 'server' &&
      (statement.kind === 'statement' || statement.at !== undefined);
    fc.assert(
      fc.property(shuffled, ([tellings]) => {
        fc.pre(!tellings.some(isProven));
        const refused = tellings.some(
          ({ statement }) => statement.channel === 'email' && statement.state === 'withdrawn' && statement.kind === 'statement',
        );
        expect(refused && hasConsent(tellAll(tellings), 'email')).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
