/**
 * The part of shared/topology.ts that the local host is driven by, so that tests can host a smaller one.
 */
import {
  deadLetters,
  deadLetterSuffix,
  type FunctionName,
  functions,
  type FunctionTopology,
  queues,
  type QueueTopology,
  type Route,
  routes,
  type Schedule,
  schedules,
} from '../../shared/topology.ts';

export interface HostTopology {
  readonly functions: Readonly<Record<FunctionName, FunctionTopology>>;
  readonly queues: Readonly<Record<string, QueueTopology>>;
  readonly deadLetters: Pick<QueueTopology, 'handler' | 'batchSize' | 'visibilitySeconds' | 'retentionDays'>;
  readonly deadLetterSuffix: string;
  readonly routes: readonly Route[];
  readonly schedules: readonly Schedule[];
}

export const productTopology: HostTopology = { functions, queues, deadLetters, deadLetterSuffix, routes, schedules };
