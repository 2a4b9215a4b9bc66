/**
 * What travels through our queues, decoded: envelopes, work and outbox items. Our own functions wrote them, perhaps in a
 * version that is no longer or not yet this one: what does not fit is InvalidInput and is parked, never guessed.
 */
import * as v from 'valibot';
import { channels, type ConsentStatement, type Envelope, type Event } from '../../shared/events/event.ts';
import { identifierTypes } from '../../shared/events/identifier.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import { isObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import type { CampaignItem, JourneyItem, OutboxItem } from '../../shared/messages/message.ts';
import type { Work } from '../../shared/ports.ts';

const text = v.pipe(v.string(), v.nonEmpty());
const instant = v.pipe(v.number(), v.finite());
const identifier = v.object({ type: v.picklist(identifierTypes), value: text, source: v.exactOptional(text) });

/** A field that is added to the type and forgotten here would be lost on the way: `AllOf` lets that not compile. */
type AllOf<T, Elsewhere extends keyof T = never> = Record<Exclude<keyof T, Elsewhere>, unknown>;

const consentStatement = v.object({
  channel: v.picklist(channels),
  state: v.picklist(['granted', 'withdrawn']),
  kind: v.picklist(['statement', 'snapshot']),
  at: v.exactOptional(instant),
  source: v.exactOptional(v.string()),
  wording: v.exactOptional(v.string()),
} satisfies AllOf<ConsentStatement>);

const eventFields = v.object({
  id: text,
  type: v.picklist(['identify', 'track', 'page', 'screen', 'group', 'alias']),
  name: text,
  occurredAt: instant,
  statedAt: v.exactOptional(instant),
  place: v.exactOptional(v.number()),
  consent: v.exactOptional(v.array(consentStatement)),
} satisfies AllOf<Event, 'properties' | 'traits' | 'context'>);

const envelopeFields = v.object({
  id: text,
  source: text,
  trust: v.picklist(['server', 'browser']),
  receivedAt: instant,
  imported: v.exactOptional(v.literal(true)),
  identifiers: v.array(identifier),
  personId: v.exactOptional(text),
  previously: v.exactOptional(identifier),
} satisfies AllOf<Envelope, 'events'>);

const work: v.GenericSchema<unknown, Work> = v.object({ person: text, journey: text, key: text, due: instant });

const ordered = { person: text, sendKey: text, orderTime: instant };
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const journeyItem: v.GenericSchema<unknown, JourneyItem> = v.object({
  ...ordered,
  journey: text,
  key: text,
  call: v.exactOptional(v.literal(true)),
});

const campaignItem: v.GenericSchema<unknown, CampaignItem> = v.object({
  ...ordered,
  campaign: text,
  day: text,
  version: text,
  generation: count,
  place: v.object({ wave: instant, page: count, ordinal: count }),
  asked: count,
});

export const decodeWork = (body: Json): Work => decode(work, body);

export const decodeOutboxItem = (body: Json): OutboxItem =>
  isObject(body) && 'campaign' in body ? decode(campaignItem, body) : decode(journeyItem, body);

export function decodeEnvelope(body: Json): Envelope {
  const envelope = decode(envelopeFields, body);
  const told = isObject(body) ? body['events'] : undefined;
  if (!Array.isArray(told) || told.length === 0)
    throw new InvalidInput([{ where: 'events', problem: 'expected at least one event' }]);
  const events = told.map((event: Json, index) => decodeEvent(event, `events.${index}`));
  if (envelope.identifiers.length > 0 || envelope.personId !== undefined) return { ...envelope, events };
  throw new InvalidInput([{ where: 'identifiers', problem: 'names nobody: expected an identifier or personId' }]);
}

function decodeEvent(json: Json, where: string): Event {
  const fields = decode(eventFields, json, where);
  const event = isObject(json) ? json : {};
  return {
    ...fields,
    properties: document(event['properties'], `${where}.properties`),
    ...(event['traits'] === undefined ? {} : { traits: document(event['traits'], `${where}.traits`) }),
    ...(event['context'] === undefined ? {} : { context: document(event['context'], `${where}.context`) }),
  };
}

/** Already JSON without hostile keys: only its kind is left to ask. */
function document(json: Json | undefined, where: string): JsonObject {
  if (!isObject(json)) throw new InvalidInput([{ where, problem: 'expected an object' }]);
  return json;
}

function decode<T>(schema: v.GenericSchema<unknown, T>, json: Json, where = ''): T {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new InvalidInput(
    result.issues.map((issue) => ({
      where: [where, v.getDotPath(issue)].filter((part) => part !== '' && part !== null).join('.'),
      problem: `expected ${issue.expected ?? 'something else'}`,
    })),
  );
}
