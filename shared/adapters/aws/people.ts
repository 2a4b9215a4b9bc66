/**
 * People in the one table: what shared/ports.ts promises, with the fewest requests and units that keep it (promise 7).
 */
import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Channel } from '../../events/event.ts';
import type { ClaimKey } from '../../events/identifier.ts';
import type { Instance, InstanceRef } from '../../journeys/instance.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Suppression } from '../../consent/suppression.ts';
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
import type { DirectoryPage, DirectoryPlace } from '../../profile/directory.ts';
import type { Attributes } from '../../profile/profile.ts';
import type { Statistics } from '../../profile/statistics.ts';
import type { Chunk } from '../../profile/timeline.ts';
import { table as topology } from '../../topology.ts';
import { sendConditional, sendOrThrow, type Item } from './client.ts';
import { pack } from './deflate.ts';
import * as keys from './keys.ts';
import * as items from './people-items.ts';
import { completeCommit } from './people-large-commits.ts';
import { findRecord, readMessages, writeFeedback, writeLog } from './people-messages.ts';
import { getItem, getItems, itemsOfAll, rangePages, type TableOf } from './people-reads.ts';
import { readDirectory, readParts } from './people-sweeps.ts';
import { putOnce, putVersion, writeCommit, writeMerge } from './people-writes.ts';

/** A chain longer than this is a circle. */
const longestChain = 20;

export class AwsPeople implements People {
  readonly #store: TableOf;

  constructor(store: TableOf) {
    this.#store = store;
  }

