/**
 * What is live, in the table: each journey and campaign an item by content hash, written once, and one pointer that says
 * which are active. The pointer changes under a condition, so that the generation only rises and two publishers cannot interleave.
 */
import { GetItemCommand, PutItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CampaignVersion, Config, JourneyVersion } from '../../config/config.ts';
import type { Channel } from '../../events/event.ts';
import { Conflict } from '../../kernel/errors.ts';
import { minutes, type Instant } from '../../kernel/time.ts';
import type { Asked, Clock, Settings, TimerSweep } from '../../ports.ts';
import { decodeCampaignVersion } from './campaign-shape.ts';
import { sendConditional, sendOrThrow, type Item } from './client.ts';
import { decodeActivePointer, decodeJourneyVersion, type ActivePointer } from './config-shape.ts';
import { pack, unpack } from './deflate.ts';
import { partitionPages } from './pages.ts';
import {
  activeConfigKey,
  askedKey,
  campaignPartition,
  feedbackKey,
  journeyPartition,
  keyOf,
  timerSweepKey,
} from './settings-keys.ts';
import { inParts, joined, partName } from './parts.ts';

export interface SettingsInTable {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  /** Judges the age of what this container remembers; never the product clock, which a test may hold. */
  readonly systemClock: Clock;
}

/** A published change reaches every container within a minute; one that has seen a newer generation at once. */
const freshness = minutes(1);
const feedbackSteps = minutes(1);

interface Active extends ActivePointer {
  readonly generation: number;
}

export class AwsSettings implements Settings {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #systemClock: Clock;
  readonly #journeys = new Map<string, JourneyVersion>();
  readonly #campaigns = new Map<string, CampaignVersion>();
  readonly #feedback = new Map<Channel, Instant>();
  #live: { readonly config: Config; readonly readAt: Instant } | undefined;
  #reading: Promise<Config> | undefined;

