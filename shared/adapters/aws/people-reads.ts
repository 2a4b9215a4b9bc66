/**
 * Strongly consistent reads of people's items: by key in as few requests as possible, by range page by page.
 */
import { BatchGetItemCommand, GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { setTimeout as wait } from 'node:timers/promises';
import { Unavailable } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { sendOrThrow, type Item } from './client.ts';
import { personPartition } from './keys.ts';
import { pages } from './pages.ts';

export interface TableOf {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
}

const keyText = (item: Item): string => `${item['pk']?.S ?? ''}\n${item['sk']?.S ?? ''}`;

/** What one BatchGetItem takes. */
const batchSize = 100;
const batchAttempts = 5;

/** The items at these keys, in their order; undefined where there is none. */
export async function getItems(
  what: string,
  { dynamo, table }: TableOf,
  keys: readonly Item[],
): Promise<readonly (Item | undefined)[]> {
  const asked = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  const found = new Map<string, Item>();
  for (let at = 0; at < asked.length; at += batchSize) {
    let rest: Item[] = asked.slice(at, at + batchSize);
    for (let attempt = 1; rest.length > 0; attempt++) {
      if (attempt > batchAttempts) throw new Unavailable(`${what}: the table leaves keys unread`);
      if (attempt > 1) await wait(25 * 2 ** attempt);
      const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: rest, ConsistentRead: true } } });
      const { Responses: answered, UnprocessedKeys: unread } = await sendOrThrow(what, () => dynamo.send(command));
      for (const item of answered?.[table] ?? []) found.set(keyText(item), item);
      rest = unread?.[table]?.Keys ?? [];
    }
  }
  return keys.map((key) => found.get(keyText(key)));
}

export async function getItem(what: string, { dynamo, table }: TableOf, key: Item): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true });
  return (await sendOrThrow(what, () => dynamo.send(command))).Item;
}

/** A person's items with `from <= sort key <= to`, oldest first. */
export const rangePages = (
  what: string,
  { dynamo, table }: TableOf,
  person: PersonId,
  from: string,
  to: string,
): AsyncGenerator<readonly Item[]> =>
  pages(what, dynamo, {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :person AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':person': { S: personPartition(person) }, ':from': { S: from }, ':to': { S: to } },
  });

/** All of several people's items with this prefix. */
export async function itemsOfAll(
  what: string,
  store: TableOf,
  people: readonly PersonId[],
  prefix: string,
): Promise<readonly { readonly person: PersonId; readonly item: Item }[]> {
  const found: { person: PersonId; item: Item }[] = [];
  for (const person of people) {
    for await (const page of rangePages(what, store, person, prefix, `${prefix}\uffff`))
      found.push(...page.map((item) => ({ person, item })));
  }
  return found;
}
