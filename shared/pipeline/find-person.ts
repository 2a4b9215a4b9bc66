/**
 * From written identifiers to one person: claims made strongest first, so that two first contacts at the same moment meet;
 * people who turn out to be one are merged on the way. Every step can be repeated, in any order, by any worker.
 */
import type { Envelope } from '../events/event.ts';
import { claimKey, type Identifier } from '../events/identifier.ts';
import { resolve, winnerOf, type KnownPerson, type Resolution } from '../identity/resolve.ts';
import { Conflict } from '../kernel/errors.ts';
import { freshPersonId } from '../kernel/ids.ts';
import type { Loaded, Ports } from '../ports.ts';
import { newAttributes, newHotState } from '../profile/profile.ts';
import { mergePeople } from './merge-people.ts';

export type FindPorts = Pick<Ports, 'people' | 'settings' | 'clock' | 'random' | 'secrets' | 'log'>;

export interface Found {
  readonly person: Loaded;
  readonly mayWrite: boolean;
  /** Named by the envelope and this person's. */
  readonly identifiers: readonly Identifier[];
  /** Named by the envelope and somebody else's. */
  readonly others: readonly Identifier[];
}

/** More rounds than two people and a few claims need: whoever runs out met a storm, and tries again later. */
const rounds = 8;

/** Undefined: the envelope names somebody by our own id whom we do not (or no longer) know. Throws Conflict in a storm. */
export async function findPerson(ports: FindPorts, envelope: Envelope, chunkKey: string): Promise<Found | undefined> {
  if (envelope.personId !== undefined) {
    const person = await ports.people.load(envelope.personId, chunkKey);
    const isKnown = person.attributes.version > 0 || person.hot.version > 0;
    return isKnown ? { person, mayWrite: envelope.trust === 'server', identifiers: [], others: [] } : undefined;
  }
  for (let round = 0; round < rounds; round++) {
    const found = await findOnce(ports, envelope, chunkKey);
    if (found !== undefined) return found;
  }
  throw new Conflict('find the person: others kept claiming and merging at the same time');
}

/** Undefined: somebody else claimed first, or two became one: look again. */
async function findOnce(ports: FindPorts, envelope: Envelope, chunkKey: string): Promise<Found | undefined> {
  const { people, secrets } = ports;
  const keyOf = (identifier: Identifier): string => claimKey(secrets.identifierKey, identifier);
  const named = envelope.previously === undefined ? envelope.identifiers : [...envelope.identifiers, envelope.previously];
  const owners = await people.owners(named.map(keyOf));
  const loaded = new Map<string, Loaded>();
  for (const owner of new Set(owners.values())) loaded.set(owner, await people.load(owner, chunkKey));
  const loadedOwner = (identifier: Identifier): Loaded | undefined => loaded.get(owners.get(keyOf(identifier)) ?? '');
  const ownerOf = (identifier: Identifier): KnownPerson | undefined => {
    const owner = loadedOwner(identifier);
    return owner === undefined ? undefined : { id: owner.id, identifiers: owner.attributes.identifiers };
  };
  const resolution = resolve({ ...envelope, ownerOf });
  const person = [...loaded.values()].find(({ id }) => id === resolution.subject?.id) ?? newPerson(ports);
  for (const identifier of resolution.claim) {
    if ((await people.claim(keyOf(identifier), person.id)) !== person.id) return undefined;
  }
  const [other] = resolution.merge;
  if (other !== undefined) {
    await mergeWith(ports, person, loaded, other);
    return undefined;
  }
  const identifiers = ownIdentifiers(named, resolution, person.id, ownerOf);
  const others = resolution.left.filter((identifier) => ownerOf(identifier) !== undefined);
  return { person, mayWrite: resolution.mayWrite, identifiers, others };
}

function newPerson({ clock, random }: FindPorts): Loaded {
  const now = clock();
  return { id: freshPersonId(now, random()), attributes: newAttributes(now), hot: newHotState(), hasChunk: false };
}

const ownIdentifiers = (
  named: readonly Identifier[],
  resolution: Resolution,
  person: string,
  ownerOf: (identifier: Identifier) => KnownPerson | undefined,
): readonly Identifier[] =>
  named.filter((identifier) => resolution.claim.includes(identifier) || ownerOf(identifier)?.id === person);

async function mergeWith(
  ports: FindPorts,
  person: Loaded,
  loaded: ReadonlyMap<string, Loaded>,
  other: KnownPerson,
): Promise<void> {
  const theirs = [...loaded.values()].find(({ id }) => id === other.id);
  if (theirs === undefined) return;
  const winner =
    winnerOf({ id: person.id, identifiers: person.attributes.identifiers }, other).id === person.id ? person : theirs;
  await mergePeople(ports, winner, winner === person ? theirs : person);
}
