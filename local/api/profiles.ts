/** One person as they are known: identifiers, traits, consent, timeline with the decisions it led to, journeys, messages. */
import { paginateScan } from '@aws-sdk/client-dynamodb';
import type { IdentifierType } from '../../shared/events/identifier.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import { normaliseIdentifiers } from '../../shared/identity/normalise.ts';
import type { Instance } from '../../shared/journeys/instance.ts';
import type { Json } from '../../shared/kernel/json.ts';
import { isoInstant } from '../../shared/kernel/time.ts';
import type { MessageLog } from '../../shared/messages/message.ts';
import type { Loaded } from '../../shared/ports.ts';
import { addressOf, traitOf } from '../../shared/profile/profile.ts';
import { endOfTimeline, type Chunk } from '../../shared/profile/timeline.ts';
import type { Stack } from '../stack.ts';

/** Query parameter → kind of identifier. */
const lookups = {
  email: 'email',
  phone: 'phone',
  userId: 'userId',
  anonymousId: 'anonymousId',
  loyaltyId: 'loyaltyId',
  externalId: 'externalId',
} as const satisfies Record<string, IdentifierType>;

export const lookupNames: readonly string[] = Object.keys(lookups);

/** Undefined where nobody is known by it. */
export async function findProfile(stack: Stack, query: URLSearchParams): Promise<object | undefined> {
  const { people, secrets, settings } = stack.ports;
  const id = query.get('id');
  if (id !== null) return known(stack, await people.load(id));
  const { brand } = await settings.config();
  const raw = Object.entries(lookups).flatMap(([name, type]) => {
    const value = query.get(name);
    return value === null ? [] : [{ type, value }];
  });
  const claims = normaliseIdentifiers(raw, brand.country).identifiers.map((identifier) => claimKey(secrets.identifierKey, identifier));
  const [owner] = (await people.owners(claims)).values();
  return owner === undefined ? undefined : known(stack, await people.load(owner));
}

const known = (stack: Stack, person: Loaded): Promise<object> | undefined =>
  person.attributes.version === 0 && person.hot.version === 0 ? undefined : profileOf(stack, person);

async function profileOf({ ports }: Stack, { id, attributes, hot }: Loaded): Promise<object> {
  const { people, settings } = ports;
  const family = [id, ...attributes.aliases];
  const chunks: Chunk[] = [];
  for await (const page of people.timeline(family, 'E#', endOfTimeline)) chunks.push(...page);
  const instances = (await people.allInstances(family)).map(({ instance }) => instance).filter(isNotMoved);
  return {
    id,
    identifiers: attributes.identifiers.map(({ type, value, verified }) => ({ type, value, verified })),
    traits: Object.fromEntries(Object.entries(attributes.traits).map(([name, { value }]) => [name, value])),
    consent: Object.fromEntries(Object.entries(attributes.consents).map(([key, { state }]) => [key.split('.', 1)[0] ?? key, state === 'granted'])),
    consents: Object.fromEntries(Object.entries(attributes.consents).map(([key, { at, ...rest }]) => [key, { ...rest, at: isoInstant(at) }])),
    timeline: timelineOf(chunks),
    journeys: await Promise.all(instances.map((instance) => journeyOf(instance, settings))),
    messages: (await people.messages(family)).map(messageOf),
    decisions: chunks.flatMap(({ decisions }) => decisions.map((decision) => ({ ...decision, at: isoInstant(decision.at) }))),
    cart: hot.cart ?? null,
    orders: await people.statistics(id).then(({ orders }) => orders.map((order) => ({ ...order, at: isoInstant(order.at) }))),
    mergedFrom: attributes.aliases,
  };
}

const isNotMoved = ({ state }: Instance): boolean => state.kind !== 'ended' || state.because !== 'merged';

/** By when it happened; a regrouped retry may stand in two chunks and is told once. */
function timelineOf(chunks: readonly Chunk[]): readonly object[] {
  const told = chunks.flatMap(({ source, trust, events }) => events.map((event) => ({ event, source, trust })));
  const once = [...new Map(told.map((one) => [one.event.id, one])).values()];
  return once
    .toSorted((a, b) => a.event.occurredAt - b.event.occurredAt)
    .map(({ event, source, trust }) => ({
      name: event.name,
      type: event.type,
      occurredAt: isoInstant(event.occurredAt),
      source,
      trust,
      properties: event.properties,
      ...(event.traits === undefined ? {} : { traits: event.traits }),
      ...(event.consent === undefined ? {} : { consent: event.consent }),
    }));
}

async function journeyOf(instance: Instance, settings: Stack['ports']['settings']): Promise<object> {
  const { journey, key, version, startedAt, state, log } = instance;
  const steps = (await settings.journey(version))?.journey.steps;
  const step = state.kind === 'ended' ? undefined : steps?.[state.step];
  return {
    name: journey,
    key,
    version,
    state: state.kind,
    step: step !== undefined && 'label' in step ? step.label : null,
    since: isoInstant(startedAt),
    until: state.kind === 'ended' ? isoInstant(state.at) : isoInstant(state.due),
    ...(state.kind === 'ended' ? { because: state.because } : {}),
    log: log.map((record) => ({ ...record, at: isoInstant(record.at) })),
  };
}

const messageOf = ({ at, orderTime, ...rest }: MessageLog): object => ({ ...rest, at: isoInstant(at), orderTime: isoInstant(orderTime) });

export interface PersonLine {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly lastSeen: string;
}

/** Everybody, last seen first; reads the whole table, so for local data only. */
export async function listPeople({ ports, clients, tableName }: Stack, limit = 200): Promise<readonly PersonLine[]> {
  const ids: string[] = [];
  const pages = paginateScan({ client: clients.dynamo }, { TableName: tableName, FilterExpression: 'sk = :hot', ProjectionExpression: 'pk', ExpressionAttributeValues: { ':hot': { S: 'H' } } });
  for await (const { Items: items = [] } of pages) ids.push(...items.flatMap(({ pk }) => pk?.S?.slice(2) ?? []));
  const people = await Promise.all(ids.slice(-5 * limit).map((id) => ports.people.load(id).then((person) => ({ ...person, asked: id }))));
  return people
    .filter(({ id, asked }) => id === asked)
    .toSorted((a, b) => b.hot.lastSeen - a.hot.lastSeen)
    .slice(0, limit)
    .map(({ id, attributes, hot }) => ({
      id,
      name: nameOf(traitOf(attributes, 'firstName'), traitOf(attributes, 'lastName')),
      email: addressOf(attributes, 'email') ?? null,
      lastSeen: isoInstant(hot.lastSeen),
    }));
}

const nameOf = (...parts: readonly (Json | undefined)[]): string => parts.filter((part) => typeof part === 'string').join(' ');
