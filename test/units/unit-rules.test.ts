/** The calculator against what DynamoDB was seen to do, and against the embedded engine on any items and any change of them. */
import { DeleteItemCommand, PutItemCommand, TransactWriteItemsCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedTables } from '../ports/embedded-table.ts';
import { saidBy } from './dynamo-calls.ts';
import { itemBytes, numberBytes, type Item } from './item-size.ts';
import { keyReadUnits, queryUnits, writeUnits } from './unit-rules.ts';

test.each([
  ['0', 1],
  ['7', 2],
  ['42', 2],
  ['420', 2],
  ['-42', 3],
  ['4200', 2],
  ['123', 3],
  ['0.0000001', 2],
  ['1e125', 2],
  ['12.34', 3],
  ['123.456', 5],
  ['1763900000000', 4],
])('the number %s has %i bytes', (text, bytes) => expect(numberBytes(text)).toBe(bytes));

test('names count, UTF-8 counts, and maps and lists pay for their entries', () => {
  expect(itemBytes({ pk: { S: 'P#1' }, été: { S: '€' } })).toBe(2 + 3 + 5 + 3);
  expect(itemBytes({ m: { M: { a: { S: 'bc' }, n: { NULL: true } } } })).toBe(1 + 3 + (1 + 1 + 2) + (1 + 1 + 1));
  expect(itemBytes({ l: { L: [{ BOOL: true }, { S: '' }, { M: {} }] } })).toBe(1 + 3 + (1 + 1) + (1 + 0) + (1 + 3));
  expect(itemBytes({ b: { B: new Uint8Array(9) }, s: { SS: ['a', 'bé'] }, n: { NS: ['12', '34'] } })).toBe(10 + 1 + 4 + 1 + 4);
});

test('a KB more begins with the first byte beyond', () => {
  const item = (bytes: number): Item => ({ b: { B: new Uint8Array(bytes - 1) } });
  const written = (bytes: number) => writeUnits({ before: undefined, after: item(bytes), inTransaction: false }).table;
  expect([1, 1_024, 1_025, 2_048, 2_049].map(written)).toEqual([1, 1, 2, 2, 3]);
  expect(keyReadUnits([undefined, item(4_096), item(4_097)], true)).toBe(1 + 1 + 2);
  expect(queryUnits([item(3_000), item(3_000)], false)).toBe(1);
});

/** Numbers of an even count of digits without zeros at the end: there the engine of release 1.2.1 and the service agree. */
const plainNumber = fc.array(
  fc.integer({ min: 11, max: 99 }).filter((pair) => pair % 10 > 0),
  { minLength: 1, maxLength: 8 },
);
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.integer({ min: 0, max: 2_100 }).map((bytes) => ({ B: new Uint8Array(bytes) })),
  fc.string({ unit: 'grapheme', maxLength: 900 }).map((text) => ({ S: text })),
  plainNumber.map((pairs) => ({ N: pairs.join('') })),
  fc
    .dictionary(
      fc.string({ minLength: 1, maxLength: 5 }),
      fc.boolean().map((BOOL) => ({ BOOL })),
      { maxKeys: 5 },
    )
    .map((M) => ({ M })),
  fc
    .array(
      fc.string({ maxLength: 400 }).map((S) => ({ S })),
      { maxLength: 5 },
    )
    .map((L) => ({ L })),
);
const few = fc.integer({ min: 1, max: 2 });
const someItem = fc
  .record({ v: value, tr: value, co: value, ds: few.map((shard) => `T#${shard}`), da: few, g: few }, { requiredKeys: [] })
  .map(({ ds, da, g, ...plain }) => ({
    ...plain,
    ...(ds === undefined ? {} : { ds: { S: ds } }),
    ...(da === undefined ? {} : { da: { N: `${da}${da}` } }),
    ...(g === undefined ? {} : { g: { S: String(g) } }),
  }));
const change = fc.record({ item: fc.option(someItem, { nil: undefined, freq: 6 }), inTransaction: fc.boolean() });

const tables = embeddedTables();

test('the engine says the same of any item that becomes any other', async () => {
  const table = await tables.newTable();
  let people = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
      const key = { pk: { S: `P#${(people += 1)}` }, sk: { S: 'A' } };
      let before: Item | undefined;
      for (const { item, inTransaction } of changes) {
        const after: Item | undefined = item === undefined ? undefined : { ...key, ...item };
        if (after === undefined && before === undefined) continue;
        expect(await writtenAs(table, key, item, inTransaction)).toEqual(writeUnits({ before, after, inTransaction }));
        before = after;
      }
    }),
    { numRuns: 150 },
  );
});

async function writtenAs(table: string, key: Item, item: Item | undefined, inTransaction: boolean) {
  const counting = { ReturnConsumedCapacity: 'INDEXES' } as const;
  const dynamo = tables.dynamo();
  const put = item === undefined ? undefined : { TableName: table, Item: { ...key, ...item } };
  const gone = { TableName: table, Key: { ...key } };
  if (inTransaction) {
    const TransactItems = [put === undefined ? { Delete: gone } : { Put: put }];
    return saidBy(await dynamo.send(new TransactWriteItemsCommand({ TransactItems, ...counting })));
  }
  return saidBy(
    put === undefined
      ? await dynamo.send(new DeleteItemCommand({ ...gone, ...counting }))
      : await dynamo.send(new PutItemCommand({ ...put, ...counting })),
  );
}
