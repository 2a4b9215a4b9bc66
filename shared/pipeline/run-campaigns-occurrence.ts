/**
 * One occurrence of a campaign, as far as it can go on now: what was lost is asked for again, then wave after wave is swept
 * and queued, until the room or the time of this run is used up. It goes on with the version that it began with.
 */
import { askedAgain, openPlaces, stateOf } from '../campaigns/progress.ts';
import type { EndOfOccurrence, Occurrence, Page, PageName, PageProgress } from '../campaigns/occurrence.ts';
import type { CampaignVersion, Config } from '../config/config.ts';
import { exactDays, type Instant } from '../kernel/time.ts';
import { campaignCause, sendKeyOf, type CampaignItem } from '../messages/message.ts';
import type { Ports } from '../ports.ts';
import { makePage, type PagePorts } from './run-campaigns-page.ts';
import type { Room } from './run-campaigns-room.ts';

export type OccurrencePorts = PagePorts & Pick<Ports, 'queues' | 'settings' | 'log'>;

export interface Progressed {
  readonly queued: number;
  /** Asked for once more. */
  readonly again: number;
  readonly ended?: EndOfOccurrence;
  /** The occurrence, where it is another from now on. */
  readonly changed?: Occurrence;
}

export interface Turn {
  readonly config: Config;
  readonly occurrence: Occurrence;
  readonly room: Room;
  /** No page is begun later. */
  readonly until: Instant;
}

/** What was to be said a day ago is no news any more. */
const longestStandstill = exactDays(1);

const none: Progressed = { queued: 0, again: 0 };
export const stalled: Progressed = { ...none, ended: 'stalled' };

export async function goOn(ports: OccurrencePorts, turn: Turn): Promise<Progressed> {
  const { config, occurrence, room } = turn;
  if (config.campaigns.every(({ campaign }) => campaign.name !== occurrence.campaign)) return { ...none, ended: 'removed' };
  const version = await ports.settings.campaign(occurrence.version);
  if (version === undefined)
    throw new Error(`campaign ${occurrence.campaign} is pinned to version ${occurrence.version}, which is not stored`);
  const now = ports.clock();
  if (isPaused(config, version)) return stand(occurrence, now);
  const { pausedSince, ...awake } = occurrence;
  const pages = room.pagesOf(occurrence);
  const again = await askAgain(ports, turn, pages);
  const swept = await sweepWaves(ports, turn, version, pages);
  if (swept.left === 'members' && swept.queued === 0 && isStalled(occurrence, room, now)) return { ...stalled, again };
  const isSwept = swept.left === 'nothing' && swept.queued === 0;
  const isOver = isSwept && pages.every((page) => stateOf(page, now, room.outbox) === 'settled');
  return {
    queued: swept.queued,
    again,
    ...(pausedSince === undefined ? {} : { changed: awake }),
    ...(isOver ? { ended: 'done' as const } : {}),
  };
}

function stand(occurrence: Occurrence, now: Instant): Progressed {
  const { pausedSince } = occurrence;
  if (pausedSince === undefined) return { ...none, changed: { ...occurrence, pausedSince: now } };
  return now - pausedSince > longestStandstill ? { ...none, ended: 'paused' } : none;
}

/** It is due, and nobody was asked for since. */
export function isStalled(occurrence: Occurrence, room: Room, now: Instant): boolean {
  const asked = room.pagesOf(occurrence).flatMap(({ queued }) => queued?.at ?? []);
  const due = occurrence.waves.filter((wave) => wave <= now);
  return now - Math.max(occurrence.begunAt, ...asked, ...due) > longestStandstill;
}

/** As the gate has it: what people are owed is not paused. */
export const isPaused = ({ brand }: Pick<Config, 'brand'>, { campaign, templates }: CampaignVersion): boolean =>
  brand.paused && templates[campaign.template]?.purpose === 'marketing';

