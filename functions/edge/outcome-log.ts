/** One JSON line for each invocation: what came of it, in counts and ids, never people. */
import type { MiddlewareObj } from '@middy/core';
import type { Ports } from '../../shared/ports.ts';

export type Ids = Readonly<Record<string, string | number | undefined>>;

/** `summary` reads the counts off the answer. What is thrown is logged by its name: its message could quote a person. */
export const outcomeLog = <Event, Result>(
  { log }: Pick<Ports, 'log'>,
  stage: string,
  summary: (result: Result) => Ids,
): MiddlewareObj<Event, Result> => ({
  after: ({ response }) => {
    if (response !== null && response !== undefined) log('info', 'done', { stage, ...summary(response) });
  },
  onError: ({ error }) => log('error', 'failed', { stage, error: error?.name }),
});
