/**
 * What start, exit and steps of a journey say together: words that compare with nothing, rests that count from nothing.
 */
import { allSteps, fieldIn, stepsOf, type RawField } from '../decode/written-tree.ts';
import type { ConfigProblem } from '../problem.ts';
import { atKey, type JourneyFile, type Room } from './room.ts';

export const journeyProblems = ({ journeys }: Room): readonly ConfigProblem[] =>
  journeys.flatMap((journey) => {
    const top = { value: journey.document.value, path: [] };
    const start = fieldIn(top, 'start');
    return start === undefined ? [] : [...sameProblems(journey, start, fieldIn(top, 'exit')), ...restProblems(journey, start)];
  });

const eventless: readonly (readonly [string, string])[] = [
  ['entered', 'coming into a segment'],
  ['left', 'leaving a segment'],
  ['date', 'a date'],
];

/** `same` compares with the event that started the journey: it must be an event that carries something. */
function sameProblems(journey: JourneyFile, start: RawField, exit: RawField | undefined): readonly ConfigProblem[] {
  const [, what] = eventless.find(([word]) => fieldIn(start, word) !== undefined) ?? [];
  if (what === undefined) return [];
  const holders = [...(exit === undefined ? [] : [exit]), ...allSteps(stepsOf(journey.document.value))];
  return holders
    .flatMap((holder) => fieldIn(holder, 'same') ?? [])
    .map((same) =>
      atKey(journey, same.path, {
        problem: `same compares with the event that started the journey, and ${what} has no such value`,
        expected: 'same in journeys that start on an event',
        suggestion: 'remove same',
      }),
    );
}

function restProblems(journey: JourneyFile, start: RawField): readonly ConfigProblem[] {
  const rest = fieldIn(start, 'rest');
  const steps = allSteps(stepsOf(journey.document.value));
  if (rest === undefined || steps.length === 0 || steps.some((step) => fieldIn(step, 'send') !== undefined)) return [];
  return [
    atKey(journey, rest.path, {
      problem: 'rest counts from the last message of this journey, and it sends none',
      expected: 'once or once per, or a step that sends',
      suggestion: 'write once per: instead of rest:',
    }),
  ];
}
