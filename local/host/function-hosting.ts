/** Who runs the product's functions for the host. */
import type { FunctionName } from '../../shared/topology.ts';
import type { LambdaHandler } from './invocation.ts';

export interface FunctionHosting {
  readonly handlers: Readonly<Record<FunctionName, LambdaHandler>>;
  /** Called when the host has stopped. */
  stop(): Promise<void>;
}

export const forEveryFunction = <T>(make: (name: FunctionName) => T): Readonly<Record<FunctionName, T>> => ({
  'collect-events': make('collect-events'),
  'receive-webhook': make('receive-webhook'),
  'process-events': make('process-events'),
  'run-timers': make('run-timers'),
  'run-campaigns': make('run-campaigns'),
  'advance-journeys': make('advance-journeys'),
  'deliver-messages': make('deliver-messages'),
  'follow-links': make('follow-links'),
  'park-dead-letters': make('park-dead-letters'),
  'record-feedback': make('record-feedback'),
});
