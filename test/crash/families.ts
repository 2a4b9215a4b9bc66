/** Everybody in the table: who was merged into whom, and each one's items as the product reads them. */
import type { Item } from '../../shared/adapters/aws/client.ts';
import { unpack } from '../../shared/adapters/aws/deflate.ts';
import * as read from '../../shared/adapters/aws/people-items.ts';
import { inClaimOrder } from '../../shared/events/identifier.ts';
import type { Instance } from '../../shared/journeys/instance.ts';
import type { LoggedMessage } from '../../shared/messages/marks.ts';
import type { Attributes, HotState } from '../../shared/profile/profile.ts';
import type { Statistics } from '../../shared/profile/statistics.ts';
import type { Chunk } from '../../shared/profile/timeline.ts';

export interface Member {
  readonly id: string;
  /** Of the whole family: the strongest identifier of the one who stays. */
  readonly name: string;
  /** Merged into the one who stays. */
  readonly isAlias: boolean;
  readonly attributes: Attributes;
  readonly hot: HotState;
  readonly statistics: Statistics;
  readonly chunks: readonly Chunk[];
  readonly instances: readonly Instance[];
  readonly messages: readonly LoggedMessage[];
  readonly proofs: readonly unknown[];
  readonly journals: readonly unknown[];
}

export const textOf = (item: Item, name: string): string => item[name]?.S ?? '';

/** The one who stays first. */
export function familiesIn(items: readonly Item[]): readonly (readonly Member[])[] {
  const partitions = Map.groupBy(
    items.filter((item) => textOf(item, 'pk').startsWith('P#')),
    (item) => textOf(item, 'pk').slice(2),
  );
  const people = new Map([...partitions].map(([id, own]) => [id, personOf(id, own)]));
  const stays = (id: string): string => {
    const into = people.get(id)?.attributes.into;
    return into === undefined ? id : stays(into);
  };
  const families = Map.groupBy(people.values(), ({ id }) => stays(id));
  return [...families].map(([id, members]) => {
    const [strongest] = inClaimOrder(people.get(id)?.attributes.identifiers ?? []);
    const name = strongest === undefined ? 'somebody without a name' : `${strongest.type} ${strongest.value}`;
    return members
      .map((member) => ({ ...member, name, isAlias: member.id !== id }))
      .toSorted((a, b) => Number(a.isAlias) - Number(b.isAlias));
  });
}

function personOf(id: string, items: readonly Item[]): Member {
  const at = (sort: string): Item | undefined => items.find((item) => textOf(item, 'sk') === sort);
  const under = (prefix: string): readonly Item[] => items.filter((item) => textOf(item, 'sk').startsWith(prefix));
  const known = ['A', 'H', 'S'].map(at).filter((item) => item !== undefined).length;
  const listed = ['E#', 'J#', 'M#', 'C#', 'Y#'].flatMap(under).length;
  if (known + listed !== items.length) throw new Error('there are items of people that this test does not know');
  const contentOf = (item: Item): unknown => unpack(item['b']?.B ?? new Uint8Array());
  return {
    id,
    name: '',
    isAlias: false,
    attributes: read.readAttributes(at('A')),
    hot: read.readHotState(at('H')),
    statistics: read.readStatistics(at('S')),
    chunks: under('E#').flatMap((item) => read.readChunk(item) ?? []),
    instances: under('J#').flatMap((item) => read.readInstance(item) ?? []),
    messages: under('M#').flatMap((item) => read.readMessage(item) ?? []),
    proofs: under('C#').map(contentOf),
    journals: under('Y#').map(contentOf),
  };
}
