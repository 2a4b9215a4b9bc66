/** A campaign with its template under the hash of its content, as journeys have it. */
import type { Campaign } from '../../campaigns/campaign.ts';
import { contentHash } from '../../kernel/ids.ts';
import type { CampaignVersion, Template } from '../config.ts';
import { canonicalText } from './journey-version.ts';

export function campaignVersion(campaign: Campaign, templates: readonly Template[]): CampaignVersion {
  const byName = Object.fromEntries(templates.map((template) => [template.name, template]));
  return { hash: contentHash('campaign', canonicalText(campaign), canonicalText(byName)), campaign, templates: byName };
}
