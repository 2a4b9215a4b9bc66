/**
 * What the memory twin keeps of one person, and the merge of two of them as one step: everything is expected to be as it
 * was read before anything is written.
 */
import type { Instance, InstanceRef } from '../../journeys/instance.ts';
import { Conflict } from '../../kernel/errors.ts';
import { withLog, type MessageRecord } from '../../messages/marks.ts';
import type { MessageLog } from '../../messages/message.ts';
import type { MergeWrite, Proof } from '../../ports.ts';
import type { Attributes, HotState } from '../../profile/profile.ts';
import type { Statistics } from '../../profile/statistics.ts';
import type { Chunk } from '../../profile/timeline.ts';

export interface Shelf {
  readonly attributes?: Attributes;
  readonly hot?: HotState;
  readonly statistics?: Statistics;
  readonly instances: Map<string, Instance>;
  readonly chunks: Map<string, Chunk>;
  readonly messages: Map<string, MessageRecord>;
  readonly proofs: Map<string, Proof>;
  /** Of merges this person won. */
  readonly journal: readonly MergeWrite[];
}

export const emptyShelf = (): Shelf => ({
  instances: new Map(),
  chunks: new Map(),
  messages: new Map(),
  proofs: new Map(),
  journal: [],
});

export const instanceName = ({ journey, key }: InstanceRef): string => JSON.stringify([journey, key]);

export const messageName = ({ orderTime, sendKey }: Pick<MessageRecord, 'orderTime' | 'sendKey'>): string =>
  `${orderTime}#${sendKey}`;

export const nextVersion = <T extends { readonly version: number }>(value: T): T =>
  structuredClone({ ...value, version: value.version + 1 });

/** The log joins the marks that came before it; the first log stays. */
export function putLog({ messages }: Shelf, log: MessageLog): void {
  const { orderTime, sendKey } = log;
  const record = messages.get(messageName(log)) ?? { orderTime, sendKey, version: 0, marks: [] };
  if (record.log === undefined) messages.set(messageName(log), nextVersion(withLog(record, log)));
}

/** Throws Conflict unless what is stored (nothing = 0) has the version that was read. */
export function expectVersion(what: string, stored: number | undefined, read: number): void {
  if ((stored ?? 0) !== read) throw new Conflict(`${what}: read at version ${read}, now ${stored ?? 0}`);
}

/**
 * Both sides after the merge. The loser's items stay, but its attributes lead to the winner and its hot state gets a new
 * version, so that whoever read it before the merge cannot commit to it after.
 */
export function mergeShelves(winner: Shelf, loser: Shelf, write: MergeWrite): { readonly winner: Shelf; readonly loser: Shelf } {
  const { before, after } = write;
  expectSide(winner, before.winner, write.winner);
  expectSide(loser, before.loser, write.loser);
  for (const instance of write.moved)
    expectVersion(instance.journey, winner.instances.get(instanceName(instance))?.stored, instance.stored);
  for (const instance of write.ended)
    expectVersion(instance.journey, loser.instances.get(instanceName(instance))?.stored, instance.stored);
  const { statistics } = after;
  return {
    winner: {
      ...winner,
      attributes: { ...after.attributes, version: before.winner.attributes.version + 1 },
      hot: { ...after.hot, version: before.winner.hot.version + 1 },
      ...(statistics === undefined ? {} : { statistics: { ...statistics, version: before.winner.statistics.version + 1 } }),
      instances: withInstances(winner, write.moved),
      journal: [...winner.journal, write],
    },
    loser: {
      ...loser,
      attributes: { ...before.loser.attributes, into: write.winner, version: before.loser.attributes.version + 1 },
      hot: { ...before.loser.hot, version: before.loser.hot.version + 1 },
      instances: withInstances(loser, write.ended),
    },
  };
}

function expectSide(shelf: Shelf, before: MergeWrite['before']['winner'], person: string): void {
  expectVersion(`attributes of ${person}`, shelf.attributes?.version, before.attributes.version);
  expectVersion(`hot state of ${person}`, shelf.hot?.version, before.hot.version);
  expectVersion(`statistics of ${person}`, shelf.statistics?.version, before.statistics.version);
}

const withInstances = (shelf: Shelf, changed: readonly Instance[]): Map<string, Instance> =>
  new Map([
    ...shelf.instances,
    ...changed.map((instance): [string, Instance] => [instanceName(instance), { ...instance, stored: instance.stored + 1 }]),
  ]);
