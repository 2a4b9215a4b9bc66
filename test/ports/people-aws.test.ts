/** People in the table keep the same promises as their twin in memory. */
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { describe } from 'vitest';
import { personPartition, suppressionKey } from '../../shared/adapters/aws/keys.ts';
import { AwsPeople } from '../../shared/adapters/aws/people.ts';
import { embeddedTables } from './embedded-table.ts';
import { peopleContract } from './people.contract.ts';

describe('people in the table', () => {
  const tables = embeddedTables();
  peopleContract(async () => {
    const [dynamo, table] = [tables.dynamo(), await tables.newTable()];
    return {
      people: new AwsPeople({ dynamo, table }),
      suppress: async (channel, claim) => {
        await dynamo.send(new PutItemCommand({ TableName: table, Item: suppressionKey(channel, claim) }));
      },
      countProofs: async (person) => {
        const command = new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :person AND begins_with(sk, :proof)',
          ExpressionAttributeValues: { ':person': { S: personPartition(person) }, ':proof': { S: 'C#' } },
        });
        return (await dynamo.send(command)).Count ?? 0;
      },
    };
  });
});
