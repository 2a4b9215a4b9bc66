/** Outbox queues → at most one message to one person, or a call to somebody else; or a recorded reason why not. */
import type { Ports } from '../shared/ports.ts';
import { deliverOrGiveUp } from '../shared/pipeline/deliver-messages.ts';
import { performCall } from '../shared/pipeline/perform-call.ts';
import { decodeOutboxItem } from './edge/queue-messages.ts';
import { patience, queueHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  queueHandler(ports, 'deliver-messages', decodeOutboxItem, (item, { receiveCount }) =>
    'journey' in item && item.call === true ? performCall(ports, item) : deliverOrGiveUp(ports, item, receiveCount >= patience),
  );

export const handler = onLambda(createHandler);
