/** A real table for each test, on the embedded engine: one engine per test file, a fresh table each time. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { startTableEngine, type TableEngine } from '../../local/dynoxide.ts';
import { createTable } from '../../local/table.ts';
import { dynamoClient, type Environment } from '../../shared/adapters/aws/client.ts';

export interface EmbeddedTables {
  /** The client as the product uses it; once tests run. */
  readonly dynamo: () => DynamoDBClient;
  readonly environment: () => Environment;
  /** Answers the name of a table as topology.ts describes it, with nothing in it. */
  readonly newTable: () => Promise<string>;
}

export const localAccess: Environment = { AWS_REGION: 'eu-west-3', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/** Call it where tests are declared. */
export function embeddedTables(): EmbeddedTables {
  let engine: TableEngine | undefined;
  let client: DynamoDBClient | undefined;
  let made = 0;
  const environment = (): Environment => ({ ...localAccess, AWS_ENDPOINT_URL_DYNAMODB: engine?.endpoint });
  const dynamo = (): DynamoDBClient => (client ??= dynamoClient(environment()));
  beforeAll(async () => {
    engine = await startTableEngine();
  });
  afterAll(async () => {
    client?.destroy();
    await engine?.stop();
  });
  const newTable = async (): Promise<string> => {
    const name = `relance-${process.pid}-${(made += 1)}`;
    await createTable(dynamo(), name);
    return name;
  };
  return { dynamo, environment, newTable };
}
