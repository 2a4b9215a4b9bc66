/**
 * What became of a campaign's message is marked at its place, after it is logged, so that the campaign's count adds up
 * exactly. Errs on the side of again: a message that is told twice is marked twice, and the first verdict stays.
 */
import type { PlaceVerdict } from '../campaigns/occurrence.ts';
import type { Instant } from '../kernel/time.ts';
import type { MessageLog, OutboxItem } from '../messages/message.ts';
import type { Campaigns } from '../ports.ts';

/** A message of a journey has no place: nothing happens. */
export async function markPlace(campaigns: Campaigns, item: OutboxItem, verdict: PlaceVerdict): Promise<void> {
  if ('campaign' in item) await campaigns.mark({ ...item.place, campaign: item.campaign, day: item.day }, verdict);
}

/** The message may leave from then on; the page of its place asks for it again. */
export async function markLater(campaigns: Campaigns, item: OutboxItem, until: Instant): Promise<void> {
  if (!('campaign' in item)) return;
  const { wave, page } = item.place;
  await campaigns.markLater({ campaign: item.campaign, day: item.day, wave, page }, until);
}

/** A log of another place is the person’s one message: they were two when they were found, or travelled. */
export function verdictOf(item: OutboxItem, { status, place }: MessageLog): PlaceVerdict {
  const isOwn = !('campaign' in item) || place === undefined || sameText(place) === sameText(item.place);
  if (!isOwn) return 'had-it';
  return status.kind === 'dropped' ? `dropped:${status.because}` : status.kind;
}

const sameText = ({ wave, page, ordinal }: NonNullable<MessageLog['place']>): string => `${wave}#${page}#${ordinal}`;
