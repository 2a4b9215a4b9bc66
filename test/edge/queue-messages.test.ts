/** What our own functions queue is read back unchanged; what is something else is refused with its place. */
import { describe, expect, test } from 'vitest';
import { decodeEnvelope, decodeOutboxItem, decodeWork } from '../../functions/edge/queue-messages.ts';
import type { Envelope } from '../../shared/events/event.ts';
import type { CampaignItem } from '../../shared/messages/message.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import { parseJson } from '../../shared/kernel/json.ts';

const through = (value: unknown) => parseJson(JSON.stringify(value));

const envelope: Envelope = {
  id: 'e-1',
  source: 'shopify',
  trust: 'server',
  receivedAt: 1_763_920_000_000,
  imported: true,
  identifiers: [{ type: 'email', value: 'ada@example.com' }],
  previously: { type: 'anonymousId', value: 'anon-1' },
  events: [
    {
      id: 'shopify:1',
      type: 'identify',
      name: 'Identify',
      occurredAt: 1_763_919_999_000,
      statedAt: 1_763_919_999_000,
      place: 3,
      properties: { nested: { list: [1, null, 'ü'], big: '9007199254740993' } },
      traits: { firstName: 'Ada' },
      consent: [{ channel: 'email', state: 'granted', kind: 'snapshot', at: 1, source: 'checkout', wording: 'v2' }],
      context: { page: { path: '/' } },
    },
    { id: 'shopify:2', type: 'track', name: 'Cart Updated', occurredAt: 1_763_919_999_000, properties: {} },
  ],
};

describe('an envelope', () => {
  test('arrives as it was sent', () => {
    expect(decodeEnvelope(through(envelope))).toEqual(envelope);
  });

  test('of a signed link names the person instead of identifiers', () => {
    const { previously: _, ...rest } = envelope;
    const link: Envelope = { ...rest, identifiers: [], personId: 'P1' };
    expect(decodeEnvelope(through(link))).toEqual(link);
  });

  test.each([
    ['nobody in it', { ...envelope, identifiers: [] }, 'identifiers'],
    ['an identifier of an unknown kind', { ...envelope, identifiers: [{ type: 'shoe', value: '42' }] }, 'identifiers.0.type'],
    ['no events', { ...envelope, events: [] }, 'events'],
    ['an event without a name', { ...envelope, events: [{ ...envelope.events[1], name: '' }] }, 'events.0.name'],
    [
      'an event whose properties are a list',
      { ...envelope, events: [{ ...envelope.events[1], properties: [] }] },
      'events.0.properties',
    ],
    ['another trust', { ...envelope, trust: 'friend' }, 'trust'],
    ['a list instead', [envelope], ''],
  ])('with %s is refused', (_what, value, where) => {
    expect(() => decodeEnvelope(through(value))).toThrow(InvalidInput);
    expect(() => decodeEnvelope(through(value))).toThrow(where);
  });
});

test('work and outbox items arrive as they were sent, and are refused when something is missing', () => {
  const work = { person: 'P1', journey: 'panier', key: 'c-1', due: 5 };
  const item = { person: 'P1', journey: 'panier', key: 'c-1', sendKey: 's-1', orderTime: 5 };
  expect(decodeWork(through(work))).toEqual(work);
  expect(decodeOutboxItem(through(item))).toEqual(item);
  expect(() => decodeWork(through({ ...work, due: '5' }))).toThrow(InvalidInput);
  expect(() => decodeOutboxItem(through(work))).toThrow(/sendKey/);
});

describe('a message of a campaign', () => {
  const item: CampaignItem = {
    person: 'P1',
    sendKey: 's-1',
    orderTime: 5,
    campaign: 'nouveautes',
    day: '2026-12-01',
    version: 'v-1',
    generation: 3,
    place: { wave: 5, page: 0, ordinal: 99 },
    asked: 1,
  };

  test('arrives as it was sent', () => {
    expect(decodeOutboxItem(through(item))).toEqual(item);
  });

  test.each([
    ['without a person', { ...item, person: '' }, 'person'],
    ['without a place', { ...item, place: undefined }, 'place'],
    ['of half a place', { ...item, place: { ...item.place, ordinal: 0.5 } }, 'place.ordinal'],
    ['of a place before the first', { ...item, place: { ...item.place, page: -1 } }, 'place.page'],
    ['without a version', { ...item, version: undefined }, 'version'],
  ])('%s is refused', (_what, value, where) => {
    expect(() => decodeOutboxItem(through(value))).toThrow(InvalidInput);
    expect(() => decodeOutboxItem(through(value))).toThrow(where);
  });
});
