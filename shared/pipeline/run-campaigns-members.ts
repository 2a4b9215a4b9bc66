/**
 * Who of a stretch of the directory is due in a wave and in the segment, as they are now. Reads of each person what the
 * segment asks for and nothing else: most segments ask for what the directory itself says.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import { needsOf } from '../campaigns/needs.ts';
import type { Occurrence } from '../campaigns/occurrence.ts';
import { isTaken, wavesOf } from '../campaigns/schedule.ts';
import type { Brand } from '../config/config.ts';
import type { PersonId } from '../kernel/ids.ts';
import { instantAt, parseDay, type Instant } from '../kernel/time.ts';
import type { Parts, PartsAsked, Ports } from '../ports.ts';
import type { Listed } from '../profile/directory.ts';
import { newAttributes, newHotState, type Attributes, type HotState } from '../profile/profile.ts';
import { newStatistics } from '../profile/statistics.ts';
import { compileCondition } from '../rules/compile.ts';
import { didsIn } from '../rules/did-state.ts';
import { cartHistory } from './cart-history.ts';
import { earliest, horizonOf, missingOrders, ordersSince, statesFrom } from './count-events.ts';
import { factsOf, recipientZone, type Besides, type Moment } from './person-facts.ts';

export type MemberPorts = Pick<Ports, 'people' | 'clock'>;

/** What is swept for. */
export interface Sweep {
  readonly campaign: Campaign;
  readonly brand: Pick<Brand, 'timeZone'>;
  readonly occurrence: Occurrence;
  readonly wave: Instant;
}

/** A person as far as they were read. */
interface Known extends Parts {
  readonly person: PersonId;
}

export async function findMembers(ports: MemberPorts, sweep: Sweep, listed: readonly Listed[]): Promise<readonly PersonId[]> {
  const due = await whoIsDue(ports, sweep, listed);
  const { when } = sweep.campaign;
  const needs = needsOf(when);
  const holds = compileCondition(when);
  const moment: Moment = { now: ports.clock(), zone: sweep.brand.timeZone };
  // What they did stands under the names of everybody they were, which their own item says.
  const known = await readAlso(ports, due, { hot: needs.hot, statistics: needs.statistics, attributes: needs.timeline });
  const besides = await Promise.all(known.map((one) => besidesOf(ports, sweep, one, moment)));
  const members = known.filter((one, index) => holds(factsOf(one, moment, besides[index])));
  return members.map(({ person }) => person);
}

const asListed = ({ person, traits, consents }: Listed): Known => ({
  person,
  attributes: { ...newAttributes(0), traits, consents },
  hot: newHotState(),
  statistics: newStatistics(),
});

/** In the brand's zone everybody is due at once, and nothing is read to know it. */
async function whoIsDue(
  ports: MemberPorts,
  { campaign, brand, occurrence, wave: own }: Sweep,
  listed: readonly Listed[],
): Promise<readonly Known[]> {
  if (campaign.zone === 'brand') return listed.map(asListed);
  const day = parseDay(occurrence.day);
  if (day === undefined) throw new Error(`campaign ${occurrence.campaign} goes out on ${occurrence.day}, which is no day`);
  const all = wavesOf(campaign, day, brand.timeZone);
  const known = await withZones(ports, listed);
  return known.filter(({ attributes, hot }) =>
    isTaken(instantAt(day, campaign.at, recipientZone(attributes, hot, brand.timeZone)), own, occurrence.waves, all),
  );
}

/** Who says nothing of their zone lives where their latest event came from: only of them the hot state is read. */
async function withZones({ people }: MemberPorts, listed: readonly Listed[]): Promise<readonly Known[]> {
  const known = listed.map(asListed);
  const silent = known.filter(({ attributes }) => saysNoZone(attributes));
  const hot = await people.parts(
    silent.map(({ person }) => person),
    { hot: true },
  );
  const read = new Map(silent.map(({ person }, index) => [person, hot[index]?.hot]));
  return known.map((one) => ({ ...one, hot: read.get(one.person) ?? one.hot }));
}

const nowhere: Pick<HotState, 'place'> = {};
const saysNoZone = (attributes: Attributes): boolean => recipientZone(attributes, nowhere, '') === '';

/** Traits and consents stay those of the directory: both are as old as they are. */
async function readAlso({ people }: MemberPorts, known: readonly Known[], asked: PartsAsked): Promise<readonly Known[]> {
  if (asked.hot !== true && asked.statistics !== true && asked.attributes !== true) return known;
  const parts = await people.parts(
    known.map(({ person }) => person),
    asked,
  );
  return known.map((one, index) => {
    const read = parts[index];
    if (read === undefined) return one;
    return {
      person: one.person,
      attributes: asked.attributes === true ? { ...read.attributes, ...factsIn(one.attributes) } : one.attributes,
      hot: asked.hot === true ? read.hot : one.hot,
      statistics: asked.statistics === true ? read.statistics : one.statistics,
    };
  });
}

const factsIn = ({ traits, consents }: Attributes): Pick<Attributes, 'traits' | 'consents'> => ({ traits, consents });

/** What is counted from the timeline: what they did, and orders older than those that the statistics keep. */
async function besidesOf(
  { people }: MemberPorts,
  { campaign: { when } }: Sweep,
  { person, attributes, statistics }: Known,
  moment: Moment,
): Promise<Besides> {
  const dids = didsIn(when);
  const ofOrders = missingOrders([when], statistics, undefined, moment);
  const horizons = [...dids.map((did) => horizonOf(did, moment)), ...(ofOrders === undefined ? [] : [ofOrders])];
  if (horizons.length === 0) return {};
  const from = earliest(horizons);
  const [own] = dids.length > 0 ? [{ attributes }] : await people.parts([person], { attributes: true });
  const told = await cartHistory(people, [person, ...(own?.attributes.aliases ?? [])], from);
  return {
    counts: statesFrom(dids, { from, told }, moment.zone),
    ...(ofOrders === undefined ? {} : { orders: ordersSince({ from, told }, statistics, moment.zone) }),
  };
}
