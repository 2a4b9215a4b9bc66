/**
 * Conditional writes of people's items: each says what it expects to find, and what it means when it finds otherwise.
 */
import { PutItemCommand, TransactWriteItemsCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { Conflict } from '../../kernel/errors.ts';
import type { InstanceRef } from '../../journeys/instance.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Commit, CommitOutcome, MergeWrite } from '../../ports.ts';
import { sendConditional, sendTransaction, type Item } from './client.ts';
import { pack } from './deflate.ts';
import { journalKey } from './keys.ts';
import { attributesItem, hotStateItem, instanceItem, statisticsItem } from './people-items.ts';
import { completeCommit, divide, largestTransaction, type OwnInstance } from './people-large-commits.ts';
import type { TableOf } from './people-reads.ts';

export interface Expected {
  readonly Item: Item;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Record<string, { N: string }>;
}

/** The item one version on, provided that the version read is still there (0: nothing is). */
export function nextVersion(item: Item, read: number): Expected {
  const Item = { ...item, v: { N: String(read + 1) } };
  return read === 0
    ? { Item, ConditionExpression: 'attribute_not_exists(pk)' }
    : { Item, ConditionExpression: 'v = :read', ExpressionAttributeValues: { ':read': { N: String(read) } } };
}

/** Throws Conflict when somebody wrote since. */
export async function putVersion(what: string, store: TableOf, item: Item, read: number): Promise<void> {
  await putExpected(what, store, nextVersion(item, read));
}

/** Throws Conflict when something else is there. */
export async function putExpected(what: string, { dynamo, table }: TableOf, expected: Expected): Promise<void> {
  const command = new PutItemCommand({ TableName: table, ...expected });
  const outcome = await sendConditional(what, () => dynamo.send(command));
  if (outcome.kind === 'refused') throw new Conflict(`${what}: somebody wrote since it was read`);
}

/** Nothing happens where it is there already. */
export async function putOnce(what: string, { dynamo, table }: TableOf, item: Item): Promise<void> {
  const command = new PutItemCommand({ TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
  await sendConditional(what, () => dynamo.send(command));
}

const instancePut = ({ person, instance }: OwnInstance): Expected => nextVersion(instanceItem(person, instance), instance.stored);

export async function writeCommit(
  store: TableOf,
  person: PersonId,
  { hot, statistics, instances }: Commit,
): Promise<CommitOutcome> {
  if (statistics === undefined && instances.length === 0) {
    await putVersion('commit the hot state', store, hotStateItem(person, hot), hot.version);
    return { kind: 'committed' };
  }
  const besides = statistics === undefined ? [] : [nextVersion(statisticsItem(person, statistics), statistics.version)];
  const all = instances.map((instance): OwnInstance => ({ person, instance }));
  const { inTransaction, packed, marker } = divide(person, all, 1 + besides.length);
  const hotState = nextVersion({ ...hotStateItem(person, hot), ...marker }, hot.version);
  const states: readonly Expected[] = [hotState, ...besides];
  const outcome = await transact('commit an envelope', store, [...states, ...inTransaction.map(instancePut)], packed);
  if (outcome.kind === 'done') {
    await completeCommit(store, person, hotState.Item);
    return { kind: 'committed' };
  }
  const refused = inTransaction.filter((_, index) => outcome.actions[states.length + index]?.held === false);
  const onlyExisting =
    states.every((_, index) => outcome.actions[index]?.held === true) && refused.every(({ instance }) => instance.stored === 0);
  if (!onlyExisting) throw new Conflict('commit an envelope: somebody wrote since it was read');
  const existing = refused.map(({ instance: { journey, key } }): InstanceRef => ({ journey, key }));
  return { kind: 'instance-exists', instances: existing };
}

/** Both sides, what moved and the journal of it, together or not at all. */
export async function writeMerge(store: TableOf, write: MergeWrite): Promise<void> {
  const { winner, loser, before, after, moved, ended, at } = write;
  const journal: Expected = {
    Item: {
      ...journalKey(winner, at, loser),
      b: { B: pack({ before, moved: moved.map(({ journey, key }) => ({ journey, key })), loser, at }) },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  };
  const sides = (marker: Item): readonly [Expected, ...Expected[]] => [
    nextVersion({ ...hotStateItem(winner, after.hot), ...marker }, after.hot.version),
    nextVersion(attributesItem(winner, after.attributes), after.attributes.version),
    ...(after.statistics === undefined ? [] : [nextVersion(statisticsItem(winner, after.statistics), after.statistics.version)]),
    nextVersion(attributesItem(loser, { ...before.loser.attributes, into: winner }), before.loser.attributes.version),
    nextVersion(hotStateItem(loser, before.loser.hot), before.loser.hot.version),
    journal,
  ];
  const all = [
    ...moved.map((instance): OwnInstance => ({ person: winner, instance })),
    ...ended.map((instance): OwnInstance => ({ person: loser, instance })),
  ];
  const { inTransaction, packed, marker } = divide(winner, all, sides({}).length);
  const [hotState, ...others] = sides(marker);
  const puts = [hotState, ...others, ...inTransaction.map(instancePut)];
  const outcome = await transact('merge two people', store, puts, packed);
  if (outcome.kind === 'refused') throw new Conflict('merge two people: somebody wrote to one of them since they were read');
  await completeCommit(store, winner, hotState.Item);
}

/** `besides`: items that replace whatever is there. */
export function transact(what: string, { dynamo, table }: TableOf, puts: readonly Expected[], besides: readonly Item[] = []) {
  if (puts.length + besides.length > largestTransaction)
    throw new Error(`${what}: ${puts.length + besides.length} items, more than the ${largestTransaction} of one transaction`);
  const TransactItems = [...puts, ...besides.map((Item) => ({ Item }))].map((put): TransactWriteItem => ({
    Put: { TableName: table, ...put },
  }));
  return sendTransaction(what, () => dynamo.send(new TransactWriteItemsCommand({ TransactItems })));
}
