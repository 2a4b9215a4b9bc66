/** When campaigns have something to do next, for a clock that leaps over the minutes in which they have not. */
import { late, nextWave } from '../shared/campaigns/schedule.ts';
import type { Instant } from '../shared/kernel/time.ts';
import type { Ports } from '../shared/ports.ts';

/** Undefined when no campaign will ever go out. */
export async function earliestCampaign({
  settings,
  campaigns,
  clock,
}: Pick<Ports, 'settings' | 'campaigns' | 'clock'>): Promise<Instant | undefined> {
  const now = clock();
  const { occurrences } = await campaigns.underWay();
  if (occurrences.length > 0) return now;
  const config = await settings.config();
  // What has been due for less than that may begin yet.
  const waves = config.campaigns.flatMap(({ campaign }) => nextWave(campaign, config.brand.timeZone, now - late) ?? []);
  return waves.length === 0 ? undefined : Math.min(...waves);
}
