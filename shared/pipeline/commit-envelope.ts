/**
 * load → decide → save for the new events of one envelope, or for a moment that passed (no events): loads only what listens
 * to them, decides purely, and commits under the versions it read.
 */
import type { Envelope, Event } from '../events/event.ts';
import type { Instance } from '../journeys/instance.ts';
import {
  concerns,
  isAboutCart,
  isRaised,
  listenersOf,
  mentionsOrders,
  usesOrders,
  type Listeners,
  type VersionOf,
} from '../journeys/listeners.ts';
import { followsTold } from '../journeys/follow-date.ts';
import { nameOf } from '../journeys/trigger-state.ts';
import { Conflict } from '../kernel/errors.ts';
import { keyedHash } from '../kernel/ids.ts';
import type { Config } from '../config/config.ts';
import { asksWhereabouts } from '../config/whereabouts-asked.ts';
import type { Ports } from '../ports.ts';
import { changesStatistics } from '../profile/fold-statistics.ts';
import { newStatistics, type Statistics } from '../profile/statistics.ts';
import { startOfTimeline } from '../profile/timeline.ts';
import { completeHistory } from './cart-history.ts';
import { decideEnvelope } from './decide-envelope.ts';
import type { Decided, DecisionContext, PersonState } from './decision.ts';
import type { Found } from './find-person.ts';

export type CommitPorts = Pick<Ports, 'people' | 'settings' | 'clock' | 'secrets'>;

/** Throws Conflict when somebody wrote since the person was loaded. */
export async function commitEnvelope(
  ports: CommitPorts,
  found: Found,
  envelope: Envelope,
  fresh: readonly Event[],
): Promise<Decided> {
  const { people } = ports;
  const { id, hot: before } = found.person;
  const config = await ports.settings.config(before.generation);
  const decided = await decideFully(ports, config, found, envelope, fresh, await loadFor(ports, config, found, fresh));
  const { attributes, factsChanged, proofs, hot, instances, statistics } = decided;
  if (proofs.length > 0) await people.keepProofs(id, proofs);
  if (factsChanged) await people.saveAttributes(id, attributes);
  const outcome = await people.commit(id, { hot, instances, ...(statistics === undefined ? {} : { statistics }) });
  if (outcome.kind === 'instance-exists')
    throw new Conflict('commit an envelope: a journey was started by somebody else meanwhile');
  return decided;
}

interface LoadedFor {
  readonly pinned: ReadonlyMap<string, VersionOf>;
  readonly listeners: Listeners;
  readonly instances: readonly Instance[];
  readonly statistics: Statistics;
}

const cached = new WeakMap<Config, Listeners>();

export function listenersFor(config: Config): Listeners {
  const listeners = cached.get(config) ?? listenersOf(config.journeys, config.brand.timeZone);
  cached.set(config, listeners);
  return listeners;
}

const asked = new WeakMap<Config, boolean>();

function whereaboutsFor(config: Config): boolean {
  const isAsked = asked.get(config) ?? asksWhereabouts(config);
  asked.set(config, isAsked);
  return isAsked;
}

async function loadFor(
  { people, settings }: CommitPorts,
  config: Config,
  { person, mayWrite }: Found,
  fresh: readonly Event[],
): Promise<LoadedFor> {
  const names = fresh.length === 0 ? [] : ['Cart Updated', ...fresh.map(({ name }) => name)];
  const listeners = listenersFor(config);
  const pinned = new Map<string, VersionOf>();
  for (const { version } of person.hot.open) {
    const known =
      pinned.get(version) ?? config.journeys.find(({ hash }) => hash === version) ?? (await settings.journey(version));
    if (known !== undefined) pinned.set(version, known);
  }
  const listening = person.hot.open.filter(({ version }) => {
    const journey = pinned.get(version)?.journey;
    if (journey === undefined) return false;
    return (
      isRaised(journey) ||
      (fresh.length > 0 && isAboutCart(journey)) ||
      names.some((name) => concerns(journey, name)) ||
      (mayWrite && followsTold(journey, fresh))
    );
  });
  const stored = listening.length === 0 ? [] : await people.instances([person.id, ...person.attributes.aliases], listening);
  const starting = names.flatMap((name) => listeners.starts(name));
  const needsOrders =
    fresh.some(changesStatistics) ||
    watchesOrders(listeners) ||
    [...starting, ...listening.flatMap(({ version }) => pinned.get(version) ?? [])].some(({ journey }) => usesOrders(journey));
  return {
    pinned,
    listeners,
    instances: stored.map(({ instance }) => instance),
    statistics: needsOrders ? await people.statistics(person.id) : newStatistics(),
  };
}

/** Segments are decided on after every envelope. */
const watchesOrders = ({ watches, dates }: Listeners): boolean =>
  watches.some(({ when, starts }) => mentionsOrders(when) || starts.some(({ version }) => usesOrders(version.journey))) ||
  dates.some(({ version }) => usesOrders(version.journey));

/** Decides, asks for the past where it must, and makes sure that what it starts has not run before under any of the person's ids. */
async function decideFully(
  { people, clock, secrets }: CommitPorts,
  config: Config,
  found: Found,
  envelope: Envelope,
  fresh: readonly Event[],
  loaded: LoadedFor,
): Promise<Decided> {
  const { id, attributes, hot } = found.person;
  const family = [id, ...attributes.aliases];
  let context: DecisionContext = {
    now: clock(),
    zone: config.brand.timeZone,
    generation: config.generation,
    mayWrite: found.mayWrite,
    identifiers: found.identifiers,
    listeners: loaded.listeners,
    pinned: new Map([...loaded.pinned, ...config.journeys.map((version): [string, VersionOf] => [version.hash, version])]),
    hashed: (text) => keyedHash(secrets.identifierKey, text),
    whereabouts: whereaboutsFor(config),
    // Whoever was nobody has no past to read.
    ...(attributes.version === 0 && hot.version === 0 ? { history: { from: startOfTimeline, told: [] } } : {}),
  };
  let existing: ReadonlyMap<string, Instance> = new Map();
  for (;;) {
    const person: PersonState = { id, attributes, hot, statistics: loaded.statistics, instances: loaded.instances, existing };
    const outcome = decideEnvelope(envelope, fresh, person, context);
    if (outcome.kind === 'needs-history') {
      context = {
        ...context,
        history: await completeHistory(
          people,
          { family, rings: [hot.ring], now: context.now, ...(outcome.final && { final: true }) },
          outcome.from,
        ),
      };
      continue;
    }
    const begun = outcome.instances.filter(({ stored }) => stored === 0);
    const unknown = begun.filter((instance) => !existing.has(nameOf(instance)));
    const ran = unknown.length === 0 ? [] : await people.instances(family, unknown);
    if (ran.length === 0) return outcome;
    const former = ran.map(({ person: of, instance }) => (of === id ? instance : { ...instance, stored: 0 }));
    existing = new Map([...existing, ...former.map((instance): [string, Instance] => [nameOf(instance), instance])]);
  }
}
