/** Parked items keep their promises in memory and in the table; and what only a table can leave behind. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { MemoryParking } from '../../shared/adapters/memory/parking.ts';
import { exactDays } from '../../shared/kernel/time.ts';
import { embeddedTables } from './embedded-table.ts';
import { aParked, now, parkingContract } from './parking.contract.ts';

describe('in memory', () => {
  parkingContract((clock) => Promise.resolve(new MemoryParking(clock)));
});

describe('in the table', () => {
  const { dynamo, newTable } = embeddedTables();
  parkingContract(async (clock) => new AwsParking({ dynamo: dynamo(), table: await newTable(), clock }));

  test('an item parked again on another day leaves no older copy', async () => {
    const table = await newTable();
    const parking = new AwsParking({ dynamo: dynamo(), table, clock: () => now });
    for (const days of [0, 3, 13]) await parking.park(aParked({ at: now - exactDays(13 - days) }));
    const { Items: items = [] } = await dynamo().send(new ScanCommand({ TableName: table }));
    expect(items.map(({ at }) => at?.N)).toEqual([String(now)]);
  });

  test('an item carries the hashes that erasure looks for, when it expires, and no personal data', async () => {
    const table = await newTable();
    const parking = new AwsParking({ dynamo: dynamo(), table, clock: () => now });
    await parking.park(aParked({ body: '{"email":"ada@example.com"}', claims: ['email#abc', 'email#abc'] }));
    const { Items: items = [] } = await dynamo().send(new ScanCommand({ TableName: table }));
    expect(items[0]?.['cl']?.SS).toEqual(['email#abc']);
    expect(items[0]?.['ttl']?.N).toBe(String((now + exactDays(14)) / 1_000));
    expect(JSON.stringify(items)).not.toContain('ada');
  });
});
