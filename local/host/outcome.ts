/**
 * What came of an invocation, for logs and the page: which function, by what trigger, and why it failed.
 */
import type { Instant } from '../../shared/kernel/time.ts';
import type { FunctionName } from '../../shared/topology.ts';
import type { InvocationResult } from './invocation.ts';

export type Trigger =
  | { readonly kind: 'http'; readonly route: string; readonly status: number }
  | { readonly kind: 'queue'; readonly queue: string; readonly messages: number; readonly failed: number }
  | { readonly kind: 'schedule'; readonly schedule: string };

export interface Outcome {
  readonly invocation: number;
  readonly functionName: FunctionName;
  readonly trigger: Trigger;
  /** By the product clock. */
  readonly at: Instant;
  /** Of real time. */
  readonly milliseconds: number;
  /** Absent when it succeeded. */
  readonly failure?: string;
  /** What was thrown, if anything was. */
  readonly error?: unknown;
}

export type OutcomeListener = (outcome: Outcome) => void;

export function outcomeOf(
  { id, functionName, startedAt, milliseconds, end }: InvocationResult,
  trigger: Trigger,
  refusal?: string,
): Outcome {
  const failure = end.kind === 'failed' ? end.reason : refusal;
  return {
    invocation: id,
    functionName,
    trigger,
    at: startedAt,
    milliseconds,
    ...(failure === undefined ? {} : { failure }),
    ...(end.kind === 'failed' && end.error !== undefined ? { error: end.error } : {}),
  };
}
