/** All that is stored about one person, read at once for somebody who looks them up: profile and story are two views of it. */
import type { IdentifierType } from '../../shared/events/identifier.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import { normaliseIdentifiers } from '../../shared/identity/normalise.ts';
import type { Instance } from '../../shared/journeys/instance.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import { isWatch } from '../../shared/journeys/watch.ts';
import { after, type Instant } from '../../shared/kernel/time.ts';
import type { LoggedMessage } from '../../shared/messages/marks.ts';
import type { Loaded } from '../../shared/ports.ts';
import type { Statistics } from '../../shared/profile/statistics.ts';
import { endOfTimeline, type Chunk } from '../../shared/profile/timeline.ts';
import type { Stack } from '../stack.ts';

/** Query parameter → kind of identifier. */
const lookups = {
  email: 'email',
  phone: 'phone',
  userId: 'userId',
  anonymousId: 'anonymousId',
  loyaltyId: 'loyaltyId',
  externalId: 'externalId',
} as const satisfies Record<string, IdentifierType>;

export const lookupNames: readonly string[] = Object.keys(lookups);

/** One run of a journey, with the steps of the version it is pinned to. */
export interface Run {
  readonly instance: Instance;
  readonly steps: readonly Step[];
  /** When it ended, or goes on: a restarted wait ends later than its timer says, which moves when it fires. */
  readonly until: Instant;
}

export interface Known {
  readonly person: Loaded;
  /** Oldest first. */
  readonly chunks: readonly Chunk[];
  readonly runs: readonly Run[];
  readonly messages: readonly LoggedMessage[];
  readonly statistics: Statistics;
}

/** Undefined where nobody is known by it. */
export async function lookUp(stack: Stack, query: URLSearchParams): Promise<Known | undefined> {
  const id = query.get('id') ?? (await ownerOf(stack, query));
  if (id === undefined) return undefined;
  const { people } = stack.ports;
  const person = await people.load(id);
  if (person.attributes.version === 0 && person.hot.version === 0) return undefined;
  const family = [person.id, ...person.attributes.aliases];
  const chunks: Chunk[] = [];
  for await (const page of people.timeline(family, 'E#', endOfTimeline)) chunks.push(...page);
  const instances = (await people.allInstances(family)).map(({ instance }) => instance).filter(isNotMoved);
  return {
    person,
    chunks,
    runs: await Promise.all(instances.map((instance) => runOf(stack, person, instance))),
    messages: await people.messages(family),
    statistics: await people.statistics(person.id),
  };
}

async function ownerOf({ ports: { people, secrets, settings } }: Stack, query: URLSearchParams): Promise<string | undefined> {
  const raw = Object.entries(lookups).flatMap(([name, type]) => {
    const value = query.get(name);
    // An unescaped `+33…` arrives as a space.
    return value === null ? [] : [{ type, value: type === 'phone' ? value.replace(/^ /, '+') : value }];
  });
  const { brand } = await settings.config();
  const { identifiers } = normaliseIdentifiers(raw, brand.country);
  const owners = await people.owners(identifiers.map((identifier) => claimKey(secrets.identifierKey, identifier)));
  return [...owners.values()][0];
}

/** No run of a journey: a timer of the person; or one that goes on under somebody else. */
const isNotMoved = ({ state, journey }: Instance): boolean =>
  !isWatch({ journey }) && (state.kind !== 'ended' || state.because !== 'merged');

async function runOf({ ports: { settings } }: Stack, { hot }: Loaded, instance: Instance): Promise<Run> {
  const steps = (await settings.journey(instance.version))?.journey.steps ?? [];
  const { state } = instance;
  if (state.kind === 'ended') return { instance, steps, until: state.at };
  const step = state.kind === 'watching' ? undefined : steps[state.step];
  if (state.kind !== 'waiting' || step?.kind !== 'wait') return { instance, steps, until: state.due };
  const open = hot.open.find(({ journey, key }) => journey === instance.journey && key === instance.key);
  const from = step.restartOn.reduce((latest, name) => Math.max(latest, open?.restarts?.[name] ?? latest), state.from);
  const { brand } = await settings.config();
  return { instance, steps, until: Math.max(state.due, after(from, step.duration, brand.timeZone)) };
}
