/**
 * Each minute: occurrences of campaigns that are due begin, and those under way go on: the directory is swept page by page,
 * the members of a page are queued, and what was lost on the way is queued again. Whatever is killed anywhere goes on where
 * it stood. Errs on the side of again: a message that is queued twice leaves once (promise 2).
 */
import { beginningAt, nominalInstant } from '../campaigns/schedule.ts';
import type { EndOfOccurrence, Occurrence, OccurrenceName, UnderWay } from '../campaigns/occurrence.ts';
import type { CampaignVersion, Config } from '../config/config.ts';
import { Conflict } from '../kernel/errors.ts';
import { dayText, seconds } from '../kernel/time.ts';
import type { Ports } from '../ports.ts';
import { goOn, isPaused, isStalled, stalled, type Progressed } from './run-campaigns-occurrence.ts';
import { Room } from './run-campaigns-room.ts';

export type CampaignPorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'campaigns' | 'carriers' | 'clock' | 'log'>;

export interface Ran {
  readonly begun: number;
  readonly queued: number;
  readonly again: number;
  readonly ended: number;
}

/** The function lives for 55 seconds; the last page may take a while. */
const patience = seconds(40);

/** Throws the first error of its own kind after all campaigns had their turn: one that cannot go on holds up no other. */
export async function runCampaigns(ports: CampaignPorts): Promise<Ran> {
  try {
    return await runAll(ports);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    ports.log('info', 'another run is at it', { stage: 'run-campaigns' });
    return { begun: 0, queued: 0, again: 0, ended: 0 };
  }
}

async function runAll(ports: CampaignPorts): Promise<Ran> {
  const config = await ports.settings.config();
  const until = ports.clock() + patience;
  const known = await ports.campaigns.underWay();
  let underWay = await begin(ports, config, known);
  const ran = { begun: underWay.occurrences.length - known.occurrences.length, queued: 0, again: 0, ended: 0 };
  const failures: unknown[] = [];
  const room = await Room.of(ports, underWay.occurrences);
  for (const occurrence of underWay.occurrences) {
    try {
      const gone = await goOn(ports, { config, occurrence, room, until });
      ran.queued += gone.queued;
      ran.again += gone.again;
      ran.ended += gone.ended === undefined ? 0 : 1;
      underWay = await keep(ports, underWay, occurrence, gone);
    } catch (error) {
      if (error instanceof Conflict) throw error;
      ports.log('error', 'campaign cannot go on', { stage: 'run-campaigns', ...idsOf(occurrence), error: nameOf(error) });
      failures.push(error);
      if (isStalled(occurrence, room, ports.clock())) underWay = await keep(ports, underWay, occurrence, stalled);
    }
  }
  if (failures.length > 0) throw failures[0];
  return ran;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

const idsOf = ({ campaign, day }: OccurrenceName): { readonly campaign: string; readonly day: string } => ({ campaign, day });

const isSame = (a: OccurrenceName, b: OccurrenceName): boolean => a.campaign === b.campaign && a.day === b.day;

/** One write for all that begin. Whoever begins the same at the same moment has read what is under way before this write. */
async function begin(ports: CampaignPorts, config: Config, underWay: UnderWay): Promise<UnderWay> {
  const { campaigns, log } = ports;
  const live = config.campaigns.filter((version) => !isPaused(config, version));
  const due = live.flatMap((version) => dueOf(version, config, ports.clock()));
  const unknown = due.filter((one) => !underWay.occurrences.some((other) => isSame(one, other)));
  const beginning: Occurrence[] = [];
  for (const one of unknown) if ((await campaigns.past(one)) === undefined) beginning.push(one);
  if (beginning.length === 0) return underWay;
  const occurrences = [...underWay.occurrences, ...beginning];
  await campaigns.saveUnderWay({ version: underWay.version, occurrences });
  for (const one of beginning) log('info', 'campaign begins', { stage: 'run-campaigns', ...idsOf(one), version: one.version });
  return { version: underWay.version + 1, occurrences };
}

function dueOf({ hash, campaign }: CampaignVersion, { brand }: Config, now: number): readonly Occurrence[] {
  return beginningAt(campaign, brand.timeZone, now).map(({ day, waves }) => ({
    campaign: campaign.name,
    day: dayText(day),
    version: hash,
    at: nominalInstant(campaign, day, brand.timeZone),
    begunAt: now,
    waves,
  }));
}

/** What ended is kept before it leaves: somebody who finds it nowhere would begin it again. */
async function keep(
  { campaigns, clock, log }: CampaignPorts,
  underWay: UnderWay,
  occurrence: Occurrence,
  { ended, changed }: Progressed,
): Promise<UnderWay> {
  if (ended === undefined && changed === undefined) return underWay;
  if (ended !== undefined) await campaigns.keepPast({ ...occurrence, endedAt: clock(), because: ended });
  const others = underWay.occurrences.filter((other) => !isSame(occurrence, other));
  const occurrences = ended === undefined && changed !== undefined ? [...others, changed] : others;
  await campaigns.saveUnderWay({ version: underWay.version, occurrences });
  if (ended !== undefined) log(levels[ended], 'campaign ended', { stage: 'run-campaigns', ...idsOf(occurrence), because: ended });
  return { version: underWay.version + 1, occurrences };
}

const levels: Readonly<Record<EndOfOccurrence, 'info' | 'warn' | 'error'>> = {
  done: 'info',
  removed: 'warn',
  paused: 'warn',
  stalled: 'error',
};
