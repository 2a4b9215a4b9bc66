/**
 * The published config as it is read back from the table. What an older or newer version of Relance wrote in a shape this
 * one does not know is refused here, loudly, instead of deciding wrongly.
 */
import * as v from 'valibot';
import type { Brand, EmailTemplate, JourneyVersion, SmsTemplate, Template } from '../../config/config.ts';
import { channels } from '../../events/event.ts';
import type { DateMoment, Journey, JourneyStart, Reentry, RunPattern, StartCause, Step } from '../../journeys/journey.ts';
import { condition, did, duration, index, json, offset, words, type Shape, type Shapes } from './condition-shape.ts';

const reentries: Shapes<Reentry, 'kind'> = {
  once: v.strictObject({ kind: v.literal('once') }),
  'once-per': v.strictObject({ kind: v.literal('once-per'), path: words }),
  always: v.strictObject({ kind: v.literal('always') }),
};

const patternFields = { on: words, where: v.exactOptional(condition) };
const runPattern: Shape<RunPattern> = v.strictObject({ ...patternFields, same: v.exactOptional(words) });

const timeOfDay = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_439));
const zone = v.picklist(['brand', 'recipient']);
const label = v.string();

const date: Shape<DateMoment> = v.strictObject({
  path: words,
  offset,
  at: timeOfDay,
  every: v.picklist(['once', 'year']),
  zone,
});

const steps: Shapes<Step, 'kind'> = {
  wait: v.strictObject({ kind: v.literal('wait'), label, duration, restartOn: words }),
  'wait-time': v.strictObject({
    kind: v.literal('wait-time'),
    label,
    at: timeOfDay,
    weekdays: v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7))),
    zone,
  }),
  'wait-date': v.strictObject({ kind: v.literal('wait-date'), label, date }),
  'wait-event': v.strictObject({ kind: v.literal('wait-event'), label, pattern: runPattern, atMost: duration, otherwise: index }),
  'wait-best-time': v.strictObject({ kind: v.literal('wait-best-time'), label, within: duration }),
  send: v.strictObject({ kind: v.literal('send'), label, template: v.string(), channels: v.array(v.picklist(channels)) }),
  branch: v.strictObject({ kind: v.literal('branch'), label, condition, otherwise: index }),
  split: v.strictObject({
    kind: v.literal('split'),
    label,
    variants: v.array(v.strictObject({ name: v.string(), weight: v.pipe(index, v.minValue(1)), to: index })),
  }),
  set: v.strictObject({ kind: v.literal('set'), label, traits: v.record(v.string(), json) }),
  tag: v.strictObject({ kind: v.literal('tag'), label, add: words, remove: words }),
  webhook: v.strictObject({ kind: v.literal('webhook'), label, url: v.string() }),
  task: v.strictObject({ kind: v.literal('task'), label, to: v.string(), subject: v.string(), text: v.string() }),
  goal: v.strictObject({ kind: v.literal('goal'), label, name: v.string() }),
  jump: v.strictObject({ kind: v.literal('jump'), to: index }),
  end: v.strictObject({ kind: v.literal('end'), label }),
};

const causes: Shapes<StartCause, 'kind'> = {
  event: v.strictObject({ kind: v.literal('event') }),
  did: v.strictObject({ kind: v.literal('did'), did }),
  segment: v.strictObject({
    kind: v.literal('segment'),
    segment: v.string(),
    moment: v.picklist(['entered', 'left']),
    when: condition,
    existing: v.picklist(['ignore', 'include']),
  }),
  date: v.strictObject({ kind: v.literal('date'), date }),
  api: v.strictObject({ kind: v.literal('api') }),
};

const start: Shape<JourneyStart> = v.strictObject({
  ...patternFields,
  // Versions stored before there were other causes say none.
  cause: v.optional(v.union(Object.values(causes)), { kind: 'event' }),
  reentry: v.union(Object.values(reentries)),
  rest: v.exactOptional(duration),
  late: duration,
});

const journey: Shape<Journey> = v.strictObject({
  name: v.string(),
  start,
  exit: v.exactOptional(runPattern),
  steps: v.array(v.union(Object.values(steps))),
});

const emailTemplate: Shape<EmailTemplate> = v.strictObject({
  subject: v.string(),
  preheader: v.exactOptional(v.string()),
  html: v.string(),
  text: v.string(),
});

const smsTemplate: Shape<SmsTemplate> = v.strictObject({ text: v.string() });

const template: Shape<Template> = v.strictObject({
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

/** What `D#active` holds: everything but the journeys themselves. */
export interface ActivePointer {
  readonly brand: Brand;
  readonly journeys: readonly string[];
}

const activePointer: Shape<ActivePointer> = v.strictObject({ brand, journeys: words });

export const decodeActivePointer = (value: unknown): ActivePointer => decode(activePointer, value, 'the active config');

export const decodeJourneyVersion = (value: unknown, hash: string): JourneyVersion =>
  decode(journeyVersion, value, `journey ${hash}`);

function decode<T>(shape: Shape<T>, value: unknown, what: string): T {
  const result = v.safeParse(shape, value);
  if (result.success) return result.output;
  const places = result.issues.map((issue) => v.getDotPath(issue) ?? 'as a whole').join(', ');
  throw new Error(`${what} is stored in a shape this version does not know (${places}): publish again with \`relance push\``);
}
