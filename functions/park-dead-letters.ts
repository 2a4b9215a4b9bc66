/** Dead-letter queues → parked items, with the queue they came from. */
import type { Ports } from '../shared/ports.ts';
import { parkDeadLetters } from '../shared/pipeline/park-dead-letters.ts';
import { deadLetterHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  deadLetterHandler(ports, 'park-dead-letters', (letter) => parkDeadLetters(ports, letter));

export const handler = onLambda(createHandler);
