/**
 * The people's part of the table, in memory: same promises, same refusals, for tests and simulation only. Values are
 * copied on the way in and out, so that sharing an object cannot hide a missing write.
 */
import type { Channel } from '../../events/event.ts';
import type { ClaimKey } from '../../events/identifier.ts';
import type { Instance, InstanceRef } from '../../journeys/instance.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { MessageLog } from '../../messages/message.ts';
import type { Commit, CommitOutcome, Loaded, MergeWrite, People, Proof, StoredInstance, Timer } from '../../ports.ts';
import { newAttributes, newHotState, type Attributes } from '../../profile/profile.ts';
import { newStatistics, type Statistics } from '../../profile/statistics.ts';
import type { Chunk } from '../../profile/timeline.ts';
import { emptyShelf, expectVersion, instanceName, mergeShelves, messageName, type Shelf } from './shelf.ts';

/** Small, so that readers who forget a page notice. */
const pageSize = 25;

export class MemoryPeople implements People {
  readonly #owners = new Map<ClaimKey, PersonId>();
  readonly #shelves = new Map<PersonId, Shelf>();
  readonly #suppressed = new Set<string>();

  owners(claims: readonly ClaimKey[]): Promise<ReadonlyMap<ClaimKey, PersonId>> {
    const known = new Map<ClaimKey, PersonId>();
    for (const claim of claims) {
      const owner = this.#owners.get(claim);
      if (owner !== undefined) known.set(claim, owner);
    }
    return Promise.resolve(known);
  }

  claim(claim: ClaimKey, person: PersonId): Promise<PersonId> {
    const owner = this.#owners.get(claim) ?? person;
    this.#owners.set(claim, owner);
    return Promise.resolve(owner);
  }

