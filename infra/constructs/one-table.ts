/** The one table, with its indexes, as shared/topology.ts says: all that is known about people, kept through every mistake. */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { table } from '../../shared/topology.ts';

export interface OneTableProps {
  readonly tableName: string;
  readonly mostWritesPerSecond: number;
}

export class OneTable extends Construct {
  constructor(scope: Construct, id: string, { tableName, mostWritesPerSecond }: OneTableProps) {
    super(scope, id);
    new TableV2(this, 'Table', {
      tableName,
      partitionKey: { name: table.partitionKey, type: AttributeType.STRING },
      sortKey: { name: table.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: table.timeToLiveAttribute,
      globalSecondaryIndexes: indexes(),
      billing: Billing.onDemand({ maxWriteRequestUnits: mostWritesPerSecond }),
      encryption: TableEncryptionV2.dynamoOwnedKey(), // free, and rotated by AWS
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

const sortKeyTypes = { S: AttributeType.STRING, N: AttributeType.NUMBER } as const;

const indexes = (): GlobalSecondaryIndexPropsV2[] =>
  Object.entries(table.indexes).map(([indexName, index]) => ({
    indexName,
    partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
    sortKey: { name: index.sortKey, type: sortKeyTypes[index.sortKeyType] },
    ...(index.projection === 'INCLUDE'
      ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...index.attributes] }
      : { projectionType: ProjectionType.KEYS_ONLY }),
  }));
