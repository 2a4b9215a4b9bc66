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
import type { Reentry } from '../journeys/journey.ts';
import { InvalidInput, type Problem } from '../kernel/errors.ts';
import { contentHash, keyedHash } from '../kernel/ids.ts';
import { at, canonicalJson, isObject, numberOf, textOf, type Json, type JsonObject } from '../kernel/json.ts';
import { exactDays } from '../kernel/time.ts';
import type { Asked, Ports } from '../ports.ts';
import { isRoot } from '../rules/paths.ts';
import { intoEnvelopes } from './envelopes.ts';
import { depthHeader, depthProperty } from './webhook-depth.ts';
import { startStage, takeIn, type IntakePorts, type Origin } from './take-in.ts';
import { keysInHeaders, trustOf } from './write-key.ts';

export type StartPorts = IntakePorts & Pick<Ports, 'clock'>;

export interface StartRequest {
  readonly name: string;
  /** Names lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Started =
  | {
      readonly kind: 'accepted';
      /** The same in every attempt. */
      readonly id: string;
      /** What in it was of no use, or is missing; left out where there is nothing to say. */
      readonly warnings?: readonly Problem[];
    }
  | { readonly kind: 'unknown-key' }
  /** A browser key stands in pages: anybody could start anything for anybody. */
  | { readonly kind: 'browser-key' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unknown-journey' }
  /** It is started by something else. */
  | { readonly kind: 'not-by-api' }
  /** Something else was asked under this Idempotency-Key. */
  | { readonly kind: 'other-body' };

/** Throws InvalidInput where the request cannot be used, Unavailable when nothing was taken in. */
export async function startJourney(ports: StartPorts, { name, headers, body }: StartRequest): Promise<Started> {
  const trust = trustOf(keysInHeaders(headers), ports.secrets);
  if (trust === undefined) return { kind: 'unknown-key' };
  if (trust === 'browser') return { kind: 'browser-key' };
  if (body.length > maxEventBytes) return { kind: 'too-large' };
  const { journeys } = await ports.settings.config();
  const version = journeys.find(({ journey }) => journey.name === name);
  if (version === undefined) return { kind: 'unknown-journey' };
  const { cause, reentry } = version.journey.start;
  if (cause.kind !== 'api') return { kind: 'not-by-api' };
  const key = keyedHash(ports.secrets.identifierKey, JSON.stringify([name, idempotencyKey(headers)]));
  const receivedAt = ports.clock();
  const json = jsonBody(body);
  const origin: Origin = { stage: startStage, source: 'relance', trust, receivedAt };
  const read = (first: Asked): Told => toldIn(json, { key, name, first, receivedAt, depth: numberOf(headers[depthHeader]) });
  const first = await standing(ports, key, json, read, origin);
  if (first === 'other-body') return { kind: 'other-body' };
  const told = read(first);
  const { rejected, warnings = [] } = await takeIn(ports, { told: [told], refused: [] }, origin);
  if (rejected[0] !== undefined) throw new InvalidInput([{ where: '', problem: rejected[0].problem }]);
  const all = [...warnings.map(({ problem }) => ({ where: '', problem })), ...lacking(reentry, told)];
  return { kind: 'accepted', id: told.event.id, ...(all.length === 0 ? {} : { warnings: all }) };
}

/** So long a key stands for what was first asked under it; after that it is as good as new. */
export const keysStandFor = exactDays(30);

/**
 * What stands under this key, for each journey by itself and whatever server key it came with. It is kept before the queue
 * has it: a crash in between leaves a key under which the same body is still taken, and another one refused. A request that
 * cannot be used takes no key, so that it may be corrected under the same.
 */
async function standing(
  { settings, secrets }: StartPorts,
  key: string,
  body: Json,
  read: (first: Asked) => Told,
  origin: Origin,
): Promise<Asked | 'other-body'> {
  const asked: Asked = { digest: keyedHash(secrets.identifierKey, canonicalJson(body)), at: origin.receivedAt };
  const { country } = (await settings.config()).brand;
  if (intoEnvelopes([read(asked)], { ...origin, country }).refused.length > 0) return asked;
  const first = await settings.firstAsked(key, asked, keysStandFor);
  return first.digest === asked.digest ? first : 'other-body';
}

/** The door does not know the person, who may have a trait of this name; so it warns, and does not refuse. */
function lacking(reentry: Reentry, { event }: Told): readonly Problem[] {
  if (reentry.kind !== 'once-per' || isRoot(reentry.path[0])) return [];
  const isGiven = [event.properties, event.traits].some((from) => textOf(at(from, reentry.path)) !== undefined);
  if (isGiven) return [];
  const problem = 'is missing: the journey runs once for each of it, and starts only where the person has a trait of this name';
  return [{ where: `properties.${reentry.path.join('.')}`, problem }];
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
  /** Hashed. */
  readonly key: string;
  readonly name: string;
  readonly first: Asked;
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
function toldIn(body: Json, { key, name, first, receivedAt, depth }: Start): Told {
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
  // Stated as in the first attempt, so that it is found however late it is told again; but never late for the journey.
  const times =
    stated.kind === 'none'
      ? { occurredAt: receivedAt, statedAt: first.at }
      : { occurredAt: Math.min(stated.at, receivedAt), statedAt: stated.at };
  const [properties, traits] = [objectAt(body, 'properties'), objectAt(body, 'traits')];
  return {
    index: 0,
    item: body,
    identifiers,
    event: {
      id: `relance:start:${contentHash(key, String(first.at))}`,
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
