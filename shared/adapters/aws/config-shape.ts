/**
 * The published config as it is read back from the table. What an older or newer version of Relance wrote in a shape this
 * one does not know is refused here, loudly, instead of deciding wrongly.
 */
import * as v from 'valibot';
import type { Brand, EmailTemplate, JourneyVersion, SmsTemplate, Template } from '../../config/config.ts';
import { channels } from '../../events/event.ts';
import type { EventPattern, Journey, JourneyStart, Reentry, Step } from '../../journeys/journey.ts';
import type { Json } from '../../kernel/json.ts';
import type { Duration } from '../../kernel/time.ts';
import type { Comparison, Condition } from '../../rules/condition.ts';
import type { Segment } from '../../rules/segment.ts';

export type Shape<T> = v.GenericSchema<unknown, T>;

/** One shape per member of a union: a member that is added to the language and forgotten here does not compile. */
export type Shapes<Union, Tag extends keyof Union> = { readonly [K in Union[Tag] & string]: Shape<Extract<Union, Record<Tag, K>>> };

const words = v.array(v.string());
const index = v.pipe(v.number(), v.integer(), v.minValue(0));

const json: Shape<Json> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.number(), v.string(), v.array(json), v.record(v.string(), json)]),
);

const duration: Shape<Duration> = v.strictObject({
  count: index,
  unit: v.picklist(['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years']),
});

const comparison: Shape<Comparison> = v.union([
  v.strictObject({ op: v.picklist(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']), value: json }),
  v.strictObject({ op: v.picklist(['in', 'not-in']), value: v.array(json) }),
  v.strictObject({ op: v.literal('contains'), value: json }),
  v.strictObject({ op: v.literal('exists'), value: v.boolean() }),
]);

export const condition: Shape<Condition> = v.lazy(() => v.union(Object.values(conditions)));

const conditions: Shapes<Condition, 'kind'> = {
  all: v.strictObject({ kind: v.literal('all'), of: v.array(condition) }),
  any: v.strictObject({ kind: v.literal('any'), of: v.array(condition) }),
  not: v.strictObject({ kind: v.literal('not'), of: condition }),
  compare: v.strictObject({ kind: v.literal('compare'), path: words, comparison }),
};

const reentries: Shapes<Reentry, 'kind'> = {
  once: v.strictObject({ kind: v.literal('once') }),
  'once-per': v.strictObject({ kind: v.literal('once-per'), path: words }),
  always: v.strictObject({ kind: v.literal('always') }),
};

const steps: Shapes<Step, 'kind'> = {
  wait: v.strictObject({ kind: v.literal('wait'), label: v.string(), duration, restartOn: words }),
  send: v.strictObject({
    kind: v.literal('send'),
    label: v.string(),
    template: v.string(),
    channels: v.array(v.picklist(channels)),
  }),
  branch: v.strictObject({ kind: v.literal('branch'), label: v.string(), condition, otherwise: index }),
  jump: v.strictObject({ kind: v.literal('jump'), to: index }),
  end: v.strictObject({ kind: v.literal('end'), label: v.string() }),
};

const patternFields = { on: words, where: v.exactOptional(condition) };
const pattern: Shape<EventPattern> = v.strictObject(patternFields);

const start: Shape<JourneyStart> = v.strictObject({
  ...patternFields,
  reentry: v.union(Object.values(reentries)),
  rest: v.exactOptional(duration),
  late: duration,
});

const journey: Shape<Journey> = v.strictObject({
  name: v.string(),
  start,
  exit: v.exactOptional(pattern),
  steps: v.array(v.union(Object.values(steps))),
});

const emailTemplate: Shape<EmailTemplate> = v.strictObject({
  subject: v.string(),
  preheader: v.exactOptional(v.string()),
  html: v.string(),
  text: v.string(),
});

const smsTemplate: Shape<SmsTemplate> = v.strictObject({ text: v.string() });

export const template: Shape<Template> = v.strictObject({
  name: v.string(),
  purpose: v.picklist(['marketing', 'transactional']),
  topic: v.exactOptional(v.string()),
  repeat: v.picklist(['never', 'allowed']),
  email: v.record(v.string(), emailTemplate),
  sms: v.exactOptional(v.record(v.string(), smsTemplate)),
});

const journeyVersion: Shape<JourneyVersion> = v.strictObject({
  hash: v.string(),
  journey,
  templates: v.record(v.string(), template),
});

const brand: Shape<Brand> = v.strictObject({
  name: v.string(),
  maturity: v.picklist([1, 2, 3, 4]),
  locale: v.string(),
  timeZone: v.string(),
  country: v.string(),
  currency: v.string(),
  sender: v.strictObject({
    name: v.string(),
    email: v.string(),
    transactional: v.exactOptional(v.string()),
    replyTo: v.exactOptional(v.string()),
    sms: v.exactOptional(v.string()),
  }),
  site: words,
  address: v.string(),
  paused: v.boolean(),
});

const segment: Shape<Segment> = v.strictObject({ name: v.string(), when: condition });

/** What `D#active` holds: everything but journeys and campaigns themselves, which it names by their hashes. */
export interface ActivePointer {
  readonly brand: Brand;
  readonly segments: readonly Segment[];
  readonly journeys: readonly string[];
  readonly campaigns: readonly string[];
}

/** What was published before there were segments and campaigns has none. */
const activePointer: Shape<ActivePointer> = v.strictObject({
  brand,
  segments: v.optional(v.array(segment), []),
  journeys: words,
  campaigns: v.optional(words, []),
});

export const decodeActivePointer = (value: unknown): ActivePointer => decode(activePointer, value, 'the active config');

export const decodeJourneyVersion = (value: unknown, hash: string): JourneyVersion =>
  decode(journeyVersion, value, `journey ${hash}`);

export function decode<T>(shape: Shape<T>, value: unknown, what: string): T {
  const result = v.safeParse(shape, value);
  if (result.success) return result.output;
  const places = result.issues.map((issue) => v.getDotPath(issue) ?? 'as a whole').join(', ');
  throw new Error(`${what} is stored in a shape this version does not know (${places}): publish again with \`relance push\``);
}
