/**
 * What starts a journey, and what ends it: by an event, by what somebody did, by a segment, by a date, by a call of the API.
 */
import * as v from 'valibot';
import { raised, type EventPattern, type JourneyStart, type Reentry, type RunPattern } from '../../journeys/journey.ts';
import type { Duration } from '../../kernel/time.ts';
import { didWhere, ifCondition, whereCondition } from './condition-schema.ts';
import { dateComplaints, dateEntries, dateMoment } from './date-words.ts';
import { didComplaints, didCondition, didEntries, didEvents } from './did-words.ts';
import { duration } from './duration-words.ts';
import { eventNames } from './event-words.ts';
import { fields, oneOf, say, together, yesOrNo, type KeyComplaint } from './fields.ts';
import { segmentName } from './name-words.ts';
import { personPath, propertyPath, reentryPath } from './path-words.ts';
import { nearest } from './spelling.ts';
import { asksMost } from './times-words.ts';

type Start = v.GenericSchema<unknown, JourneyStart>;
type Written = Readonly<Record<string, unknown>>;

/** What is long past starts nothing (promise 4). */
const defaultLate: Duration = { count: 1, unit: 'hours' };

const once = v.optional(v.nullable(yesOrNo('true: once in a lifetime')));
const oncePer = v.optional(reentryPath);
const rest = v.optional(duration('how long to rest after the last message of this journey', { usual: 'days' }));
const late = v.optional(duration('events older than this start nothing'));
const again = { once, 'once per': oncePer, rest };

interface Again {
  readonly once?: boolean | null | undefined;
  readonly 'once per'?: readonly string[] | undefined;
  readonly rest?: Duration | undefined;
  readonly late?: Duration | undefined;
}

/** `{ on: Signed Up, once }` leaves once empty: it means true. Neither of the two: every time. */
function reentryOf({ once: lifetime, 'once per': path }: Again): Reentry {
  if (path !== undefined) return { kind: 'once-per', path };
  return lifetime === undefined || lifetime === false ? { kind: 'always' } : { kind: 'once' };
}

const startOf = (pattern: EventPattern, cause: JourneyStart['cause'], given: Again): JourneyStart => ({
  ...pattern,
  cause,
  reentry: reentryOf(given),
  ...(given.rest === undefined ? {} : { rest: given.rest }),
  late: given.late ?? defaultLate,
});

const isOff = (value: unknown): boolean =>
  value === undefined || value === false || ['false', 'no', 'non', 'faux', 'off'].includes(String(value));

function againComplaints(written: Written): readonly KeyComplaint[] {
  if (written['once per'] === undefined || isOff(written['once'])) return [];
  return [{ key: 'once per', message: say('once and once per exclude each other', 'one of them', 'remove one of the two') }];
}

const hints = {
  exit: say('"exit" stands inside start', 'exit: at the start of a line of its own', 'move it to the left, below start'),
  steps: say('"steps" stands inside start', 'steps: at the start of a line of its own', 'move it to the left, below start'),
  if: say('"if" is a step', 'where: for a condition of the start', 'write where:'),
  when: say('"when" is a word of segments', 'on: for an event, where: for a condition', 'write where:'),
};

const where = v.optional(whereCondition.condition);
const patternOf = (on: readonly string[], condition: EventPattern['where']): EventPattern => ({
  on,
  ...(condition === undefined ? {} : { where: condition }),
});

const byEvent: Start = v.pipe(
  together(
    fields(
      'what starts the journey',
      { on: eventNames, where, ...again, late },
      { shorthand: 'on', hints: { ...hints, ...besideDid() } },
    ),
    againComplaints,
  ),
  v.transform((given) => startOf(patternOf(given.on, given.where), { kind: 'event' }, given)),
);

/** Words of did beside on. */
function besideDid(): Readonly<Record<string, string>> {
  const instead = (word: string): string =>
    say(`"${word}" counts, and on does not`, 'did: to count events', 'write did: instead of on:');
  return { times: instead('times'), within: instead('within'), same: instead('same') };
}

const byDeeds: Start = v.pipe(
  together(
    fields(
      'what starts the journey when it was done so often',
      { did: didEvents, ...didEntries(didWhere.condition), ...again, late },
      { hints },
    ),
    (written) => [...againComplaints(written), ...didComplaints(written), ...deedComplaints(written)],
  ),
  v.transform((given) => {
    const did = didCondition(given.did, given);
    return startOf({ on: did.events }, { kind: 'did', did }, given);
  }),
);

/** It fires at each event from the count on: something must say how often that starts the journey. */
function deedComplaints(written: Written): readonly KeyComplaint[] {
  const complaints: KeyComplaint[] = [];
  if (asksMost(written['times'])) {
    const message = say('a start counts up: it cannot ask for at most', 'times: 3 or { gte: 3 }', 'write times: and a number');
    complaints.push({ key: 'times', message });
  }
  if (isOff(written['once']) && written['once per'] === undefined && written['rest'] === undefined) {
    const problem = 'this starts the journey at every event from the count on';
    complaints.push({
      key: 'did',
      message: say(problem, 'once, once per or rest beside did', 'write rest: 14 days, or once: true'),
    });
  }
  return complaints;
}

const ofPerson = v.optional(ifCondition.condition);
const oncePerPerson = { once, 'once per': v.optional(personPath), rest };

const existing = oneOf('do those who are in already start too?', ['ignore', 'include'], {
  yes: 'include',
  oui: 'include',
  true: 'include',
  no: 'ignore',
  non: 'ignore',
  false: 'ignore',
});

