/**
 * A journey as it is written in config/journeys: start, exit, steps.
 */
import * as v from 'valibot';
import type { JourneyStart, RunPattern } from '../../journeys/journey.ts';
import { active, description } from './common-words.ts';
import { didWhere, ifCondition, whereCondition } from './condition-schema.ts';
import { fields, say } from './fields.ts';
import { exitSchema } from './run-pattern.ts';
import { startSchema } from './start-schema.ts';
import { anyStep, steps } from './step-schema.ts';
import type { WrittenStep } from './written-step.ts';

export interface WrittenJourney {
  readonly active: boolean;
  readonly start: JourneyStart;
  readonly exit?: RunPattern;
  readonly steps: readonly WrittenStep[];
}

export const journeySchema: v.GenericSchema<unknown, WrittenJourney> = v.pipe(
  fields(
    'a journey',
    { description, active, start: startSchema, exit: v.optional(exitSchema), steps },
    {
      hints: {
        goal: say('"goal" is a step', 'goal under steps:', 'begin a line with "- goal:"'),
        name: say('a journey is named by its file', 'no name here', 'rename the file'),
      },
    },
  ),
  v.transform((given): WrittenJourney => ({
    active: given.active ?? true,
    start: given.start,
    ...(given.exit === undefined ? {} : { exit: given.exit }),
    steps: given.steps,
  })),
);

/** Names for the parts that the JSON Schema refers to. */
export const journeyDefinitions = {
  where: whereCondition.mapping,
  if: ifCondition.mapping,
  'did where': didWhere.mapping,
  steps,
  step: anyStep,
};
