/**
 * What a provider tells of a message after it was called, as marks on its log item. Marks are joined, never replaced: told
 * twice, in any order, before or after our own log, they end the same (promise 1).
 */
import type { Instant } from '../kernel/time.ts';
import type { MessageLog, MessageStatus } from './message.ts';

export type Mark =
  /** The provider took it. Kept only where our own log does not say the same. */
  | { readonly kind: 'accepted'; readonly at: Instant; readonly providerId: string }
  | { readonly kind: 'delivered'; readonly at: Instant }
  | {
      readonly kind: 'bounced';
      readonly at: Instant;
      readonly type: 'permanent' | 'transient' | 'undetermined';
      /** In the provider's word: `General`, `MailboxFull`, … */
      readonly subtype: string;
    }
  /** `type`: the feedback type of RFC 5965; `subtype` in the provider's word, where it gives one. */
  | { readonly kind: 'complained'; readonly at: Instant; readonly type: string; readonly subtype?: string }
  | { readonly kind: 'delayed'; readonly at: Instant; readonly because: string }
  /** Taken and then thrown away: a virus, or a template that does not fit its data. */
  | { readonly kind: 'rejected'; readonly at: Instant; readonly because: string }
  | { readonly kind: 'not-rendered'; readonly at: Instant; readonly because: string };

/** Item `M`: our own log and the provider's marks, whichever came first. */
export interface MessageRecord {
  readonly orderTime: Instant;
  readonly sendKey: string;
  /** 0 = not stored yet. */
  readonly version: number;
  readonly log?: MessageLog;
  /** One of a kind, oldest first. */
  readonly marks: readonly Mark[];
}

/** The log as it reads with what the provider told since. */
export interface LoggedMessage extends MessageLog {
  readonly marks?: readonly Mark[];
}

/** The record with more told. Nothing is forgotten, and of the same mark told twice the earlier time stays. */
export function withMarks(record: MessageRecord, told: readonly Mark[]): MessageRecord {
  return { ...record, marks: joined(record.log, [...record.marks, ...told]) };
}

/** The first log stays. */
export function withLog(record: MessageRecord, log: MessageLog): MessageRecord {
  return record.log === undefined ? { ...record, log, marks: joined(log, record.marks) } : record;
}

function joined(log: MessageLog | undefined, marks: readonly Mark[]): readonly Mark[] {
  const known = log?.status.kind === 'sent' ? log.status.providerId : undefined;
  const earliest = new Map<string, Mark>();
  for (const mark of marks) {
    if (mark.kind === 'accepted' && mark.providerId === known) continue;
    const before = earliest.get(nameOf(mark));
    if (before === undefined || mark.at < before.at) earliest.set(nameOf(mark), mark);
  }
  return [...earliest.values()].toSorted((a, b) => a.at - b.at || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** All that a mark says but when. */
export function nameOf(mark: Mark): string {
  switch (mark.kind) {
    case 'accepted':
      return `accepted ${mark.providerId}`;
    case 'delivered':
      return 'delivered';
    case 'bounced':
      return `bounced ${mark.type} ${mark.subtype}`;
    case 'complained':
      return `complained ${mark.type} ${mark.subtype ?? '-'}`;
    case 'delayed':
    case 'rejected':
    case 'not-rendered':
      return `${mark.kind} ${mark.because}`;
  }
}

/** The provider's id of the message, where a mark proves that it was accepted. */
export const acceptedAs = (marks: readonly Mark[]): string | undefined =>
  marks.find((mark) => mark.kind === 'accepted')?.providerId;

/** What became of the call: "unknown" is known as soon as the provider speaks of the message. */
export function statusOf(log: MessageLog, marks: readonly Mark[]): MessageStatus {
  const providerId = acceptedAs(marks);
  return log.status.kind === 'unknown' && providerId !== undefined ? { kind: 'sent', providerId } : log.status;
}

/** Undefined while only the provider has spoken. */
export function loggedMessage({ log, marks }: MessageRecord): LoggedMessage | undefined {
  if (log === undefined) return undefined;
  const known = { ...log, status: statusOf(log, marks) };
  const beside = joined(known, marks);
  return { ...known, ...(beside.length === 0 ? {} : { marks: beside }) };
}

/**
 * Did the person complain? `not-spam` is the opposite (somebody took the mail out of the spam folder) and `auth-failure` a
 * machine's report (RFC 5965, RFC 6591); every other report, named or not, is a complaint.
 */
export const isComplaint = (mark: Mark): boolean =>
  mark.kind === 'complained' && mark.type !== 'not-spam' && mark.type !== 'auth-failure';

/**
 * Must nothing go to this address any more? A permanent bounce, whatever its subtype (the provider's own lists included),
 * and a complaint; a full mailbox, an absence note and what nobody could determine pass.
 */
export const suppresses = (mark: Mark): boolean => (mark.kind === 'bounced' ? mark.type === 'permanent' : isComplaint(mark));

/** SES had the address on the account's list and sent nothing: an earlier complaint, no new act of the person. */
const earlier = 'OnAccountSuppressionList';

/** A complaint takes the consent back: the person has just said no. */
export const withdrawsConsent = (mark: Mark): boolean =>
  mark.kind === 'complained' && isComplaint(mark) && mark.subtype !== earlier;
