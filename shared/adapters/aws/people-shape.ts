/**
 * What is stored of people as it is read back. A field that a type gains and its shape forgets does not compile; an item
 * in a shape this version does not know is refused loudly instead of being decided on wrongly.
 */
import * as v from 'valibot';
import type { Consents, ConsentState } from '../../consent/consent.ts';
import type { Suppression } from '../../consent/suppression.ts';
import { channels, type ConsentStatement, type Event } from '../../events/event.ts';
import { identifierTypes } from '../../events/identifier.ts';
import type { Instance, InstanceState } from '../../journeys/instance.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { dropReasons, type MessageLog, type MessageStatus } from '../../messages/message.ts';
import type { Attributes, HotState } from '../../profile/profile.ts';
import type { Mark } from '../../messages/marks.ts';
import type { Statistics } from '../../profile/statistics.ts';
import type { Chunk, Decision } from '../../profile/timeline.ts';

type Shape<T> = v.GenericSchema<unknown, T>;
type Shapes<Union extends { readonly kind: string }> = { readonly [K in Union['kind']]: Shape<Extract<Union, { kind: K }>> };

const text = v.string();
const instant = v.number();
const count = v.number();
const counts = v.record(v.string(), v.number());

/** Parsed from JSON that we wrote: any value is Json, only its absence is not. */
const json: Shape<Json> = v.custom<Json>((value) => value !== undefined);
const jsonObject: Shape<JsonObject> = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const consentState: Shape<ConsentState> = v.object({
  state: v.picklist(['granted', 'withdrawn']),
  at: instant,
  source: text,
  wording: v.exactOptional(text),
  basis: v.exactOptional(v.picklist(['snapshot', 'browser'])),
});

export const consentsShape: Shape<Consents> = v.object({
  'email.marketing': v.exactOptional(consentState),
  'sms.marketing': v.exactOptional(consentState),
  'push.marketing': v.exactOptional(consentState),
  'email.transactional': v.exactOptional(consentState),
  'sms.transactional': v.exactOptional(consentState),
  'push.transactional': v.exactOptional(consentState),
});

export const traitsShape: Shape<Attributes['traits']> = v.record(
  v.string(),
  v.object({ value: json, at: instant, verified: v.boolean() }),
);

export const factsShape: Shape<Omit<Attributes, 'version' | 'traits' | 'consents'>> = v.object({
  createdAt: instant,
  identifiers: v.array(
    v.object({
      type: v.picklist(identifierTypes),
      value: text,
      source: v.exactOptional(text),
      verified: v.boolean(),
      since: instant,
    }),
  ),
  aliases: v.array(text),
  into: v.exactOptional(text),
  erased: v.exactOptional(v.literal(true)),
});

export const hotShape: Shape<Omit<HotState, 'version' | 'ring'>> = v.object({
  generation: count,
  lastSeen: instant,
  cart: v.exactOptional(
    v.object({
      id: text,
      also: v.array(text),
      from: text,
      openedAt: instant,
      baseAt: instant,
      changedAt: instant,
      quantity: count,
      value: v.exactOptional(count),
      currency: v.exactOptional(text),
      url: v.exactOptional(text),
      verified: v.boolean(),
    }),
  ),
  lastOrderAt: v.exactOptional(instant),
  closedCarts: v.array(text),
  open: v.array(v.object({ journey: text, key: text, version: text, restarts: v.exactOptional(counts) })),
  claims: v.array(v.object({ sendKey: text, at: instant })),
  lastMessages: counts,
  counts: v.exactOptional(v.object({ zone: text, states: v.record(text, v.record(text, v.array(instant))) })),
  watched: v.exactOptional(v.record(text, v.boolean())),
  dates: v.exactOptional(v.record(text, v.object({ of: text, next: v.exactOptional(instant), last: v.exactOptional(instant) }))),
  watching: v.exactOptional(v.object({ due: v.exactOptional(instant), stored: count })),
  device: v.exactOptional(
    v.object({
      type: v.exactOptional(v.picklist(['mobile', 'tablet', 'desktop'])),
      os: v.exactOptional(text),
      at: instant,
    }),
  ),
  place: v.exactOptional(
    v.object({
      country: v.exactOptional(text),
      region: v.exactOptional(text),
      city: v.exactOptional(text),
      timezone: v.exactOptional(text),
      at: instant,
    }),
  ),
});

export const statisticsShape: Shape<Omit<Statistics, 'version'>> = v.object({
  orders: v.array(
    v.object({
      id: text,
      at: instant,
      amount: count,
      currency: v.exactOptional(text),
      refunds: counts,
      cancelled: v.exactOptional(v.literal(true)),
      placed: v.boolean(),
    }),
  ),
  earlier: v.object({ count, amount: v.exactOptional(count), currency: v.exactOptional(text) }),
  hours: counts,
  products: counts,
  categories: counts,
  feedback: v.exactOptional(v.object({ bounced: count, undelivered: count, complained: count })),
});

