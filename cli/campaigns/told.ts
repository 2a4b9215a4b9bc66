/** Campaigns as a person reads them. Counts and names alone: nobody who got one is named. */
import { verdicts, type PlaceVerdict } from '../../shared/campaigns/occurrence.ts';
import type { CampaignsTold, CampaignTold, OccurrenceTold } from '../../shared/pipeline/tell-campaigns.ts';
import { when } from '../parked/told.ts';

/** What stops on the way has swept a part of the directory. */
const notCome = '; whoever it had not come to yet is not counted';

const states: Readonly<Record<OccurrenceTold['state'], string>> = {
  'under way': 'under way',
  'not begun': 'did not begin: published later, paused, or Relance stood still',
  done: 'done',
  removed: `stopped: the campaign was taken out of config/, or switched off${notCome}`,
  paused: `stopped: marketing was paused for more than a day${notCome}`,
  stalled: `stopped: for more than a day there was no room for it, or an error of ours (see the log of run-campaigns)${notCome}`,
};

const words: Readonly<Record<PlaceVerdict, string>> = {
  sent: 'sent',
  failed: 'refused by the provider, or content that cannot be made',
  unknown: 'called, and nobody knows whether it left',
  'had-it': 'had it already: two people who became one, or somebody who travelled',
  nobody: 'forgotten meanwhile',
  parked: 'parked (see `relance parked list`)',
  'dropped:paused': 'not sent: marketing was paused',
  'dropped:journey-ended': 'not sent: its journey has ended',
  'dropped:campaign-ended': 'not sent: the campaign was taken back',
  'dropped:no-template': 'not sent: the template has no content for these channels',
  'dropped:no-address': 'not sent: no address',
  'dropped:suppressed': 'not sent: the address has bounced or complained',
  'dropped:no-consent': 'not sent: no consent',
  'dropped:rest': 'not sent: too soon after another',
};

export const liveLine = ({ name, segment, zone, next }: CampaignTold): string =>
  `${name} to ${segment}${zone === 'recipient' ? ', in each reader’s zone' : ''}: ${next === undefined ? 'does not go out any more' : `next ${when(next)}`}`;

export const inList = (told: OccurrenceTold): string =>
  `${told.day}  ${told.campaign}  ${states[told.state]}${told.state === 'not begun' ? '' : `; ${people(told.members)} found, ${told.byVerdict.sent ?? 0} sent`}`;

/** The lines of the count are the members, each in one of them. */
export function inFull(told: OccurrenceTold): readonly string[] {
  const { campaign, day, state, at, begunAt, endedAt, pausedSince, members, byVerdict, open } = told;
  const lines = verdicts.flatMap((verdict) => {
    const count = byVerdict[verdict] ?? 0;
    return count === 0 ? [] : [[count, words[verdict]] as const];
  });
  const openWords = endedAt === undefined ? 'on their way' : 'never heard of again';
  return [
    `${campaign} of ${day}, planned for ${when(at)}: ${states[state]}`,
    ...(begunAt === undefined ? [] : [`Begun   ${when(begunAt)}`]),
    ...(pausedSince === undefined ? [] : [`Paused  since ${when(pausedSince)}`]),
    ...(endedAt === undefined ? [] : [`Ended   ${when(endedAt)}`]),
    ...(state === 'not begun' ? [] : [`Found   ${people(members)}`]),
    ...[...lines, ...(open === 0 ? [] : [[open, openWords] as const])].map(
      ([count, said]) => `  ${String(count).padStart(8)}  ${said}`,
    ),
  ];
}

const people = (count: number): string => `${count} ${count === 1 ? 'person' : 'people'}`;

const instant = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());

export const asJson = ({ live, occurrences }: CampaignsTold) => ({
  live: live.map((one) => ({ ...one, next: instant(one.next) })),
  occurrences: occurrences.map(({ byVerdict, ...one }) => ({
    ...one,
    at: instant(one.at),
    begunAt: instant(one.begunAt),
    endedAt: instant(one.endedAt),
    pausedSince: instant(one.pausedSince),
    verdicts: byVerdict,
  })),
});
