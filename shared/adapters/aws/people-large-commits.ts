/**
 * Commits of more journeys than one transaction takes (promises 1 and 2: no number of open runs makes an event or a merge
 * impossible). The transaction writes the hot state, what fits, and all the rest packed beside it; then the rest is written one
 * by one. After a crash in between, whoever loads the person does that first: nobody decides on half of a commit.
 */
import { DynamoDBServiceException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Instance } from '../../journeys/instance.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { sendConditional, type Item } from './client.ts';
import { pack, unpack } from './deflate.ts';
import { restKey } from './keys.ts';
import { instanceItem, readInstance, versionOf } from './people-items.ts';
import { decoded, restShape } from './people-shape.ts';
import { getItems, type TableOf } from './people-reads.ts';

/** An instance as it is to be stored: `stored` is the version read. */
export interface OwnInstance {
  readonly person: PersonId;
  readonly instance: Instance;
}

/** What one transaction takes. */
export const largestTransaction = 100;
/** Some kilobytes each at most, and an item holds 400 KB deflated. */
const packedTogether = 100;
const writtenAtOnce = 20;

export interface Divided {
  readonly inTransaction: readonly OwnInstance[];
  /** Items that hold the rest, for the transaction. */
  readonly packed: readonly Item[];
  /** For the hot state's item: how many these are. */
  readonly marker: Item;
}

/** `besides`: other items of the transaction. Runs that begin come first: the transaction tells which of them exist already. */
export function divide(person: PersonId, instances: readonly OwnInstance[], besides: number): Divided {
  if (besides + instances.length <= largestTransaction) return { inTransaction: instances, packed: [], marker: {} };
  const begunFirst = instances.toSorted((a, b) => Math.min(1, a.instance.stored) - Math.min(1, b.instance.stored));
  const room = largestTransaction - besides - Math.ceil(instances.length / packedTogether);
  const rest = begunFirst.slice(room);
  const packed = Array.from({ length: Math.ceil(rest.length / packedTogether) }, (_, index) => ({
    ...restKey(person, index),
    b: { B: pack(rest.slice(index * packedTogether, (index + 1) * packedTogether)) },
  }));
  return { inTransaction: begunFirst.slice(0, room), packed, marker: { w: { N: String(packed.length) } } };
}

/** Writes what the commit of this hot state left to be written; it has been read or written just now. */
export async function completeCommit(store: TableOf, person: PersonId, hot: Item | undefined): Promise<void> {
  const count = Number(hot?.['w']?.N ?? 0);
  if (hot === undefined || count === 0) return;
  const keys = Array.from({ length: count }, (_, index) => restKey(person, index));
  try {
    const rest = (await getItems('complete a commit', store, keys)).flatMap(readRest);
    for (let at = 0; at < rest.length; at += writtenAtOnce)
      await Promise.all(rest.slice(at, at + writtenAtOnce).map((one) => write(store, one)));
    await unmark(store, hot);
  } catch (error) {
    // Who follows links may not write, and looks at no journey: left to those who do.
    if (!isForbidden(error)) throw error;
  }
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof DynamoDBServiceException && error.cause.name === 'AccessDeniedException';

function readRest(item: Item | undefined): readonly OwnInstance[] {
  const body = item?.['b']?.B;
  return body === undefined ? [] : decoded(restShape, unpack(body), 'item W');
}

/**
 * Refused: somebody else has written it, or a timer moved the run at the very moment of the commit. An end was committed before
 * that, and stands; of two moves the timer's stands.
 */
async function write(store: TableOf, { person, instance }: OwnInstance): Promise<void> {
  const there = await put(store, person, instance);
  if (instance.state.kind !== 'ended' || there === undefined) return;
  if (there.stored === instance.stored + 1 && there.state.kind !== 'ended')
    await put(store, person, { ...instance, stored: there.stored });
}

/** Answers what is there instead. */
async function put({ dynamo, table }: TableOf, person: PersonId, instance: Instance): Promise<Instance | undefined> {
  const { stored } = instance;
  const command = new PutItemCommand({
    TableName: table,
    Item: { ...instanceItem(person, instance), v: { N: String(stored + 1) } },
    ...(stored === 0 ? { ConditionExpression: 'attribute_not_exists(pk)' } : asRead(stored)),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const outcome = await sendConditional('complete a commit', () => dynamo.send(command));
  return outcome.kind === 'done' ? undefined : readInstance(outcome.item);
}

/** The same hot state, with nothing left to be written. Refused: somebody committed since, who found it complete. */
async function unmark({ dynamo, table }: TableOf, { w: _w, ...hot }: Item): Promise<void> {
  const command = new PutItemCommand({ TableName: table, Item: hot, ...asRead(versionOf(hot)) });
  await sendConditional('complete a commit', () => dynamo.send(command));
}

const asRead = (version: number) => ({
  ConditionExpression: 'v = :read',
  ExpressionAttributeValues: { ':read': { N: String(version) } },
});
