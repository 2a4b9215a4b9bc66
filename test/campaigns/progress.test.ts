/** How far an occurrence has come: when its pages are asked again, how many people a throttle lets through, how all adds up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  askedAgain,
  countsOf,
  openPlaces,
  stateOf,
  throttled,
  underWayIn,
  type Outbox,
} from '../../shared/campaigns/progress.ts';
import { verdicts, type Done, type PageProgress, type Queued } from '../../shared/campaigns/occurrence.ts';
import { exactDays, hours, minutes, seconds } from '../../shared/kernel/time.ts';

const now = 1_763_920_000_000;
const nothing: Outbox = { waiting: 0, delayed: 0, inWork: 0 };
const page = (given: Partial<Queued> = {}, besides: Partial<PageProgress> = {}): PageProgress => ({
  campaign: 'c',
  day: '2026-12-01',
  wave: now,
  page: 0,
  queued: { firstAt: now, at: now, asked: 1, members: 10, ...given },
  done: {},
  ...besides,
});
const { queued: _queued, ...marked } = page({}, { done: { sent: [1] } });
const allDone: Done = { sent: [0, 1, 2, 3, 4, 5, 6], 'dropped:rest': [7], 'had-it': [8], parked: [9] };

describe('a page', () => {
  test.each<[string, PageProgress, number, Outbox, string]>([
    ['that is not noted waits for whoever queued it', marked, hours(99), nothing, 'waits'],
    ['that is done is settled at once', page({}, { done: allDone }), 0, { ...nothing, waiting: 9 }, 'settled'],
    ['of nobody is settled at once', page({ members: 0 }), 0, nothing, 'settled'],
    ['waits two minutes for an empty queue', page(), minutes(2) - 1, nothing, 'waits'],
    ['asks after them', page(), minutes(2), nothing, 'asks'],
    ['waits as long as the queue holds anything', page(), hours(9), { ...nothing, waiting: 1 }, 'waits'],
    ['waits as long as the queue delays anything', page(), hours(9), { ...nothing, delayed: 1 }, 'waits'],
    ['waits ten minutes for what is in work', page(), minutes(10) - 1, { ...nothing, inWork: 1 }, 'waits'],
    ['asks after them, too', page(), minutes(10), { ...nothing, inWork: 1 }, 'asks'],
    ['asks a third time', page({ asked: 3 }), minutes(2), nothing, 'asks'],
    ['does not ask a fifth time', page({ asked: 4 }), minutes(2), nothing, 'settled'],
    ['waits for the fourth answer', page({ asked: 4 }), minutes(2) - 1, nothing, 'waits'],
    ['whose messages may leave later waits until then', page({}, { later: now + hours(9) }), hours(9) - 1, nothing, 'waits'],
    [
      'and asks then, whatever the queue holds',
      page({ asked: 4 }, { later: now + hours(9) }),
      hours(9),
      { ...nothing, waiting: 1 },
      'asks',
    ],
    ['waits for a queue that stands still', page(), exactDays(4) - 1, { ...nothing, waiting: 1 }, 'waits'],
    ['is settled when the queue keeps nothing that old', page(), exactDays(4), { ...nothing, waiting: 1 }, 'settled'],
  ])('%s', (_what, progress, later, outbox, expected) => {
    expect(stateOf(progress, now + later, outbox)).toBe(expected);
  });

  test('asks again for the places without a verdict, and counts it as one more try unless it was told to wait', () => {
    expect(openPlaces(page({}, { done: { sent: [0, 9], 'dropped:no-consent': [4] } }))).toEqual([1, 2, 3, 5, 6, 7, 8]);
    expect(openPlaces(marked)).toEqual([]);
    expect(askedAgain(page({ asked: 2 }))).toBe(3);
    expect(askedAgain(page({ asked: 2 }, { later: now }))).toBe(2);
  });

  test('that is settled holds back no other', () => {
    const pages = [page(), page({}, { done: { sent: [0, 1] } }), page({ asked: 4 }), page({}, { done: allDone }), marked];
    expect(underWayIn(pages, now + 1, nothing)).toBe(10 + 8 + 10);
    expect(underWayIn(pages, now + minutes(2), nothing)).toBe(10 + 8);
  });
});

describe('a throttle', () => {
  const asked = (ago: number, members: number, open = 0) =>
    page(
      { firstAt: now - ago, at: now, members },
      { done: { sent: Array.from({ length: members - open }, (_, ordinal) => ordinal) } },
    );
  test.each<[string, Parameters<typeof throttled>[0], readonly PageProgress[], number]>([
    ['of none lets everybody through', undefined, [], Infinity],
    ['of a thousand an hour is seventeen a minute', { people: 1_000, per: 'hour' }, [], 17],
    ['of ten an hour is one a minute', { people: 10, per: 'hour' }, [], 1],
    ['of ten a minute is ten', { people: 10, per: 'minute' }, [asked(minutes(1), 10)], 10],
    ['counts what another run of this minute has asked for', { people: 10, per: 'minute' }, [asked(seconds(5), 4)], 6],
    ['counts what was asked for within its span', { people: 20, per: 'hour' }, [asked(minutes(50), 20)], 0],
    [
      'counts what was asked for an hour ago, as it left a little later',
      { people: 20, per: 'hour' },
      [asked(minutes(60), 20)],
      0,
    ],
    ['forgets what was asked for before', { people: 20, per: 'hour' }, [asked(minutes(61), 20)], 1],
    ['counts what has not left yet, however long ago', { people: 10, per: 'minute' }, [asked(minutes(9), 10, 4)], 6],
    ['lets nobody through while a minute’s share waits', { people: 600, per: 'hour' }, [asked(minutes(70), 10, 10)], 0],
    [
      'forgets what waits for a later time',
      { people: 10, per: 'minute' },
      [{ ...asked(minutes(9), 10, 4), later: now + hours(9) }],
      10,
    ],
    [
      'forgets what was asked for four times in vain',
      { people: 10, per: 'minute' },
      [page({ asked: 4, firstAt: now - minutes(9), at: now - minutes(3) })],
      10,
    ],
    ['counts a page when it was asked for first, not again', { people: 10, per: 'minute' }, [asked(minutes(9), 10)], 10],
    ['never lets less than nobody through', { people: 10, per: 'day' }, [asked(seconds(5), 90)], 0],
  ])('%s', (_what, throttle, pages, expected) => {
    expect(throttled(throttle, pages, now, nothing)).toBe(expected);
  });
});

test('every member is in one line of the count, whatever the pages say', () => {
  const anyPage = fc
    .record({
      members: fc.integer({ min: 0, max: 30 }),
      fates: fc.array(fc.option(fc.constantFrom(...verdicts)), { maxLength: 30 }),
    })
    .map(({ members, fates }): PageProgress => {
      const done: Record<string, number[]> = {};
      for (const [ordinal, fate] of fates.slice(0, members).entries()) if (fate !== null) (done[fate] ??= []).push(ordinal);
      return page({ members }, { done });
    });
  fc.assert(
    fc.property(fc.array(anyPage), (pages) => {
      const { members, byVerdict, open } = countsOf([...pages, marked]);
      expect(Object.values(byVerdict).reduce((sum, count) => sum + count, open)).toBe(members);
      expect(open).toBe(pages.reduce((sum, one) => sum + openPlaces(one).length, 0));
    }),
  );
});
