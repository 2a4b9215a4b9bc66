/**
 * The journeys of two people who turn out to be one: one run per journey and key goes on, the furthest, and what either did
 * ends the runs of the other, as if they had been one all along (promises 2 and 3).
 */
import { inCartTime, type ToldEvent } from '../profile/fold-cart.ts';
import { end } from '../journeys/advance.ts';
import type { Instance } from '../journeys/instance.ts';
import { isAboutCart, listenersOf, type VersionOf } from '../journeys/listeners.ts';
import { nameOf, trigger, type TriggerState } from '../journeys/trigger.ts';
import type { Instant } from '../kernel/time.ts';
import type { MergeWrite, Ports } from '../ports.ts';
import type { OpenJourney } from '../profile/profile.ts';
import { newStatistics } from '../profile/statistics.ts';
import { factsOf } from './decide-envelope.ts';

export interface Run {
  readonly of: 'winner' | 'loser';
  /** As it goes on; `stored` as the winner has it. */
  readonly instance: Instance;
}

/** Open runs, one per journey and key. What either has run to its end is over. */
export function furthestRuns(mine: readonly Instance[], theirs: readonly Instance[], at: Instant): readonly Run[] {
  const others = new Map(theirs.map((instance) => [nameOf(instance), instance]));
  const known = new Set(mine.map(nameOf));
  const own = mine.flatMap((instance): readonly Run[] => furthest(instance, others.get(nameOf(instance)), at));
  const moving = theirs.filter((instance) => !known.has(nameOf(instance)) && instance.state.kind !== 'ended');
  return [...own, ...moving.map((instance): Run => ({ of: 'loser', instance: { ...instance, stored: 0 } }))];
}

function furthest(mine: Instance, theirs: Instance | undefined, at: Instant): readonly Run[] {
  if (mine.state.kind === 'ended') return [];
  if (theirs === undefined) return [{ of: 'winner', instance: mine }];
  if (theirs.state.kind === 'ended')
    return [{ of: 'winner', instance: end(mine, 'merged', { at, outcome: 'ended', because: 'the same person ran it before' }) }];
  return progress(theirs) > progress(mine)
    ? [{ of: 'loser', instance: { ...theirs, stored: mine.stored } }]
    : [{ of: 'winner', instance: mine }];
}

const progress = ({ state }: Instance): number =>
  state.kind === 'ended' ? Number.POSITIVE_INFINITY : 2 * state.step + Number(state.kind === 'sending');

export interface Settled {
  readonly open: readonly OpenJourney[];
  readonly runs: readonly Run[];
}

/** Exits and restarts that the events of one side mean for the runs of the other; runs about a cart end with it. */
export async function settleRuns(
  { settings, clock }: Pick<Ports, 'settings' | 'clock'>,
  runs: readonly Run[],
  after: MergeWrite['after'],
  told: Readonly<Record<Run['of'], readonly ToldEvent[]>>,
  isCartClosed: boolean,
): Promise<Settled> {
  const pinned = new Map<string, VersionOf>();
  for (const { instance } of runs) {
    const version = await settings.journey(instance.version);
    if (version !== undefined) pinned.set(instance.version, version);
  }
  const { brand } = await settings.config();
  const { attributes, hot, statistics = newStatistics() } = after;
  const settle = ({ of, instance }: Run): { readonly run: Run; readonly open: readonly OpenJourney[] } => {
    const { journey, key, version } = instance;
    const { restarts } = hot.open.find((open) => nameOf(open) === nameOf(instance)) ?? {};
    const open: OpenJourney = { journey, key, version, ...(restarts === undefined ? {} : { restarts }) };
    let state: TriggerState = { open: [open], instances: new Map([[nameOf(instance), instance]]), decisions: [] };
    for (const { event, context } of told[of === 'winner' ? 'loser' : 'winner'].toSorted(inCartTime))
      state = trigger(state, event, {
        now: clock(),
        zone: brand.timeZone,
        receivedAt: event.occurredAt,
        imported: false,
        chunk: context.chunk,
        facts: factsOf(attributes, hot, statistics, event.properties),
        listeners: listenersOf([]),
        pinned,
        lastMessages: hot.lastMessages,
        existing: new Set(),
        hashed: (text) => text,
      });
    const settled = state.instances.get(nameOf(instance)) ?? instance;
    return { run: { of, instance: settled }, open: settled.state.kind === 'ended' ? [] : state.open };
  };
  const closed = ({ of, instance }: Run): Run => {
    const version = pinned.get(instance.version);
    if (!isCartClosed || version === undefined || !isAboutCart(version.journey) || instance.state.kind === 'ended')
      return { of, instance };
    const because = 'the other half of this person closed or emptied the cart';
    return { of, instance: end(instance, 'cart-closed', { at: clock(), outcome: 'ended', because }) };
  };
  const all = runs.map((run) => settle(closed(run)));
  return { open: all.flatMap(({ open }) => open), runs: all.map(({ run }) => run) };
}
