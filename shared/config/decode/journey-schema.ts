/**
 * A journey as it is written in config/journeys: start, exit, steps. Grows by a word and a schema for each new step.
 */
import * as v from 'valibot';
import type { Channel } from '../../events/event.ts';
import type { EventPattern, JourneyStart, Reentry } from '../../journeys/journey.ts';
import type { Duration } from '../../kernel/time.ts';
import type { Condition } from '../../rules/condition.ts';
import { conditionSchema } from './condition-schema.ts';
import { duration } from './duration-words.ts';
import { eventNames } from './event-words.ts';
import { checkedText, fields, later, oneOrMany, say, shown, yesOrNo } from './fields.ts';
import { isName, nameLike } from './names.ts';
import { reentryPath } from './path-words.ts';
import { didYouMean } from './spelling.ts';
import { templateChannels, type TemplateChannel } from '../template-files.ts';

/** Steps as a tree, the way people write them. */
export type WrittenStep =
  | { readonly kind: 'wait'; readonly duration: Duration; readonly restartOn: readonly string[] }
  /** Without channels: those that the template has. */
  | { readonly kind: 'send'; readonly template: string; readonly channels: readonly Channel[] }
  | {
      readonly kind: 'branch';
      readonly condition: Condition;
      readonly steps: readonly WrittenStep[];
      readonly otherwise: readonly WrittenStep[];
    }
  | { readonly kind: 'end' };

export interface WrittenJourney {
  readonly start: JourneyStart;
  readonly exit?: EventPattern;
  readonly steps: readonly WrittenStep[];
}

/** What is long past starts nothing (promise 4). */
const defaultLate: Duration = { count: 1, unit: 'hours' };

const where = conditionSchema({ event: true });
const ifCondition = conditionSchema({ event: false });

const templateName = checkedText('the name of a folder in templates', (name) =>
  isName(name)
    ? undefined
    : say(`"${name}" cannot be the name of a template`, 'small letters, digits and dashes', `write ${nameLike(name)}`),
);

const isChannel = (name: string): name is TemplateChannel => templateChannels.some((known) => known === name);
const channelList = templateChannels.join(' or ');

function channelComplaint(name: string): string | undefined {
  if (isChannel(name)) return undefined;
  if (name === 'push') return say('"push" comes later; this version sends e-mail and SMS', channelList, 'remove push');
  return say(`"${name}" is not a channel`, channelList, didYouMean(name, templateChannels));
}

const channel = v.pipe(
  checkedText('a channel', channelComplaint, templateChannels),
  v.transform((name): Channel => (isChannel(name) ? name : 'email')),
);

const start = v.pipe(
  fields(
    'what starts the journey',
    {
      on: eventNames,
      where: v.optional(where.condition),
      once: v.optional(v.nullable(yesOrNo('true: once in a lifetime'))),
      'once per': v.optional(reentryPath),
      rest: v.optional(duration('how long to rest after the last message of this journey')),
      late: v.optional(duration('events older than this start nothing')),
    },
    {
      shorthand: 'on',
      hints: {
        ...{ did: later('did', 'write on: and the event'), times: later('times'), within: later('within'), same: later('same') },
        ...{ segment: later('segment'), date: later('date') },
      },
    },
  ),
  v.forward(
    v.check(
      (given) => given['once per'] === undefined || given.once === undefined || given.once === false,
      say('once and once per exclude each other', 'one of them', 'remove one of the two'),
    ),
    ['once per'],
  ),
  v.transform((given): JourneyStart => {
    const reentry = reentryOf(given.once, given['once per']);
    const pattern = { on: given.on, ...(given.where === undefined ? {} : { where: given.where }) };
    return { ...pattern, reentry, ...(given.rest === undefined ? {} : { rest: given.rest }), late: given.late ?? defaultLate };
  }),
);

/** `{ on: Signed Up, once }` leaves once empty: it means true. Neither of the two: every time. */
function reentryOf(once: boolean | null | undefined, path: readonly string[] | undefined): Reentry {
  if (path !== undefined) return { kind: 'once-per', path };
  return once === undefined || once === false ? { kind: 'always' } : { kind: 'once' };
}

const exit = v.pipe(
  fields(
    'what ends the journey',
    { on: eventNames, where: v.optional(where.condition) },
    { shorthand: 'on', hints: { same: later('same') } },
  ),
  v.transform((given): EventPattern => ({ on: given.on, ...(given.where === undefined ? {} : { where: given.where }) })),
);

/** A dash was forgotten. */
const twoSteps = (word: string): string =>
  say(`"${word}" is a step of its own`, 'one step after each dash', `begin a line with "- ${word}:"`);

