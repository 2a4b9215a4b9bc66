/** When a Segment call happened, and under which id it counts once. */
import { describe, expect, test } from 'vitest';
import { translateCall } from '../../shared/connectors/segment-call.ts';
import type { Json, JsonObject } from '../../shared/kernel/json.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00Z');
const translate = (call: Json, also = {}) => translateCall(call, 3, { receivedAt, freshId: 'fresh', ...also });
const event = (call: Json, also = {}) => {
  const { told, refused } = translate(call, also);
  expect(refused).toEqual([]);
  return told[0]!.event;
};
const problem = (call: Json) => translate(call).refused[0]?.problem;

describe('when it happened', () => {
  const track = (fields: JsonObject) => event({ type: 'track', userId: 'u', event: 'X', ...fields });

  test.each([
    ['nothing is said', {}, '12:00:00', undefined],
    ['a time is said', { timestamp: '2026-11-23T11:30:00Z' }, '11:30:00', '11:30:00'],
    [
      'the clock of the source is an hour fast',
      { timestamp: '2026-11-23T12:30:00Z', sentAt: '2026-11-23T13:00:00Z' },
      '11:30:00',
      '12:30:00',
    ],
    ['the time lies ahead', { timestamp: '2026-11-23T15:00:00Z' }, '12:00:00', '15:00:00'],
    [
      'it was sent before it happened, so that the correction leads ahead of the receipt',
      { timestamp: '2026-11-23T11:00:00Z', sentAt: '2026-11-23T10:00:00Z' },
      '11:00:00',
      '11:00:00',
    ],
    [
      'originalTimestamp stands beside timestamp',
      { originalTimestamp: '2026-11-23T11:00:00Z', timestamp: '2026-11-23T11:10:00Z' },
      '11:00:00',
      '11:00:00',
    ],
    ['the time has an offset', { timestamp: '2026-11-23T12:30:00+01:00' }, '11:30:00', '11:30:00'],
    ['the time has no offset, so it is UTC', { timestamp: '2026-11-23T11:30:00' }, '11:30:00', '11:30:00'],
    ['sentAt is no time', { timestamp: '2026-11-23T11:30:00Z', sentAt: 'soon' }, '11:30:00', '11:30:00'],
    ['sentAt is absurd', { timestamp: '2026-11-23T11:30:00Z', sentAt: '2125-01-01T00:00:00Z' }, '11:30:00', '11:30:00'],
  ])('%s', (_what, fields, happened, stated) => {
    const at = (clock: string) => Date.parse(`2026-11-23T${clock}Z`);
    const said = track(fields);
    expect(said.occurredAt).toBe(at(happened));
    expect(said.statedAt).toBe(stated === undefined ? undefined : at(stated));
  });

  test('a call that another collector corrected before is not corrected twice', () => {
    const said = track({
      originalTimestamp: '2015-12-12T19:11:01.152Z',
      sentAt: '2015-12-12T19:11:01.169Z',
      receivedAt: '2015-12-12T19:11:01.266Z',
      timestamp: '2015-12-12T19:11:01.249Z',
    });
    expect(said).toMatchObject({
      occurredAt: Date.parse('2015-12-12T19:11:01.249Z'),
      statedAt: Date.parse('2015-12-12T19:11:01.152Z'),
    });
  });

  test.each([
    'yesterday',
    '1969-12-31T23:59:59Z',
    '2199-01-01T00:00:00Z',
    1_763_899_200_000,
    true,
    { at: 'x' },
    '2026-13-01T00:00:00Z',
  ])('a time such as %j is refused, because a wait must not start from nonsense', (timestamp) => {
    expect(problem({ type: 'track', userId: 'u', event: 'X', timestamp })).toMatch(/^timestamp must be an ISO 8601 time/);
  });
});

describe('the event id', () => {
  const id = (call: JsonObject, also = {}) => event({ type: 'track', userId: 'u', event: 'X', ...call }, also).id;
  const timestamp = '2026-11-23T11:00:00Z';

  test('is the message id, whatever else a retry changes', () => {
    expect(id({ messageId: 'm1', sentAt: '2026-11-23T11:59:00Z' })).toBe('segment:m1');
    expect(id({ messageId: 'm1' }, { sentAt: '2026-11-23T11:58:00Z', freshId: 'other' })).toBe('segment:m1');
  });

  test('is the content where only a time is given: the same in a retry, another for another event', () => {
    const first = id({ timestamp, sentAt: '2026-11-23T11:01:00Z' });
    expect(id({ timestamp, sentAt: '2026-11-23T11:02:00Z' }, { freshId: 'other', context: { page: {} } })).toBe(first);
    expect(id({ timestamp, properties: { a: 1 } })).not.toBe(first);
  });

  test('is fresh where a retry cannot be told from a new event', () => {
    expect(id({})).toBe('segment:fresh:3');
  });

  test('has a bounded length', () => {
    const long = id({ messageId: 'm'.repeat(5_000) });
    expect(long.length).toBeLessThan(120);
    expect(id({ messageId: `${'m'.repeat(4_999)}n` })).not.toBe(long);
  });
});
