/**
 * Two people become one in one transaction; claims follow, or are followed. Errs on the side of keeping: nothing of the
 * loser is deleted, and the journal holds both sides as they were.
 */
import { claimKey } from '../events/identifier.ts';
import { disputedSince, mergeAttributes, mergeHot } from '../identity/merge.ts';
import { end } from '../journeys/advance.ts';
import { nameOf } from '../journeys/trigger.ts';
import { hours, type Instant } from '../kernel/time.ts';
import type { Loaded, MergeWrite, Ports } from '../ports.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import { mergeStatistics } from '../profile/fold-statistics.ts';
import { cartHorizon } from '../profile/place-cart-event.ts';
import { chunkKeyAt } from '../profile/timeline.ts';
import { completeHistory } from './cart-history.ts';
import { furthestRuns, settleRuns, type Run } from './merge-runs.ts';

export type MergePorts = Pick<Ports, 'people' | 'settings' | 'clock' | 'secrets' | 'log'>;

/** Throws Conflict when somebody wrote to one of them since they were loaded. */
export async function mergePeople(ports: MergePorts, winner: Loaded, loser: Loaded): Promise<void> {
  const { people, clock, secrets, log } = ports;
  const now = clock();
  await people.merge(await planMerge(ports, winner, loser, now));
  const claims = loser.attributes.identifiers.map((identifier) => claimKey(secrets.identifierKey, identifier));
  await people.moveClaims(claims, loser.id, winner.id);
  log('info', 'merged', { winner: winner.id, loser: loser.id });
}

async function planMerge(ports: MergePorts, winner: Loaded, loser: Loaded, at: Instant): Promise<MergeWrite> {
  const { people } = ports;
  const [mine, theirs] = [await people.statistics(winner.id), await people.statistics(loser.id)];
  const refs = [...new Map([...winner.hot.open, ...loser.hot.open].map((open) => [nameOf(open), open])).values()];
  const owned = refs.length === 0 ? [] : (await people.instances([winner.id], refs)).map(({ instance }) => instance);
  const leaving = refs.length === 0 ? [] : (await people.instances([loser.id], refs)).map(({ instance }) => instance);
  const runs = furthestRuns(owned, leaving, at);
  const told = await toldByBoth(ports, winner, loser, runs, at);
  const all = [...told.winner, ...told.loser];
  const before = {
    winner: { attributes: winner.attributes, hot: winner.hot, statistics: mine },
    loser: { attributes: loser.attributes, hot: loser.hot, statistics: theirs },
  };
  const after = {
    attributes: mergeAttributes(winner.attributes, loser.attributes, loser.id, all),
    hot: mergeHot(winner.hot, loser.hot, all, at),
    ...(theirs.version === 0 ? {} : { statistics: mergeStatistics(mine, theirs) }),
  };
  const hadCart = winner.hot.cart !== undefined || loser.hot.cart !== undefined;
  const settled = await settleRuns(ports, runs, after, told, hadCart && after.hot.cart === undefined);
  const because = `the person is ${winner.id} now`;
  return {
    winner: winner.id,
    loser: loser.id,
    at,
    before,
    after: { ...after, hot: { ...after.hot, open: settled.open } },
    moved: settled.runs.map(({ instance }) => instance).filter((instance) => !owned.includes(instance)),
    ended: leaving
      .filter(({ state }) => state.kind !== 'ended')
      .map((instance) => end(instance, 'merged', { at, outcome: 'moved', because })),
  };
}

/** What each told since the first cart, disputed trait or open run of both: two halves without a cart can have one together. */
async function toldByBoth(
  { people }: MergePorts,
  winner: Loaded,
  loser: Loaded,
  runs: readonly Run[],
  now: Instant,
): Promise<Readonly<Record<Run['of'], readonly ToldEvent[]>>> {
  const disputed = disputedSince(winner.attributes, loser.attributes);
  const from = [
    cartHorizon(loser.hot, now),
    ...(disputed === undefined ? [] : [chunkKeyAt(disputed)]),
    ...runs.map(({ instance }) => chunkKeyAt(instance.entry.at - hours(1))),
  ].reduce((first, key) => (key < first ? key : first), cartHorizon(winner.hot, now));
  const read = async ({ id, attributes, hot }: Loaded): Promise<readonly ToldEvent[]> =>
    (await completeHistory(people, { family: [id, ...attributes.aliases], rings: [hot.ring], now }, from)).told;
  return { winner: await read(winner), loser: await read(loser) };
}
