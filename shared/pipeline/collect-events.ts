/**
 * The Segment HTTP API: what apps, sites and servers tell. Answers are the ones the SDKs understand: they drop what is
 * answered 4xx and repeat what is answered 5xx, so a fault of ours is never a 4xx (promise 1).
 */
import { gunzipSync } from 'node:zlib';
import { jsonBodyInParts } from '../connectors/json-body.ts';
import { callNamed, maxRequestBytes, translateRequest } from '../connectors/segment-batch.ts';
import type { Trust } from '../events/event.ts';
import { InvalidInput } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import type { Ports, Secrets } from '../ports.ts';
import { takeIn, type Intake, type IntakePorts } from './take-in.ts';
import { keyInBody, keysInHeaders, trustOf } from './write-key.ts';

export type CollectPorts = IntakePorts & Pick<Ports, 'clock' | 'random'>;

export interface CollectRequest {
  /** Last part of the path: `track`, `t`, `batch`, `b`, … */
  readonly call: string;
  /** Names lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  /** As received; gzipped or not, whatever its label says. */
  readonly body: Uint8Array;
}

export type Collected =
  | ({ readonly kind: 'accepted' } & Intake)
  | { readonly kind: 'unknown-call' }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'too-large' };

/** Throws InvalidInput when no part of the request can be used, Unavailable when nothing was taken in. */
export async function collectEvents(ports: CollectPorts, { call: path, headers, body }: CollectRequest): Promise<Collected> {
  const call = callNamed(path);
  if (call === undefined) return { kind: 'unknown-call' };
  const opened = open(body);
  if (opened === 'too-large') return { kind: 'too-large' };
  const proven = prove(headers, opened, ports.secrets);
  if (proven === 'unknown-key') return { kind: 'unknown-key' };
  const receivedAt = ports.clock();
  const translation = translateRequest(call, proven.body, {
    receivedAt,
    freshId: Buffer.from(ports.random()).toString('base64url'),
  });
  const intake = await takeIn(ports, translation, {
    stage: 'collect-events',
    source: 'segment',
    trust: proven.trust,
    receivedAt,
  });
  return { kind: 'accepted', ...intake };
}

/** Some SDKs gzip and call it a form: the first two bytes say what it is. A bomb is cut off at the size we would take. */
function open(body: Uint8Array): Uint8Array | 'too-large' {
  if (body.length > maxRequestBytes) return 'too-large';
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: maxRequestBytes });
  } catch (error) {
    if (error instanceof RangeError) return 'too-large';
    throw new InvalidInput([{ where: '', problem: 'the body begins like gzip and cannot be unpacked' }]);
  }
}

/** To strangers even a broken body is answered "unknown key". */
function prove(
  headers: CollectRequest['headers'],
  opened: Uint8Array,
  secrets: Secrets,
): { readonly trust: Trust; readonly body: Json } | 'unknown-key' {
  const trust = trustOf(keysInHeaders(headers), secrets);
  if (trust !== undefined) return { trust, body: jsonBodyInParts(opened) };
  const body = unlessUnreadable(opened);
  const named = trustOf([keyInBody(body)], secrets);
  return named === undefined || body === undefined ? 'unknown-key' : { trust: named, body };
}

function unlessUnreadable(opened: Uint8Array): Json | undefined {
  try {
    return jsonBodyInParts(opened);
  } catch (error) {
    if (error instanceof InvalidInput) return undefined;
    throw error;
  }
}
