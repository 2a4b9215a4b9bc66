/**
 * Capacity units from items before and after: DynamoDB's rules for writes, indexes, transactions and reads. Tables and
 * indexes come from the topology, so a new index is counted as soon as it exists.
 */
import { isDeepStrictEqual } from 'node:util';
import { table } from '../../shared/topology.ts';
import { itemBytes, type Item } from './item-size.ts';

export type IndexName = keyof typeof table.indexes;
export const indexNames: readonly IndexName[] = ['due', 'dir'];

/** Units of the table itself and of each index. */
export type Units = Readonly<Record<'table' | IndexName, number>>;

export const noUnits: Units = { table: 0, due: 0, dir: 0 };

export const plus = (a: Units, b: Units): Units => ({ table: a.table + b.table, due: a.due + b.due, dir: a.dir + b.dir });
export const total = ({ table: own, due, dir }: Units): number => own + due + dir;

export interface Write {
  /** Absent: there was, or is, no such item. */
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly inTransaction: boolean;
}

const kilobytes = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1_024));
const blocks = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4_096));

const bytesOf = (item: Item | undefined): number => (item === undefined ? 0 : itemBytes(item));

/**
 * The larger of the two images, per KB; twice in a transaction. An index costs the same inside a transaction as outside:
 * it follows the table when the transaction is done (measured in eu-west-2: github.com/nubo-db/dynoxide pull request 188;
 * the embedded engine says the same).
 */
export const writeUnits = ({ before, after, inTransaction }: Write): Units => ({
  table: kilobytes(Math.max(bytesOf(before), bytesOf(after))) * (inTransaction ? 2 : 1),
  due: indexUnits(entryOf('due', before), entryOf('due', after)),
  dir: indexUnits(entryOf('dir', before), entryOf('dir', after)),
});

interface Entry {
  readonly key: readonly unknown[];
  readonly projected: Item;
}

/** What the index holds of an item; undefined when the item has not all of the index's keys. */
function entryOf(index: IndexName, item: Item | undefined): Entry | undefined {
  const { partitionKey, sortKey, attributes } = table.indexes[index];
  if (item?.[partitionKey] === undefined || item[sortKey] === undefined) return undefined;
  const kept = new Set<string>([table.partitionKey, table.sortKey, partitionKey, sortKey, ...attributes]);
  return {
    key: [item[partitionKey], item[sortKey]],
    projected: Object.fromEntries(Object.entries(item).filter(([name]) => kept.has(name))),
  };
}

/** A moved key is a delete and an insert; what the index does not hold may change for nothing. */
function indexUnits(before: Entry | undefined, after: Entry | undefined): number {
  if (before === undefined && after === undefined) return 0;
  if (before === undefined) return kilobytes(bytesOf(after?.projected));
  if (after === undefined) return kilobytes(bytesOf(before.projected));
  const [was, is] = [kilobytes(bytesOf(before.projected)), kilobytes(bytesOf(after.projected))];
  if (!isDeepStrictEqual(before.key, after.key)) return was + is;
  return isDeepStrictEqual(before.projected, after.projected) ? 0 : Math.max(was, is);
}

/** By key: each item rounded up alone, and one that is not there costs as much as the smallest. */
export const keyReadUnits = (items: readonly (Item | undefined)[], strongly: boolean): number =>
  items.reduce((units, item) => units + blocks(bytesOf(item)), 0) * (strongly ? 1 : 0.5);

/** A page of a query: rounded up once, over everything that was read. */
export const queryUnits = (items: readonly Item[], strongly: boolean): number =>
  blocks(items.reduce((bytes, item) => bytes + itemBytes(item), 0)) * (strongly ? 1 : 0.5);
