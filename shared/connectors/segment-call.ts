/**
 * One call of the Segment spec becomes one canonical event, or a refusal that says what is wrong with it.
 * `integrations` is read by nobody here: it steers destinations of another product.
 */
import * as v from 'valibot';
import type { ConsentStatement, Event, EventType } from '../events/event.ts';
import type { RawIdentifier } from '../events/identifier.ts';
import { contentHash } from '../kernel/ids.ts';
import { canonicalJson, isCut, isObject, textOf, tooDeep, type Json, type JsonObject } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Part, Translation } from './connector.ts';
import { inSecondVersion } from './segment-names.ts';
import { consentOf, identifiersOf, previousIds } from './segment-person.ts';
import { readTime } from './stated-time.ts';

/** What a request says about all its calls. */
export interface SegmentRequest {
  readonly receivedAt: Instant;
  /** Unique, for calls that carry neither `messageId` nor a time: their retries cannot be told from new ones. */
  readonly freshId: string;
  readonly sentAt?: Json;
  readonly context?: JsonObject;
  /** Whose user ids these are, where it is not the Segment API. */
  readonly source?: string;
}

export const maxEventBytes = 32 * 1024;
export const callTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const satisfies readonly EventType[];

const maxName = 256;
const text = (field: string) =>
  v.nullish(
    v.pipe(
      v.union([v.string(), v.number()], `${field} must be text`),
      v.transform((value) => textOf(value)),
    ),
  );
const requiredText = (field: string, wanted = `${field} is required and must be text`) =>
  v.pipe(v.union([v.string(wanted), v.number()], wanted), v.transform(String), v.trim(), v.nonEmpty(wanted));
const document = (field: string) =>
  v.nullish(v.custom<JsonObject>((value) => typeof value === 'object' && !Array.isArray(value), `${field} must be an object`));

const every = {
  messageId: text('messageId'),
  userId: text('userId'),
  anonymousId: text('anonymousId'),
  context: document('context'),
};
const eventName = v.pipe(
  v.string('event is required and must be text'),
  v.trim(),
  v.nonEmpty('event is required and must be text'),
  v.maxLength(maxName, `event is longer than ${maxName} characters`),
);

/** A field that is not there is told like one of a wrong type. */
const missing = (issue: v.BaseIssue<unknown>): string => `${v.getDotPath(issue) ?? 'the call'} is required and must be text`;

const callSchema = v.pipe(
  v.variant(
    'type',
    [
      v.object({ ...every, type: v.literal('identify'), traits: document('traits') }, missing),
      v.object({ ...every, type: v.literal('track'), event: eventName, properties: document('properties') }, missing),
      v.object({ ...every, type: v.literal('page'), properties: document('properties') }, missing),
      v.object({ ...every, type: v.literal('screen'), properties: document('properties') }, missing),
      v.object({ ...every, type: v.literal('group'), groupId: requiredText('groupId'), traits: document('traits') }, missing),
      v.object(
        { ...every, type: v.literal('alias'), userId: requiredText('userId'), previousId: requiredText('previousId') },
        missing,
      ),
    ],
    `type must be one of ${callTypes.join(', ')}`,
  ),
  v.check(({ userId, anonymousId }) => (userId ?? anonymousId ?? undefined) !== undefined, 'userId or anonymousId is required'),
);
type Call = v.InferOutput<typeof callSchema>;

/** `item` as its sender wrote it; `index` its place in the request. */
export function translateCall(item: Json, index: number, request: SegmentRequest): Translation {
  const type = isObject(item) ? textOf(item['type']) : undefined;
  const messageId = isObject(item) ? textOf(item['messageId']) : undefined;
  const part: Part = {
    index,
    item,
    identifiers: identifiersOf(item, type, request.source),
    ...(messageId === undefined ? {} : { messageId }),
  };
  const told = tell(item, part, request);
  return 'problem' in told ? { told: [], refused: [{ ...part, problem: told.problem }] } : { told, refused: [] };
}

function tell(item: Json, part: Part, request: SegmentRequest): Translation['told'] | { readonly problem: string } {
  if (!isObject(item)) return { problem: 'a call must be an object' };
  const written = JSON.stringify(item);
  if (isCut(written)) return { problem: tooDeep() };
  const bytes = Buffer.byteLength(written);
  if (bytes > maxEventBytes) return { problem: `the event has ${bytes} bytes; at most ${maxEventBytes} are taken` };
  const parsed = v.safeParse(callSchema, item);
  if (!parsed.success) return { problem: parsed.issues.map(({ message }) => message).join('; ') };
  const call = parsed.output;
  const times = timesOf(item, request);
  if ('problem' in times) return times;
  const said = meaningOf(call, item);
  if ('problem' in said) return said;
  const context = contextOf(call, request);
  const id = eventId(call, item, part.index, times.statedAt, request);
  const event: Event = { id, type: call.type, ...said, ...times, ...(context === undefined ? {} : { context }) };
  return call.type === 'alias'
    ? tellAlias(event, part, previousIds(call.previousId, call, request.source))
    : [{ ...part, event }];
}

