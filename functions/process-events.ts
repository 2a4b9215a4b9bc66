/** Events queue → profile, cart, consent and journeys of the person each envelope is about. */
import type { Ports } from '../shared/ports.ts';
import { processEvents } from '../shared/pipeline/process-events.ts';
import { decodeEnvelope } from './edge/queue-messages.ts';
import { batchHandler } from './edge/queue.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  batchHandler(ports, 'process-events', decodeEnvelope, (deliveries) =>
    processEvents(
      ports,
      deliveries.map(({ item }) => item),
    ),
  );

export const handler = onLambda(createHandler);