const states: Shapes<InstanceState> = {
  waiting: v.object({ kind: v.literal('waiting'), step: count, from: instant, due: instant }),
  sending: v.object({
    kind: v.literal('sending'),
    step: count,
    sendKey: text,
    orderTime: instant,
    attempt: count,
    due: instant,
    call: v.exactOptional(v.literal(true)),
  }),
  watching: v.object({ kind: v.literal('watching'), due: instant }),
  ended: v.object({
    kind: v.literal('ended'),
    because: v.picklist(['completed', 'exit', 'cart-closed', 'merged', 'unsendable']),
    at: instant,
  }),
};

const instanceEntries = {
  journey: text,
  key: text,
  version: text,
  startedAt: instant,
  entry: v.object({
    event: text,
    at: instant,
    chunk: text,
    id: v.exactOptional(text),
    values: v.exactOptional(v.record(text, text)),
  }),
  state: v.union(Object.values(states)),
  log: v.array(v.object({ step: text, at: instant, outcome: text, because: v.exactOptional(text), seen: v.exactOptional(json) })),
  begunAs: v.exactOptional(text),
};
export const instanceShape: Shape<Omit<Instance, 'stored'>> = v.object(instanceEntries);

export const restShape: Shape<readonly { readonly person: PersonId; readonly instance: Instance }[]> = v.array(
  v.object({ person: text, instance: v.object({ ...instanceEntries, stored: count }) }),
);

const consentStatement: Shape<ConsentStatement> = v.object({
  channel: v.picklist(channels),
  state: v.picklist(['granted', 'withdrawn']),
  kind: v.picklist(['statement', 'snapshot']),
  at: v.exactOptional(instant),
  source: v.exactOptional(text),
  wording: v.exactOptional(text),
});

const event: Shape<Event> = v.object({
  id: text,
  type: v.picklist(['identify', 'track', 'page', 'screen', 'group', 'alias']),
  name: text,
  occurredAt: instant,
  statedAt: v.exactOptional(instant),
  place: v.exactOptional(count),
  properties: jsonObject,
  traits: v.exactOptional(jsonObject),
  consent: v.exactOptional(v.array(consentStatement)),
  context: v.exactOptional(jsonObject),
});

const decision: Shape<Decision> = v.object({
  at: instant,
  rule: text,
  event: text,
  moment: v.picklist(['start', 'exit', 'restart', 'wait']),
  outcome: v.picklist(['fired', 'not']),
  because: text,
  seen: json,
});

export const chunkShape: Shape<Omit<Chunk, 'key'>> = v.object({
  source: text,
  trust: v.picklist(['server', 'browser']),
  receivedAt: instant,
  claims: v.array(text),
  events: v.array(event),
  decisions: v.array(decision),
});

const statuses: Shapes<MessageStatus> = {
  sent: v.object({ kind: v.literal('sent'), providerId: text }),
  dropped: v.object({
    kind: v.literal('dropped'),
    because: v.picklist(dropReasons),
    seen: json,
  }),
  failed: v.object({ kind: v.literal('failed'), because: text }),
  unknown: v.object({ kind: v.literal('unknown'), because: text }),
};

export const messageShape: Shape<MessageLog> = v.object({
  sendKey: text,
  orderTime: instant,
  at: instant,
  cause: v.object({ kind: v.picklist(['journey', 'campaign', 'api']), name: text, step: text }),
  channel: v.picklist([...channels, 'webhook', 'task']),
  purpose: v.picklist(['marketing', 'transactional']),
  template: text,
  status: v.union(Object.values(statuses)),
  place: v.exactOptional(v.object({ wave: instant, page: count, ordinal: count })),
});

const told = { at: instant, because: text };
const marks: Shapes<Mark> = {
  accepted: v.object({ kind: v.literal('accepted'), at: instant, providerId: text }),
  delivered: v.object({ kind: v.literal('delivered'), at: instant }),
  bounced: v.object({
    kind: v.literal('bounced'),
    at: instant,
    type: v.picklist(['permanent', 'transient', 'undetermined']),
    subtype: text,
  }),
  complained: v.object({ kind: v.literal('complained'), at: instant, type: text, subtype: v.exactOptional(text) }),
  delayed: v.object({ kind: v.literal('delayed'), ...told }),
  rejected: v.object({ kind: v.literal('rejected'), ...told }),
  'not-rendered': v.object({ kind: v.literal('not-rendered'), ...told }),
};

export const marksShape: Shape<readonly Mark[]> = v.array(v.union(Object.values(marks)));

export const suppressionShape: Shape<Suppression['reasons']> = v.array(
  v.object({ because: v.picklist(['bounced', 'complained']), at: instant }),
);

/** `what` names the item for whoever reads the error; its content is never shown. */
export function decoded<T>(shape: Shape<T>, value: unknown, what: string): T {
  const result = v.safeParse(shape, value);
  if (result.success) return result.output;
  const places = result.issues.map((issue) => v.getDotPath(issue) ?? 'as a whole').join(', ');
  throw new Error(`${what} is stored in a shape this version does not know (${places})`);
}
