/** An opt-out that is committed while a message is being decided on wins, wherever it falls between two reads (promise 3). */
import { expect, test } from 'vitest';
import { memoryWorld, type MemoryWorld } from '../../shared/adapters/memory/world.ts';
import { checkConfig } from '../../shared/config/check-config.ts';
import { envelopeId, type ConsentStatement, type Envelope, type Event } from '../../shared/events/event.ts';
import type { OutboxItem } from '../../shared/messages/message.ts';
import { deliverMessage } from '../../shared/pipeline/deliver-messages.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';

const now = Date.parse('2026-11-23T18:00:00Z');
const ada = { type: 'email', value: 'ada@example.com' } as const;

function told(id: string, name: string, state?: ConsentStatement['state']): Envelope {
  const event: Event = {
    id,
    type: 'track',
    name,
    occurredAt: now,
    statedAt: now,
    properties: {},
    ...(state === undefined ? {} : { consent: [{ channel: 'email', state, kind: 'statement' }] }),
  };
  return {
    id: envelopeId('segment', [ada], [event]),
    source: 'segment',
    trust: 'server',
    receivedAt: now,
    identifiers: [ada],
    events: [event],
  };
}

async function welcomed(): Promise<{ world: MemoryWorld; item: OutboxItem }> {
  const world = memoryWorld({ clock: () => now });
  const checked = await checkConfig('config');
  if (checked.kind === 'bad') throw new Error('the stock config is bad');
  await world.settings.publish(checked.config);
  await processEnvelope(world.ports, told('consents', 'Identify', 'granted'));
  await processEnvelope(world.ports, told('joins', 'Signed Up'));
  const [item] = world.queues.takeOutbox('triggered');
  if (item === undefined) throw new Error('no welcome was ordered');
  return { world, item };
}

/** Something happens right before the n-th read of a person. */
function before({ people }: MemoryWorld, nth: number, happens: () => Promise<unknown>): void {
  const load = people.load.bind(people);
  let reads = 0;
  people.load = async (...asked) => {
    if ((reads += 1) === nth) await happens();
    return load(...asked);
  };
}

test.each([1, 2])('before read %i of the person', async (nth) => {
  const { world, item } = await welcomed();
  before(world, nth, () => processEnvelope(world.ports, told('refuses', 'Unsubscribed', 'withdrawn')));
  expect(await deliverMessage(world.ports, item)).toBe('dropped');
  expect(world.carriers.sent()).toEqual([]);
});

test('without an opt-out the welcome leaves', async () => {
  const { world, item } = await welcomed();
  expect(await deliverMessage(world.ports, item)).toBe('sent');
  expect(world.carriers.sent()).toHaveLength(1);
});
