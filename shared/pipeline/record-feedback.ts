/**
 * Feedback queue → what became of a message: marks on its log item, and with them, together or not at all, statistics and
 * suppression; then the events that a rule listens to, and the opt-out that a complaint is. Errs on the side of again:
 * marks join, suppressions stay, events are known by their ids (promises 1 and 3). Feedback may come before our own log.
 */
import type { Feedback, Receipt } from '../channels/channel.ts';
import { withReason, type Suppression } from '../consent/suppression.ts';
import type { ClaimKey } from '../events/identifier.ts';
import { Conflict, Unavailable } from '../kernel/errors.ts';
import { isComplaint, nameOf, suppresses, withMarks, type Mark, type MessageRecord } from '../messages/marks.ts';
import type { FeedbackWrite, Ports } from '../ports.ts';
import { countFeedback } from '../profile/fold-statistics.ts';
import type { FeedbackCounts, Statistics } from '../profile/statistics.ts';
import { findMessage, type FoundMessage } from './find-message.ts';
import { publishFeedback } from './publish-feedback.ts';

export type FeedbackPorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'clock' | 'secrets' | 'log'>;

export type Recorded = 'marked' | 'known' | 'nobody' | 'ignored';

const stage = 'record-feedback';
const attempts = 6;
/** A message without tags may not be logged yet; after so many tellings (a quarter of an hour) it is none of ours. */
const tellings = 3;

/** Throws Unavailable for what must be told again: SQS does. */
export async function recordFeedback(ports: FeedbackPorts, receipt: Receipt, receiveCount = 1): Promise<Recorded> {
  if (receipt.kind === 'ignored') {
    ports.log('info', 'feedback ignored', { stage, because: receipt.because, providerId: receipt.providerId });
    return 'ignored';
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await recordOnce(ports, receipt, receiveCount);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
    }
  }
}

async function recordOnce(ports: FeedbackPorts, feedback: Feedback, receiveCount: number): Promise<Recorded> {
  const found = await findMessage(ports, feedback);
  if (found.kind !== 'found') return notFound(ports, feedback, found.kind, receiveCount);
  const known = await loadKnown(ports, found, feedback);
  const write = decideFeedback(found, known, feedback);
  if (write !== undefined) await ports.people.saveFeedback(write);
  const now = ports.clock();
  await ports.settings.noteFeedback(feedback.channel, Math.min(feedback.acceptedAt, now));
  await publishFeedback(ports, found, feedback, now);
  const { person, stored } = found;
  const ids = { stage, person: person.id, sendKey: stored.record.sendKey, mark: nameOf(feedback.mark) };
  ports.log('info', write === undefined ? 'feedback known' : 'feedback marked', ids);
  return write === undefined ? 'known' : 'marked';
}

function notFound({ log }: FeedbackPorts, { providerId }: Feedback, kind: 'nobody' | 'unlogged', receiveCount: number): Recorded {
  if (kind === 'unlogged' && receiveCount < tellings)
    throw new Unavailable(`feedback of ${providerId}: no such message is logged yet`);
  const because = kind === 'nobody' ? 'it went to nobody we know' : 'no message of ours has this provider id';
  log('info', 'feedback ignored', { stage, because, providerId });
  return kind === 'nobody' ? 'nobody' : 'ignored';
}

export interface Known {
  /** Absent where the mark counts for nothing. */
  readonly statistics?: Statistics;
  /** Empty where the mark suppresses nothing. */
  readonly suppressions: readonly { readonly claim: ClaimKey; readonly suppression: Suppression }[];
}

async function loadKnown(
  { people }: FeedbackPorts,
  { person, claims }: FoundMessage,
  { mark, channel }: Feedback,
): Promise<Known> {
  const suppressed = suppresses(mark) ? claims : [];
  const suppressions = await Promise.all(
    suppressed.map(async (claim) => ({ claim, suppression: await people.suppression(channel, claim) })),
  );
  return countedAs(mark) === undefined ? { suppressions } : { suppressions, statistics: await people.statistics(person.id) };
}

function countedAs(mark: Mark): keyof FeedbackCounts | undefined {
  if (mark.kind === 'bounced') return mark.type === 'permanent' ? 'bounced' : 'undelivered';
  return isComplaint(mark) ? 'complained' : undefined;
}

/** Undefined where all of it is known. Whatever is told of a message proves that its provider took it. */
export function decideFeedback(
  { person, stored }: Pick<FoundMessage, 'person' | 'stored'>,
  known: Known,
  feedback: Feedback,
): FeedbackWrite | undefined {
  const { mark, channel, acceptedAt, providerId } = feedback;
  const record = withMarks(stored.record, [{ kind: 'accepted', at: acceptedAt, providerId }, mark]);
  const suppressions = known.suppressions.flatMap(({ claim, suppression: before }) => {
    const because = mark.kind === 'bounced' ? ('bounced' as const) : ('complained' as const);
    const suppression = withReason(before, { because, at: mark.at });
    return suppression === before ? [] : [{ channel, claim, suppression }];
  });
  const isNew = !stored.record.marks.some((other) => nameOf(other) === nameOf(mark));
  if (!differs(stored.record, record) && suppressions.length === 0) return undefined;
  const counted = isNew ? countedAs(mark) : undefined;
  const statistics =
    counted === undefined || known.statistics === undefined
      ? {}
      : { statistics: { person: person.id, statistics: countFeedback(known.statistics, counted) } };
  return { person: stored.person, record, suppressions, ...statistics };
}

const differs = (before: MessageRecord, after: MessageRecord): boolean =>
  JSON.stringify(before.marks) !== JSON.stringify(after.marks);
