/** What providers told: beside our log, never over it, and together with what else it changes. */
import { describe, expect, test } from 'vitest';
import { Conflict } from '../../shared/kernel/errors.ts';
import { withMarks, type Mark, type MessageRecord } from '../../shared/messages/marks.ts';
import { countFeedback } from '../../shared/profile/fold-statistics.ts';
import { newStatistics } from '../../shared/profile/statistics.ts';
import { ada, aMessage, bob, now, type PeopleFactory } from './people-fixtures.ts';

const marks: readonly Mark[] = [
  { kind: 'accepted', at: now, providerId: 'ses-2' },
  { kind: 'delayed', at: now + 1, because: 'MailboxFull' },
  { kind: 'delivered', at: now + 2 },
  { kind: 'bounced', at: now + 3, type: 'undetermined', subtype: 'Undetermined' },
  { kind: 'complained', at: now + 4, type: 'abuse' },
  { kind: 'complained', at: now + 5, type: 'unknown', subtype: 'OnAccountSuppressionList' },
  { kind: 'rejected', at: now + 6, because: 'Bad content' },
  { kind: 'not-rendered', at: now + 7, because: 'x' },
];
const fresh: MessageRecord = { orderTime: now, sendKey: 'send-key-1', version: 0, marks: [] };
const name = [now, 'send-key-1'] as const;

const claim = 'email#abc';
const suppression = (version: number) => ({
  channel: 'email' as const,
  claim,
  suppression: { version, reasons: [{ because: 'bounced' as const, at: now }] },
});

export function feedbackContract(newStore: PeopleFactory): void {
  describe('what a provider told of a message', () => {
    test('is kept before the log, and both are told together once it is there', async () => {
      const { people } = await newStore();
      await people.saveFeedback({ person: ada, record: withMarks(fresh, marks), suppressions: [] });
      expect(await people.message([ada], ...name)).toBeUndefined();
      expect(await people.messages([ada])).toEqual([]);
      expect(await people.messageRecord([ada], ...name)).toEqual({ person: ada, record: { ...fresh, version: 1, marks } });
      await people.keepMessage(ada, aMessage());
      expect(await people.message([ada], ...name)).toEqual({ ...aMessage(), marks });
      expect(await people.messages([ada])).toEqual([{ ...aMessage(), marks }]);
    });

    test('is kept after the log, which stays', async () => {
      const { people } = await newStore();
      await people.keepMessage(ada, aMessage());
      const stored = await people.messageRecord([ada], ...name);
      expect(stored).toEqual({ person: ada, record: { ...fresh, version: 1, log: aMessage() } });
      await people.saveFeedback({ person: ada, record: withMarks(stored?.record ?? fresh, marks), suppressions: [] });
      await people.keepMessage(ada, aMessage({ template: 'another' }));
      expect(await people.message([ada], ...name)).toEqual({ ...aMessage(), marks });
    });

    test('makes known what became of a message of which nobody knew', async () => {
      const { people } = await newStore();
      await people.keepMessage(ada, aMessage({ status: { kind: 'unknown', because: 'no answer' } }));
      const { record } = (await people.messageRecord([ada], ...name)) ?? { record: fresh };
      await people.saveFeedback({ person: ada, record: withMarks(record, marks.slice(0, 1)), suppressions: [] });
      expect((await people.message([ada], ...name))?.status).toEqual({ kind: 'sent', providerId: 'ses-2' });
    });

    test('is looked for under everybody who is one person: where the log is first', async () => {
      const { people } = await newStore();
      await people.saveFeedback({ person: ada, record: withMarks(fresh, marks), suppressions: [] });
      expect((await people.messageRecord([bob, ada], ...name))?.person).toBe(ada);
      await people.keepMessage(bob, aMessage());
      expect((await people.messageRecord([ada, bob], ...name))?.person).toBe(bob);
      expect(await people.messageRecord([], ...name)).toBeUndefined();
    });

    test('of writers at once each that was not refused is kept', async () => {
      const { people } = await newStore();
      const outcomes = await Promise.allSettled([
        people.keepMessage(ada, aMessage()),
        ...marks.map((mark) => people.saveFeedback({ person: ada, record: withMarks(fresh, [mark]), suppressions: [] })),
      ]);
      const saved = marks.filter((_, index) => outcomes[index + 1]?.status === 'fulfilled');
      expect(outcomes.every((one) => one.status === 'fulfilled' || one.reason instanceof Conflict)).toBe(true);
      expect(outcomes[0]?.status).toBe('fulfilled');
      expect((await people.message([ada], ...name))?.marks ?? []).toEqual(saved);
    });
  });

  describe('marks, statistics and suppressions', () => {
    const write = (versions: { record?: number; statistics?: number; suppression?: number } = {}) => ({
      person: ada,
      record: { ...withMarks(fresh, marks), version: versions.record ?? 0 },
      statistics: {
        person: bob,
        statistics: { ...countFeedback(newStatistics(), 'bounced'), version: versions.statistics ?? 0 },
      },
      suppressions: [suppression(versions.suppression ?? 0)],
    });

    test('are kept together', async () => {
      const { people } = await newStore();
      await people.saveFeedback(write());
      expect((await people.messageRecord([ada], ...name))?.record.marks).toEqual(marks);
      expect(await people.statistics(bob)).toEqual({ ...countFeedback(newStatistics(), 'bounced'), version: 1 });
      expect(await people.suppression('email', claim)).toEqual({ version: 1, reasons: [{ because: 'bounced', at: now }] });
      expect(await people.isSuppressed('email', claim)).toBe(true);
      expect(await people.isSuppressed('sms', claim)).toBe(false);
      await people.saveFeedback(write({ record: 1, statistics: 1, suppression: 1 }));
    });

    test.each(['record', 'statistics', 'suppression'])('or not at all where the %s has changed since', async (changed) => {
      const { people } = await newStore();
      await people.saveFeedback(write());
      const versions = { record: 1, statistics: 1, suppression: 1, [changed]: 0 };
      await expect(people.saveFeedback(write(versions))).rejects.toThrow(Conflict);
      expect((await people.messageRecord([ada], ...name))?.record.version).toBe(1);
      expect((await people.statistics(bob)).version).toBe(1);
      expect((await people.suppression('email', claim)).version).toBe(1);
    });

    test('join a suppression that was made by hand', async () => {
      const { people, suppress } = await newStore();
      await suppress('email', claim);
      expect(await people.suppression('email', claim)).toEqual({ version: 0, reasons: [] });
      await people.saveFeedback(write());
      expect((await people.suppression('email', claim)).reasons).toHaveLength(1);
    });
  });
}
