/** Campaigns as a page or a test reads them: what comes next, and how every occurrence adds up. */
import { isoInstant } from '../../shared/kernel/time.ts';
import { tellCampaigns } from '../../shared/pipeline/tell-campaigns.ts';
import type { Stack } from '../stack.ts';

const newest = 50;

/** Instants as ISO 8601. */
export async function listCampaigns({ ports }: Stack): Promise<object> {
  const { live, occurrences } = await tellCampaigns(ports, { newest });
  return {
    live: live.map((one) => ({ ...one, next: asText(one.next) })),
    occurrences: occurrences.map(({ byVerdict, ...one }) => ({
      ...one,
      at: asText(one.at),
      begunAt: asText(one.begunAt),
      endedAt: asText(one.endedAt),
      pausedSince: asText(one.pausedSince),
      verdicts: byVerdict,
    })),
  };
}

const asText = (instant: number | undefined): string | undefined => (instant === undefined ? undefined : isoInstant(instant));
