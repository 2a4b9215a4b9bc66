/** Work queue → one run of a journey, up to its next wait or message. */
import type { Ports } from '../shared/ports.ts';
import { advanceOrHold } from '../shared/pipeline/advance-journeys.ts';
import { decodeWork } from './edge/queue-messages.ts';
import { patience, queueHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  queueHandler(ports, 'advance-journeys', decodeWork, (work, { receiveCount }) =>
    advanceOrHold(ports, work, receiveCount >= patience),
  );

export const handler = onLambda(createHandler);
