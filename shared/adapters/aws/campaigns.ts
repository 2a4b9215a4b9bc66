/**
 * Campaigns in the one table: what shared/ports.ts promises. The people of a page and what became of them are two items, so
 * that a mark costs one unit however many people the page has (promise 7).
 */
import { PutItemCommand, UpdateItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  verdicts,
  type Done,
  type OccurrenceName,
  type Page,
  type PageName,
  type PageProgress,
  type PastOccurrence,
  type Place,
  type PlaceVerdict,
  type Queued,
  type UnderWay,
} from '../../campaigns/occurrence.ts';
import { Conflict } from '../../kernel/errors.ts';
import { exactDays, type Instant } from '../../kernel/time.ts';
import type { Campaigns } from '../../ports.ts';
import {
  occurrencePartition,
  pageKey,
  pastKey,
  pastRange,
  progressKey,
  progressPrefix,
  readProgressKey,
  underWayKey,
} from './campaign-keys.ts';
import { decodeOccurrences, decodePage, decodePast, decodeQueued } from './campaign-shape.ts';
import { sendConditional, sendOrThrow, type Item } from './client.ts';
import { pack, unpack } from './deflate.ts';
import { pages } from './pages.ts';
import { versionOf } from './people-items.ts';
import { getItem, type TableOf } from './people-reads.ts';
import { putOnce, putVersion } from './people-writes.ts';

/** As long as the messages themselves. */
const progressLife = exactDays(761);
/** Longer than a queue keeps a message, and than a parked one is kept. */
const pageLife = exactDays(30);
const expiry = (from: Instant, life: number): { N: string } => ({ N: String(Math.ceil((from + life) / 1_000)) });

export class AwsCampaigns implements Campaigns {
  readonly #store: TableOf;

  constructor(store: TableOf) {
    this.#store = store;
  }

