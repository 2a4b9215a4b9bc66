/** What a call of the DynamoDB client is about: the items it writes, and what its reads cost by the items it answered. */
import type {
  AttributeValue,
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  BatchWriteItemCommandInput,
  ConsumedCapacity,
  QueryCommandInput,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './item-size.ts';
import { indexNames, keyReadUnits, noUnits, plus, queryUnits, type Units } from './unit-rules.ts';

export interface Address {
  readonly table: string;
  readonly key: Record<string, AttributeValue>;
}

const text = (value: AttributeValue | undefined): string => value?.S ?? '';

export const addressText = (item: Item): string => `${text(item['pk'])}\n${text(item['sk'])}`;

/** `H`, `E`, `J`, … of a person; `I` and `X` by their partition; `D` and `Q` with their kind. */
export function kindOf({ key }: Pick<Address, 'key'>): string {
  const [partition = '', kind = ''] = text(key['pk']).split('#');
  if (partition === 'P') return text(key['sk']).split('#')[0] ?? '';
  return partition === 'D' ? `D#${kind}` : partition;
}

const keyIn = (item: Item): Record<string, AttributeValue> => ({ pk: { S: text(item['pk']) }, sk: { S: text(item['sk']) } });

/** None for a read. */
export function writesTo(input: ServiceInputTypes): readonly Address[] {
  if ('TransactItems' in input) {
    return (input.TransactItems ?? []).flatMap((action) => {
      if (!('Put' in action)) throw new Error('the meter knows transactions of puts only');
      const { TableName: table = '', Item: item = {} } = action.Put ?? {};
      return [{ table, key: keyIn(item) }];
    });
  }
  if ('Item' in input) return [{ table: input.TableName ?? '', key: keyIn(input.Item ?? {}) }];
  if ('UpdateExpression' in input) return [{ table: input.TableName ?? '', key: keyIn(input.Key ?? {}) }];
  return [];
}

interface Read {
  readonly kinds: readonly string[];
  readonly units: Units;
}

/** By the items that were answered: nothing here filters or projects. */
export function readsOf(input: ServiceInputTypes, output: ServiceOutputTypes): Read {
  if ('RequestItems' in input && 'UnprocessedKeys' in output) return batchRead(input, output);
  if ('KeyConditionExpression' in input && 'Items' in output) return rangeRead(input, output.Items ?? []);
  if ('Key' in input) {
    const item = 'Item' in output ? output.Item : undefined;
    const strongly = 'ConsistentRead' in input && input.ConsistentRead === true;
    return { kinds: [kindOf({ key: input.Key ?? {} })], units: { ...noUnits, table: keyReadUnits([item], strongly) } };
  }
  throw new Error('a read that the meter does not know');
}

function batchRead(input: BatchGetItemCommandInput | BatchWriteItemCommandInput, output: BatchGetItemCommandOutput): Read {
  const reads = Object.keys(input.RequestItems ?? {}).map((table) => {
    const asked = input.RequestItems?.[table] ?? [];
    if (Array.isArray(asked)) throw new Error('the meter does not know batches of writes');
    const { Keys: keys = [], ConsistentRead: strongly = false } = asked;
    const found = output.Responses?.[table] ?? [];
    const items = keys.map((key) => found.find((item) => addressText(item) === addressText(key)));
    return { kinds: keys.map((key) => kindOf({ key })), units: keyReadUnits(items, strongly) };
  });
  return {
    kinds: reads.flatMap(({ kinds }) => kinds),
    units: { ...noUnits, table: reads.reduce((sum, { units }) => sum + units, 0) },
  };
}

function rangeRead(input: QueryCommandInput, items: readonly Item[]): Read {
  const { IndexName: name, ConsistentRead: strongly = false, ExpressionAttributeValues: values = {} } = input;
  const index = indexNames.find((known) => known === name);
  const [pk, sk] = Object.values(values);
  return {
    kinds: [index ?? kindOf({ key: { ...(pk === undefined ? {} : { pk }), ...(sk === undefined ? {} : { sk }) } })],
    units: { ...noUnits, [index ?? 'table']: queryUnits(items, strongly) },
  };
}

/** What the engine says the call consumed; it must have been asked for `INDEXES`. */
export function saidBy(output: ServiceOutputTypes): Units {
  const said = 'ConsumedCapacity' in output ? [output.ConsumedCapacity ?? []].flat() : [];
  const units = said.flatMap((one) => ('Table' in one ? [unitsOf(one)] : []));
  if (units.length === 0) throw new Error('the engine does not say what the call consumed');
  return units.reduce(plus, noUnits);
}

const unitsOf = ({ Table: own, GlobalSecondaryIndexes: indexes }: ConsumedCapacity): Units => ({
  table: own?.CapacityUnits ?? 0,
  due: indexes?.['due']?.CapacityUnits ?? 0,
  dir: indexes?.['dir']?.CapacityUnits ?? 0,
});
