/** The one way a schedule reaches a stage: no input, no answer. What it throws, the scheduler sees as a failed run. */
import middy from '@middy/core';
import type { Context, ScheduledEvent } from 'aws-lambda';
import type { Ports } from '../../shared/ports.ts';
import { outcomeLog, type Ids } from './outcome-log.ts';

export type ScheduleHandler = (event: ScheduledEvent, context: Context) => Promise<void>;

/** `run` answers counts for the log line. */
export function scheduleHandler(ports: Pick<Ports, 'log'>, stage: string, run: () => Promise<Ids>): ScheduleHandler {
  const handler = middy((_event: ScheduledEvent): Promise<Ids> => run()).use(
    outcomeLog<ScheduledEvent, Ids>(ports, stage, (counts) => counts),
  );
  return async (event, context) => {
    await handler(event, context);
  };
}
