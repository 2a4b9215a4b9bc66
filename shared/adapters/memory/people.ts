/**
 * The people's part of the table, in memory: same promises, same refusals, for tests and simulation only. Values are
 * copied on the way in and out, so that sharing an object cannot hide a missing write.
 */
import type { Channel } from '../../events/event.ts';
import type { ClaimKey } from '../../events/identifier.ts';
import type { Instance, InstanceRef } from '../../journeys/instance.ts';
import { bucketOf, type PersonId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { notSuppressed, type Suppression } from '../../consent/suppression.ts';
import { loggedMessage, type LoggedMessage } from '../../messages/marks.ts';
import type { MessageLog } from '../../messages/message.ts';
import type * as ports from '../../ports.ts';
import type {
  FeedbackWrite,
  Loaded,
  MergeWrite,
  Parts,
  PartsAsked,
  People,
  Proof,
  StoredInstance,
  StoredRecord,
  Timer,
} from '../../ports.ts';
import {
  isKnownByName,
  placeAfter,
  shards,
  type DirectoryPage,
  type DirectoryPlace,
  type Listed,
} from '../../profile/directory.ts';
import { newAttributes, newHotState, type Attributes } from '../../profile/profile.ts';
import { newStatistics, type Statistics } from '../../profile/statistics.ts';
import type { Chunk } from '../../profile/timeline.ts';
import { emptyShelf, expectVersion, instanceName, mergeShelves, messageName, nextVersion, putLog, type Shelf } from './shelf.ts';

/** Small, so that readers who forget a page notice. */
const pageSize = 25;

export class MemoryPeople implements People {
  readonly #owners = new Map<ClaimKey, PersonId>();
  readonly #shelves = new Map<PersonId, Shelf>();
  readonly #suppressed = new Map<string, Suppression>();

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

  async commit(person: PersonId, commit: ports.Commit): Promise<ports.CommitOutcome> {
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

  async message(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<LoggedMessage | undefined> {
    const found = await this.messageRecord(people, orderTime, sendKey);
    return found === undefined ? undefined : loggedMessage(found.record);
  }

  messages(people: readonly PersonId[]): Promise<readonly LoggedMessage[]> {
    const records = people.flatMap((person) => [...this.#shelf(person).messages.values()]);
    const all = records.flatMap((record) => loggedMessage(record) ?? []);
    return answer(all.toSorted((a, b) => a.orderTime - b.orderTime || ascending(a.sendKey, b.sendKey)));
  }

  messageRecord(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<StoredRecord | undefined> {
    const name = messageName({ orderTime, sendKey });
    const found = people.flatMap((person) => {
      const record = this.#shelf(person).messages.get(name);
      return record === undefined ? [] : [{ person, record }];
    });
    return answer(found.find(({ record }) => record.log !== undefined) ?? found[0]);
  }

  keepMessage(person: PersonId, message: MessageLog): Promise<void> {
    putLog(this.#writable(person), message);
    return Promise.resolve();
  }

  async saveFeedback({ person, record, statistics, suppressions }: FeedbackWrite): Promise<void> {
    const shelf = this.#writable(person);
    expectVersion('message', shelf.messages.get(messageName(record))?.version, record.version);
    const theirs = statistics === undefined ? undefined : this.#writable(statistics.person);
    expectVersion('statistics', theirs?.statistics?.version, statistics?.statistics.version ?? 0);
    for (const { channel, claim, suppression } of suppressions)
      expectVersion('suppression', this.#suppressed.get(`${channel}#${claim}`)?.version, suppression.version);
    shelf.messages.set(messageName(record), nextVersion(record));
    if (statistics !== undefined)
      this.#shelves.set(statistics.person, {
        ...this.#writable(statistics.person),
        statistics: nextVersion(statistics.statistics),
      });
    for (const { channel, claim, suppression } of suppressions)
      this.#suppressed.set(`${channel}#${claim}`, nextVersion(suppression));
  }

  isSuppressed(channel: Channel, claim: ClaimKey): Promise<boolean> {
    return Promise.resolve(this.#suppressed.has(`${channel}#${claim}`));
  }

  suppression(channel: Channel, claim: ClaimKey): Promise<Suppression> {
    return answer(this.#suppressed.get(`${channel}#${claim}`) ?? notSuppressed);
  }

  async dueTimers(after: Instant, until: Instant, limit: number): Promise<readonly Timer[]> {
    const all = [...this.#shelves].flatMap(([person, { instances }]) =>
      [...instances.values()].flatMap((instance) => timerOf(person, instance)),
    );
    const due = all.filter((timer) => after < timer.due && timer.due <= until).toSorted(byDue);
    const last = due[limit - 1];
    return due.filter((timer, index) => index < limit || timer.due === last?.due);
  }

  async directory(from: DirectoryPlace | undefined, limit: number): Promise<DirectoryPage> {
    const first = from ?? { shard: 0 };
    const isAhead = ({ shard, person }: InDirectory): boolean =>
      shard > first.shard || (shard === first.shard && (first.after === undefined || person > first.after));
    const ahead = [...this.#shelves].flatMap(([person, shelf]) => listedIn(person, shelf)).filter(isAhead);
    const page = ahead.toSorted((a, b) => a.shard - b.shard || ascending(a.person, b.person)).slice(0, limit);
    const last = page.at(-1);
    return structuredClone({
      people: page.map(({ person, traits, consents }) => ({ person, traits, consents })),
      ...(last === undefined || ahead.length <= page.length ? {} : { next: placeAfter(last.person) }),
    });
  }

  parts(people: readonly PersonId[], asked: PartsAsked): Promise<readonly Parts[]> {
    return answer(
      people.map((person) => {
        const { attributes, hot, statistics } = this.#shelf(person);
        return {
          attributes: (asked.attributes === true ? attributes : undefined) ?? newAttributes(0),
          hot: (asked.hot === true ? hot : undefined) ?? newHotState(),
          statistics: (asked.statistics === true ? statistics : undefined) ?? newStatistics(),
        };
      }),
    );
  }

  // What no port asks: for tests to arrange and to look.

  suppress(channel: Channel, claim: ClaimKey): void {
    this.#suppressed.set(`${channel}#${claim}`, notSuppressed);
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

type InDirectory = Listed & { readonly shard: number };

const listedIn = (person: PersonId, { attributes }: Shelf): readonly InDirectory[] =>
  attributes === undefined || !isKnownByName(attributes)
    ? []
    : [{ shard: bucketOf(person, shards), person, traits: attributes.traits, consents: attributes.consents }];

const storedAt = (person: PersonId, instance: Instance | undefined): readonly StoredInstance[] =>
  instance === undefined ? [] : [{ person, instance }];

function keep<T>(map: Map<string, T>, name: string, value: T): void {
  if (!map.has(name)) map.set(name, structuredClone(value));
}

function put(shelf: Shelf, instance: Instance): void {
  shelf.instances.set(instanceName(instance), structuredClone({ ...instance, stored: instance.stored + 1 }));
}
