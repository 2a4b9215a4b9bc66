/**
 * `POST /v1/journeys/{name}/start`: a server of the owner's starts a journey for one person. It becomes an event like any other
 * and takes the ordinary way, so that it is counted once however often it is told (promise 2), and explained (promise 5).
 */
import { jsonBody } from '../connectors/json-body.ts';
import { maxEventBytes } from '../connectors/segment-call.ts';
import { readTime } from '../connectors/stated-time.ts';
import type { Told } from '../connectors/connector.ts';
import type { RawIdentifier } from '../events/identifier.ts';
import { raised } from '../journeys/journey.ts';
import { depthHeader, depthProperty } from '../journeys/webhook-depth.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { contentHash } from '../kernel/ids.ts';
import { isObject, numberOf, textOf, type Json, type JsonObject } from '../kernel/json.ts';
import type { Ports } from '../ports.ts';
import { startStage, takeIn, type IntakePorts } from './take-in.ts';
import { keysInHeaders, trustOf } from './write-key.ts';

export type StartPorts = IntakePorts & Pick<Ports, 'clock'>;

export interface StartRequest {
  readonly name: string;
  /** Names lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Started =
  | { readonly kind: 'accepted'; readonly id: string }
  | { readonly kind: 'unknown-key' }
  /** A browser key stands in pages: anybody could start anything for anybody. */
  | { readonly kind: 'browser-key' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unknown-journey' }
  /** It is started by something else. */
  | { readonly kind: 'not-by-api' };

/** Throws InvalidInput where the request cannot be used, Unavailable when nothing was taken in. */
export async function startJourney(ports: StartPorts, { name, headers, body }: StartRequest): Promise<Started> {
  const trust = trustOf(keysInHeaders(headers), ports.secrets);
  if (trust === undefined) return { kind: 'unknown-key' };
  if (trust === 'browser') return { kind: 'browser-key' };
  if (body.length > maxEventBytes) return { kind: 'too-large' };
  const { journeys } = await ports.settings.config();
  const version = journeys.find(({ journey }) => journey.name === name);
  if (version === undefined) return { kind: 'unknown-journey' };
  if (version.journey.start.cause.kind !== 'api') return { kind: 'not-by-api' };
  const id = `relance:start:${contentHash(name, idempotencyKey(headers))}`;
  const receivedAt = ports.clock();
  const told = toldIn(jsonBody(body), { id, name, receivedAt, depth: numberOf(headers[depthHeader]) });
  const intake = await takeIn(ports, { told: [told], refused: [] }, { stage: startStage, source: 'relance', trust, receivedAt });
  const [rejected] = intake.rejected;
  if (rejected !== undefined) throw new InvalidInput([{ where: '', problem: rejected.problem }]);
  return { kind: 'accepted', id };
}

const longestKey = 256;

/** A server that tries again says so by the same key. */
function idempotencyKey(headers: StartRequest['headers']): string {
  const key = headers['idempotency-key']?.trim() ?? '';
  if (key !== '' && key.length <= longestKey) return key;
  const problem = `is required: a text of at most ${longestKey} characters, the same in every attempt of one start`;
  throw new InvalidInput([{ where: 'Idempotency-Key', problem }]);
}

interface Start {
  readonly id: string;
  readonly name: string;
  readonly receivedAt: number;
  readonly depth: number | undefined;
}

const identifierFields = {
  userId: 'userId',
  externalId: 'externalId',
  loyaltyId: 'loyaltyId',
  email: 'email',
  phone: 'phone',
  anonymousId: 'anonymousId',
} as const satisfies Record<string, RawIdentifier['type']>;

/** `{ userId | email | …, properties?, traits?, timestamp? }`. */
function toldIn(body: Json, { id, name, receivedAt, depth }: Start): Told {
  if (!isObject(body)) throw new InvalidInput([{ where: '', problem: 'the body must be a JSON object' }]);
  const identifiers = Object.entries(identifierFields).flatMap(([field, type]): readonly RawIdentifier[] => {
    const value = textOf(body[field]);
    return value === undefined ? [] : [{ type, value }];
  });
  if (identifiers.length === 0)
    throw new InvalidInput([{ where: '', problem: `names nobody: give one of ${Object.keys(identifierFields).join(', ')}` }]);
  const stated = readTime(body['timestamp'], receivedAt);
  if (stated.kind === 'nonsense')
    throw new InvalidInput([{ where: 'timestamp', problem: 'is no time: write it as 2026-11-24T10:00:00Z' }]);
  const times =
    stated.kind === 'none' ? { occurredAt: receivedAt } : { occurredAt: Math.min(stated.at, receivedAt), statedAt: stated.at };
  const [properties, traits] = [objectAt(body, 'properties'), objectAt(body, 'traits')];
  return {
    index: 0,
    item: body,
    identifiers,
    event: {
      id,
      type: 'track',
      name: raised.requested,
      ...times,
      properties: { ...properties, journey: name, ...(depth === undefined ? {} : { [depthProperty]: depth }) },
      ...(traits === undefined ? {} : { traits }),
    },
  };
}

function objectAt(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new InvalidInput([{ where: field, problem: 'must be an object' }]);
  return value;
}
