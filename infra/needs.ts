/**
 * What each function may do in AWS: exactly the calls that its stage makes, by the parts of the table that it makes them on.
 * No Scan anywhere. DeleteItem only among parked items, where an older copy makes room for a newer one.
 */
import type { FunctionName, QueueName } from '../shared/topology.ts';

/** Parts of the table by the beginning of their partition key (shared/adapters/aws/keys.ts and settings-keys.ts). */
const parts = {
  people: 'P#*',
  identifiers: 'I#*',
  suppressions: 'X#*',
  settings: 'D#*',
  timerSweep: 'D#timers',
  /** How far feedback has come. */
  feedbackReach: 'D#feedback',
  parked: 'Q#*',
  campaigns: 'C#*',
  /** What was asked first under an Idempotency-Key. */
  asked: 'R#*',
} as const;

/** A transaction asks for the action of each of its writes: no action of its own exists. */
export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

export interface TableNeed {
  readonly actions: readonly TableAction[];
  /** Partition keys begin so; every key that a request names must. */
  readonly keys: readonly string[];
  /** On this index instead of the table. */
  readonly index?: 'due' | 'dir';
}

export interface Needs {
  readonly table: readonly TableNeed[];
  readonly sendsTo?: readonly QueueName[];
  /** It queues for itself step after step, so that Lambda would take the 16th in a row for a runaway loop. */
  readonly inChains?: true;
  readonly counts?: readonly QueueName[];
  readonly sendsEmail?: true;
  /** It asks SES how much may be sent. */
  readonly readsMailQuota?: true;
  /** To phone numbers, and to nothing that SNS has a name for. */
  readonly sendsSms?: true;
}

/** The live config and the journeys that people still run. */
const readConfig: TableNeed = { actions: ['GetItem', 'Query'], keys: [parts.settings] };

/** Parts first, then the item, then an older item of the same id goes. */
const park: TableNeed = { actions: ['PutItem', 'BatchGetItem', 'DeleteItem'], keys: [parts.parked] };

/** The doors are open to the world: they reach nobody's data. */
const door: Needs = { table: [readConfig, park], sendsTo: ['events'] };

/** By function. */
export const needs: Readonly<Record<string, Needs>> = {
  'collect-events': { ...door, table: [...door.table, { actions: ['PutItem'], keys: [parts.asked] }] },
  'receive-webhook': door,
  'process-events': {
    table: [
      { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], keys: [parts.people] },
      { actions: ['BatchGetItem', 'PutItem', 'UpdateItem'], keys: [parts.identifiers] }, // a merge moves them
      readConfig,
      park,
    ],
    sendsTo: ['events', 'work', 'outbox-triggered'], // events: an opt-out is passed on, once
  },
  'run-timers': {
    table: [
      { actions: ['GetItem', 'PutItem'], keys: [parts.timerSweep] },
      { actions: ['Query'], keys: ['T#*'], index: 'due' },
    ],
    sendsTo: ['work'],
    counts: ['work'],
  },
  'run-campaigns': {
    table: [
      { actions: ['Query'], keys: ['?', '??'], index: 'dir' }, // its shards are called 0 to 63
      { actions: ['BatchGetItem', 'Query'], keys: [parts.people] },
      { actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem'], keys: [parts.campaigns] },
      readConfig,
    ],
    sendsTo: ['outbox-campaign'],
    counts: ['outbox-campaign'],
    readsMailQuota: true,
  },
  'advance-journeys': {
    table: [{ actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], keys: [parts.people] }, readConfig, park],
    sendsTo: ['events', 'work', 'outbox-triggered'], // events: what a step changes of the person
    inChains: true, // waits of less than two minutes queue the next step at once
  },
  'deliver-messages': {
    table: [
      { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], keys: [parts.people] },
      { actions: ['GetItem'], keys: [parts.suppressions] },
      { actions: ['UpdateItem'], keys: [parts.campaigns] },
      readConfig,
      park,
    ],
    sendsEmail: true,
    sendsSms: true,
  },
  'follow-links': { table: [{ actions: ['BatchGetItem'], keys: [parts.people] }, readConfig], sendsTo: ['events'] },
  'record-feedback': {
    table: [
      { actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], keys: [parts.people] },
      { actions: ['BatchGetItem'], keys: [parts.identifiers] },
      { actions: ['GetItem', 'PutItem'], keys: [parts.suppressions] },
      { actions: ['UpdateItem'], keys: [parts.feedbackReach] },
      readConfig,
      park,
    ],
    sendsTo: ['events'],
  },
  'park-dead-letters': { table: [park] },
} satisfies Readonly<Record<FunctionName | 'record-feedback', Needs>>;