/** One event for each person the old id may name: an envelope knows one. */
function tellAlias(event: Event, part: Part, previous: readonly RawIdentifier[]): Translation['told'] {
  if (previous.length === 0) return [{ ...part, event }];
  return previous.map((previously, at) => ({
    ...part,
    previously,
    event: at === 0 ? event : { ...event, id: `${event.id}:${previously.type}` },
  }));
}

interface Meaning {
  readonly name: string;
  readonly properties: JsonObject;
  readonly traits?: JsonObject;
  readonly consent?: readonly ConsentStatement[];
}

function meaningOf(call: Call, item: JsonObject): Meaning | { readonly problem: string } {
  switch (call.type) {
    case 'identify':
      return identifyMeaning(call.traits ?? {}, call.context ?? {});
    case 'track':
      return inSecondVersion(call.event, call.properties ?? {});
    case 'page':
      return { name: 'Page Viewed', properties: { ...call.properties, ...pageName(item) } };
    case 'screen':
      return { name: 'Screen Viewed', properties: { ...call.properties, ...pageName(item) } };
    case 'group':
      return { name: 'Group', properties: { groupId: call.groupId, traits: call.traits ?? {} } };
    case 'alias':
      return { name: 'Alias', properties: {} };
  }
}

/** On other calls `context.traits` repeats what an earlier identify said, perhaps long ago: it names the person and changes nothing. */
function identifyMeaning({ consent, ...told }: JsonObject, context: JsonObject): Meaning | { readonly problem: string } {
  const reading = consentOf(consent, context['consent']);
  if (reading.kind === 'unclear') return { problem: reading.problem };
  const { consent: _repeated, ...remembered } = isObject(context['traits']) ? context['traits'] : {};
  const traits = { ...remembered, ...told };
  return {
    name: 'Identify',
    properties: {},
    ...(Object.keys(traits).length === 0 ? {} : { traits }),
    ...(reading.statements.length === 0 ? {} : { consent: reading.statements }),
  };
}

function pageName(item: JsonObject): JsonObject {
  const [name, category] = [textOf(item['name']), textOf(item['category'])];
  return { ...(name === undefined ? {} : { name }), ...(category === undefined ? {} : { category }) };
}

/** What the call says of its context stands before what the batch says. */
function contextOf(call: Call, request: SegmentRequest): JsonObject | undefined {
  const { traits: _traits, ...context } = { ...request.context, ...call.context };
  return Object.keys(context).length === 0 ? undefined : context;
}

interface Times {
  readonly occurredAt: Instant;
  readonly statedAt?: Instant;
}

/**
 * The source's clock may be wrong: what counts is how long before sending the event happened, so
 * `receivedAt - (sentAt - statedAt)` (Segment spec, timestamps). A call that carries `receivedAt` was collected and
 * corrected by somebody before us: its `timestamp` is right as it is. A `sentAt` that is no time corrects nothing.
 */
function timesOf(item: JsonObject, request: SegmentRequest): Times | { readonly problem: string } {
  const { receivedAt } = request;
  const original = readTime(item['originalTimestamp'], receivedAt);
  const own = readTime(item['timestamp'], receivedAt);
  if (original.kind === 'nonsense') return notATime('originalTimestamp');
  if (own.kind === 'nonsense') return notATime('timestamp');
  const stated = original.kind === 'at' ? original : own;
  if (stated.kind === 'none') return { occurredAt: receivedAt };
  const sent = readTime(item['sentAt'] ?? request.sentAt, receivedAt);
  const isCorrected = own.kind === 'at' && readTime(item['receivedAt'], receivedAt).kind === 'at';
  const corrected = sent.kind === 'at' ? receivedAt - (sent.at - stated.at) : stated.at;
  const happened = isCorrected ? own.at : isPossible(corrected, receivedAt) ? corrected : stated.at;
  return { occurredAt: Math.min(happened, receivedAt), statedAt: stated.at };
}

/** A correction that leads before 1970, or ahead of the receipt (stated after it was sent), corrects nothing. */
const isPossible = (corrected: Instant, receivedAt: Instant): boolean => corrected >= 0 && corrected <= receivedAt;

const notATime = (field: string): { readonly problem: string } => ({
  problem: `${field} must be an ISO 8601 time between 1970 and a century from now, such as 2026-05-04T10:00:00.000Z`,
});

/** Segment asks for fewer; what is longer is still one id. */
const maxMessageId = 100;

/** The same in every retry and regrouping; where only the content can tell, the content without what a retry changes. */
function eventId(call: Call, item: JsonObject, index: number, statedAt: Instant | undefined, request: SegmentRequest): string {
  const messageId = call.messageId ?? undefined;
  if (messageId !== undefined) return `segment:${messageId.length > maxMessageId ? contentHash(messageId) : messageId}`;
  if (statedAt === undefined) return `segment:${request.freshId}:${index}`;
  const { sentAt: _sentAt, receivedAt: _receivedAt, ...content } = item;
  return `segment:${contentHash(canonicalJson(content))}`;
}
