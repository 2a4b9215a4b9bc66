/** What the runner of campaigns needs of the world. */
import type { Ports } from '../ports.ts';

export type CampaignPorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'campaigns' | 'carriers' | 'clock' | 'log'>;
