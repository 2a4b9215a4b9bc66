/**
 * The one table in a local engine: made as shared/topology.ts says, and swept of expired items, which no local engine
 * does by itself.
 */
import {
  type AttributeDefinition,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  paginateScan,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Instant } from '../shared/kernel/time.ts';
import { table } from '../shared/topology.ts';

/** The table exists afterwards, whether it did before or not. */
export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  await client
    .send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(table.partitionKey, table.sortKey),
        AttributeDefinitions: [...attributeDefinitions()],
        GlobalSecondaryIndexes: Object.entries(table.indexes).map(
          ([index, { partitionKey, sortKey, projection, attributes }]) => ({
            IndexName: index,
            KeySchema: keySchema(partitionKey, sortKey),
            Projection:
              projection === 'INCLUDE'
                ? { ProjectionType: projection, NonKeyAttributes: [...attributes] }
                : { ProjectionType: projection },
          }),
        ) satisfies GlobalSecondaryIndex[],
      }),
    )
    .catch((error: unknown) => {
      if (!(error instanceof ResourceInUseException)) throw error;
    });
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
  await expireBy(client, name, table.timeToLiveAttribute);
}

const keySchema = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

/** Every key attribute once. */
function attributeDefinitions(): Iterable<AttributeDefinition> {
  const types = new Map<string, 'S' | 'N'>([
    [table.partitionKey, 'S'],
    [table.sortKey, 'S'],
  ]);
  for (const { partitionKey, sortKey, sortKeyType } of Object.values(table.indexes))
    types.set(partitionKey, 'S').set(sortKey, sortKeyType);
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

/** Told only once: DynamoDB refuses to be told again. */
async function expireBy(client: DynamoDBClient, name: string, attribute: string): Promise<void> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
  if (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED' || TimeToLiveDescription?.TimeToLiveStatus === 'ENABLING') return;
  await client.send(
    new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification: { AttributeName: attribute, Enabled: true } }),
  );
}

/**
 * Deletes what has expired at `now` and answers how many that were. Reads the whole table: for local data only.
 * An item whose expiry moves meanwhile stays.
 */
export async function sweepExpired(client: DynamoDBClient, name: string, now: Instant): Promise<number> {
  const { partitionKey, sortKey, timeToLiveAttribute } = table;
  const expired = {
    ExpressionAttributeNames: { '#ttl': timeToLiveAttribute },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1_000)) } },
  };
  const pages = paginateScan(
    { client },
    { TableName: name, FilterExpression: '#ttl <= :now', ProjectionExpression: `${partitionKey}, ${sortKey}`, ...expired },
  );
  let swept = 0;
  for await (const { Items = [] } of pages) {
    const deleted = await Promise.all(
      Items.map((item) =>
        client.send(new DeleteItemCommand({ TableName: name, Key: item, ConditionExpression: '#ttl <= :now', ...expired })).then(
          () => 1,
          (error: unknown) => {
            if (error instanceof ConditionalCheckFailedException) return 0;
            throw error;
          },
        ),
      ),
    );
    swept += deleted.reduce<number>((sum, one) => sum + one, 0);
  }
  return swept;
}
