/** Each minute → occurrences of campaigns that are due begin, and those under way go on to the campaign outbox. */
import type { Ports } from '../shared/ports.ts';
import { runCampaigns } from '../shared/pipeline/run-campaigns.ts';
import { scheduleHandler } from './edge/schedule.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: Ports) =>
  scheduleHandler(ports, 'run-campaigns', async () => ({ ...(await runCampaigns(ports)) }));

export const handler = onLambda(createHandler);
