/** A query to its end, page by page: whoever forgets the second megabyte loses data. */
import { QueryCommand, type DynamoDBClient, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { sendOrThrow, type Item } from './client.ts';

export async function* pages(what: string, dynamo: DynamoDBClient, input: QueryCommandInput): AsyncGenerator<readonly Item[]> {
  let from: Item | undefined;
  do {
    const command = new QueryCommand({ ...input, ...(from === undefined ? {} : { ExclusiveStartKey: from }) });
    const { Items: items = [], LastEvaluatedKey: next } = await sendOrThrow(what, () => dynamo.send(command));
    yield items;
    from = next;
  } while (from !== undefined);
}

/** All items of one partition, strongly read. */
export const partitionPages = (
  what: string,
  dynamo: DynamoDBClient,
  table: string,
  partition: string,
): AsyncGenerator<readonly Item[]> =>
  pages(what, dynamo, {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :partition',
    ExpressionAttributeValues: { ':partition': { S: partition } },
  });
