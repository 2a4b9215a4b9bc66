/**
 * Two people become one in one transaction; claims follow, or are followed. Errs on the side of keeping: nothing of the
 * loser is deleted, and the journal holds both sides as they were.
 */
import { claimKey } from '../events/identifier.ts';
import { mergeAttributes, mergeHot } from '../identity/merge.ts';
import { end } from '../journeys/advance.ts';
import type { Instance } from '../journeys/instance.ts';
import { nameOf } from '../journeys/trigger.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Loaded, MergeWrite, Ports } from '../ports.ts';
import type { ToldEvent } from '../profile/fold-cart.ts';
import { mergeStatistics } from '../profile/fold-statistics.ts';
import { cartHorizon } from '../profile/place-cart-event.ts';
import type { HotState } from '../profile/profile.ts';
import { startOfTimeline } from '../profile/timeline.ts';
import { completeHistory } from './cart-history.ts';

export type MergePorts = Pick<Ports, 'people' | 'clock' | 'secrets' | 'log'>;

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
  const family = [winner.id, loser.id, ...winner.attributes.aliases, ...loser.attributes.aliases];
  const [mine, theirs] = [await people.statistics(winner.id), await people.statistics(loser.id)];
  const hot = mergeHot(winner.hot, loser.hot, await cartEvents(people, family, [winner.hot, loser.hot], at), at);
  const refs = [...winner.hot.open, ...loser.hot.open];
  const stored = refs.length === 0 ? [] : await people.instances([winner.id], refs);
  const leaving = loser.hot.open.length === 0 ? [] : await people.instances([loser.id], loser.hot.open);
  const open = leaving.map(({ instance }) => instance).filter(({ state }) => state.kind !== 'ended');
  return {
    winner: winner.id,
    loser: loser.id,
    at,
    before: {
      winner: { attributes: winner.attributes, hot: winner.hot, statistics: mine },
      loser: { attributes: loser.attributes, hot: loser.hot, statistics: theirs },
    },
    after: {
      attributes: mergeAttributes(winner.attributes, loser.attributes, loser.id),
      hot,
      ...(theirs.version === 0 ? {} : { statistics: mergeStatistics(mine, theirs) }),
    },
    moved: open.flatMap((instance) =>
      furthest(instance, stored.find((one) => nameOf(one.instance) === nameOf(instance))?.instance),
    ),
    ended: open.map((instance) => end(instance, 'merged', { at, outcome: 'moved', because: `the person is ${winner.id} now` })),
  };
}

/** What both told since the first of their carts can have begun; nothing where neither has one. */
async function cartEvents(
  people: MergePorts['people'],
  family: readonly PersonId[],
  hots: readonly HotState[],
  now: Instant,
): Promise<readonly ToldEvent[]> {
  if (hots.every(({ cart }) => cart === undefined)) return [];
  const [from = startOfTimeline] = hots.map((hot) => cartHorizon(hot, now)).toSorted();
  const rings = hots.map(({ ring }) => ring);
  return (await completeHistory(people, { family, rings, now }, from)).told;
}

/** One run per journey and key goes on: the one that is further. What the winner has ended stays ended. */
function furthest(instance: Instance, winners: Instance | undefined): readonly Instance[] {
  if (winners === undefined) return [{ ...instance, stored: 0 }];
  return progress(instance) > progress(winners) ? [{ ...instance, stored: winners.stored }] : [];
}

function progress({ state }: Instance): number {
  switch (state.kind) {
    case 'waiting':
      return 2 * state.step;
    case 'sending':
      return 2 * state.step + 1;
    case 'ended':
      return Number.POSITIVE_INFINITY;
  }
}
