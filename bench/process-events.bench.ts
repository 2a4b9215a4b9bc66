/**
 * What one envelope costs in time, part by part: reading it, deciding on it, packing what is stored, and the whole way in
 * memory and through the embedded table. Run it with `node local/launch.mjs bench/process-events.bench.ts`.
 */
import { join } from 'node:path';
import { startTableEngine } from '../local/dynoxide.ts';
import { createTable } from '../local/table.ts';
import { dynamoClient } from '../shared/adapters/aws/client.ts';
import { pack, unpack } from '../shared/adapters/aws/deflate.ts';
import { AwsPeople } from '../shared/adapters/aws/people.ts';
import { memoryWorld } from '../shared/adapters/memory/world.ts';
import { checkConfig } from '../shared/config/check-config.ts';
import type { Envelope, Event } from '../shared/events/event.ts';
import { envelopeId } from '../shared/events/event.ts';
import { listenersOf } from '../shared/journeys/listeners.ts';
import { keyedHash } from '../shared/kernel/ids.ts';
import { decideEnvelope } from '../shared/pipeline/decide-envelope.ts';
import { processEnvelope } from '../shared/pipeline/process-events.ts';
import type { Ports } from '../shared/ports.ts';
import { newAttributes, newHotState } from '../shared/profile/profile.ts';
import { remember } from '../shared/profile/ring.ts';
import { newStatistics } from '../shared/profile/statistics.ts';
import { print, stopwatch } from './stopwatch.ts';

const checked = await checkConfig(join(import.meta.dirname, '..', 'config'));
if (checked.kind === 'bad') throw new Error('config/ has problems: `npm run -s relance -- check` names them');

let now = Date.UTC(2026, 10, 23, 10);
let told = 0;
const world = memoryWorld({ clock: () => now });
const config = await world.settings.publish(checked.config);

const properties = {
  product_id: '8041992454420',
  name: 'Robe Écume en lin lavé',
  category: 'Femme / Robes',
  price: 129.9,
  currency: 'EUR',
  url: 'https://www.atelier-lumiere.fr/products/robe-ecume-lin-lave',
};
const context = {
  userAgent:
    'Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.158 Mobile Safari/537.36',
  locale: 'fr-FR',
  campaign: { source: 'instagram', medium: 'paid-social', name: 'black-friday-2026' },
};

/** One event of one of a hundred people, a second after the one before. */
function envelopeNamed(name: string): Envelope {
  now += 1_000;
  const number = (told += 1);
  const identifiers = [{ type: 'userId', value: `client-${number % 100}` }] as const;
  const event: Event = { id: `bench:${number}`, type: 'track', name, occurredAt: now, statedAt: now, properties, context };
  return {
    id: envelopeId('bench', identifiers, [event]),
    source: 'bench',
    trust: 'server',
    receivedAt: now,
    identifiers,
    events: [event],
  };
}

const viewed = envelopeNamed('Product Viewed');
const added = envelopeNamed('Product Added');
const text = JSON.stringify(viewed);
const forty = Array.from({ length: 40 }, (_, index) => ({ id: `before:${index}`, statedAt: now }));
const hot = {
  ...newHotState(),
  version: 1,
  ring: remember(newHotState().ring, forty, { receivedAt: now, now }),
  lastSeen: now - 60_000,
};
const person = {
  id: 'bench',
  attributes: newAttributes(now),
  hot,
  statistics: newStatistics(),
  instances: [],
  existing: new Map(),
};
const decision = {
  now,
  zone: config.brand.timeZone,
  generation: config.generation,
  mayWrite: true,
  identifiers: [],
  listeners: listenersOf(config.journeys, config.brand.timeZone),
  pinned: new Map(config.journeys.map((version) => [version.hash, version])),
  hashed: (value: string): string => keyedHash('bench', value),
};
const packed = pack(viewed);

print(
  'Parts of one envelope, against JSON.parse of it',
  await stopwatch([
    { name: 'JSON.parse (reference)', calls: 20_000, call: (): unknown => JSON.parse(text) },
    { name: 'decide: nothing listens', calls: 5_000, call: () => decideEnvelope(viewed, viewed.events, person, decision) },
    { name: 'decide: a journey starts', calls: 5_000, call: () => decideEnvelope(added, added.events, person, decision) },
    { name: 'pack', calls: 2_000, call: () => pack(viewed) },
    { name: 'unpack', calls: 5_000, call: () => unpack(packed) },
  ]),
);

const engine = await startTableEngine({ environment: {} });
const access = { AWS_REGION: 'eu-west-3', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const dynamo = dynamoClient({ ...access, AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint });
await createTable(dynamo, 'bench');
const inTable: Ports = { ...world.ports, people: new AwsPeople({ dynamo, table: 'bench' }) };

const way = (name: string, ports: Ports, event: string, calls: number) => ({
  name,
  calls,
  call: () => processEnvelope(ports, envelopeNamed(event)),
});

print(
  'The whole way of one envelope, against the same in memory',
  await stopwatch([
    way('in memory, Product Viewed (reference)', world.ports, 'Product Viewed', 400),
    way('in memory, Product Added', world.ports, 'Product Added', 400),
    way('through the embedded table, Product Viewed', inTable, 'Product Viewed', 200),
    way('through the embedded table, Product Added', inTable, 'Product Added', 200),
  ]),
);
dynamo.destroy();
await engine.stop();
