/** Reads for whoever sweeps all people: the directory page by page, and what a condition asks of many at once. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { PersonId } from '../../kernel/ids.ts';
import type { Parts, PartsAsked } from '../../ports.ts';
import { shards, type DirectoryPage, type DirectoryPlace, type Listed } from '../../profile/directory.ts';
import { newAttributes, newHotState } from '../../profile/profile.ts';
import { newStatistics } from '../../profile/statistics.ts';
import { table as topology } from '../../topology.ts';
import { sendOrThrow, type Item } from './client.ts';
import { attributesKey, hotStateKey, personPartition, statisticsKey } from './keys.ts';
import { readAttributes, readHotState, readListed, readStatistics } from './people-items.ts';
import { getItems, type TableOf } from './people-reads.ts';

/** Shard after shard, until there are enough. Somebody new may be missed for a moment: an index is read eventually. */
export async function readDirectory(store: TableOf, from: DirectoryPlace | undefined, limit: number): Promise<DirectoryPage> {
  const people: Listed[] = [];
  let place: DirectoryPlace | undefined = from ?? { shard: 0 };
  while (place !== undefined && people.length < limit) {
    const page: DirectoryPage = await readShard(store, place, limit - people.length);
    people.push(...page.people);
    place = page.next;
  }
  return { people, ...(place === undefined ? {} : { next: place }) };
}

const { partitionKey, sortKey } = topology.indexes.dir;

async function readShard({ dynamo, table }: TableOf, { shard, after }: DirectoryPlace, limit: number): Promise<DirectoryPage> {
  const command = new QueryCommand({
    TableName: table,
    IndexName: 'dir',
    KeyConditionExpression: `#shard = :shard${after === undefined ? '' : ' AND #person > :after'}`,
    ExpressionAttributeNames: { '#shard': partitionKey, ...(after === undefined ? {} : { '#person': sortKey }) },
    ExpressionAttributeValues: {
      ':shard': { S: String(shard) },
      ...(after === undefined ? {} : { ':after': { S: personPartition(after) } }),
    },
    Limit: limit,
  });
  const { Items: items = [], LastEvaluatedKey: last } = await sendOrThrow('read the directory', () => dynamo.send(command));
  const people = items.flatMap((item) => readListed(item) ?? []);
  const next = last === undefined ? nextShard(shard) : { shard, after: personIn(last) };
  return { people, ...(next === undefined ? {} : { next }) };
}

const nextShard = (shard: number): DirectoryPlace | undefined => (shard + 1 < shards ? { shard: shard + 1 } : undefined);

const personIn = (key: Item): PersonId => key['pk']?.S?.slice(2) ?? '';

/** What is not asked for is not read. */
export async function readParts(store: TableOf, people: readonly PersonId[], asked: PartsAsked): Promise<readonly Parts[]> {
  const wanted = [
    ...(asked.attributes === true ? [attributesKey] : []),
    ...(asked.hot === true ? [hotStateKey] : []),
    ...(asked.statistics === true ? [statisticsKey] : []),
  ];
  const found = await getItems(
    'load people',
    store,
    people.flatMap((person) => wanted.map((keyOf) => keyOf(person))),
  );
  return people.map((_, index) => {
    const items = found.slice(index * wanted.length, (index + 1) * wanted.length);
    const itemOf = (keyOf: (person: PersonId) => Item): Item | undefined => items[wanted.indexOf(keyOf)];
    return {
      attributes: asked.attributes === true ? readAttributes(itemOf(attributesKey)) : newAttributes(0),
      hot: asked.hot === true ? readHotState(itemOf(hotStateKey)) : newHotState(),
      statistics: asked.statistics === true ? readStatistics(itemOf(statisticsKey)) : newStatistics(),
    };
  });
}
