/** A world in memory with a brand and keys, for the two doors. */
import { memoryWorld, type MemoryWorld } from '../../shared/adapters/memory/world.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Envelope, Event } from '../../shared/events/event.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import type { Ports, Secrets } from '../../shared/ports.ts';
import { boundQueues, boundSettings } from './bound-ports.ts';

export const now = Date.parse('2026-11-23T18:00:00Z');

export const doorSecrets: Secrets = {
  identifierKey: 'door-identifier-key',
  linkKeys: ['door-link-key'],
  writeKeys: { 'browser-key': 'browser', 'server-key': 'server', 'id:secret': 'server', wk_test_1: 'server', wk_web: 'browser' },
  webhookSecrets: { shopify: ['shopify-test-secret'], generic: ['whsec_bG9jYWwtc2VjcmV0LWZvci1yZWxhbmNl'] },
};

const config: Omit<Config, 'generation'> = {
  brand: {
    name: 'Boutique',
    maturity: 2,
    locale: 'fr-FR',
    timeZone: 'Europe/Paris',
    country: 'FR',
    currency: 'EUR',
    sender: { name: 'Boutique', email: 'bonjour@boutique.example' },
    site: ['boutique.example'],
    address: '1 rue des Fleurs, Paris',
    paused: false,
  },
  segments: [],
  journeys: [],
  campaigns: [],
};

export async function doorWorld(): Promise<MemoryWorld> {
  const world = memoryWorld({ clock: () => now, secrets: doorSecrets });
  await world.settings.publish(config);
  return world;
}

export type Broken = 'queues' | 'parking' | 'settings';

/** The same world with one thing that cannot answer now. */
export function broken({ ports }: MemoryWorld, what: Broken): Ports {
  const fail = async (): Promise<never> => {
    throw new Unavailable('not now');
  };
  return {
    ...ports,
    queues: { ...boundQueues(ports), ...(what === 'queues' ? { sendEvents: fail } : {}) },
    parking: {
      park: what === 'parking' ? fail : (item) => ports.parking.park(item),
      parked: (limit) => ports.parking.parked(limit),
    },
    settings: { ...boundSettings(ports), ...(what === 'settings' ? { config: fail } : {}) },
  };
}

export const queued = (world: MemoryWorld): readonly Envelope[] => world.queues.queued().events;
export const queuedEvents = (world: MemoryWorld): readonly Event[] => queued(world).flatMap(({ events }) => events);
