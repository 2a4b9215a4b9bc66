/** A world in memory with a clock that tests move, a brand with two journeys, and envelopes in short. */
import type { Config, JourneyVersion } from '../../shared/config/config.ts';
import { memoryWorld, type MemoryWorld } from '../../shared/adapters/memory/world.ts';
import { envelopeId, type Envelope, type Event, type Trust } from '../../shared/events/event.ts';
import { claimKey, inClaimOrder, type Identifier } from '../../shared/events/identifier.ts';
import type { JourneyStart, Step } from '../../shared/journeys/journey.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Template } from '../../shared/messages/template.ts';
import type { Loaded } from '../../shared/ports.ts';

/** A Monday noon in Paris, far from any change of clocks. */
export const noon = Date.parse('2026-11-23T11:00:00Z');

const template = (name: string, given: Partial<Template> = {}): Template => ({
  name,
  purpose: 'marketing',
  repeat: 'never',
  email: {
    fr: {
      subject: `${name} {{ cart.id }}`,
      html: '<p>{{ cart.quantity }}</p><a href="{{ links.unsubscribe }}">non</a>',
      text: name,
    },
  },
  ...given,
});

const start: Omit<JourneyStart, 'on' | 'reentry'> = { cause: { kind: 'event' }, late: { count: 1, unit: 'hours' } };
const send = (label: string, name: string): Step => ({ kind: 'send', label, template: name, channels: ['email'] });

/** The abandoned cart as config/journeys has it: thirty minutes after the last change, once per cart, rest of three days. */
export const cartJourney: JourneyVersion = {
  hash: 'panier-v1',
  journey: {
    name: 'panier-abandonne',
    start: {
      ...start,
      on: ['Cart Updated'],
      reentry: { kind: 'once-per', path: ['cart', 'id'] },
      rest: { count: 3, unit: 'days' },
    },
    exit: { on: ['Order Completed'] },
    steps: [
      { kind: 'wait', label: '1', duration: { count: 30, unit: 'minutes' }, restartOn: ['Cart Updated'] },
      send('2', 'panier'),
    ],
  },
  templates: { panier: template('panier') },
};

/** A receipt at once, for every order: transactional. */
export const receiptJourney = (given: Partial<Template> = {}): JourneyVersion => ({
  hash: 'recu-v1',
  journey: {
    name: 'recu',
    start: { ...start, on: ['Order Completed'], reentry: { kind: 'once-per', path: ['order_id'] } },
    steps: [send('1', 'recu')],
  },
  templates: { recu: template('recu', { purpose: 'transactional', ...given }) },
});

export const welcomeJourney: JourneyVersion = {
  hash: 'bienvenue-v1',
  journey: {
    name: 'bienvenue',
    start: { ...start, on: ['Signed Up'], reentry: { kind: 'once' } },
    steps: [
      send('1', 'bienvenue'),
      { kind: 'wait', label: '2', duration: { count: 3, unit: 'days' }, restartOn: [] },
      send('3', 'idees'),
    ],
  },
  templates: { bienvenue: template('bienvenue'), idees: template('idees') },
};

export const brand: Config['brand'] = {
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
};

export interface TestWorld extends MemoryWorld {
  readonly clock: { now: Instant };
}

export async function aWorld(journeys: readonly JourneyVersion[] = [], now: Instant = noon): Promise<TestWorld> {
  const clock = { now };
  const world = memoryWorld({ clock: () => clock.now });
  await world.settings.publish({ brand, segments: [], journeys, campaigns: [] });
  return { ...world, clock };
}

export const email = (value: string): Identifier => ({ type: 'email', value });
export const device = (value: string): Identifier => ({ type: 'anonymousId', value });
export const user = (value: string): Identifier => ({ type: 'userId', value });

export const track = (
  id: string,
  name: string,
  at: Instant,
  properties: Event['properties'] = {},
  given: Partial<Event> = {},
): Event => ({
  id,
  type: 'track',
  name,
  occurredAt: at,
  statedAt: at,
  properties,
  ...given,
});

export function envelope(
  identifiers: readonly Identifier[],
  events: readonly Event[],
  given: Partial<Envelope> & { readonly trust?: Trust } = {},
): Envelope {
  const named = inClaimOrder(identifiers);
  const source = given.source ?? 'test';
  return {
    id: envelopeId(source, named, events),
    source,
    trust: 'server',
    receivedAt: Math.max(...events.map(({ occurredAt }) => occurredAt)),
    identifiers: named,
    events,
    ...given,
  };
}

/** Who has it, after following merges; undefined for nobody. */
export async function whoIs({ ports }: TestWorld, identifier: Identifier): Promise<Loaded | undefined> {
  const key = claimKey(ports.secrets.identifierKey, identifier);
  const owner = (await ports.people.owners([key])).get(key);
  return owner === undefined ? undefined : ports.people.load(owner);
}

/** Known to be somebody; a test that asks for nobody is wrong. */
export async function theOne(world: TestWorld, identifier: Identifier): Promise<Loaded> {
  const found = await whoIs(world, identifier);
  if (found === undefined) throw new Error(`nobody has ${identifier.type} ${identifier.value}`);
  return found;
}

/** Every event of the person's timeline, oldest chunk first. */
export async function told({ ports }: TestWorld, { id, attributes }: Loaded): Promise<readonly Event[]> {
  const events: Event[] = [];
  for await (const chunks of ports.people.timeline([id, ...attributes.aliases], 'E#', 'E#~'))
    events.push(...chunks.flatMap((chunk) => chunk.events));
  return events;
}

/** Steps of waiting as a test draws them, for ports that answer when it pleases them. */
export const pauses = (ticks: readonly number[]): (() => Promise<void>) => {
  let drawn = 0;
  return async () => {
    const count = ticks[drawn++ % Math.max(1, ticks.length)] ?? 0;
    for (let tick = 0; tick < count; tick++) await Promise.resolve();
  };
};
