/** The table that deploys and the table that local runs use are the same one. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { embeddedTables } from '../ports/embedded-table.ts';
import { ofType, type Synthesised } from '../../infra/synthesise.ts';
import { synthesised } from './synthesised.ts';

const keySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }));
const properties = v.object({
  AttributeDefinitions: v.array(v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) })),
  BillingMode: v.literal('PAY_PER_REQUEST'),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: v.array(
    v.object({
      IndexName: v.string(),
      KeySchema: keySchema,
      Projection: v.object({
        ProjectionType: v.picklist(['ALL', 'KEYS_ONLY', 'INCLUDE']),
        NonKeyAttributes: v.optional(v.array(v.string())),
      }),
    }),
  ),
  TimeToLiveSpecification: v.object({ AttributeName: v.string(), Enabled: v.boolean() }),
});

const tableIn = ({ data }: Synthesised) => {
  const [found, ...others] = ofType(data, 'AWS::DynamoDB::GlobalTable');
  expect(others).toEqual([]);
  return found!;
};

async function createFromTemplate(dynamo: DynamoDBClient, name: string): Promise<void> {
  const { TimeToLiveSpecification, ...table } = v.parse(properties, tableIn(await synthesised()).Properties);
  await dynamo.send(new CreateTableCommand({ TableName: name, ...table }));
  await dynamo.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

/** What the engine says of it, but for its name and dates. */
async function described(dynamo: DynamoDBClient, TableName: string) {
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
  const { TimeToLiveDescription } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
  const byName = <T extends object>(list: readonly T[] = []) =>
    list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return {
    keys: Table?.KeySchema,
    attributes: byName(Table?.AttributeDefinitions),
    billing: Table?.BillingModeSummary?.BillingMode,
    indexes: byName(
      (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection })),
    ),
    expiry: TimeToLiveDescription,
  };
}

export function tableTests(): void {
  describe('the table', () => {
    const tables = embeddedTables();

    test('that the template makes is the one that local runs use', async () => {
      const dynamo = tables.dynamo();
      await createFromTemplate(dynamo, 'from-the-template');
      const deployed = await described(dynamo, 'from-the-template');
      expect(deployed).toEqual(await described(dynamo, await tables.newTable()));
      expect(deployed.indexes).toHaveLength(2);
      expect(deployed.expiry).toEqual({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
    });

    test('outlives mistakes, costs nothing for its keys, and has a limit of writes', async () => {
      const { DeletionPolicy, Properties } = tableIn(await synthesised());
      expect(DeletionPolicy).toBe('Retain');
      expect(Properties).toMatchObject({
        TableName: 'relance',
        SSESpecification: { SSEEnabled: false }, // AWS-owned keys
        WriteOnDemandThroughputSettings: { MaxWriteRequestUnits: 500 },
        Replicas: [
          {
            Region: 'eu-west-3',
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      });
    });

    test('is all that the account holds for ever', async () => {
      const { data, messaging, engine } = await synthesised();
      const kept = [data, messaging, engine].flatMap(({ Resources }) =>
        Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy !== undefined && DeletionPolicy !== 'Delete'),
      );
      expect(kept.map(({ Type }) => Type)).toEqual(['AWS::DynamoDB::GlobalTable']);
    });

    test('has a budget beside it that writes to the owner', async () => {
      const [budget] = ofType((await synthesised()).data, 'AWS::Budgets::Budget');
      const { NotificationsWithSubscribers: told, Budget } = v.parse(
        v.object({ Budget: v.object({ BudgetLimit: v.unknown() }), NotificationsWithSubscribers: v.array(v.unknown()) }),
        budget?.Properties,
      );
      expect(Budget.BudgetLimit).toEqual({ Amount: 20, Unit: 'USD' });
      expect(told).toMatchObject(
        [
          ['ACTUAL', 80],
          ['FORECASTED', 100],
        ].map(([NotificationType, Threshold]) => ({
          Notification: { NotificationType, Threshold },
          Subscribers: [{ Address: 'you@example.com', SubscriptionType: 'EMAIL' }],
        })),
      );
    });
  });
}
