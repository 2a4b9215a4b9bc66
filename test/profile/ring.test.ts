/** The ring of recent events: what it forgets it can still be asked about, because its floor says so (promise 2). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds, type Instant } from '../../shared/kernel/time.ts';
import { inRing, mayHaveLeft, mergeRings, remember, ringAge, ringSize, type Ring } from '../../shared/profile/ring.ts';

const noon = Date.parse('2026-11-23T11:00:00Z');
const empty: Ring = { entries: [], floor: 0 };

interface Told {
  readonly id: string;
  readonly statedAt?: Instant;
}

interface Committed extends Told {
  readonly at: Instant;
}

/** Commits of a few events each, some minutes apart; their stated times are right, wrong, ahead or missing. */
const someCommits = fc
  .array(
    fc.record({
      pause: fc.oneof(fc.nat(seconds(90)), fc.nat(minutes(20))),
      stated: fc.array(fc.option(fc.integer({ min: -hours(30), max: hours(2) })), { minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((commits) => {
    let now = noon;
    let drawn = 0;
    return commits.map(({ pause, stated }) => {
      now += pause;
      const events = stated.map((offset): Told => ({
        id: `e${(drawn += 1)}`,
        ...(offset === null ? {} : { statedAt: now + offset }),
      }));
      return { now, events };
    });
  });

type Commits = Parameters<Parameters<typeof someCommits.map>[0]>[0];

function played(commits: Commits): { readonly ring: Ring; readonly now: Instant; readonly all: readonly Committed[] } {
  let ring = empty;
  for (const { events, now } of commits) ring = remember(ring, events, { receivedAt: now, now });
  const all = commits.flatMap(({ events, now }) => events.map((event) => ({ ...event, at: now })));
  return { ring, now: commits.at(-1)?.now ?? noon, all };
}

describe('the ring', () => {
  test('keeps everything of the last 15 minutes and at least the last 40', () => {
    fc.assert(
      fc.property(someCommits, (commits) => {
        const { ring, now, all } = played(commits);
        for (const [index, { id, at }] of all.entries())
          expect(inRing(ring, id) || (at < now - ringAge && index < all.length - ringSize)).toBe(true);
      }),
    );
  });

  test('forgets what is beyond both, or it would grow for ever', () => {
    fc.assert(
      fc.property(someCommits, (commits) => {
        const { ring, now, all } = played(commits);
        const kept = all.filter(({ at }, index) => at >= now - ringAge - seconds(1) || index >= all.length - ringSize);
        expect(ring.entries.length).toBeLessThanOrEqual(kept.length);
      }),
    );
  });

  test('says of every event that left that it may have left', () => {
    fc.assert(
      fc.property(someCommits, (commits) => {
        const { ring, all } = played(commits);
        for (const event of all.filter(({ id }) => !inRing(ring, id))) expect(mayHaveLeft(ring, event)).toBe(true);
      }),
    );
  });

  test('sends nobody to the timeline while nothing has left and no clock was ahead', () => {
    fc.assert(
      fc.property(someCommits, fc.option(fc.integer({ min: -hours(30), max: 0 })), (commits, offset) => {
        const { ring, now, all } = played(commits);
        fc.pre(all.every(({ id, at, statedAt }) => inRing(ring, id) && (statedAt ?? 0) <= at));
        expect(mayHaveLeft(ring, offset === null ? {} : { statedAt: now + offset })).toBe(false);
      }),
    );
  });

  test('of two people who become one forgets nothing that either would have kept', () => {
    fc.assert(
      fc.property(someCommits, someCommits, (mine, theirs) => {
        const [a, b] = [
          played(mine),
          played(theirs.map(({ now, events }) => ({ now, events: events.map((one) => ({ ...one, id: `b${one.id}` })) }))),
        ];
        const now = Math.max(a.now, b.now);
        const merged = mergeRings(a.ring, b.ring, now);
        expect(merged.entries.length).toBeGreaterThanOrEqual(Math.min(ringSize, a.ring.entries.length + b.ring.entries.length));
        for (const event of [...a.all, ...b.all])
          expect(inRing(merged, event.id) || (event.at < now - ringAge && mayHaveLeft(merged, event))).toBe(true);
        expect(new Set(mergeRings(b.ring, a.ring, now).entries)).toEqual(new Set(merged.entries));
      }),
    );
  });
});
