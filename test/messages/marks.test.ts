/** Marks and our own log end the same, whatever the order in which they come and however often. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isComplaint,
  loggedMessage,
  suppresses,
  withdrawsConsent,
  withLog,
  withMarks,
  type Mark,
  type MessageRecord,
} from '../../shared/messages/marks.ts';
import type { MessageLog, MessageStatus } from '../../shared/messages/message.ts';

const log = (status: MessageStatus): MessageLog => ({
  sendKey: 'k',
  orderTime: 1,
  at: 5,
  cause: { kind: 'journey', name: 'bienvenue', step: '1' },
  channel: 'email',
  purpose: 'marketing',
  template: 'bienvenue',
  status,
});
const empty: MessageRecord = { orderTime: 1, sendKey: 'k', version: 0, marks: [] };

const at = fc.integer({ min: 0, max: 9 });
const word = fc.constantFrom('General', 'MailboxFull');
const anyMark: fc.Arbitrary<Mark> = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), at, providerId: fc.constantFrom('ses-1', 'ses-2') }),
  fc.record({ kind: fc.constant('delivered' as const), at }),
  fc.record({ kind: fc.constant('bounced' as const), at, type: fc.constantFrom('permanent', 'transient'), subtype: word }),
  fc.record({ kind: fc.constant('complained' as const), at, type: fc.constantFrom('abuse', 'not-spam') }),
  fc.record({ kind: fc.constantFrom('delayed' as const, 'rejected' as const), at, because: word }),
);
const anyStatus: fc.Arbitrary<MessageStatus> = fc.oneof(
  fc.record({ kind: fc.constant('sent' as const), providerId: fc.constantFrom('ses-1', 'ses-3') }),
  fc.record({ kind: fc.constant('unknown' as const), because: fc.constant('no answer') }),
);

type Telling = (record: MessageRecord) => MessageRecord;

test('any order, any repetition, log first, last or between: one end', () => {
  fc.assert(
    fc.property(
      fc.array(anyMark, { maxLength: 6 }),
      anyStatus,
      fc.array(fc.nat(), { minLength: 13, maxLength: 13 }),
      fc.array(fc.nat(6), { maxLength: 6 }),
      (marks, status, keys, again) => {
        const tellings: readonly Telling[] = [
          (record) => withLog(record, log(status)),
          ...marks.map(
            (mark): Telling =>
              (record) =>
                withMarks(record, [mark]),
          ),
        ];
        const repeated = again.flatMap((index) => tellings[index] ?? []);
        const shuffled = [...tellings, ...repeated]
          .map((telling, index) => ({ telling, key: keys[index] ?? 0 }))
          .toSorted((a, b) => a.key - b.key);
        const straight = tellings.reduce((record, tell) => tell(record), empty);
        expect(shuffled.reduce((record, { telling }) => telling(record), empty)).toEqual(straight);
      },
    ),
  );
});

test('the first log stays', () => {
  const sent = withLog(empty, log({ kind: 'sent', providerId: 'ses-1' }));
  expect(withLog(sent, log({ kind: 'unknown', because: 'no answer' }))).toEqual(sent);
});

test('what the provider told is never forgotten, and its first time stays', () => {
  const record = withMarks(withMarks(empty, [{ kind: 'delivered', at: 7 }]), [{ kind: 'delivered', at: 3 }]);
  expect(record.marks).toEqual([{ kind: 'delivered', at: 3 }]);
});

describe('what became of a message that nobody knew of', () => {
  const unknown: MessageStatus = { kind: 'unknown', because: 'no answer' };
  const accepted: Mark = { kind: 'accepted', at: 2, providerId: 'ses-1' };

  test('is known as soon as the provider says that it took it', () => {
    expect(loggedMessage(withLog(empty, log(unknown)))?.status).toEqual(unknown);
    const known = withMarks(withLog(empty, log(unknown)), [accepted]);
    expect(loggedMessage(known)?.status).toEqual({ kind: 'sent', providerId: 'ses-1' });
  });

  test('a refusal of ours stays what it was', () => {
    const dropped: MessageStatus = { kind: 'dropped', because: 'no-consent', seen: null };
    expect(loggedMessage(withMarks(withLog(empty, log(dropped)), [accepted]))?.status).toEqual(dropped);
  });

  test('and a provider that has not spoken has told nothing', () => {
    expect(loggedMessage(empty)).toBeUndefined();
    expect(loggedMessage(withMarks(empty, [accepted]))).toBeUndefined();
  });
});

const bounced = (type: 'permanent' | 'transient' | 'undetermined', subtype: string): Mark => ({
  kind: 'bounced',
  at: 1,
  type,
  subtype,
});
const complained = (type: string, subtype?: string): Mark => ({
  kind: 'complained',
  at: 1,
  type,
  ...(subtype === undefined ? {} : { subtype }),
});

/** suppressed, complaint, consent withdrawn */
test.each<[string, Mark, boolean, boolean, boolean]>([
  ...['General', 'NoEmail', 'Suppressed', 'OnAccountSuppressionList'].map(
    (subtype): [string, Mark, boolean, boolean, boolean] => [
      `a permanent bounce, ${subtype}`,
      bounced('permanent', subtype),
      true,
      false,
      false,
    ],
  ),
  ...['General', 'MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected', 'CustomTimeoutExceeded'].map(
    (subtype): [string, Mark, boolean, boolean, boolean] => [
      `a transient bounce, ${subtype}`,
      bounced('transient', subtype),
      false,
      false,
      false,
    ],
  ),
  ['an undetermined bounce', bounced('undetermined', 'Undetermined'), false, false, false],
  ...['abuse', 'fraud', 'virus', 'other', 'unknown'].map((type): [string, Mark, boolean, boolean, boolean] => [
    `a complaint, ${type}`,
    complained(type),
    true,
    true,
    true,
  ]),
  ['a mail taken out of the spam folder', complained('not-spam'), false, false, false],
  ['a report that authentication failed', complained('auth-failure'), false, false, false],
  ['a complaint of before', complained('unknown', 'OnAccountSuppressionList'), true, true, false],
  ['a delivery', { kind: 'delivered', at: 1 }, false, false, false],
  ['a delay', { kind: 'delayed', at: 1, because: 'MailboxFull' }, false, false, false],
  ['a rejection', { kind: 'rejected', at: 1, because: 'Bad content' }, false, false, false],
])('%s', (_what, mark, suppressed, isOne, withdrawn) => {
  expect([suppresses(mark), isComplaint(mark), withdrawsConsent(mark)]).toEqual([suppressed, isOne, withdrawn]);
});
