/** The ring as it is packed: nothing that a decision needs is lost on the way to the table and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hotStateItem, readHotState } from '../../shared/adapters/aws/people-items.ts';
import { exactDays, seconds } from '../../shared/kernel/time.ts';
import { newHotState } from '../../shared/profile/profile.ts';
import { tellings, type Ring } from '../../shared/profile/ring.ts';

const noon = Date.parse('2026-11-23T11:00:00Z');
const stored = (ring: Ring): Ring => readHotState(hotStateItem('ada', { ...newHotState(), ring })).ring;

const entry = (oldest: number) =>
  fc.record({
    hash: fc.uint8Array({ minLength: 5, maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    telling: fc.nat(tellings - 1),
    at: fc.nat(oldest / seconds(1)).map((age) => noon - age * seconds(1)),
  });

test('of twelve days, it comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(entry(exactDays(12)), { maxLength: 60 }), fc.nat(noon), (entries, floor) => {
      expect(stored({ entries, floor })).toEqual({ entries, floor });
    }),
  );
});

test('of a year, what is older seems newer, never older: its floor covers what has left', () => {
  fc.assert(
    fc.property(fc.array(entry(exactDays(366)), { minLength: 1, maxLength: 60 }), (entries) => {
      const read = stored({ entries, floor: 0 }).entries;
      const newest = Math.max(...entries.map(({ at }) => at));
      expect(read.map(({ hash, telling }) => ({ hash, telling }))).toEqual(
        entries.map(({ hash, telling }) => ({ hash, telling })),
      );
      const horizon = newest - exactDays(12);
      const late = entries.filter(({ at }, index) => (read[index]?.at ?? 0) < at);
      const moved = entries.filter(({ at }, index) => at >= horizon && read[index]?.at !== at);
      expect([late, moved]).toEqual([[], []]);
    }),
  );
});
