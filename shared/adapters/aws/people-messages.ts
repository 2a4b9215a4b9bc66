/**
 * The message log and what providers told of it: our log and their marks share an item and are written by different
 * functions, each under the version it read, so that neither overwrites the other.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Conflict } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { withLog, type LoggedMessage, type MessageRecord } from '../../messages/marks.ts';
import type { MessageLog } from '../../messages/message.ts';
import type { FeedbackWrite, StoredRecord } from '../../ports.ts';
import { sendConditional, type Item } from './client.ts';
import { messageItemKey, messagePrefix } from './keys.ts';
import { readMessage, readRecord, recordItem, statisticsItem, suppressionItem } from './people-items.ts';
import { getItems, itemsOfAll, type TableOf } from './people-reads.ts';
import { nextVersion, putExpected, transact, type Expected } from './people-writes.ts';

type Name = Pick<MessageRecord, 'orderTime' | 'sendKey'>;

export async function findRecord(store: TableOf, people: readonly PersonId[], name: Name): Promise<StoredRecord | undefined> {
  const keys = people.map((person) => messageItemKey(person, name));
  const found = await getItems('look for a message', store, keys);
  const records = people.flatMap((person, index) => {
    const item = found[index];
    return item === undefined ? [] : [{ person, record: readRecord(item, name) }];
  });
  return records.find(({ record }) => record.log !== undefined) ?? records[0];
}

export async function readMessages(store: TableOf, people: readonly PersonId[]): Promise<readonly LoggedMessage[]> {
  const found = await itemsOfAll('read messages', store, people, messagePrefix);
  const messages = found.flatMap(({ item }) => readMessage(item) ?? []);
  return messages.toSorted((a, b) => a.orderTime - b.orderTime || (a.sendKey < b.sendKey ? -1 : 1));
}

/** Marks that keep coming are few: whoever loses this often met something else. */
const attempts = 6;

/** One write, unless the provider spoke first: then the log joins its marks. */
export async function writeLog(store: TableOf, person: PersonId, log: MessageLog): Promise<void> {
  let record: MessageRecord = { orderTime: log.orderTime, sendKey: log.sendKey, version: 0, marks: [] };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const command = new PutItemCommand({
      TableName: store.table,
      ...nextVersion(recordItem(person, withLog(record, log)), record.version),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const outcome = await sendConditional('log a message', () => store.dynamo.send(command));
    if (outcome.kind === 'done') return;
    const stored = outcome.item;
    record = stored === undefined ? { ...record, version: 0, marks: [] } : readRecord(stored, log);
    if (record.log !== undefined) return;
  }
  throw new Conflict('log a message: marks kept coming');
}

/** Alone it costs one unit; with statistics and suppressions all of it is one transaction. */
export async function writeFeedback(store: TableOf, write: FeedbackWrite): Promise<void> {
  const { person, record, statistics, suppressions } = write;
  const mark = nextRecord(recordItem(person, record), record.version);
  const others = [
    ...(statistics === undefined
      ? []
      : [nextVersion(statisticsItem(statistics.person, statistics.statistics), statistics.statistics.version)]),
    ...suppressions.map(({ channel, claim, suppression }) =>
      nextRecord(suppressionItem(channel, claim, suppression), suppression.version),
    ),
  ];
  if (others.length === 0) return putExpected('mark a message', store, mark);
  const outcome = await transact('mark a message', store, [mark, ...others]);
  if (outcome.kind === 'refused') throw new Conflict('mark a message: somebody wrote since it was read');
}

/** An item that was written before it had versions, or by hand, is as good as none. */
function nextRecord(item: Item, read: number): Expected {
  if (read > 0) return nextVersion(item, read);
  return { Item: { ...item, v: { N: '1' } }, ConditionExpression: 'attribute_not_exists(v)' };
}
