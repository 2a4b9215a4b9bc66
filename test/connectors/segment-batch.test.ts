/** Whole Segment requests: limits, batches, recorded clients, and whatever strangers send. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callNamed, translateCalls, translateRequest, type CallName } from '../../shared/connectors/segment-batch.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import { at, parseJson, type Json } from '../../shared/kernel/json.ts';
import { unlessInvalid, withAnything } from './any-json.ts';
import { ecommerceExamples, recordedRequests, specExamples } from './segment-requests.ts';

const received = { receivedAt: Date.parse('2026-11-23T18:00:00Z'), freshId: 'fresh' };
const track = (fields = {}) => ({ type: 'track', event: 'X', userId: 'u', ...fields });
const refusal = (call: CallName, body: Json): string => {
  try {
    translateRequest(call, body, received);
    return 'nothing was refused';
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
};

test.each([
  ...['identify', 'track', 'page', 'screen', 'group', 'alias', 'batch'].flatMap((name) => [
    [name, name],
    [name.charAt(0), name],
  ]),
])('/v1/%s is %s', (path, name) => {
  expect(callNamed(path)).toBe(name);
});

test.each(['', 'x', 'tr', 'Track', '__proto__', 'import'])('/v1/%s is no call', (path) => {
  expect(callNamed(path)).toBeUndefined();
});

describe('a batch', () => {
  test('lends its context to every call; what a call says itself stands before it', () => {
    const { told } = translateRequest(
      'batch',
      {
        context: { locale: 'fr-FR', ip: '192.0.2.1', traits: { email: 'not@merged.example' } },
        batch: [track(), track({ context: { locale: 'en-GB' } })],
      },
      received,
    );
    expect(told.map(({ event }) => event.context)).toEqual([
      { locale: 'fr-FR', ip: '192.0.2.1' },
      { locale: 'en-GB', ip: '192.0.2.1' },
    ]);
    expect(told.every(({ identifiers }) => identifiers.length === 1)).toBe(true);
  });

  test('lends its sentAt, so that a late retry still happened when it happened', () => {
    const call = track({ timestamp: '2026-11-23T10:00:00Z' });
    const { told } = translateRequest('batch', { sentAt: '2026-11-23T11:00:00Z', batch: [call] }, received);
    expect(told[0]?.event.occurredAt).toBe(Date.parse('2026-11-23T17:00:00Z'));
  });

  test('gives the same event the same id as the call sent alone', () => {
    const alone = translateRequest(
      'track',
      { event: 'X', userId: 'u', timestamp: '2026-11-23T10:00:00Z', sentAt: '2026-11-23T10:00:01Z', writeKey: 'k' },
      received,
    );
    const grouped = translateRequest(
      'batch',
      { writeKey: 'k', sentAt: '2026-11-23T12:00:00Z', batch: [track(), track({ timestamp: '2026-11-23T10:00:00Z' })] },
      received,
    );
    expect(grouped.told[1]?.event.id).toBe(alone.told[0]?.event.id);
  });

  test('loses its bad calls only, each with its place', () => {
    const { told, refused } = translateRequest(
      'batch',
      { batch: [track({ messageId: 'a' }), null, { type: 'track', userId: 'u' }, track({ messageId: 'b' })] },
      received,
    );
    expect(told.map(({ index, messageId }) => [index, messageId])).toEqual([
      [0, 'a'],
      [3, 'b'],
    ]);
    expect(refused.map(({ index }) => index)).toEqual([1, 2]);
  });

  test('takes 2,500 calls and not one more', () => {
    const calls = (count: number) => Array.from({ length: count }, (_, index) => track({ messageId: `m${index}` }));
    expect(translateRequest('batch', { batch: calls(2_500) }, received).told).toHaveLength(2_500);
    expect(refusal('batch', { batch: calls(2_501) })).toBe('batch: has 2501 calls; at most 2500 are taken');
  });

  test('may not multiply a large context into what would fill the queue', () => {
    const context = { page: { title: 'x'.repeat(30_000) } };
    expect(refusal('batch', { context, batch: Array.from({ length: 300 }, () => track()) })).toMatch(
      /^context: has 30\d\d\d bytes, too many/,
    );
    expect(refusal('batch', { context: { title: 'x'.repeat(33_000) }, batch: [track()] })).toMatch(
      /^context: has 33\d\d\d bytes/,
    );
  });

  test.each<[Json]>([[{}], [{ batch: {} }], [{ batch: 'x' }]])('%j is none', (body) => {
    expect(refusal('batch', body)).toBe('batch: must be an array of calls');
  });

  test('without calls is accepted: there is nothing to lose', () => {
    expect(translateRequest('batch', { batch: [] }, received)).toEqual({ told: [], refused: [] });
  });
});

describe('a single call', () => {
  test.each<[Json]>([[null], [[]], ['x'], [1]])('%j is none', (body) => {
    expect(refusal('track', body)).toBe('the body must be a JSON object');
  });

  test('is of the type its path says', () => {
    expect(translateRequest('identify', { type: 'track', userId: 'u' }, received).told[0]?.event.name).toBe('Identify');
  });

  test('over 32 KB makes the whole request unusable', () => {
    expect(refusal('track', track({ properties: { x: 'x'.repeat(33_000) } }))).toMatch(/at most 32768 are taken$/);
  });

  test('leaves its write key at the door', () => {
    const { told } = translateRequest('track', track({ writeKey: 'secret-key' }), received);
    expect(JSON.stringify(told)).not.toContain('secret-key');
  });
});

test('a body whose calls name their own type is one call, an array, or a batch', () => {
  const names = (body: Json) => translateCalls(body, received).told.map(({ event }) => event.name);
  expect(names(track())).toEqual(['X']);
  expect(names([track(), { type: 'page', userId: 'u' }])).toEqual(['X', 'Page Viewed']);
  expect(names({ batch: [track()] })).toEqual(['X']);
});

test.each(recordedRequests)('the recorded request $name is understood', ({ call, body }) => {
  const name = callNamed(call);
  const { told, refused } = translateRequest(name!, parseJson(body), received);
  expect(refused).toEqual([]);
  expect(told.length).toBeGreaterThan(0);
  for (const { event } of told) {
    expect(event.id).toMatch(/^segment:(node|ajs)-next-/);
    expect(event.occurredAt).toBeLessThanOrEqual(received.receivedAt);
  }
});

test('the recorded server SDK sends these events', () => {
  const { told } = translateRequest('batch', parseJson(recordedRequests[0]!.body), received);
  expect(told.map(({ event }) => event.name)).toEqual([
    'Identify',
    'Product Added',
    'Cart Viewed',
    'Page Viewed',
    'Screen Viewed',
    'Group',
    'Alias',
    'Alias',
  ]);
  expect(told[0]?.identifiers).toEqual([
    { type: 'userId', value: 'u1' },
    { type: 'email', value: 'a@b.c' },
    { type: 'phone', value: '+33600000000' },
  ]);
});

test.each(specExamples)('the spec example $name is understood once it has an id', ({ call }) => {
  const { refused, told } = translateCalls({ anonymousId: 'a', ...call }, received);
  expect(refused).toEqual([]);
  expect(told[0]?.event.type).toBe(call['type']);
});

test.each(ecommerceExamples)('$event of the spec keeps its name and properties', ({ event, properties }) => {
  const { told } = translateCalls({ type: 'track', userId: 'u', event, properties }, received);
  expect(told[0]?.event).toMatchObject({ name: event, properties });
});

describe('whatever a stranger sends', () => {
  const good: Json = {
    context: { locale: 'fr', traits: { email: 'ada@example.com' } },
    sentAt: '2026-11-23T10:00:00Z',
    batch: [
      {
        type: 'identify',
        userId: 'u',
        traits: { email: 'ada@example.com', phone: '0612345678', consent: { email: true }, address: { country: 'FR' } },
        timestamp: '2026-11-23T10:00:00Z',
      },
      {
        type: 'track',
        anonymousId: 'a',
        event: 'Added Product',
        properties: { id: 'p', products: [{ id: 'x' }] },
        context: { page: {} },
      },
      { type: 'alias', userId: 'u', previousId: 'p', messageId: 'm' },
      { type: 'group', userId: 'u', groupId: 'g', traits: {} },
    ],
  };

  const batchLength = (body: Json): number => {
    const batch = at(body, ['batch']);
    return Array.isArray(batch) ? batch.length : -1;
  };

  test('is told or refused, each call once, and nothing but InvalidInput is thrown', () => {
    const calls = fc.constantFrom<CallName>('batch', 'identify', 'track', 'page', 'screen', 'group', 'alias');
    fc.assert(
      fc.property(withAnything(good), calls, (document, call) => {
        const body = parseJson(JSON.stringify(document));
        const translation = unlessInvalid(() => translateRequest(call, body, received));
        if (translation === undefined) return;
        const places = new Set([...translation.told, ...translation.refused].map(({ index }) => index));
        expect(places.size).toBe(call === 'batch' ? batchLength(body) : 1);
        for (const { event } of translation.told)
          expect(event.occurredAt >= 0 && event.occurredAt <= received.receivedAt).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
