/** One Segment call: what it means, whom it names, and when it is refused. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { translateCall } from '../../shared/connectors/segment-call.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00Z');
const request = { receivedAt, freshId: 'fresh' };
const translate = (call: Json) => translateCall(call, 3, request);
const told = (call: Json) => {
  const { told: all, refused } = translate(call);
  expect(refused).toEqual([]);
  return all[0]!;
};
const event = (call: Json) => told(call).event;
const problem = (call: Json) => translate(call).refused[0]?.problem;

describe('what a call means', () => {
  test('identify states traits; consent in them becomes statements with source and wording, and no trait', () => {
    const { identifiers, event: said } = told({
      type: 'identify',
      userId: 42,
      anonymousId: 'device-1',
      traits: { email: 'ada@example.com', plan: 'pro', consent: { email: true, sms: false, push: null } },
      context: { consent: { source: 'newsletter form', wording: 'v3' }, locale: 'fr-FR' },
      messageId: 'm1',
    });
    expect(said).toEqual({
      id: 'segment:m1',
      type: 'identify',
      name: 'Identify',
      occurredAt: receivedAt,
      properties: {},
      traits: { email: 'ada@example.com', plan: 'pro' },
      consent: [
        { channel: 'email', state: 'granted', kind: 'statement', source: 'newsletter form', wording: 'v3' },
        { channel: 'sms', state: 'withdrawn', kind: 'statement', source: 'newsletter form', wording: 'v3' },
      ],
      context: { consent: { source: 'newsletter form', wording: 'v3' }, locale: 'fr-FR' },
    });
    expect(identifiers).toEqual([
      { type: 'userId', value: '42' },
      { type: 'anonymousId', value: 'device-1' },
      { type: 'email', value: 'ada@example.com' },
    ]);
  });

  test('page and screen are named as the spec names their events', () => {
    expect(
      event({ type: 'page', userId: 'u', name: 'Home', category: 'Docs', properties: { url: 'https://x.example/' } }),
    ).toMatchObject({
      name: 'Page Viewed',
      properties: { url: 'https://x.example/', name: 'Home', category: 'Docs' },
    });
    expect(event({ type: 'screen', userId: 'u', name: 'Main' })).toMatchObject({
      name: 'Screen Viewed',
      properties: { name: 'Main' },
    });
  });

  test('the traits of a group are of the group: they name and change nobody', () => {
    const { identifiers, event: said } = told({
      type: 'group',
      userId: 'u',
      groupId: 'g',
      traits: { email: 'office@acme.example', name: 'Acme' },
    });
    expect(identifiers).toEqual([{ type: 'userId', value: 'u' }]);
    expect(said.traits).toBeUndefined();
    expect(said.properties).toEqual({ groupId: 'g', traits: { email: 'office@acme.example', name: 'Acme' } });
  });

  test('context.traits of a track name the person, but repeat no traits', () => {
    const said = told({
      type: 'track',
      event: 'Store Visited',
      anonymousId: 'device-1',
      context: { ip: '192.0.2.1', traits: { email: 'ada@example.com', loyaltyId: 'L1', plan: 'old' } },
    });
    expect(said.identifiers.map(({ type }) => type)).toEqual(['anonymousId', 'email', 'loyaltyId']);
    expect(said.event.traits).toBeUndefined();
    expect(said.event.context).toEqual({ ip: '192.0.2.1' });
  });

  test('a phone is read in the country of the address beside it', () => {
    const { identifiers } = told({
      type: 'identify',
      userId: 'u',
      traits: { phone: '0612345678', address: { country: 'FR' }, loyalty_id: 7 },
    });
    expect(identifiers).toContainEqual({ type: 'phone', value: '0612345678', country: 'FR' });
    expect(identifiers).toContainEqual({ type: 'loyaltyId', value: '7' });
  });

  test.each([
    [
      'Completed Order',
      { orderId: 'o1', total: 3, products: [{ id: 'p1' }, 'odd'] },
      'Order Completed',
      { order_id: 'o1', total: 3, products: [{ product_id: 'p1' }, 'odd'] },
    ],
    ['Added Product', { id: 'p1', price: 2 }, 'Product Added', { product_id: 'p1', price: 2 }],
    ['Viewed Product', { id: 'x', product_id: 'p1' }, 'Product Viewed', { id: 'x', product_id: 'p1' }],
    ['My Own Event', { id: 'kept' }, 'My Own Event', { id: 'kept' }],
  ])('%s of spec version 1 becomes %s', (name, properties, newName, newProperties) => {
    expect(event({ type: 'track', userId: 'u', event: name, properties })).toMatchObject({
      name: newName,
      properties: newProperties,
    });
  });
});

describe('an alias', () => {
  test('asks for the previous id both as user id and as anonymous id, in two events of their own', () => {
    const { told: both } = translate({ type: 'alias', userId: 'u1', previousId: 'p1', messageId: 'm1' });
    expect(both.map(({ previously, event: said }) => [previously, said.id])).toEqual([
      [{ type: 'userId', value: 'p1' }, 'segment:m1'],
      [{ type: 'anonymousId', value: 'p1' }, 'segment:m1:anonymousId'],
    ]);
  });

  test('that names its own anonymous id means that one', () => {
    const { told: one } = translate({ type: 'alias', userId: 'u1', previousId: 'device-1', anonymousId: 'device-1' });
    expect(one.map(({ previously }) => previously)).toEqual([{ type: 'anonymousId', value: 'device-1' }]);
  });

  test('from an id to itself, as browsers send it, joins nobody', () => {
    const { told: one } = translate({ type: 'alias', userId: 'u9', previousId: 'u9', anonymousId: 'device-1' });
    expect(one.map(({ previously }) => previously)).toEqual([undefined]);
  });
});

describe('a call is refused with what was expected', () => {
  test.each<[Json, string | RegExp]>([
    [null, 'a call must be an object'],
    [[], 'a call must be an object'],
    ['track', 'a call must be an object'],
    [{ userId: 'u' }, 'type must be one of identify, track, page, screen, group, alias'],
    [{ type: 'buy', userId: 'u' }, 'type must be one of identify, track, page, screen, group, alias'],
    [{ type: 'track', userId: 'u' }, 'event is required and must be text'],
    [{ type: 'track', userId: 'u', event: '  ' }, 'event is required and must be text'],
    [{ type: 'track', userId: 'u', event: 7 }, 'event is required and must be text'],
    [{ type: 'track', userId: 'u', event: 'x'.repeat(257) }, 'event is longer than 256 characters'],
    [{ type: 'track', event: 'X' }, 'userId or anonymousId is required'],
    [{ type: 'track', event: 'X', userId: ' ', anonymousId: null }, 'userId or anonymousId is required'],
    [{ type: 'track', event: 'X', userId: {} }, 'userId must be text'],
    [{ type: 'track', userId: 'u', event: 'X', properties: [] }, 'properties must be an object'],
    [{ type: 'identify', userId: 'u', traits: 'ada' }, 'traits must be an object'],
    [{ type: 'identify', userId: 'u', context: 1 }, 'context must be an object'],
    [{ type: 'group', userId: 'u' }, 'groupId is required and must be text'],
    [{ type: 'alias', userId: 'u' }, 'previousId is required and must be text'],
    [{ type: 'alias', previousId: 'p', anonymousId: 'a' }, 'userId is required and must be text'],
    [{ type: 'identify', userId: 'u', traits: { consent: true } }, /^traits.consent must be an object/],
    [
      { type: 'identify', userId: 'u', traits: { consent: { emial: false } } },
      'traits.consent knows email, sms, push, not `emial`',
    ],
    [{ type: 'identify', userId: 'u', traits: { consent: { email: 'no' } } }, 'traits.consent.email must be true or false'],
    [
      { type: 'track', userId: 'u', event: 'X', properties: { long: 'x'.repeat(33_000) } },
      /^the event has 33\d\d\d bytes; at most 32768/,
    ],
  ])('%j', (call, expected) => {
    expect(problem(call)).toMatch(
      typeof expected === 'string' ? new RegExp(`^${expected.replaceAll(/[.`]/g, '\\$&')}$`) : expected,
    );
  });

  test('and is found by erasure all the same', () => {
    const [refused] = translate({
      type: 'identify',
      userId: 'u',
      traits: { email: 'ada@example.com', consent: 'yes' },
      messageId: 'm1',
    }).refused;
    expect(refused).toMatchObject({
      index: 3,
      messageId: 'm1',
      identifiers: [
        { type: 'userId', value: 'u' },
        { type: 'email', value: 'ada@example.com' },
      ],
    });
  });

  test('32 KB are taken, one byte more is not', () => {
    const call = (bytes: number) => {
      const empty = JSON.stringify({ type: 'track', userId: 'u', event: 'X', properties: { é: '' } });
      return { type: 'track', userId: 'u', event: 'X', properties: { é: 'x'.repeat(bytes - Buffer.byteLength(empty)) } };
    };
    expect(problem(call(32_768))).toBeUndefined();
    expect(problem(call(32_769))).toMatch(/32769 bytes/);
  });
});
