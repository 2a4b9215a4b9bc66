/**
 * A whole request of the Segment HTTP API: one call or a batch. What makes all of it unusable is thrown (InvalidInput);
 * a bad call of a good batch is refused alone.
 */
import { InvalidInput } from '../kernel/errors.ts';
import { isCut, isObject, tooDeep, type Json, type JsonObject } from '../kernel/json.ts';
import type { Translation } from './connector.ts';
import { callTypes, maxEventBytes, translateCall, type SegmentRequest } from './segment-call.ts';

export const maxRequestBytes = 500 * 1024;
export const maxItems = 2_500;
/** The context of a batch is copied into each of its events: what it grows to is bounded, or one request could fill the queue. */
const maxCopiedBytes = 8 * 1024 * 1024;

export type CallName = (typeof callTypes)[number] | 'batch';

/** As the SDKs write paths: whole words or single letters. */
export const callNamed = (path: string): CallName | undefined => {
  const names: readonly CallName[] = [...callTypes, 'batch'];
  return names.find((name) => name === path || name.charAt(0) === path);
};

export type Received = Pick<SegmentRequest, 'receivedAt' | 'freshId' | 'source'>;

/** The body of `POST /v1/{call}`; the path says which call it is. */
export function translateRequest(call: CallName, body: Json, received: Received): Translation {
  if (!isObject(body)) throw new InvalidInput([{ where: '', problem: 'the body must be a JSON object' }]);
  return call === 'batch' ? translateBatch(body, received) : translateSingle({ ...body, type: call }, received);
}

/** A body whose calls carry their own `type`: one call, an array of them, or a batch. */
export function translateCalls(body: Json, received: Received): Translation {
  if (Array.isArray(body)) return translateItems(body, received);
  if (!isObject(body)) throw new InvalidInput([{ where: '', problem: 'the body must be one call or an array of calls' }]);
  return body['batch'] === undefined ? translateSingle(body, received) : translateBatch(body, received);
}

function translateSingle(call: JsonObject, received: Received): Translation {
  const item = withoutKey(call);
  const written = JSON.stringify(item);
  if (isCut(written)) throw new InvalidInput([{ where: '', problem: tooDeep() }]);
  const bytes = Buffer.byteLength(written);
  if (bytes <= maxEventBytes) return translateCall(item, 0, received);
  throw new InvalidInput([{ where: '', problem: `the event has ${bytes} bytes; at most ${maxEventBytes} are taken` }]);
}

function translateBatch(body: JsonObject, received: Received): Translation {
  const { batch, context, sentAt } = body;
  if (!Array.isArray(batch)) throw new InvalidInput([{ where: 'batch', problem: 'must be an array of calls' }]);
  return translateItems(batch, {
    ...received,
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(isObject(context) ? { context } : {}),
  });
}

function translateItems(items: readonly Json[], request: SegmentRequest): Translation {
  if (items.length > maxItems) {
    throw new InvalidInput([{ where: 'batch', problem: `has ${items.length} calls; at most ${maxItems} are taken` }]);
  }
  const context = request.context === undefined ? '' : JSON.stringify(request.context);
  if (isCut(context)) throw new InvalidInput([{ where: 'context', problem: tooDeep() }]);
  const copied = Buffer.byteLength(context);
  if (copied > maxEventBytes || copied * items.length > maxCopiedBytes) {
    throw new InvalidInput([
      { where: 'context', problem: `has ${copied} bytes, too many to copy into each of ${items.length} calls` },
    ]);
  }
  const translated = items.map((item, index) => translateCall(isObject(item) ? withoutKey(item) : item, index, request));
  return { told: translated.flatMap(({ told }) => told), refused: translated.flatMap(({ refused }) => refused) };
}

/** A write key is no part of an event: it must not be stored or parked with it. */
function withoutKey({ writeKey: _writeKey, ...call }: JsonObject): JsonObject {
  return call;
}
