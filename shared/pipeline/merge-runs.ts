/**
 * The journeys of two people who turn out to be one: one run per journey and key goes on, the furthest, and what either did
 * ends the runs of the other, as if they had been one all along (promises 2 and 3).
 */
import type { Event } from '../events/event.ts';
import { inCartTime, type ToldEvent } from '../profile/fold-cart.ts';
import { end } from '../journeys/advance.ts';
import type { Instance } from '../journeys/instance.ts';
import { isAboutCart, listenersOf, type VersionOf } from '../journeys/listeners.ts';
import { nameOf, type TriggerContext, type TriggerState } from '../journeys/trigger-state.ts';
import { trigger } from '../journeys/trigger.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { MergeWrite, Ports } from '../ports.ts';
import type { History } from '../profile/place-cart-event.ts';
import type { HotState, OpenJourney } from '../profile/profile.ts';
import { newStatistics } from '../profile/statistics.ts';
import { startOfTimeline } from '../profile/timeline.ts';
import { conditionsAsked } from './asked-of-past.ts';
import { statesFrom } from './count-events.ts';
import { lastCartUpdated } from './cart-updated.ts';
import { factsOf, recipientZone } from './person-facts.ts';

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
  return comesFirst(theirs, mine)
    ? [{ of: 'loser', instance: { ...theirs, stored: mine.stored } }]
    : [{ of: 'winner', instance: mine }];
}

const progress = ({ state }: Instance): number =>
  state.kind === 'waiting' || state.kind === 'sending'
    ? 2 * state.step + Number(state.kind === 'sending')
    : Number.POSITIVE_INFINITY;

export interface Settled {
  readonly open: readonly OpenJourney[];
  readonly runs: readonly Run[];
}

export type Pinned = ReadonlyMap<string, VersionOf>;

const nobodyListens = listenersOf([], 'UTC');

/**
 * Exits and restarts that the events of one side mean for the runs of the other; runs about a cart wait since the last
 * change of the cart that both have now, and end with it.
 */
export async function settleRuns(
  { settings, clock }: Pick<Ports, 'settings' | 'clock'>,
  winner: PersonId,
  runs: readonly Run[],
  after: MergeWrite['after'],
  told: Readonly<Record<Run['of'], readonly ToldEvent[]>>,
  isCartClosed: boolean,
): Promise<Settled> {
  const pinned = await versionsOf(settings, runs);
  const zone = (await settings.config()).brand.timeZone;
  const now = clock();
  const all = runs.map((run) => {
    const others = told[run.of === 'winner' ? 'loser' : 'winner'].toSorted(inCartTime).map(({ event }) => event);
    const past: History = { from: startOfTimeline, told: [...told.winner, ...told.loser] };
    return settle(isCartClosed ? withoutCart(run, pinned, now) : run, others, after, past, { now, zone, pinned, person: winner });
  });
  const kept = oneWhereRested(
    all.map(({ run }) => run),
    pinned,
    now,
  );
  const ended = new Set(kept.flatMap(({ instance }) => (instance.state.kind === 'ended' ? [nameOf(instance)] : [])));
  return { open: all.map(({ open }) => open).filter((open) => !ended.has(nameOf(open))), runs: kept };
}

function settle(
  { of, instance }: Run,
  others: readonly Event[],
  { attributes, hot, statistics = newStatistics() }: MergeWrite['after'],
  past: History,
  context: Pick<TriggerContext, 'now' | 'zone' | 'pinned' | 'person'>,
): { readonly run: Run; readonly open: OpenJourney } {
  const { journey, key, version } = instance;
  const open: OpenJourney = { journey, key, version, ...restartsOf(hot, instance) };
  const state: TriggerState = { open: [open], instances: new Map([[nameOf(instance), instance]]), decisions: [] };
  const asked = conditionsAsked(others, { instances: [instance] }, { listeners: nobodyListens, pinned: context.pinned });
  const counts = asked.dids.length === 0 ? {} : statesFrom(asked.dids, past, context.zone);
  const settled = [...others, ...lastCartUpdated(hot)].reduce(
    (before, event) =>
      trigger(before, event, {
        ...context,
        recipientZone: recipientZone(attributes, hot, context.zone),
        receivedAt: event.occurredAt,
        imported: false,
        chunk: '',
        facts: factsOf({ attributes, hot, statistics }, context, { event: event.properties, counts }),
        canDecide: () => false, // left to advance-journeys, which reads what is asked
        listeners: nobodyListens,
        lastMessages: hot.lastMessages,
        existing: new Map(),
        hashed: (text) => text,
        reached: () => [],
        since: () => [],
      }),
    state,
  );
  return { run: { of, instance: settled.instances.get(nameOf(instance)) ?? instance }, open: settled.open[0] ?? open };
}

/** What it heard of its own half's cart is no change of the cart that both have now. */
function restartsOf({ open, cart }: HotState, instance: Instance): Pick<OpenJourney, 'restarts'> {
  const heard = Object.entries(open.find((one) => nameOf(one) === nameOf(instance))?.restarts ?? {});
  const restarts = heard.filter(([name]) => cart === undefined || name !== 'Cart Updated');
  return restarts.length === 0 ? {} : { restarts: Object.fromEntries(restarts) };
}

export async function versionsOf(settings: Pick<Ports['settings'], 'journey'>, runs: readonly Run[]): Promise<Pinned> {
  const pinned = new Map<string, VersionOf>();
  for (const { instance } of runs) {
    const version = pinned.get(instance.version) ?? (await settings.journey(instance.version));
    if (version !== undefined) pinned.set(instance.version, version);
  }
  return pinned;
}

function withoutCart(run: Run, pinned: Pinned, at: Instant): Run {
  const version = pinned.get(run.instance.version);
  if (version === undefined || !isAboutCart(version.journey) || run.instance.state.kind === 'ended') return run;
  const because = 'the other half of this person closed or emptied the cart';
  return { ...run, instance: end(run.instance, 'cart-closed', { at, outcome: 'ended', because }) };
}

/** A journey with a rest has one open run: the furthest goes on, else the one that began first, as if there had been one person. */
function oneWhereRested(runs: readonly Run[], pinned: Pinned, at: Instant): readonly Run[] {
  const rests = ({ instance }: Run): boolean =>
    instance.state.kind !== 'ended' && pinned.get(instance.version)?.journey.start.rest !== undefined;
  const goesOn = new Map<string, Run>();
  for (const run of runs.filter(rests)) {
    const { journey } = run.instance;
    const other = goesOn.get(journey);
    if (other === undefined || comesFirst(run.instance, other.instance)) goesOn.set(journey, run);
  }
  return runs.map((run) => {
    if (!rests(run) || goesOn.get(run.instance.journey) === run) return run;
    const because = 'the same person had another run under way';
    return { ...run, instance: end(run.instance, 'merged', { at, outcome: 'ended', because }) };
  });
}

const comesFirst = (a: Instance, b: Instance): boolean => {
  const order = progress(b) - progress(a) || a.entry.at - b.entry.at;
  return order < 0 || (order === 0 && a.key < b.key);
};