async function askAgain(ports: OccurrencePorts, turn: Turn, pages: readonly PageProgress[]): Promise<number> {
  const { campaigns, clock, log } = ports;
  const { occurrence, room } = turn;
  let again = 0;
  for (const progress of pages) {
    const { queued } = progress;
    if (queued === undefined || stateOf(progress, clock(), room.outbox) !== 'asks') continue;
    const page = await campaigns.page(progress);
    const places = openPlaces(progress);
    const asked = askedAgain(progress);
    if (page !== undefined) await ports.queues.sendOutbox(itemsOf(turn, page, places, asked), 'campaign');
    await campaigns.noteQueued(progress, { ...queued, at: clock(), asked });
    again += places.length;
  }
  if (again > 0) log('warn', 'asked again', { stage: 'run-campaigns', campaign: occurrence.campaign, messages: again });
  return again;
}

interface Swept {
  readonly queued: number;
  /** What is still to be swept: members that there was no room or time for, or waves that are not due yet. */
  readonly left: 'nothing' | 'members' | 'waves';
}

async function sweepWaves(
  ports: OccurrencePorts,
  turn: Turn,
  version: CampaignVersion,
  pages: readonly PageProgress[],
): Promise<Swept> {
  const { occurrence } = turn;
  let queued = 0;
  for (const wave of occurrence.waves) {
    if (wave > ports.clock()) return { queued, left: 'waves' };
    const swept = await sweepWave(ports, turn, version, wave, pages);
    queued += swept.queued;
    if (!swept.isComplete) return { queued, left: 'members' };
  }
  return { queued, left: 'nothing' };
}

async function sweepWave(
  ports: OccurrencePorts,
  turn: Turn,
  version: CampaignVersion,
  wave: Instant,
  pages: readonly PageProgress[],
): Promise<{ readonly queued: number; readonly isComplete: boolean }> {
  const { occurrence, room, until, config } = turn;
  const { campaign } = version;
  const noted = pages.filter((page) => page.wave === wave && page.queued !== undefined);
  let last = noted.at(-1)?.queued;
  let queued = 0;
  for (let page = noted.length; last === undefined || last.next !== undefined; page++) {
    const left = await room.left(occurrence, campaign, ports.clock());
    if (left < 1 || ports.clock() >= until) return { queued, isComplete: false };
    const wanted = { campaign, brand: config.brand, occurrence, wave, page, until };
    const made = await makePage(ports, wanted, last?.next, left);
    // One that stands since there was more room waits for as much, unless that never comes.
    if (made.people.length > left && !room.isEmpty) return { queued, isComplete: false };
    last = await queuePage(ports, turn, made);
    room.take(occurrence, made.people.length);
    queued += made.people.length;
  }
  return { queued, isComplete: true };
}

/** The page stands; a message may be sent twice to the queue, and is noted after it. */
async function queuePage(
  { queues, campaigns, clock }: OccurrencePorts,
  turn: Turn,
  { people, next, ...name }: Page,
): Promise<NonNullable<PageProgress['queued']>> {
  const items = itemsOf(turn, { ...name, people }, [...people.keys()], 1);
  if (items.length > 0) await queues.sendOutbox(items, 'campaign');
  const now = clock();
  const queued = { firstAt: now, at: now, asked: 1, members: people.length, ...(next === undefined ? {} : { next }) };
  await campaigns.noteQueued(name, queued);
  return queued;
}

function itemsOf(
  { config: { generation }, occurrence: { campaign, day, version, at } }: Turn,
  { people, wave, page }: PageName & Pick<Page, 'people'>,
  places: readonly number[],
  asked: number,
): readonly CampaignItem[] {
  const sendKey = sendKeyOf(campaignCause(campaign), day);
  return places.flatMap((ordinal) => {
    const person = people[ordinal];
    const place = { wave, page, ordinal };
    return person === undefined ? [] : [{ person, sendKey, orderTime: at, campaign, day, version, generation, place, asked }];
  });
}
