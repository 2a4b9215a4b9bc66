/**
 * What ends a run or what it waits for: an event, with a condition, with the same value as the event that started it.
 */
import * as v from 'valibot';
import type { EventPattern, RunPattern } from '../../journeys/journey.ts';
import { whereCondition } from './condition-schema.ts';
import { eventNames } from './event-words.ts';
import { fields, say, type KeyComplaint } from './fields.ts';
import { propertyPath } from './path-words.ts';

export const where = v.optional(whereCondition.condition);
export const same = v.optional(propertyPath);

export const patternOf = (on: readonly string[], condition: EventPattern['where']): EventPattern => ({
  on,
  ...(condition === undefined ? {} : { where: condition }),
});

export const runPattern = (on: readonly string[], condition: RunPattern['where'], path: RunPattern['same']): RunPattern => ({
  ...patternOf(on, condition),
  ...(path === undefined ? {} : { same: path }),
});

/** Words that stand one level too deep, or that belong elsewhere. `inside`: start or exit. */
export function misplaced(inside: 'start' | 'exit'): Readonly<Record<string, string>> {
  const deep = (word: string): string =>
    say(
      `"${word}" stands inside ${inside}`,
      `${word}: at the start of a line of its own`,
      `move it to the left, below ${inside}`,
    );
  return {
    exit: deep('exit'),
    steps: deep('steps'),
    if: say('"if" is a step', `where: for a condition of the ${inside}`, 'write where:'),
    when: say('"when" is a word of segments', 'on: for an event, where: for a condition', 'write where:'),
  };
}

/** One word says that the whole is no start or exit: nothing else in it needs a word. */
export const refused = <T>({ key, message }: KeyComplaint): v.GenericSchema<unknown, T> =>
  v.pipe(
    v.unknown(),
    v.rawTransform<unknown, T>(({ addIssue, NEVER }) => {
      addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: null }, key, value: null }] });
      return NEVER;
    }),
  );

const exitByEvent: v.GenericSchema<unknown, RunPattern> = v.pipe(
  fields('what ends the journey', { on: eventNames, where, same }, { shorthand: 'on', hints: misplaced('exit') }),
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
