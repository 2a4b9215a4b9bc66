/** From what was told to envelopes: nothing is lost, order is kept, and a regrouped retry meets the same envelopes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Told } from '../../shared/connectors/connector.ts';
import type { RawIdentifier } from '../../shared/events/identifier.ts';
import { hours } from '../../shared/kernel/time.ts';
import { intoEnvelopes, maxEnvelopeBytes, type Sender } from '../../shared/pipeline/envelopes.ts';

const receivedAt = Date.parse('2026-11-23T18:30:00Z');
const sender: Sender = { source: 'segment', trust: 'server', receivedAt, country: 'FR' };

interface Words {
  readonly id?: string;
  readonly identifiers?: readonly RawIdentifier[];
  readonly previously?: RawIdentifier;
  readonly statedAt?: number;
  readonly bytes?: number;
}

const ada: RawIdentifier = { type: 'email', value: 'Ada@example.com' };

function told({ id = 'e1', identifiers = [ada], previously, statedAt, bytes = 0 }: Words, index = 0): Told {
  const times = { occurredAt: receivedAt, ...(statedAt === undefined ? {} : { statedAt }) };
  const event = { id, type: 'track' as const, name: 'X', ...times, properties: { text: 'x'.repeat(bytes) } };
  return { index, item: { id }, identifiers, event, ...(previously === undefined ? {} : { previously }) };
}
const envelopes = (...all: readonly Words[]) => intoEnvelopes(all.map(told), sender).envelopes;
const idsOf = (...all: readonly Words[]) => envelopes(...all).map(({ events }) => events.map(({ id }) => id));

describe('one envelope', () => {
  test('holds the events of one identifier set, in claim order, in the order they were told', () => {
    const [envelope] = envelopes(
      { id: 'b', identifiers: [ada, { type: 'userId', value: 'u' }] },
      { id: 'a', identifiers: [{ type: 'userId', value: ' u ' }, { type: 'email', value: 'ada@EXAMPLE.com' }, ada] },
    );
    expect(envelope).toMatchObject({
      source: 'segment',
      trust: 'server',
      receivedAt,
      identifiers: [
        { type: 'userId', value: 'u' },
        { type: 'email', value: 'ada@example.com' },
      ],
    });
    expect(envelope?.events.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  test('is of one person as written: the same person under other identifiers is another', () => {
    const anonymous: RawIdentifier = { type: 'anonymousId', value: 'device' };
    expect(idsOf({ id: 'a' }, { id: 'b', identifiers: [ada, anonymous] }, { id: 'c' })).toEqual([['a', 'c'], ['b']]);
  });

  test('is of one hour of stated time; without one it is the hour of receipt', () => {
    const hour = receivedAt - (receivedAt % hours(1));
    expect(
      idsOf(
        { id: 'a', statedAt: hour - 1 },
        { id: 'b', statedAt: hour },
        { id: 'c' },
        { id: 'd', statedAt: hour + hours(1) - 1 },
      ),
    ).toEqual([['a'], ['b', 'c', 'd']]);
  });

  test('says one previous id', () => {
    const before = (type: 'userId' | 'anonymousId'): RawIdentifier => ({ type, value: 'p' });
    const all = envelopes({ id: 'a', previously: before('userId') }, { id: 'b', previously: before('anonymousId') }, { id: 'c' });
    expect(all.map(({ previously }) => previously)).toEqual([
      { type: 'userId', value: 'p' },
      { type: 'anonymousId', value: 'p' },
      undefined,
    ]);
  });

  test('says the place of what stands behind another of the same instant, whoever it is about, and of nothing else', () => {
    const placed = (identifiers: readonly RawIdentifier[], occurredAt: number, index: number): Told => {
      const one = told({ id: `e${index}`, identifiers }, index);
      return { ...one, event: { ...one.event, occurredAt } };
    };
    const device: RawIdentifier = { type: 'anonymousId', value: 'device' };
    const all = [placed([ada], 1, 0), placed([device], 1, 1), placed([ada], 2, 2), placed([ada], 1, 3)];
    const [ofAda, ofDevice] = intoEnvelopes(all, sender).envelopes;
    expect(ofAda?.events.map(({ place }) => place)).toEqual([undefined, undefined, 2]);
    expect(ofAda?.events.every((event, index) => index === 2 || !('place' in event))).toBe(true);
    expect(ofDevice?.events.map(({ place }) => place)).toEqual([1]);
  });

  test('counts an event once that was told twice', () => {
    expect(idsOf({ id: 'a' }, { id: 'b' }, { id: 'a' })).toEqual([['a', 'b']]);
  });

  test('has room for 256 KB of JSON', () => {
    const all = intoEnvelopes(
      Array.from({ length: 30 }, (_, index) => told({ id: `e${index}`, bytes: 30_000 }, index)),
      sender,
    );
    expect(all.refused).toEqual([]);
    expect(all.envelopes.flatMap(({ events }) => events.map(({ id }) => id))).toEqual(
      Array.from({ length: 30 }, (_, index) => `e${index}`),
    );
    for (const envelope of all.envelopes)
      expect(Buffer.byteLength(JSON.stringify(envelope))).toBeLessThanOrEqual(maxEnvelopeBytes);
    expect(all.envelopes.length).toBe(4);
  });
});

describe('an event is refused', () => {
  test.each<[string, Words, RegExp]>([
    ['names nobody at all', { identifiers: [] }, /^names nobody: no identifier was given$/],
    [
      'names nobody usable',
      {
        identifiers: [
          { type: 'userId', value: 'null' },
          { type: 'phone', value: '555-SHIP' },
        ],
      },
      /^names nobody: userId is `null`.*; phone is no phone number$/,
    ],
    ['was nobody before', { previously: { type: 'userId', value: 'undefined' } }, /^names nobody as the previous id/],
    ['is larger than an envelope', { bytes: maxEnvelopeBytes }, /^the event has \d+ bytes; at most 262144 are taken$/],
  ])('when it %s', (_what, words, problem) => {
    const { envelopes: none, refused } = intoEnvelopes([told(words, 7)], sender);
    expect(none).toEqual([]);
    expect(refused).toMatchObject([{ index: 7, item: { id: 'e1' } }]);
    expect(refused[0]?.problem).toMatch(problem);
  });

  test('not because one of its identifiers names nobody', () => {
    const {
      envelopes: [envelope],
      leftOut,
    } = intoEnvelopes([told({ identifiers: [ada, { type: 'phone', value: '555-SHIP' }] })], sender);
    expect(envelope?.identifiers).toEqual([{ type: 'email', value: 'ada@example.com' }]);
    expect(leftOut).toMatchObject([{ told: { index: 0 }, leftOut: [{ type: 'phone', because: 'is no phone number' }] }]);
  });
});

const anyTold = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 8 }),
    identifiers: fc.subarray<RawIdentifier>([ada, { type: 'userId', value: 'u' }, { type: 'anonymousId', value: 'null' }]),
    statedAt: fc.integer({ min: receivedAt - hours(3), max: receivedAt }),
    bytes: fc.constantFrom(0, 10, 30_000, 100_000),
  }),
  { selector: ({ id }) => id, maxLength: 25 },
);

test('every event is in one envelope or refused, and none is in two', () => {
  fc.assert(
    fc.property(anyTold, (all) => {
      const sorted = intoEnvelopes(all.map(told), sender);
      const found = [
        ...sorted.envelopes.flatMap(({ events }) => events.map(({ id }) => id)),
        ...sorted.refused.map(({ index }) => all[index]!.id),
      ];
      expect(found.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    }),
  );
});

test('within an identifier set and hour, events keep their order across envelopes', () => {
  fc.assert(
    fc.property(anyTold, (all) => {
      const place = new Map(all.map(({ id }, index) => [id, index]));
      const streams = new Map<string, number[]>();
      for (const { identifiers, events } of intoEnvelopes(all.map(told), sender).envelopes) {
        for (const { id, statedAt } of events) {
          const stream = JSON.stringify([identifiers, Math.floor((statedAt ?? 0) / hours(1))]);
          streams.set(stream, [...(streams.get(stream) ?? []), place.get(id)!]);
        }
      }
      for (const places of streams.values()) expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
  );
});

test('the same events in any order, told later, have the same envelope ids', () => {
  const small = anyTold.map((all) => all.map((one) => ({ ...one, bytes: 0 })));
  const shuffled = small.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 0, max: hours(5) }), ([all, again], later) => {
      const ids = (words: readonly Words[], at: number) =>
        intoEnvelopes(words.map(told), { ...sender, receivedAt: at })
          .envelopes.map(({ id }) => id)
          .toSorted();
      expect(ids(again, receivedAt + later)).toEqual(ids(all, receivedAt));
    }),
  );
});
