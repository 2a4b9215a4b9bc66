/**
 * What SES tells of a mail, through SNS and SQS: event publishing (`eventType`) and identity notifications
 * (`notificationType`), raw or in the wrapping of SNS. Shapes: SES developer guide, "Contents of event data" and "Contents of
 * notifications".
 */
import * as v from 'valibot';
import { InvalidInput } from '../kernel/errors.ts';
import { isObject, parseJson, type Json, type JsonObject } from '../kernel/json.ts';
import { parseInstant } from '../kernel/time.ts';
import type { Mark } from '../messages/marks.ts';
import type { MessageNamed, Receipt } from './channel.ts';
import { readTags } from './tags.ts';

const text = v.string();
const instant = v.pipe(
  text,
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const at = parseInstant(dataset.value);
    if (at !== undefined) return at;
    addIssue({ message: 'is no time' });
    return NEVER;
  }),
);
/** A word of the provider that ends in an item: never as long as a text. */
const word = v.pipe(
  text,
  v.transform((written) => written.slice(0, 60)),
);
const optional = <T>(schema: v.GenericSchema<unknown, T>) => v.optional(v.nullable(schema));

const recipients = v.optional(v.array(v.object({ emailAddress: text })), []);

const mail = v.object({
  timestamp: instant,
  messageId: text,
  destination: v.array(text),
  tags: v.optional(v.record(text, v.array(text))),
  headers: v.optional(v.array(v.object({ name: text, value: text }))),
});
type Mail = v.InferOutput<typeof mail>;

const told = {
  Delivery: v.object({ delivery: v.object({ timestamp: instant }) }),
  Bounce: v.object({
    bounce: v.object({ timestamp: instant, bounceType: text, bounceSubType: word, bouncedRecipients: recipients }),
  }),
  Complaint: v.object({
    complaint: v.object({
      timestamp: instant,
      complaintFeedbackType: optional(word),
      complaintSubType: optional(word),
      complainedRecipients: recipients,
    }),
  }),
  Reject: v.object({ reject: v.object({ reason: word }) }),
  DeliveryDelay: v.object({ deliveryDelay: v.object({ timestamp: instant, delayType: word }) }),
};

/** Said once, as plain text, when SES is connected to a topic. */
const greeting = 'Successfully validated SNS topic for Amazon SES event publishing.';

/** Throws InvalidInput for what is no JSON, or no feedback in a shape we know. */
export function readSesFeedback(body: string): Receipt {
  if (body.trim() === greeting) return { kind: 'ignored', because: 'SES says that it is connected' };
  const json = parseJson(body);
  if (isObject(json) && json['Type'] === 'Notification' && typeof json['Message'] === 'string')
    return readSesFeedback(json['Message']);
  if (!isObject(json)) throw new InvalidInput([{ where: '', problem: 'expected feedback of SES, an object' }]);
  const event = json['eventType'] ?? json['notificationType'];
  if (typeof event !== 'string')
    throw new InvalidInput([{ where: 'eventType', problem: 'expected feedback of SES: an eventType or a notificationType' }]);
  const about = decode(mail, json['mail'], 'mail');
  const providerId = about.messageId;
  const named = messageNamed(about, 'notificationType' in json && !('eventType' in json));
  if (named === undefined) return { kind: 'ignored', because: 'not sent by Relance: it carries none of our tags', providerId };
  const mark = markOf(event, json, about);
  if (mark === undefined) return { kind: 'ignored', because: `${event.slice(0, 40)} events are not kept`, providerId };
  return {
    kind: 'feedback',
    channel: 'email',
    providerId,
    acceptedAt: about.timestamp,
    to: toldOf(json, about),
    mark,
    about: named,
  };
}

/** Undefined: an event that means nothing to us (opens, clicks, subscriptions, whatever SES learns to tell). */
function markOf(event: string, json: JsonObject, { timestamp, messageId }: Mail): Mark | undefined {
  switch (event) {
    case 'Send':
      return { kind: 'accepted', at: timestamp, providerId: messageId };
    case 'Delivery':
      return { kind: 'delivered', at: decode(told.Delivery, json).delivery.timestamp };
    case 'Bounce': {
      const { bounce } = decode(told.Bounce, json);
      return { kind: 'bounced', at: bounce.timestamp, type: bounceType(bounce.bounceType), subtype: bounce.bounceSubType };
    }
    case 'Complaint': {
      const { complaint } = decode(told.Complaint, json);
      const { complaintFeedbackType: type, complaintSubType: subtype } = complaint;
      return { kind: 'complained', at: complaint.timestamp, type: type ?? 'unknown', ...(subtype ? { subtype } : {}) };
    }
    case 'DeliveryDelay': {
      const { deliveryDelay } = decode(told.DeliveryDelay, json);
      return { kind: 'delayed', at: deliveryDelay.timestamp, because: deliveryDelay.delayType };
    }
    // These two carry no time of their own: they follow at once.
    case 'Reject':
      return { kind: 'rejected', at: timestamp, because: decode(told.Reject, json).reject.reason };
    case 'Rendering Failure': // its words quote the data of the person
      return { kind: 'not-rendered', at: timestamp, because: 'the template and its data do not fit' };
    default:
      return undefined;
  }
}

/** Every mail of ours goes to one address. In one to several, whom it is about: a complaint may name more than complained. */
function toldOf(json: JsonObject, { destination }: Mail): readonly string[] {
  const named = v.safeParse(v.union([told.Bounce, told.Complaint]), json);
  if (destination.length === 1 || !named.success) return destination;
  const { output } = named;
  const about = 'bounce' in output ? output.bounce.bouncedRecipients : output.complaint.complainedRecipients;
  return about.map(({ emailAddress }) => emailAddress);
}

/** What SES may name one day is as little known as what it calls undetermined. */
function bounceType(written: string): 'permanent' | 'transient' | 'undetermined' {
  return written === 'Permanent' ? 'permanent' : written === 'Transient' ? 'transient' : 'undetermined';
}

/** Identity notifications carry no tags, only (where that is switched on) the headers of the mail as we wrote it. */
function messageNamed({ tags, headers = [] }: Mail, isNotification: boolean): MessageNamed | undefined {
  const first = Object.fromEntries(Object.entries(tags ?? {}).map(([name, [value]]) => [name, value]));
  const identity = readTags(first);
  if (identity !== undefined) return { by: 'tags', ...identity };
  if (!isNotification) return undefined;
  const messageId = headers.find(({ name }) => name.toLowerCase() === 'message-id')?.value ?? '';
  const [, sendKey, orderTime] = /^<?([A-Za-z0-9_-]{16})\.(\d{1,15})@/.exec(messageId.trim()) ?? [];
  if (sendKey === undefined || orderTime === undefined) return { by: 'address' };
  return { by: 'address', message: { sendKey, orderTime: Number(orderTime) } };
}

function decode<T>(schema: v.GenericSchema<unknown, T>, json: Json | undefined, where = ''): T {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new InvalidInput(
    result.issues.map((issue) => ({
      where: [where, v.getDotPath(issue)].filter((part) => part !== '' && part !== null).join('.'),
      problem: `expected ${issue.expected ?? 'something else'}`,
    })),
  );
}
