/** The contract of Campaigns: what is under way changes under a version, a page that stands stays, a place has one verdict. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countsOf } from '../../shared/campaigns/progress.ts';
import {
  verdicts,
  type Occurrence,
  type Page,
  type PageName,
  type PastOccurrence,
  type PlaceVerdict,
  type Queued,
} from '../../shared/campaigns/occurrence.ts';
import { Conflict } from '../../shared/kernel/errors.ts';
import type { Campaigns } from '../../shared/ports.ts';
import { ada, bob, cyd, now } from './people-fixtures.ts';

/** Campaigns of their own for one test. */
export type CampaignsFactory = () => Promise<Campaigns>;

const anOccurrence = (given: Partial<Occurrence> = {}): Occurrence => ({
  campaign: 'nouveautes',
  day: '2026-12-01',
  version: 'v-1',
  at: now,
  begunAt: now + 5,
  waves: [now, now + 3_600_000],
  ...given,
});

const aPast = (given: Partial<PastOccurrence> = {}): PastOccurrence => ({
  ...anOccurrence(),
  endedAt: now + 9,
  because: 'done',
  ...given,
});

const name: PageName = { campaign: 'nouveautes', day: '2026-12-01', wave: now, page: 0 };
const aPage = (given: Partial<Page> = {}): Page => ({
  ...name,
  people: [ada, bob, cyd],
  next: { shard: 3, after: cyd },
  ...given,
});
const aQueued = (given: Partial<Queued> = {}): Queued => ({
  firstAt: now,
  at: now,
  asked: 1,
  members: 3,
  next: { shard: 4 },
  ...given,
});

