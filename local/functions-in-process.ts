/** The functions as the sources have them, all in this process with one set of ports, as one container each would have. */
import { createHandler as advanceJourneys } from '../functions/advance-journeys.ts';
import { createHandler as collectEvents } from '../functions/collect-events.ts';
import { createHandler as deliverMessages } from '../functions/deliver-messages.ts';
import { createHandler as followLinks } from '../functions/follow-links.ts';
import { createHandler as parkDeadLetters } from '../functions/park-dead-letters.ts';
import { createHandler as processEvents } from '../functions/process-events.ts';
import { createHandler as receiveWebhook } from '../functions/receive-webhook.ts';
import { createHandler as recordFeedback } from '../functions/record-feedback.ts';
import { createHandler as runCampaigns } from '../functions/run-campaigns.ts';
import { createHandler as runTimers } from '../functions/run-timers.ts';
import type { Ports } from '../shared/ports.ts';
import type { FunctionName } from '../shared/topology.ts';
import { type FunctionHosting, forEveryFunction } from './host/function-hosting.ts';
import type { LambdaHandler } from './host/invocation.ts';

const creators = {
  'collect-events': collectEvents,
  'receive-webhook': receiveWebhook,
  'process-events': processEvents,
  'run-timers': runTimers,
  'run-campaigns': runCampaigns,
  'advance-journeys': advanceJourneys,
  'deliver-messages': deliverMessages,
  'follow-links': followLinks,
  'park-dead-letters': parkDeadLetters,
  'record-feedback': recordFeedback,
} as const satisfies Record<FunctionName, (ports: Ports) => unknown>;

/** What is called before the stack is ready waits for it. */
export function functionsInProcess(ready: Promise<{ readonly ports: Ports }>): FunctionHosting {
  const made = new Map<FunctionName, LambdaHandler>();
  const handlers = forEveryFunction((name): LambdaHandler => {
    return async (event, context) => {
      const { ports } = await ready;
      const handler: LambdaHandler = made.get(name) ?? creators[name](ports);
      made.set(name, handler);
      return handler(event, context);
    };
  });
  return { handlers, stop: () => Promise.resolve() };
}
