/**
 * Parked items in the table: one partition a day, gone after 14 days. The body is stored deflated, whatever its size;
 * hashed identifiers stand beside it, so that erasure finds it without reading it (promise 6).
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { Unavailable } from '../../kernel/errors.ts';
import { exactDays, type Instant } from '../../kernel/time.ts';
import type { Clock, Parked, ParkedItems } from '../../ports.ts';
import { sendConditional, sendOrThrow, type Item } from './client.ts';
import { pack, unpack } from './deflate.ts';
import { partitionPages } from './pages.ts';
import { keyOf, parkedDay, parkedPartition, parkedPartsPartition } from './settings-keys.ts';
import { inParts, joined, partName } from './parts.ts';

export interface ParkingInTable {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
}

const keptDays = 14;

const content = v.object({
  problems: v.array(v.object({ where: v.string(), problem: v.string() })),
  body: v.string(),
});

export class AwsParking implements ParkedItems {
  readonly #dynamo: DynamoDBClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor({ dynamo, table, clock }: ParkingInTable) {
    this.#dynamo = dynamo;
    this.#table = table;
    this.#clock = clock;
  }

  /** Parts first, then the item that names them; only then is an older item of this id removed. A crash leaves two, never none. */
  async park(item: Parked): Promise<void> {
    const [first = new Uint8Array(), ...others] = inParts(pack({ problems: item.problems, body: item.body }));
    const ttl = expiryOf(item);
    for (const [at, bytes] of others.entries()) {
      await this.#put({ ...keyOf(parkedPartsPartition(item.id), partName(at + 1)), b: { B: bytes }, ttl });
    }
    await this.#put({
      ...keyOf(parkedPartition(parkedDay(item.at)), item.id),
      at: { N: String(item.at) },
      st: { S: item.stage },
      ...(item.claims.length === 0 ? {} : { cl: { SS: [...new Set(item.claims)] } }),
      b: { B: first },
      n: { N: String(others.length + 1) },
      ttl,
    });
    await this.#removeFromOtherDays(item);
  }

  /** A day is read as a whole, since its items have no order; older days only while there is room. */
  async parked(limit: number): Promise<readonly Parked[]> {
    const now = this.#clock();
    const newest = new Map<string, Item>();
    for (const day of daysBack(now, keptDays + 1)) {
      if (newest.size >= limit) break;
      for await (const page of this.#pages(parkedPartition(day))) {
        for (const item of page)
          if (atOf(item) > now - exactDays(keptDays) && !newest.has(idOf(item))) newest.set(idOf(item), item);
        for (const item of [...newest.values()].toSorted((a, b) => atOf(b) - atOf(a)).slice(limit)) newest.delete(idOf(item));
      }
    }
    const found = [...newest.values()].toSorted((a, b) => atOf(b) - atOf(a));
    return Promise.all(found.map((item) => this.#read(item)));
  }

  async find(id: string): Promise<Parked | undefined> {
    const now = this.#clock();
    const days = daysBack(now + exactDays(1), keptDays + 2);
    const found = (await this.#get(days.map((day) => keyOf(parkedPartition(day), id)))).filter(
      (item) => atOf(item) > now - exactDays(keptDays),
    );
    const [newest] = found.toSorted((a, b) => atOf(b) - atOf(a));
    return newest === undefined ? undefined : this.#read(newest);
  }

  /** The item first, so that nothing is told without its body; then its parts, known by their expiry from those of a newer one. */
  async drop(item: Pick<Parked, 'id' | 'at'>): Promise<boolean> {
    const removal = new DeleteItemCommand({
      TableName: this.#table,
      Key: keyOf(parkedPartition(parkedDay(item.at)), item.id),
      ConditionExpression: '#at = :at',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': { N: String(item.at) } },
    });
    const removed = await sendConditional('drop a parked item', () => this.#dynamo.send(removal));
    for await (const page of this.#pages(parkedPartsPartition(item.id))) {
      for (const part of page) if (part['ttl']?.N === expiryOf(item).N) await this.#remove({ pk: part['pk'], sk: part['sk'] });
    }
    return removed.kind === 'done';
  }

  async #read(item: Item): Promise<Parked> {
    const parts = [item['b']?.B ?? new Uint8Array()];
    const count = Number(item['n']?.N ?? 1);
    if (count > 1) {
      for await (const page of this.#pages(parkedPartsPartition(idOf(item))))
        parts.push(...page.flatMap(({ b }) => (b?.B === undefined ? [] : [b.B])));
    }
    const { problems, body } = v.parse(content, unpack(joined(parts.slice(0, count))));
    return { id: idOf(item), at: atOf(item), stage: item['st']?.S ?? '', problems, body, claims: item['cl']?.SS ?? [] };
  }

  async #removeFromOtherDays({ id, at }: Parked): Promise<void> {
    const here = parkedDay(at);
    const days = daysBack(at + exactDays(1), keptDays + 2).filter((day) => day !== here);
    const keys = days.map((day) => keyOf(parkedPartition(day), id));
    for (const { pk, sk } of await this.#get(keys)) await this.#remove({ pk, sk });
  }

  async #get(keys: readonly Item[]): Promise<readonly Item[]> {
    const command = new BatchGetItemCommand({ RequestItems: { [this.#table]: { Keys: [...keys], ConsistentRead: true } } });
    const answer = await sendOrThrow('look for a parked item', () => this.#dynamo.send(command));
    if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) throw new Unavailable('look for a parked item: throttled');
    return answer.Responses?.[this.#table] ?? [];
  }

  async #remove({ pk, sk }: KeyAttributes): Promise<void> {
    if (pk === undefined || sk === undefined) return;
    const removal = new DeleteItemCommand({ TableName: this.#table, Key: { pk, sk } });
    await sendOrThrow('remove a parked item', () => this.#dynamo.send(removal));
  }

  async #put(item: Item): Promise<void> {
    await sendOrThrow('park an item', () => this.#dynamo.send(new PutItemCommand({ TableName: this.#table, Item: item })));
  }

  #pages(partition: string): AsyncGenerator<readonly Item[]> {
    return partitionPages('read parked items', this.#dynamo, this.#table, partition);
  }
}

type KeyAttributes = Readonly<Record<'pk' | 'sk', AttributeValue | undefined>>;

/** Epoch seconds. */
const expiryOf = ({ at }: Pick<Parked, 'at'>) => ({ N: String(Math.ceil((at + exactDays(keptDays)) / 1_000)) });

const daysBack = (from: Instant, count: number): readonly string[] =>
  Array.from({ length: count }, (_, back) => parkedDay(from - exactDays(back)));

const idOf = (item: Item): string => item['sk']?.S ?? '';

const atOf = (item: Item): Instant => Number(item['at']?.N);