  moveClaims(claims: readonly ClaimKey[], from: PersonId, to: PersonId): Promise<void> {
    for (const claim of claims) if (this.#owners.get(claim) === from) this.#owners.set(claim, to);
    return Promise.resolve();
  }

  load(person: PersonId, key?: string): Promise<Loaded> {
    const visited = [person];
    let { attributes } = this.#shelf(person);
    while (attributes?.into !== undefined) {
      if (visited.includes(attributes.into)) throw new Error(`people ${visited.join(', ')} are merged in a circle`);
      visited.unshift(attributes.into);
      attributes = this.#shelf(attributes.into).attributes;
    }
    const id = visited[0] ?? person;
    const family = [...visited, ...(attributes?.aliases ?? [])];
    return answer({
      id,
      attributes: attributes ?? newAttributes(0),
      hot: this.#shelf(id).hot ?? newHotState(),
      hasChunk: key !== undefined && family.some((member) => this.#shelf(member).chunks.has(key)),
    });
  }

  statistics(person: PersonId): Promise<Statistics> {
    return answer(this.#shelf(person).statistics ?? newStatistics());
  }

  instances(people: readonly PersonId[], refs: readonly InstanceRef[]): Promise<readonly StoredInstance[]> {
    const found = refs.flatMap((ref) => {
      const all = people.flatMap((person) => storedAt(person, this.#shelf(person).instances.get(instanceName(ref))));
      return all.slice(0, 1);
    });
    return answer(found);
  }

  // `async` so that a refusal is a rejected promise, as in AWS; there is no await inside: each write is one atomic step.
  async saveAttributes(person: PersonId, attributes: Attributes): Promise<Attributes> {
    const shelf = this.#shelf(person);
    expectVersion(`attributes of ${person}`, shelf.attributes?.version, attributes.version);
    const stored = structuredClone({ ...attributes, version: attributes.version + 1 });
    this.#shelves.set(person, { ...shelf, attributes: stored });
    return structuredClone(stored);
  }

  keepProofs(person: PersonId, proofs: readonly Proof[]): Promise<void> {
    const shelf = this.#writable(person);
    for (const proof of proofs) keep(shelf.proofs, `${proof.state.at}#${proof.key}#${proof.envelopeId}`, proof);
    return Promise.resolve();
  }

  async commit(person: PersonId, commit: Commit): Promise<CommitOutcome> {
    const shelf = this.#writable(person);
    const { hot, statistics } = commit;
    expectVersion(`hot state of ${person}`, shelf.hot?.version, hot.version);
    if (statistics !== undefined) expectVersion(`statistics of ${person}`, shelf.statistics?.version, statistics.version);
    const existing = commit.instances.filter((instance) => instance.stored === 0 && shelf.instances.has(instanceName(instance)));
    const moved = commit.instances.filter(({ stored }) => stored > 0);
    for (const instance of moved)
      expectVersion(instance.journey, shelf.instances.get(instanceName(instance))?.stored, instance.stored);
    if (existing.length > 0)
      return { kind: 'instance-exists', instances: existing.map(({ journey, key }) => ({ journey, key })) };
    this.#shelves.set(person, {
      ...shelf,
      hot: structuredClone({ ...hot, version: hot.version + 1 }),
      ...(statistics === undefined ? {} : { statistics: structuredClone({ ...statistics, version: statistics.version + 1 }) }),
    });
    for (const instance of commit.instances) put(shelf, instance);
    return { kind: 'committed' };
  }

  async saveInstance(person: PersonId, instance: Instance): Promise<void> {
    const shelf = this.#writable(person);
    expectVersion(instance.journey, shelf.instances.get(instanceName(instance))?.stored, instance.stored);
    put(shelf, instance);
  }

  keepChunk(person: PersonId, chunk: Chunk): Promise<void> {
    keep(this.#writable(person).chunks, chunk.key, chunk);
    return Promise.resolve();
  }

  async *timeline(people: readonly PersonId[], from: string, to: string): AsyncGenerator<readonly Chunk[]> {
    const all = people.flatMap((person) => [...this.#shelf(person).chunks.values()]);
    const asked = all.filter(({ key }) => from <= key && key < to).toSorted((a, b) => ascending(a.key, b.key));
    for (let at = 0; at < asked.length; at += pageSize) yield await answer(asked.slice(at, at + pageSize));
  }

  allInstances(people: readonly PersonId[]): Promise<readonly StoredInstance[]> {
    const all = people.flatMap((person) => [...this.#shelf(person).instances.values()].map((instance) => ({ person, instance })));
    return answer(all.toSorted((a, b) => b.instance.startedAt - a.instance.startedAt));
  }

  async merge(write: MergeWrite): Promise<void> {
    const { winner, loser } = mergeShelves(this.#shelf(write.winner), this.#shelf(write.loser), structuredClone(write));
    this.#shelves.set(write.winner, winner);
    this.#shelves.set(write.loser, loser);
  }

  message(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<MessageLog | undefined> {
    const name = messageName({ orderTime, sendKey });
    return answer(people.map((person) => this.#shelf(person).messages.get(name)).find((log) => log !== undefined));
  }

  messages(people: readonly PersonId[]): Promise<readonly MessageLog[]> {
    const all = people.flatMap((person) => [...this.#shelf(person).messages.values()]);
    return answer(all.toSorted((a, b) => a.orderTime - b.orderTime || ascending(a.sendKey, b.sendKey)));
  }

  keepMessage(person: PersonId, message: MessageLog): Promise<void> {
    keep(this.#writable(person).messages, messageName(message), message);
    return Promise.resolve();
  }

  isSuppressed(channel: Channel, claim: ClaimKey): Promise<boolean> {
    return Promise.resolve(this.#suppressed.has(`${channel}#${claim}`));
  }

  async dueTimers(after: Instant, until: Instant, limit: number): Promise<readonly Timer[]> {
    const all = [...this.#shelves].flatMap(([person, { instances }]) =>
      [...instances.values()].flatMap((instance) => timerOf(person, instance)),
    );
    const due = all.filter((timer) => after < timer.due && timer.due <= until).toSorted(byDue);
    const last = due[limit - 1];
    return due.filter((timer, index) => index < limit || timer.due === last?.due);
  }

  // What no port asks: for tests to arrange and to look.

  suppress(channel: Channel, claim: ClaimKey): void {
    this.#suppressed.add(`${channel}#${claim}`);
  }

  people(): readonly PersonId[] {
    return [...this.#shelves.keys()];
  }

  /** All that is stored under exactly this id. */
  stored(person: PersonId): Shelf {
    return structuredClone(this.#shelf(person));
  }

  #shelf(person: PersonId): Shelf {
    return this.#shelves.get(person) ?? emptyShelf();
  }

  #writable(person: PersonId): Shelf {
    const shelf = this.#shelf(person);
    this.#shelves.set(person, shelf);
    return shelf;
  }
}

const answer = <T>(value: T): Promise<T> => Promise.resolve(structuredClone(value));

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byDue = (a: Timer, b: Timer): number =>
  a.due - b.due || ascending(a.person, b.person) || ascending(a.journey, b.journey) || ascending(a.key, b.key);

const timerOf = (person: PersonId, { journey, key, state }: Instance): readonly Timer[] =>
  state.kind === 'ended' ? [] : [{ person, journey, key, due: state.due }];

const storedAt = (person: PersonId, instance: Instance | undefined): readonly StoredInstance[] =>
  instance === undefined ? [] : [{ person, instance }];

function keep<T>(map: Map<string, T>, name: string, value: T): void {
  if (!map.has(name)) map.set(name, structuredClone(value));
}

function put(shelf: Shelf, instance: Instance): void {
  shelf.instances.set(instanceName(instance), structuredClone({ ...instance, stored: instance.stored + 1 }));
}