  async owners(claims: readonly ClaimKey[]): Promise<ReadonlyMap<ClaimKey, PersonId>> {
    const found = await getItems('look up identifiers', this.#store, claims.map(keys.claimItemKey));
    return new Map(claims.flatMap((claim, index) => ownerOf(claim, found[index])));
  }

  async claim(claim: ClaimKey, person: PersonId): Promise<PersonId> {
    const command = new PutItemCommand({
      TableName: this.#store.table,
      Item: { ...keys.claimItemKey(claim), p: { S: person } },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const outcome = await sendConditional('claim an identifier', () => this.#store.dynamo.send(command));
    return outcome.kind === 'done' ? person : (outcome.item?.['p']?.S ?? person);
  }

  async moveClaims(claims: readonly ClaimKey[], from: PersonId, to: PersonId): Promise<void> {
    await Promise.all(
      claims.map((claim) => {
        const command = new UpdateItemCommand({
          TableName: this.#store.table,
          Key: keys.claimItemKey(claim),
          UpdateExpression: 'SET p = :to',
          ConditionExpression: 'p = :from',
          ExpressionAttributeValues: { ':from': { S: from }, ':to': { S: to } },
        });
        return sendConditional('move an identifier', () => this.#store.dynamo.send(command));
      }),
    );
  }

  async load(person: PersonId, chunkKey?: string): Promise<Loaded> {
    const chunks = (id: PersonId): readonly Item[] => (chunkKey === undefined ? [] : [keys.chunkItemKey(id, chunkKey)]);
    const visited: PersonId[] = [];
    let hasChunk = false;
    for (let id = person; visited.length < longestChain;) {
      const [a, h, e] = await getItems('load a person', this.#store, [
        keys.attributesKey(id),
        keys.hotStateKey(id),
        ...chunks(id),
      ]);
      hasChunk ||= e !== undefined;
      visited.push(id);
      const attributes = items.readAttributes(a);
      if (attributes.into === undefined) {
        const others = attributes.aliases.filter((alias) => !visited.includes(alias));
        if (!hasChunk && others.length > 0) {
          hasChunk = (await getItems('load a person', this.#store, others.flatMap(chunks))).some((item) => item !== undefined);
        }
        await completeCommit(this.#store, id, h);
        return { id, attributes, hot: items.readHotState(h), hasChunk };
      }
      id = attributes.into;
    }
    throw new Error(`people ${visited.join(', ')} are merged in a circle`);
  }

  async statistics(person: PersonId): Promise<Statistics> {
    return items.readStatistics(await getItem('load statistics', this.#store, keys.statisticsKey(person)));
  }

  async instances(people: readonly PersonId[], refs: readonly InstanceRef[]): Promise<readonly StoredInstance[]> {
    const asked = refs.flatMap((ref) => people.map((person) => ({ ref, person, key: keys.instanceItemKey(person, ref) })));
    const found = await getItems(
      'load journeys',
      this.#store,
      asked.map(({ key }) => key),
    );
    const stored = asked.flatMap(({ ref, person }, index) => {
      const instance = items.readInstance(found[index]);
      return instance === undefined ? [] : [{ ref, person, instance }];
    });
    return refs.flatMap((ref) =>
      stored
        .filter((one) => one.ref === ref)
        .slice(0, 1)
        .map(({ person, instance }) => ({ person, instance })),
    );
  }

  async saveAttributes(person: PersonId, attributes: Attributes): Promise<Attributes> {
    await putVersion('save the facts', this.#store, items.attributesItem(person, attributes), attributes.version);
    return { ...attributes, version: attributes.version + 1 };
  }

  async keepProofs(person: PersonId, proofs: readonly Proof[]): Promise<void> {
    await Promise.all(
      proofs.map((proof) => {
        const key = keys.proofKey(person, proof.state.at, proof.key, proof.envelopeId);
        return putOnce('keep a proof of consent', this.#store, { ...key, b: { B: pack(proof) } });
      }),
    );
  }

  commit(person: PersonId, commit: ports.Commit): Promise<ports.CommitOutcome> {
    return writeCommit(this.#store, person, commit);
  }

  saveInstance(person: PersonId, instance: Instance): Promise<void> {
    return putVersion('save a journey', this.#store, items.instanceItem(person, instance), instance.stored);
  }

  keepChunk(person: PersonId, chunk: Chunk): Promise<void> {
    return putOnce('keep the timeline', this.#store, items.chunkItem(person, chunk));
  }

  async *timeline(people: readonly PersonId[], from: string, to: string): AsyncGenerator<readonly Chunk[]> {
    const [only, ...others] = people;
    if (only === undefined) return;
    if (others.length === 0) {
      for await (const page of this.#chunks(only, from, to)) yield page;
      return;
    }
    // Several people's timelines must be told in one order: few and small, so they are read whole first.
    const all: Chunk[] = [];
    for (const person of people) for await (const page of this.#chunks(person, from, to)) all.push(...page);
    yield all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  async *#chunks(person: PersonId, from: string, to: string): AsyncGenerator<readonly Chunk[]> {
    const [first, last] = [from < 'E#' ? 'E#' : from, to > 'E#\uffff' ? 'E#\uffff' : to];
    if (first > last) return;
    for await (const page of rangePages('read the timeline', this.#store, person, first, last)) {
      const chunks = page.flatMap((item) => items.readChunk(item) ?? []).filter(({ key }) => key < to);
      if (chunks.length > 0) yield chunks;
    }
  }

  async allInstances(people: readonly PersonId[]): Promise<readonly StoredInstance[]> {
    const found = await itemsOfAll('read journeys', this.#store, people, keys.instancePrefix);
    const stored = found.flatMap(({ person, item }) => {
      const instance = items.readInstance(item);
      return instance === undefined ? [] : [{ person, instance }];
    });
    return stored.toSorted((a, b) => b.instance.startedAt - a.instance.startedAt);
  }

  merge(write: MergeWrite): Promise<void> {
    return writeMerge(this.#store, write);
  }

  async message(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<LoggedMessage | undefined> {
    const found = await this.messageRecord(people, orderTime, sendKey);
    return found === undefined ? undefined : loggedMessage(found.record);
  }

  messages(people: readonly PersonId[]): Promise<readonly LoggedMessage[]> {
    return readMessages(this.#store, people);
  }

  messageRecord(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<StoredRecord | undefined> {
    return findRecord(this.#store, people, { orderTime, sendKey });
  }

  keepMessage(person: PersonId, message: MessageLog): Promise<void> {
    return writeLog(this.#store, person, message);
  }

  saveFeedback(write: FeedbackWrite): Promise<void> {
    return writeFeedback(this.#store, write);
  }

  async isSuppressed(channel: Channel, claim: ClaimKey): Promise<boolean> {
    return (await getItem('look for a suppression', this.#store, keys.suppressionKey(channel, claim))) !== undefined;
  }

  async suppression(channel: Channel, claim: ClaimKey): Promise<Suppression> {
    return items.readSuppression(await getItem('read a suppression', this.#store, keys.suppressionKey(channel, claim)));
  }

  async dueTimers(after: Instant, until: Instant, limit: number): Promise<readonly Timer[]> {
    if (until <= after) return [];
    const shards = await Promise.all(keys.dueShards.map((shard) => this.#shardTimers(shard, after, until, limit)));
    const due = shards.flat().toSorted((a, b) => a.due - b.due || (a.person < b.person ? -1 : 1));
    const last = due[limit - 1];
    return due.filter((timer, index) => index < limit || timer.due === last?.due);
  }

  directory(from: DirectoryPlace | undefined, limit: number): Promise<DirectoryPage> {
    return readDirectory(this.#store, from, limit);
  }

  parts(people: readonly PersonId[], asked: PartsAsked): Promise<readonly Parts[]> {
    return readParts(this.#store, people, asked);
  }

  /** At least `limit` of one shard where it has them, and all that share the last instant; an index is read eventually. */
  async #shardTimers(shard: string, after: Instant, until: Instant, limit: number): Promise<readonly Timer[]> {
    const timers: Timer[] = [];
    let from: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#store.table,
        IndexName: 'due',
        KeyConditionExpression: '#shard = :shard AND #due BETWEEN :first AND :until',
        ExpressionAttributeNames: { '#shard': topology.indexes.due.partitionKey, '#due': topology.indexes.due.sortKey },
        ExpressionAttributeValues: { ':shard': { S: shard }, ':first': { N: String(after + 1) }, ':until': { N: String(until) } },
        Limit: Math.min(1_000, limit + 1),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const answer = await sendOrThrow('look for due timers', () => this.#store.dynamo.send(command));
      timers.push(...(answer.Items ?? []).flatMap(timerOf));
      from = answer.LastEvaluatedKey;
    } while (from !== undefined && (timers.length <= limit || timers[limit - 1]?.due === timers.at(-1)?.due));
    return timers;
  }
}

const ownerOf = (claim: ClaimKey, item: Item | undefined): readonly (readonly [ClaimKey, PersonId])[] =>
  item?.['p']?.S === undefined ? [] : [[claim, item['p'].S]];

function timerOf(item: Item): readonly Timer[] {
  const ref = keys.readInstanceKey(item);
  const due = Number(item['da']?.N);
  return ref === undefined || !Number.isFinite(due) ? [] : [{ ...ref, due }];
}
