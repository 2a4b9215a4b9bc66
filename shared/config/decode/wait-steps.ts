/**
 * Steps that wait: so long, until a time or a date or the best moment, for an event.
 */
import * as v from 'valibot';
import type { DateMoment } from '../../journeys/journey.ts';
import type { Duration, TimeOfDay, ZoneChoice } from '../../kernel/time.ts';
import { dateComplaints, dateEntries, dateMoment } from './date-words.ts';
import { duration, kept } from './duration-words.ts';
import { eventNames } from './event-words.ts';
import { fields, say, together } from './fields.ts';
import { runPattern, same, where } from './run-pattern.ts';
import { timeOfDay, weekdayList, zoneChoice } from './time-words.ts';
import type { WrittenStep } from './written-step.ts';

type StepSchema = v.GenericSchema<unknown, WrittenStep>;
type StepsSchema = v.GenericSchema<unknown, readonly WrittenStep[]>;

/** The event that started a run is kept for so long: after that a message could not name what it is about. */
const longestWait = { longest: kept, because: 'the event that started the journey is not kept longer' };

/** A dash was forgotten. */
const twoSteps = (word: string): string =>
  say(`"${word}" is a step of its own`, 'one step after each dash', `begin a line with "- ${word}:"`);

const ownSteps = { send: twoSteps('send'), if: twoSteps('if'), wait: twoSteps('wait') };

export const wait: StepSchema = v.pipe(
  fields(
    'a step that waits',
    { wait: duration('how long', { ...longestWait, some: true }), 'restart on': v.optional(eventNames) },
    {
      hints: {
        send: ownSteps.send,
        if: ownSteps.if,
        until: say('"until" stands apart from wait', 'wait until: as one word', 'write wait until:'),
        for: say(
          '"for" stands apart from wait',
          'wait for: and an event',
          'write wait for: and the event, or wait: and a duration',
        ),
      },
    },
  ),
  v.transform((given): WrittenStep => ({ kind: 'wait', duration: given.wait, restartOn: given['restart on'] ?? [] })),
);

type Until =
  | { readonly kind: 'time'; readonly at: TimeOfDay; readonly weekdays: readonly number[]; readonly zone: ZoneChoice }
  | { readonly kind: 'date'; readonly date: DateMoment }
  | { readonly kind: 'best-time' };
type UntilSchema = v.GenericSchema<unknown, Until>;

const untilTime: UntilSchema = v.pipe(
  timeOfDay,
  v.transform((at): Until => ({ kind: 'time', at, weekdays: [], zone: 'brand' })),
);

const untilWeekday: UntilSchema = v.pipe(
  fields(
    'a time to wait for',
    { at: timeOfDay, on: v.optional(weekdayList), zone: v.optional(zoneChoice) },
    { hints: { before: ofDate('before'), after: ofDate('after'), every: ofDate('every') } },
  ),
  v.transform(({ at, on, zone }): Until => ({ kind: 'time', at, weekdays: on ?? [], zone: zone ?? 'brand' })),
);

function ofDate(word: string): string {
  return say(`"${word}" needs the date of a trait`, 'date: and the trait beside it', 'write date: and the trait');
}

const onDate = say('"on" is for times of day, and here is a date', 'at:, before:, after:', 'write date: alone, or on: alone');

const untilDate: UntilSchema = v.pipe(
  together(fields('a date of the person to wait for', dateEntries, { hints: { on: onDate } }), dateComplaints),
  v.transform((given): Until => ({ kind: 'date', date: dateMoment(given) })),
);

const untilBest: UntilSchema = v.pipe(
  v.literal('best time'),
  v.description('best time: when this person reads most (level 3)'),
  v.transform((): Until => ({ kind: 'best-time' })),
);

const anyUntil: UntilSchema = v.union([untilTime, untilWeekday, untilDate, untilBest]);

const until: UntilSchema = v.lazy((input: unknown): UntilSchema => {
  if (input === undefined) return anyUntil; // asked by the JSON Schema writer
  if (typeof input === 'object' && input !== null) return 'date' in input ? untilDate : untilWeekday;
  return input === 'best time' ? untilBest : untilTime;
});

/** Long enough to meet the best hour, short enough that the message still makes sense. */
const bestWithin: Duration = { count: 1, unit: 'days' };

export const waitUntil: StepSchema = v.pipe(
  together(
    fields(
      'a step that waits until a time',
      { 'wait until': until, within: v.optional(duration('how long at most, with best time', { ...longestWait, some: true })) },
      { hints: { ...ownSteps, at: inside('at'), on: inside('on'), zone: inside('zone'), date: inside('date') } },
    ),
    (written) =>
      written['within'] === undefined || written['wait until'] === 'best time'
        ? []
        : [{ key: 'within', message: say('within belongs to best time', 'wait until: best time', 'remove within') }],
  ),
  v.transform(({ 'wait until': moment, within }): WrittenStep => {
    switch (moment.kind) {
      case 'time':
        return { kind: 'wait-time', at: moment.at, weekdays: moment.weekdays, zone: moment.zone };
      case 'date':
        return { kind: 'wait-date', date: moment.date };
      case 'best-time':
        return { kind: 'wait-best-time', within: within ?? bestWithin };
    }
  }),
);

function inside(word: string): string {
  const whole = word === 'at' || word === 'date' ? `{ ${word}: … }` : `{ at: "10:00", ${word}: … }`;
  return say(`"${word}" stands beside wait until`, 'inside wait until', `write wait until: ${whole}`);
}

/** `nested`: steps, which in turn may hold this one. */
export const waitFor = (nested: StepsSchema): StepSchema =>
  v.pipe(
    fields(
      'a step that waits for an event',
      {
        'wait for': eventNames,
        where,
        same,
        'at most': duration('how long at most', { ...longestWait, some: true }),
        then: v.optional(nested),
        else: v.optional(nested),
      },
      { hints: { ...ownSteps, within: say('"within" is not a word of this step', 'at most:', 'did you mean "at most"?') } },
    ),
    v.transform((given): WrittenStep => ({
      kind: 'wait-event',
      pattern: runPattern(given['wait for'], given.where, given.same),
      atMost: given['at most'],
      steps: given.then ?? [],
      otherwise: given.else ?? [],
    })),
  );
