/**
 * Two people become one in one transaction; claims follow, or are followed. Errs on the side of keeping: nothing of the
 * loser is deleted, and the journal holds both sides as they were.
 */
import { claimKey } from '../events/identifier.ts';
import { disputedSince, mergeAttributes, mergeHot } from '../identity/merge.ts';
import { end } from '../journeys/advance.ts';
import type { Instance } from '../journeys/instance.ts';
import { listenersOf } from '../journeys/listeners.ts';
import { nameOf } from '../journeys/trigger-state.ts';
import { watchRef } from '../journeys/watch.ts';
import { hours, type Instant } from '../kernel/time.ts';
import type { Loaded, MergeWrite, Ports } from '../ports.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import { mergeStatistics } from '../profile/fold-statistics.ts';
import { cartHorizon } from '../profile/place-cart-event.ts';
import { chunkKeyAt } from '../profile/timeline.ts';
import { completeHistory } from './cart-history.ts';
import { conditionsAsked } from './asked-of-past.ts';
import { horizonOf } from './count-events.ts';
import { furthestRuns, settleRuns, versionsOf, type Run } from './merge-runs.ts';

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
  const timer = await timerOf(ports, loser);
  const told = await toldByBoth(ports, winner, loser, runs, at);
  const all = [...told.winner, ...told.loser];
  const before = {
    winner: { attributes: winner.attributes, hot: winner.hot, statistics: mine },
    loser: { attributes: loser.attributes, hot: loser.hot, statistics: theirs },
  };
  // A loser without any leaves the winner's as they are.
  const statistics = theirs.version === 0 ? mine : mergeStatistics(mine, theirs);
  const after = {
    attributes: mergeAttributes(winner.attributes, loser.attributes, loser.id, all),
    hot: mergeHot(winner.hot, loser.hot, all, at),
    ...(theirs.version === 0 ? {} : { statistics }),
  };
  const hadCart = winner.hot.cart !== undefined || loser.hot.cart !== undefined;
  const isCartClosed = hadCart && after.hot.cart === undefined;
  const settled = await settleRuns(ports, winner.id, runs, { ...after, statistics }, told, isCartClosed);
  const because = `the person is ${winner.id} now`;
  return {
    winner: winner.id,
    loser: loser.id,
    at,
    before,
    after: { ...after, hot: { ...after.hot, open: settled.open } },
    moved: settled.runs
      .map(({ of, instance }) => (of === 'winner' ? instance : { ...instance, begunAs: instance.begunAs ?? loser.id }))
      .filter((instance) => !owned.includes(instance)),
    ended: [...leaving, ...timer]
      .filter(({ state }) => state.kind !== 'ended')
      .map((instance) => end(instance, 'merged', { at, outcome: 'moved', because })),
  };
}

/** The winner has one of their own. */
async function timerOf({ people }: MergePorts, { id, hot }: Loaded): Promise<readonly Instance[]> {
  if (hot.watching?.due === undefined) return [];
  return (await people.instances([id], [watchRef])).map(({ instance }) => instance);
}

/** What each told since the first cart, disputed trait or open run of both: two halves without a cart can have one together. */
async function toldByBoth(
  { people, settings }: MergePorts,
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
    ...(await countedSince(settings, runs, now)),
  ].reduce((first, key) => (key < first ? key : first), cartHorizon(winner.hot, now));
  const read = async ({ id, attributes, hot }: Loaded): Promise<readonly ToldEvent[]> =>
    (await completeHistory(people, { family: [id, ...attributes.aliases], rings: [hot.ring], now }, from)).told;
  return { winner: await read(winner), loser: await read(loser) };
}

/** What exits and waits of the runs count. */
async function countedSince(settings: MergePorts['settings'], runs: readonly Run[], now: Instant): Promise<readonly string[]> {
  const pinned = await versionsOf(settings, runs);
  const names = [...pinned.values()].flatMap(({ journey }) => [
    ...(journey.exit?.on ?? []),
    ...journey.steps.flatMap((step) => (step.kind === 'wait-event' ? step.pattern.on : [])),
  ]);
  const instances = runs.map(({ instance }) => instance);
  const asked = conditionsAsked(
    names.map((name) => ({ name })),
    { instances },
    { listeners: listenersOf([], 'UTC'), pinned },
  );
  if (asked.dids.length === 0) return [];
  const { brand } = await settings.config();
  return asked.dids.map((did) => horizonOf(did, { now, zone: brand.timeZone }));
}
