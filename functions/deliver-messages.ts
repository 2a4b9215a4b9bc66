/** Outbox queues → at most one message to one person, or a call to somebody else; or a recorded reason why not. */
import type { Ports } from '../shared/ports.ts';
import { deliverMessage } from '../shared/pipeline/deliver-messages.ts';
import { performCall } from '../shared/pipeline/perform-call.ts';
import { decodeOutboxItem } from './edge/queue-messages.ts';
import { queueHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  queueHandler(ports, 'deliver-messages', decodeOutboxItem, (item) =>
    item.call === true ? performCall(ports, item) : deliverMessage(ports, item),
  );

export const handler = onLambda(createHandler);
