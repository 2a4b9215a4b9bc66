/**
 * A segment as it is written in config/segments: a condition under a name, which is the name of the file.
 */
import * as v from 'valibot';
import type { Condition } from '../../rules/condition.ts';
import { description } from './common-words.ts';
import { didWhere, ifCondition } from './condition-schema.ts';
import { fields, say } from './fields.ts';

export interface WrittenSegment {
  readonly when: Condition;
}

const under = (word: string): string =>
  say(`"${word}" stands beside when`, `when: and the condition`, `write when: and below it ${word}:`);

export const segmentSchema: v.GenericSchema<unknown, WrittenSegment> = v.pipe(
  fields(
    'a segment',
    { description, when: ifCondition.condition },
    {
      hints: {
        ...{
          all: under('all'),
          any: under('any'),
          not: under('not'),
          did: under('did'),
          'did not': under('did not'),
          in: under('in'),
        },
        where: say('"where" is not a word of segments', 'when: and the condition', 'did you mean "when"?'),
        if: say('"if" is a word of journeys', 'when: and the condition', 'did you mean "when"?'),
        name: say('a segment is named by its file', 'no name here', 'rename the file'),
        active: say('a segment is neither on nor off', 'active: in journeys and campaigns', 'remove active'),
      },
    },
  ),
  v.transform(({ when }): WrittenSegment => ({ when })),
);

/** Names for the parts that the JSON Schema refers to. */
export const segmentDefinitions = { if: ifCondition.mapping, 'did where': didWhere.mapping };