export function campaignsContract(newCampaigns: CampaignsFactory): void {
  describe('what is under way', () => {
    test('is nothing at first, and then what was saved', async () => {
      const campaigns = await newCampaigns();
      expect(await campaigns.underWay()).toEqual({ version: 0, occurrences: [] });
      const occurrences = [anOccurrence(), anOccurrence({ campaign: 'soldes', pausedSince: now })];
      await campaigns.saveUnderWay({ version: 0, occurrences });
      expect(await campaigns.underWay()).toEqual({ version: 1, occurrences });
      await campaigns.saveUnderWay({ version: 1, occurrences: [] });
      expect(await campaigns.underWay()).toEqual({ version: 2, occurrences: [] });
    });

    test('is saved by one of several who read the same', async () => {
      const campaigns = await newCampaigns();
      const settled = await Promise.allSettled(
        ['a', 'b', 'c'].map((version) => campaigns.saveUnderWay({ version: 0, occurrences: [anOccurrence({ version })] })),
      );
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(settled.flatMap((one) => (one.status === 'rejected' ? [one.reason instanceof Conflict] : []))).toEqual([true, true]);
      await expect(campaigns.saveUnderWay({ version: 0, occurrences: [] })).rejects.toThrow(Conflict);
      expect((await campaigns.underWay()).occurrences).toHaveLength(1);
    });
  });

  test('what is past is told newest first, and stays as it was kept first', async () => {
    const campaigns = await newCampaigns();
    expect(await campaigns.past(name)).toBeUndefined();
    await campaigns.keepPast(aPast());
    await campaigns.keepPast(aPast({ because: 'removed', endedAt: now + 99 }));
    await campaigns.keepPast(aPast({ day: '2027-01-05', because: 'paused' }));
    await campaigns.keepPast(aPast({ campaign: '-', day: '2026-12-01' }));
    expect(await campaigns.past(name)).toEqual(aPast());
    expect(await campaigns.past({ ...name, day: '2026-12-02' })).toBeUndefined();
    expect((await campaigns.allPast()).map(({ day, campaign }) => `${day} ${campaign}`)).toEqual([
      '2027-01-05 nouveautes',
      '2026-12-01 nouveautes',
      '2026-12-01 -',
    ]);
    expect(await campaigns.underWay()).toEqual({ version: 0, occurrences: [] });
  });

  describe('a page', () => {
    test('is read as it was kept', async () => {
      const campaigns = await newCampaigns();
      const { next: _next, ...last } = aPage({ page: 1, people: [] });
      expect(await campaigns.page(name)).toBeUndefined();
      expect(await campaigns.keepPage(aPage())).toEqual(aPage());
      expect(await campaigns.keepPage(last)).toEqual(last);
      expect(await campaigns.page(name)).toEqual(aPage());
      expect(await campaigns.page({ ...name, page: 1 })).toStrictEqual(last);
      expect(await campaigns.page({ ...name, wave: now + 1 })).toBeUndefined();
      expect(await campaigns.page({ ...name, campaign: 'soldes' })).toBeUndefined();
    });

    test('that stands is what everybody gets who would write it', async () => {
      const campaigns = await newCampaigns();
      const drafts = [[ada], [bob, cyd], [cyd], []].map((people) => aPage({ people }));
      const kept = await Promise.all(drafts.map((draft) => campaigns.keepPage(draft)));
      const standing = await campaigns.page(name);
      expect(drafts).toContainEqual(standing);
      expect(kept).toEqual(drafts.map(() => standing));
    });
  });

  describe('progress', () => {
    test('of an occurrence is told by wave and page, whatever was written first', async () => {
      const campaigns = await newCampaigns();
      const { next: _next, ...last } = aQueued();
      await campaigns.noteQueued({ ...name, wave: now + 3_600_000 }, aQueued());
      await campaigns.noteQueued({ ...name, page: 10 }, last);
      await campaigns.noteQueued({ ...name, page: 9 }, aQueued());
      await campaigns.noteQueued({ ...name, campaign: 'soldes' }, aQueued());
      await campaigns.mark({ ...name, ordinal: 2 }, 'sent');
      expect(await campaigns.progress(name)).toEqual([
        { ...name, page: 0, done: { sent: [2] } },
        { ...name, page: 9, queued: aQueued(), done: {} },
        { ...name, page: 10, queued: last, done: {} },
        { ...name, wave: now + 3_600_000, queued: aQueued(), done: {} },
      ]);
      expect(await campaigns.progress({ ...name, day: '2026-12-02' })).toEqual([]);
    });

    test('keeps its marks when a page is queued, and queued again', async () => {
      const campaigns = await newCampaigns();
      await campaigns.mark({ ...name, ordinal: 1 }, 'dropped:no-consent');
      await campaigns.noteQueued(name, aQueued());
      await campaigns.mark({ ...name, ordinal: 0 }, 'sent');
      await campaigns.noteQueued(name, aQueued({ at: now + 60, asked: 2 }));
      expect(await campaigns.progress(name)).toEqual([
        { ...name, queued: aQueued({ at: now + 60, asked: 2 }), done: { sent: [0], 'dropped:no-consent': [1] } },
      ]);
    });

    test('waits for the earliest of the later times until it is queued again', async () => {
      const campaigns = await newCampaigns();
      const later = async () => (await campaigns.progress(name)).map((one) => one.later);
      await campaigns.noteQueued(name, aQueued());
      await campaigns.markLater(name, now + 500);
      await campaigns.markLater(name, now + 300);
      await campaigns.markLater(name, now + 400);
      expect(await later()).toEqual([now + 300]);
      await campaigns.noteQueued(name, aQueued({ asked: 1 }));
      expect(await later()).toEqual([undefined]);
    });

    test('of more pages than one answer holds is told whole', async () => {
      const campaigns = await newCampaigns();
      for (let page = 0; page < 120; page++) await campaigns.noteQueued({ ...name, page }, aQueued());
      expect((await campaigns.progress(name)).map(({ page }) => page)).toEqual(Array.from({ length: 120 }, (_, n) => n));
    });

    test.each(verdicts)('has a place for %s, once however often it is told', async (verdict) => {
      const campaigns = await newCampaigns();
      await campaigns.mark({ ...name, ordinal: 7 }, verdict);
      await campaigns.mark({ ...name, ordinal: 7 }, verdict);
      expect(await campaigns.progress(name)).toEqual([{ ...name, done: { [verdict]: [7] } }]);
    });

    test('keeps the first verdict of a place, but for one that was parked and came back', async () => {
      const campaigns = await newCampaigns();
      await campaigns.mark({ ...name, ordinal: 7 }, 'parked');
      await campaigns.mark({ ...name, ordinal: 8 }, 'parked');
      await campaigns.mark({ ...name, ordinal: 7 }, 'sent');
      await campaigns.mark({ ...name, ordinal: 7 }, 'parked');
      await campaigns.mark({ ...name, ordinal: 7 }, 'had-it');
      expect(await campaigns.progress(name)).toEqual([{ ...name, done: { sent: [7], parked: [8] } }]);
    });

    test('counts each member once, whatever is told of them in which order', async () => {
      const told = fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.constantFrom<PlaceVerdict>(...verdicts)), {
        maxLength: 40,
      });
      await fc.assert(
        fc.asyncProperty(told, async (marks) => {
          const campaigns = await newCampaigns();
          await campaigns.noteQueued(name, aQueued({ members: 100 }));
          await Promise.all(marks.map(([ordinal, verdict]) => campaigns.mark({ ...name, ordinal }, verdict)));
          const { members, byVerdict, open } = countsOf(await campaigns.progress(name));
          expect(members).toBe(100);
          expect(open).toBe(100 - new Set(marks.map(([ordinal]) => ordinal)).size);
          expect(Object.values(byVerdict).reduce((sum, count) => sum + count, open)).toBe(100);
        }),
        { numRuns: 25 },
      );
    });
  });
}