  constructor({ dynamo, table, systemClock }: SettingsInTable) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#systemClock = systemClock;
  }

  async config(atLeast = 0): Promise<Config> {
    const live = this.#live;
    if (live !== undefined && live.config.generation >= atLeast && this.#systemClock() - live.readAt < freshness)
      return live.config;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    const config = await this.#reading;
    // The read that was under way may have begun before that generation was published.
    return config.generation >= atLeast ? config : this.#read();
  }

  /** As `config`, read afresh; undefined before anything was published. */
  async live(): Promise<Config | undefined> {
    return (await this.#active()) === undefined ? undefined : this.#read();
  }

  journey(hash: string): Promise<JourneyVersion | undefined> {
    return this.#version(this.#journeys, hash, journeyPartition(hash), decodeJourneyVersion);
  }

  campaign(hash: string): Promise<CampaignVersion | undefined> {
    return this.#version(this.#campaigns, hash, campaignPartition(hash), decodeCampaignVersion);
  }

  async publish(config: Omit<Config, 'generation'>): Promise<Config> {
    const generation = ((await this.#active())?.generation ?? 0) + 1;
    await Promise.all([
      ...config.journeys.map((journey) => this.#keepVersion(journeyPartition(journey.hash), journey)),
      ...config.campaigns.map((campaign) => this.#keepVersion(campaignPartition(campaign.hash), campaign)),
    ]);
    const { brand, segments, journeys, campaigns } = config;
    const pointer: ActivePointer = { brand, segments, journeys: journeys.map(hashOf), campaigns: campaigns.map(hashOf) };
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: { ...activeConfigKey, gn: { N: String(generation) }, b: { B: pack(pointer) } },
      ConditionExpression: generation === 1 ? 'attribute_not_exists(pk)' : 'gn = :read',
      ...(generation === 1 ? {} : { ExpressionAttributeValues: { ':read': { N: String(generation - 1) } } }),
    });
    const outcome = await sendConditional('publish the config', () => this.#dynamo.send(command));
    if (outcome.kind === 'refused')
      throw new Conflict('somebody else published at the same moment: look at what is live now and publish again');
    return this.#remember({ ...config, generation });
  }

  async timerSweep(): Promise<TimerSweep> {
    const item = await this.#get('read the timer sweep', timerSweepKey);
    return { queuedUntil: Number(item?.['qu']?.N ?? 0) };
  }

  async saveTimerSweep({ queuedUntil }: TimerSweep): Promise<void> {
    const command = new PutItemCommand({ TableName: this.#table, Item: { ...timerSweepKey, qu: { N: String(queuedUntil) } } });
    await sendOrThrow('save the timer sweep', () => this.#dynamo.send(command));
  }

  async feedbackUntil(channel: Channel): Promise<Instant> {
    const item = await this.#get('read how far feedback has come', feedbackKey(channel));
    return Number(item?.['at']?.N ?? 0);
  }

  /** A minute's progress is worth a unit, not each mail: a container remembers what it wrote or was told. */
  async noteFeedback(channel: Channel, acceptedAt: Instant): Promise<void> {
    if (acceptedAt < (this.#feedback.get(channel) ?? -Infinity) + feedbackSteps) return;
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: feedbackKey(channel),
      UpdateExpression: 'SET #at = :at',
      ConditionExpression: 'attribute_not_exists(#at) OR #at < :at',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': { N: String(acceptedAt) } },
    });
    await sendConditional('note how far feedback has come', () => this.#dynamo.send(command));
    this.#feedback.set(channel, acceptedAt);
  }

  /** One write: of two at once the table takes one, and tells the other what it took. An item may outlive its expiry by days. */
  async firstAsked(key: string, asked: Asked, standsFor: number): Promise<Asked> {
    const until = asked.at + standsFor;
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: {
        ...askedKey(key),
        dg: { S: asked.digest },
        at: { N: String(asked.at) },
        un: { N: String(until) },
        ttl: { N: String(Math.ceil(until / 1_000)) },
      },
      ConditionExpression: 'attribute_not_exists(pk) OR un <= :now',
      ExpressionAttributeValues: { ':now': { N: String(asked.at) } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const outcome = await sendConditional('keep what was asked first', () => this.#dynamo.send(command));
    if (outcome.kind === 'done') return asked;
    const digest = outcome.item?.['dg']?.S;
    if (digest === undefined) throw new Conflict('keep what was asked first: it expired at this moment');
    return { digest, at: Number(outcome.item?.['at']?.N) };
  }

  async #read(): Promise<Config> {
    const active = await this.#active();
    if (active === undefined) throw new Error('no config is live: publish one with `npm run -s relance -- setup`');
    const { generation, brand, segments, journeys, campaigns } = active;
    if (this.#live?.config.generation === generation) return this.#remember(this.#live.config);
    return this.#remember({
      generation,
      brand,
      segments,
      journeys: await Promise.all(journeys.map(async (hash) => listed(await this.journey(hash), 'journey', hash, generation))),
      campaigns: await Promise.all(
        campaigns.map(async (hash) => listed(await this.campaign(hash), 'campaign', hash, generation)),
      ),
    });
  }

  #remember(config: Config): Config {
    this.#live = { config, readAt: this.#systemClock() };
    return config;
  }

  async #active(): Promise<Active | undefined> {
    const item = await this.#get('read the active config', activeConfigKey);
    const bytes = item?.['b']?.B;
    return bytes === undefined ? undefined : { ...decodeActivePointer(unpack(bytes)), generation: Number(item?.['gn']?.N) };
  }

  /** The first part is written last: where it stands, all of them do. What stands is never written again. */
  async #keepVersion(partition: string, version: JourneyVersion | CampaignVersion): Promise<void> {
    const stored = await this.#get('look for a part of the config', keyOf(partition, partName(0)));
    if (stored !== undefined) return;
    const parts = inParts(pack(version));
    const items = parts.map((bytes, at) => ({
      ...keyOf(partition, partName(at)),
      b: { B: bytes },
      n: { N: String(parts.length) },
    }));
    for (const item of items.toReversed()) {
      const command = new PutItemCommand({ TableName: this.#table, Item: item });
      await sendOrThrow('keep a part of the config', () => this.#dynamo.send(command));
    }
  }

  async #version<T>(known: Map<string, T>, hash: string, partition: string, decode: (value: unknown, hash: string) => T) {
    const version = known.get(hash);
    if (version !== undefined) return version;
    const bytes = await this.#parts(partition);
    if (bytes === undefined) return undefined;
    const read = decode(unpack(bytes), hash);
    known.set(hash, read);
    return read;
  }

  async #parts(partition: string): Promise<Uint8Array | undefined> {
    const stored: Item[] = [];
    for await (const page of partitionPages('read a part of the config', this.#dynamo, this.#table, partition))
      stored.push(...page);
    // Without its first part it is one that a publisher did not finish; parts beyond its count are left from one that did not either.
    const first = stored[0];
    if (first?.['sk']?.S !== partName(0)) return undefined;
    return joined(stored.slice(0, Number(first['n']?.N)).flatMap(({ b }) => (b?.B === undefined ? [] : [b.B])));
  }

  async #get(what: string, key: Item): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: key, ConsistentRead: true });
    return (await sendOrThrow(what, () => this.#dynamo.send(command))).Item;
  }
}

const hashOf = ({ hash }: { readonly hash: string }): string => hash;

function listed<T>(version: T | undefined, what: string, hash: string, generation: number): T {
  if (version === undefined)
    throw new Error(`config generation ${generation} names ${what} ${hash}, which is not stored: publish again`);
  return version;
}