  async underWay(): Promise<UnderWay> {
    const item = await getItem('read the campaigns under way', this.#store, underWayKey);
    const body = item?.['b']?.B;
    return { version: versionOf(item), occurrences: body === undefined ? [] : decodeOccurrences(unpack(body)) };
  }

  async saveUnderWay({ version, occurrences }: UnderWay): Promise<void> {
    const item = { ...underWayKey, b: { B: pack(occurrences) } };
    await putVersion('save the campaigns under way', this.#store, item, version);
  }

  async past(name: OccurrenceName): Promise<PastOccurrence | undefined> {
    return pastIn(await getItem('look for a past campaign', this.#store, pastKey(name)));
  }

  keepPast(past: PastOccurrence): Promise<void> {
    const item = { ...pastKey(past), b: { B: pack(past) }, ttl: expiry(past.at, progressLife) };
    return putOnce('keep a past campaign', this.#store, item);
  }

  async allPast(): Promise<readonly PastOccurrence[]> {
    const items = await this.#range('read past campaigns', pastRange.partition, pastRange.from, pastRange.to);
    return items.flatMap((item) => pastIn(item) ?? []).toReversed();
  }

  async page(name: PageName): Promise<Page | undefined> {
    return pageIn(name, await getItem('read a page of a campaign', this.#store, pageKey(name)));
  }

  async keepPage(page: Page): Promise<Page> {
    const { people, next } = page;
    const body = { people, ...(next === undefined ? {} : { next }) };
    const command = new PutItemCommand({
      TableName: this.#store.table,
      Item: { ...pageKey(page), b: { B: pack(body) }, ttl: expiry(page.wave, pageLife) },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const outcome = await sendConditional('keep a page of a campaign', () => this.#store.dynamo.send(command));
    if (outcome.kind === 'done') return page;
    const standing = pageIn(page, outcome.item);
    if (standing === undefined) throw new Conflict('keep a page of a campaign: somebody wrote it, and it cannot be seen');
    return standing;
  }

  async noteQueued(name: PageName, queued: Queued): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#store.table,
      Key: progressKey(name),
      UpdateExpression: 'SET q = :queued, #ttl = :ttl REMOVE lu',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':queued': { B: pack(queued) }, ':ttl': expiry(name.wave, progressLife) },
    });
    await sendOrThrow('note a page of a campaign', () => this.#store.dynamo.send(command));
  }

  async mark(place: Place, verdict: PlaceVerdict): Promise<void> {
    const others = verdicts.filter((other) => other !== verdict && (verdict === 'parked' || other !== 'parked'));
    const release = verdict === 'parked' ? '' : ' DELETE #parked :ordinals';
    const command = new UpdateItemCommand({
      TableName: this.#store.table,
      Key: progressKey(place),
      UpdateExpression: `ADD #verdict :ordinals SET #ttl = :ttl${release}`,
      ConditionExpression: others.map((_, index) => `NOT contains(#o${index}, :ordinal)`).join(' AND '),
      ExpressionAttributeNames: {
        '#ttl': 'ttl',
        '#verdict': attributeOf(verdict),
        ...(verdict === 'parked' ? {} : { '#parked': attributeOf('parked') }),
        ...Object.fromEntries(others.map((other, index) => [`#o${index}`, attributeOf(other)])),
      },
      ExpressionAttributeValues: {
        ':ordinals': { NS: [String(place.ordinal)] },
        ':ordinal': { N: String(place.ordinal) },
        ':ttl': expiry(place.wave, progressLife),
      },
    });
    await sendConditional('mark a message of a campaign', () => this.#store.dynamo.send(command));
  }

  async markLater(name: PageName, until: Instant): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: this.#store.table,
      Key: progressKey(name),
      UpdateExpression: 'SET lu = :until, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(lu) OR lu > :until',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':until': { N: String(until) }, ':ttl': expiry(name.wave, progressLife) },
    });
    await sendConditional('mark a page of a campaign', () => this.#store.dynamo.send(command));
  }

  async progress(name: OccurrenceName): Promise<readonly PageProgress[]> {
    const partition = occurrencePartition(name);
    const items = await this.#range('read the progress of a campaign', partition, progressPrefix, `${progressPrefix}:`);
    return items.flatMap((item) => progressIn(name, item));
  }

  async #range(what: string, partition: string, from: string, to: string): Promise<readonly Item[]> {
    const found: Item[] = [];
    const { dynamo, table } = this.#store;
    for await (const page of pages(what, dynamo, {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :partition AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':partition': { S: partition }, ':from': { S: from }, ':to': { S: to } },
    }))
      found.push(...page);
    return found;
  }
}

/** No other attribute begins so. */
const attributeOf = (verdict: PlaceVerdict): string => `=${verdict}`;

const pastIn = (item: Item | undefined): PastOccurrence | undefined =>
  item?.['b']?.B === undefined ? undefined : decodePast(unpack(item['b'].B));

function pageIn({ campaign, day, wave, page }: PageName, item: Item | undefined): Page | undefined {
  const body = item?.['b']?.B;
  return body === undefined ? undefined : { campaign, day, wave, page, ...decodePage(unpack(body)) };
}

function progressIn({ campaign, day }: OccurrenceName, item: Item): readonly PageProgress[] {
  const place = readProgressKey(item);
  if (place === undefined) return [];
  const [queued, later] = [item['q']?.B, item['lu']?.N];
  return [
    {
      campaign,
      day,
      ...place,
      ...(queued === undefined ? {} : { queued: decodeQueued(unpack(queued)) }),
      ...(later === undefined ? {} : { later: Number(later) }),
      done: doneIn(item),
    },
  ];
}

const doneIn = (item: Item): Done =>
  Object.fromEntries(
    verdicts.flatMap((verdict) => {
      const ordinals = numbersIn(item[attributeOf(verdict)]);
      return ordinals.length === 0 ? [] : [[verdict, ordinals]];
    }),
  );

const numbersIn = (value: AttributeValue | undefined): readonly number[] =>
  (value?.NS ?? []).map(Number).toSorted((a, b) => a - b);
