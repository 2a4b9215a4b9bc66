/** Outbox queues → at most one message to one person, or a recorded reason why not. */
import type { Ports } from '../shared/ports.ts';
import { deliverOrGiveUp } from '../shared/pipeline/deliver-messages.ts';
import { decodeOutboxItem } from './edge/queue-messages.ts';
import { patience, queueHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  queueHandler(ports, 'deliver-messages', decodeOutboxItem, (item, { receiveCount }) =>
    deliverOrGiveUp(ports, item, receiveCount >= patience),
  );

export const handler = onLambda(createHandler);
