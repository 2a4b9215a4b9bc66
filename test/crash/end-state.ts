/**
 * What a world has come to, as sentences: two runs that ended in the same state say the same ones. Left out is only what
 * says when and how often something was tried; times are told to the minute, because callers ask again within one.
 */
import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../shared/adapters/aws/client.ts';
import { unpack } from '../../shared/adapters/aws/deflate.ts';
import { readSuppression } from '../../shared/adapters/aws/people-items.ts';
import { readTags } from '../../shared/channels/tags.ts';
import { familiesIn, textOf, type Member } from './families.ts';
import { familyLines } from './family-lines.ts';
import type { World } from './world.ts';

export interface EndState {
  /** Sorted; one that stands twice is twice there. */
  readonly lines: readonly string[];
  /** By send key: how often the provider accepted it. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Addresses that got a mail. */
  readonly reached: ReadonlySet<string>;
}

export async function endState(world: World): Promise<EndState> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client: world.clients.dynamo }, { TableName: world.tableName }))
    items.push(...Items);
  const families = familiesIn(items);
  const reached = new Set(world.emulators.ses.inbox().flatMap(({ recipients }) => recipients));
  const lines = [...families.flatMap(familyLines), ...items.flatMap((item) => otherLines(item, families)), ...queueLines(world)];
  return { lines: lines.toSorted(), accepted: acceptedMails(world), reached };
}

/** Items that are nobody's own. */
function otherLines(item: Item, families: readonly (readonly Member[])[]): readonly string[] {
  const [letter = '', ...rest] = textOf(item, 'pk').split('#');
  switch (letter) {
    case 'P':
      return [];
    case 'I': {
      const owner = families.find((family) => family.some(({ id }) => id === textOf(item, 'p')));
      return [`${rest.join('#')} belongs to ${owner?.[0]?.name ?? 'nobody'}`];
    }
    case 'Q':
      // A dead letter is parked under the id of its message, which SQS draws.
      return [
        `parked ${textOf(item, 'st')}: ${JSON.stringify([unpack(item['b']?.B ?? new Uint8Array()), item['cl']?.SS ?? []])}`,
      ];
    case 'X': {
      const reasons = readSuppression(item).reasons.map(({ because }) => because);
      return [`suppressed ${rest.join('#')}: ${reasons.join(', ')}`];
    }
    case 'D':
      return []; // config, the timer sweep and how far feedback has come
    default:
      return [`an item that nobody knows: ${letter}`];
  }
}

function queueLines({ emulators }: World): readonly string[] {
  return emulators.sqs.names().flatMap((name) => {
    const { visible, delayed, inFlight } = emulators.sqs.queue(name).counts();
    return visible + delayed + inFlight === 0 ? [] : [`queue ${name} is not empty: ${visible}, ${delayed}, ${inFlight}`];
  });
}

function acceptedMails({ emulators }: World): ReadonlyMap<string, number> {
  const accepted = new Map<string, number>();
  for (const { tags } of emulators.ses.inbox()) {
    const sendKey = readTags(tags)?.sendKey ?? 'without a send key';
    accepted.set(sendKey, (accepted.get(sendKey) ?? 0) + 1);
  }
  return accepted;
}
