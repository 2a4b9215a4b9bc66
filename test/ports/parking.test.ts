/** Parked items keep their promises in memory and in the table. */
import { describe } from 'vitest';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { MemoryParking } from '../../shared/adapters/memory/parking.ts';
import { embeddedTables } from './embedded-table.ts';
import { parkingContract } from './parking.contract.ts';

describe('in memory', () => {
  parkingContract((clock) => Promise.resolve(new MemoryParking(clock)));
});

describe('in the table', () => {
  const { dynamo, newTable } = embeddedTables();
  parkingContract(async (clock) => new AwsParking({ dynamo: dynamo(), table: await newTable(), clock }));
});