const wait = v.pipe(
  fields(
    'a step that waits',
    { wait: duration('how long'), 'restart on': v.optional(eventNames) },
    { hints: { send: twoSteps('send'), until: later('until'), for: later('for', 'write wait: and a duration') } },
  ),
  v.transform((given): WrittenStep => ({ kind: 'wait', duration: given.wait, restartOn: given['restart on'] ?? [] })),
);

const send = v.pipe(
  fields('a step that sends', { send: templateName, channels: v.optional(oneOrMany(channel)) }),
  v.transform((given): WrittenStep => ({
    kind: 'send',
    template: given.send,
    channels: [...new Set(given.channels ?? [])],
  })),
);

const nested: v.GenericSchema<unknown, readonly WrittenStep[]> = v.lazy(() => steps);

const underThen = (word: string): string =>
  say(`"${word}" stands beside if`, 'steps under then: and else:', `write then: and below it "- ${word}:"`);

const branch = v.pipe(
  fields(
    'a step that decides',
    { if: ifCondition.condition, then: nested, else: v.optional(nested) },
    { hints: { send: underThen('send'), wait: underThen('wait') } },
  ),
  v.transform((given): WrittenStep => ({ kind: 'branch', condition: given.if, steps: given.then, otherwise: given.else ?? [] })),
);

const end = v.pipe(
  v.literal('exit', (issue) => say(`${shown(issue.input)} is not a step`, stepList, didYouMean(String(issue.input), ['exit']))),
  v.description('exit: the journey ends here'),
  v.transform((): WrittenStep => ({ kind: 'end' })),
);

const stepList = 'a step: wait, send, if or exit';
const kinds = { wait, send, if: branch } as const;
const stepWords = Object.keys(kinds);
const laterSteps = ['split', 'set', 'tag', 'webhook', 'task', 'goal', 'call'];

/** None of the words that make a step is there. */
const unknownStep: v.GenericSchema<unknown, WrittenStep> = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, WrittenStep>(({ dataset, addIssue, NEVER }) => {
    const input = dataset.value;
    const keys = typeof input === 'object' && input !== null ? Object.keys(input) : [];
    const later = keys.find((key) => laterSteps.includes(key));
    const meant = keys.map((key) => didYouMean(key, [...stepWords, 'exit'])).find((suggestion) => suggestion !== '');
    const problem = later === undefined ? 'no word here makes a step' : `"${later}" comes later; this version cannot do it yet`;
    addIssue({ message: say(keys.length === 0 ? `${shown(input)} is not a step` : problem, stepList, meant ?? '') });
    return NEVER;
  }),
);

const anyStep: v.GenericSchema<unknown, WrittenStep> = v.union([wait, send, branch, end]);

/** The word decides which step it is, so that complaints are about that step. */
const step: v.GenericSchema<unknown, WrittenStep> = v.lazy((input: unknown): v.GenericSchema<unknown, WrittenStep> => {
  if (input === undefined) return anyStep; // asked by the JSON Schema writer
  if (typeof input === 'string') return end;
  if (typeof input !== 'object' || input === null) return unknownStep;
  if ('if' in input) return branch;
  if ('wait' in input) return wait;
  return 'send' in input ? send : unknownStep;
});

const endsAlways = (given: WrittenStep | undefined): boolean =>
  given?.kind === 'end' || (given?.kind === 'branch' && endsAlways(given.steps.at(-1)) && endsAlways(given.otherwise.at(-1)));

const steps = v.pipe(
  v.array(step, (issue) =>
    say(
      `${shown(issue.input)} stands where steps are expected`,
      'steps with dashes below, each wait, send, if or exit',
      typeof issue.input === 'object' && issue.input !== null ? 'write a dash before each step' : '',
    ),
  ),
  v.description('steps, one after the other'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const given = dataset.value;
    if (given.length === 0) addIssue({ message: say('there is no step', 'at least one step') });
    const last = given.findIndex(endsAlways);
    if (last < 0 || last === given.length - 1) return;
    const item = { type: 'array' as const, origin: 'value' as const, input: [...given], key: last + 1, value: given[last + 1] };
    addIssue({
      message: say('this step is never reached: the one before always ends the journey', 'exit as the last step'),
      path: [item],
    });
  }),
);

export const journeySchema: v.GenericSchema<unknown, WrittenJourney> = v.pipe(
  fields(
    'a journey',
    { start, exit: v.optional(exit), steps },
    {
      hints: { goal: later('goal'), name: say('a journey is named by its file', 'no name here', 'rename the file') },
    },
  ),
  v.transform((given): WrittenJourney => ({
    start: given.start,
    ...(given.exit === undefined ? {} : { exit: given.exit }),
    steps: given.steps,
  })),
);

/** Names for the parts that the JSON Schema refers to. */
export const journeyDefinitions = { where: where.mapping, if: ifCondition.mapping, steps, step: anyStep };