const byEntering: Start = v.pipe(
  together(
    fields(
      'what starts the journey when somebody comes into a segment',
      { entered: segmentName, existing: v.optional(existing), where: ofPerson, ...oncePerPerson, late },
      { hints },
    ),
    againComplaints,
  ),
  v.transform((given) =>
    startOf(patternOf([raised.entered], given.where), segmentCause(given.entered, 'entered', given.existing ?? 'ignore'), given),
  ),
);

const noExisting = say(
  'who is out already cannot be told from who was never in',
  'existing: with entered: alone',
  'remove existing',
);

const byLeaving: Start = v.pipe(
  together(
    fields(
      'what starts the journey when somebody leaves a segment',
      { left: segmentName, where: ofPerson, ...oncePerPerson, late },
      { hints: { ...hints, existing: noExisting } },
    ),
    againComplaints,
  ),
  v.transform((given) => startOf(patternOf([raised.left], given.where), segmentCause(given.left, 'left', 'ignore'), given)),
);

/** The condition of the segment is put in when it is compiled. */
const segmentCause = (
  segment: string,
  moment: 'entered' | 'left',
  existingPeople: 'ignore' | 'include',
): JourneyStart['cause'] => ({ kind: 'segment', segment, moment, when: { kind: 'all', of: [] }, existing: existingPeople });

const notAsked = (word: string, because: string): string =>
  say(`"${word}" means nothing for a start by date: ${because}`, 'once, rest', `remove ${word}`);

const byDate: Start = v.pipe(
  together(
    fields(
      'what starts the journey on a date of the person',
      { ...dateEntries, where: ofPerson, once, rest },
      {
        hints: {
          ...hints,
          late: notAsked('late', 'a day that comes is never late'),
          'once per': notAsked('once per', 'it starts once for each day anyway'),
        },
      },
    ),
    dateComplaints,
  ),
  v.transform((given) => startOf(patternOf([raised.date], given.where), { kind: 'date', date: dateMoment(given) }, given)),
);

const yes = v.pipe(
  yesOrNo('true: it starts by POST /v1/journeys/{name}/start'),
  v.check((value) => value, say('this would never start', 'api: true', 'write api: true')),
);

const byCall: Start = v.pipe(
  together(
    fields('what starts the journey by a call of the API', { api: yes, where, ...again, late }, { hints }),
    againComplaints,
  ),
  v.transform((given) => startOf(patternOf([raised.requested], given.where), { kind: 'api' }, given)),
);

const kinds = { on: byEvent, did: byDeeds, entered: byEntering, left: byLeaving, date: byDate, api: byCall };
const words = ['on', 'did', 'entered', 'left', 'date', 'api'] as const;
type Word = (typeof words)[number];
const isWord = (word: string | undefined): word is Word => words.some((known) => known === word);

const anyStart: Start = v.union(Object.values(kinds));

/** One word says that the whole is no start or exit: nothing else in it needs a word. */
const refused = <T>({ key, message }: KeyComplaint): v.GenericSchema<unknown, T> =>
  v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ addIssue, NEVER }) => {
      addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: null }, key, value: null }] });
      return NEVER;
    }),
  );

/** Two words that each make a start: what the rest belongs to cannot be told. */
const twoStarts = (first: string, second: string): Start =>
  refused({
    key: second,
    message: say(
      `${first}: and ${second}: exclude each other`,
      `one of ${words.join(', ')}`,
      'remove one of the two, or write two journeys',
    ),
  });

const noStarts = {
  segment: say('"segment" is not a start', 'entered: or left: and the name of the segment', 'write entered: and the segment'),
  'did not': say(
    'nobody can start by not doing something: no event tells it',
    'entered: and a segment with did not',
    'write a segment with did not, and start on entered:',
  ),
};

/** The word decides which start it is, so that complaints are about that start. */
export const startSchema: Start = v.lazy((input: unknown): Start => {
  if (input === undefined) return anyStart; // asked by the JSON Schema writer
  if (typeof input !== 'object' || input === null) return byEvent;
  const [word, second] = Object.keys(input).filter(isWord);
  if (word !== undefined && second !== undefined) return twoStarts(word, second);
  if (word !== undefined) return kinds[word];
  const wrong = (['did not', 'segment'] as const).find((key) => key in input);
  if (wrong !== undefined) return refused({ key: wrong, message: noStarts[wrong] });
  const foreign = Object.keys(input).filter((key) => !['where', 'late', 'rest', 'once', 'once per'].includes(key));
  const meant = foreign.map((key) => nearest(key, words)).find(isWord);
  return meant === undefined ? byEvent : kinds[meant];
});

const sameValue = v.optional(propertyPath);

/** What ends a run, or what it waits for. */
export const runPattern = (on: readonly string[], condition: RunPattern['where'], same: RunPattern['same']): RunPattern => ({
  ...patternOf(on, condition),
  ...(same === undefined ? {} : { same }),
});

const exitByEvent: v.GenericSchema<unknown, RunPattern> = v.pipe(
  fields('what ends the journey', { on: eventNames, where, same: sameValue }, { shorthand: 'on', hints }),
  v.transform((given) => runPattern(given.on, given.where, given.same)),
);

const noExits = ['did', 'did not', 'entered', 'left', 'in', 'not in', 'date', 'api'];

export const exitSchema: v.GenericSchema<unknown, RunPattern> = v.lazy((input: unknown): v.GenericSchema<unknown, RunPattern> => {
  const keys = typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.keys(input) : [];
  const key = keys.find((word) => noExits.includes(word));
  if (key === undefined || keys.includes('on')) return exitByEvent;
  const instead = 'write on: and the event, or an if before each send';
  return refused({ key, message: say(`"${key}" cannot end a journey`, 'on: and an event', instead) });
});
