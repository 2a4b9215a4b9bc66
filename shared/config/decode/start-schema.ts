/**
 * What starts a journey: an event, what somebody did, a segment, a date, a call of the API.
 */
import * as v from 'valibot';
import { raised, type JourneyStart } from '../../journeys/journey.ts';
import { didWhere, ifCondition } from './condition-schema.ts';
import { dateComplaints, dateEntries, dateMoment } from './date-words.ts';
import { didComplaints, didCondition, didEntries, didEvents } from './did-words.ts';
import { eventNames } from './event-words.ts';
import { fields, oneOf, say, together, yesOrNo, type KeyComplaint } from './fields.ts';
import { segmentName } from './name-words.ts';
import { againByEvent, againByPerson, againComplaints, isNotOnce, once, rest, startOf } from './reentry-words.ts';
import { misplaced, patternOf, refused, where } from './run-pattern.ts';
import { nearest } from './spelling.ts';
import { asksMost } from './times-words.ts';

type Start = v.GenericSchema<unknown, JourneyStart>;
type Written = Readonly<Record<string, unknown>>;

const hints = misplaced('start');

const byEvent: Start = v.pipe(
  together(
    fields(
      'what starts the journey',
      { on: eventNames, where, ...againByEvent },
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
      { did: didEvents, ...didEntries(didWhere.condition), ...againByEvent },
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
  if (isNotOnce(written) && written['once per'] === undefined && written['rest'] === undefined) {
    const problem = 'this starts the journey at every event from the count on';
    complaints.push({
      key: 'did',
      message: say(problem, 'once, once per or rest beside did', 'write rest: 14 days, or once: true'),
    });
  }
  return complaints;
}

const ofPerson = v.optional(ifCondition.condition);

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
      { entered: segmentName, existing: v.optional(existing), where: ofPerson, ...againByPerson },
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
      { left: segmentName, where: ofPerson, ...againByPerson },
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
    fields('what starts the journey by a call of the API', { api: yes, where, ...againByEvent }, { hints }),
    againComplaints,
  ),
  v.transform((given) => startOf(patternOf([raised.requested], given.where), { kind: 'api' }, given)),
);

const kinds = { on: byEvent, did: byDeeds, entered: byEntering, left: byLeaving, date: byDate, api: byCall };
const words = ['on', 'did', 'entered', 'left', 'date', 'api'] as const;
type Word = (typeof words)[number];
const isWord = (word: string | undefined): word is Word => words.some((known) => known === word);

const anyStart: Start = v.union(Object.values(kinds));

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
