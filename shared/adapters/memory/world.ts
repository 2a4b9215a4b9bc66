/**
 * A whole world in memory: every port, and windows to look into it. Deterministic: the clock is given, randomness counts.
 */
import { createHash } from 'node:crypto';
import type { Clock, Ports, Secrets } from '../../ports.ts';
import { MemoryCampaigns } from './campaigns.ts';
import { MemoryCarriers } from './carriers.ts';
import { MemoryParking } from './parking.ts';
import { MemoryPeople } from './people.ts';
import { MemoryQueues } from './queues.ts';
import { MemorySettings } from './settings.ts';
import type { MemoryWebhooks } from './webhooks.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly outcome: string;
  readonly ids: Readonly<Record<string, string | number | undefined>>;
}

export interface MemoryWorld {
  readonly ports: Ports;
  readonly people: MemoryPeople;
  readonly queues: MemoryQueues;
  readonly parking: MemoryParking;
  readonly settings: MemorySettings;
  readonly campaigns: MemoryCampaigns;
  readonly carriers: MemoryCarriers;
  readonly webhooks: MemoryWebhooks;
  /** All that was logged, in order. */
  readonly logged: readonly LogLine[];
}

export const memorySecrets: Secrets = {
  identifierKey: 'memory-identifier-key',
  linkKeys: ['memory-link-key'],
  writeKeys: { 'memory-write-key': 'browser', 'memory-server-key': 'server' },
  webhookSecrets: { relance: ['whsec_bWVtb3J5LXdlYmhvb2stc2VjcmV0'] },
};

export function memoryWorld(given: { readonly clock: Clock } & Partial<Pick<Ports, 'secrets' | 'linkOrigin'>>): MemoryWorld {
  const logged: LogLine[] = [];
  const people = new MemoryPeople();
  const queues = new MemoryQueues(given.clock);
  const parking = new MemoryParking(given.clock);
  const settings = new MemorySettings();
  const campaigns = new MemoryCampaigns();
  const carriers = new MemoryCarriers();
  let drawn = 0;
  const ports: Ports = {
    clock: given.clock,
    random: () =>
      createHash('sha256')
        .update(String((drawn += 1)))
        .digest()
        .subarray(0, 16),
    people,
    queues,
    parking,
    settings,
    campaigns,
    carriers,
    secrets: given.secrets ?? memorySecrets,
    linkOrigin: given.linkOrigin ?? 'https://links.example.com',
    log: (level, outcome, ids) => void logged.push({ level, outcome, ids }),
  };
  return { ports, people, queues, parking, settings, campaigns, carriers, webhooks: carriers.webhooks, logged };
}
