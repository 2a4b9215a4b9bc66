/** Each minute → timers that will be due within the next two go to the work queue. */
import type { Ports } from '../shared/ports.ts';
import { runTimers } from '../shared/pipeline/run-timers.ts';
import { scheduleHandler } from './edge/schedule.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  scheduleHandler(ports, 'run-timers', async () => ({ ...(await runTimers(ports)) }));

export const handler = onLambda(createHandler);
