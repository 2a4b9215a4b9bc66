/**
 * What campaigns do, for people who look: when each goes out next, and for every occurrence how many people it found and
 * what became of each of them. The numbers always add up (members = all verdicts and those that are open).
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { EndOfOccurrence, Occurrence, OccurrenceName } from '../campaigns/occurrence.ts';
import { countsOf, type Counts } from '../campaigns/progress.ts';
import { latestDay, late, nextWave, nominalInstant, wavesOf } from '../campaigns/schedule.ts';
import { dayText, type Instant } from '../kernel/time.ts';
import type { Ports } from '../ports.ts';

export type TellPorts = Pick<Ports, 'settings' | 'campaigns' | 'clock'>;

export interface OccurrenceTold extends OccurrenceName, Counts {
  /** `not begun`: it was due, and nothing went out: published later, paused, or Relance stood still. */
  readonly state: 'under way' | 'not begun' | EndOfOccurrence;
  /** The scheduled instant in the brand's zone. */
  readonly at: Instant;
  readonly begunAt?: Instant;
  readonly endedAt?: Instant;
  readonly pausedSince?: Instant;
}

export interface CampaignTold extends Pick<Campaign, 'name' | 'segment' | 'template' | 'zone'> {
  /** For the first of its readers; absent when none comes. */
  readonly next?: Instant;
}

export interface CampaignsTold {
  /** Those of the active config, by name. */
  readonly live: readonly CampaignTold[];
  /** Newest first, those of campaigns that are gone too. */
  readonly occurrences: readonly OccurrenceTold[];
}

/** `newest`: of how many occurrences the counts are read, at most. `name`: of this campaign alone. */
export async function tellCampaigns(
  ports: TellPorts,
  { newest, name }: { readonly newest: number; readonly name?: string },
): Promise<CampaignsTold> {
  const { settings, campaigns, clock } = ports;
  const { brand, campaigns: versions } = await settings.config();
  const isAsked = (campaign: string): boolean => name === undefined || campaign === name;
  const live = versions.map(({ campaign }) => campaign).filter((campaign) => isAsked(campaign.name));
  const known = [...(await campaigns.underWay()).occurrences.map(asUnderWay), ...(await campaigns.allPast()).map(asPast)];
  const missed = live.flatMap((campaign) => notBegun(campaign, brand.timeZone, clock(), known));
  const asked = [...known, ...missed].filter(({ campaign }) => isAsked(campaign));
  const sorted = asked.toSorted((a, b) => b.at - a.at || (a.campaign < b.campaign ? -1 : 1)).slice(0, newest);
  const occurrences: OccurrenceTold[] = [];
  for (const one of sorted) occurrences.push({ ...one, ...countsOf(await campaigns.progress(one)) });
  return {
    live: live.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((campaign) => asLive(campaign, brand.timeZone, clock())),
    occurrences,
  };
}

type Told = Omit<OccurrenceTold, keyof Counts>;

const asUnderWay = ({ campaign, day, at, begunAt, pausedSince }: Occurrence): Told => ({
  campaign,
  day,
  at,
  begunAt,
  state: 'under way',
  ...(pausedSince === undefined ? {} : { pausedSince }),
});

const asPast = ({
  campaign,
  day,
  at,
  begunAt,
  endedAt,
  because,
}: Occurrence & { readonly endedAt: Instant; readonly because: EndOfOccurrence }): Told => ({
  campaign,
  day,
  at,
  begunAt,
  endedAt,
  state: because,
});

function asLive(campaign: Campaign, brandZone: string, now: Instant): CampaignTold {
  const { name, segment, template, zone } = campaign;
  const next = nextWave(campaign, brandZone, now);
  return { name, segment, template, zone, ...(next === undefined ? {} : { next }) };
}

/** Its latest day, where nothing is known of it and the hour is past in which it could have begun. */
function notBegun(campaign: Campaign, brandZone: string, now: Instant, known: readonly OccurrenceName[]): readonly Told[] {
  const latest = latestDay(campaign, brandZone, now);
  if (latest === undefined) return [];
  const day = dayText(latest);
  const isKnown = known.some((one) => one.campaign === campaign.name && one.day === day);
  const mayBegin = wavesOf(campaign, latest, brandZone).some((wave) => wave > now - late);
  if (isKnown || mayBegin) return [];
  return [{ campaign: campaign.name, day, at: nominalInstant(campaign, latest, brandZone), state: 'not begun' }];
}
