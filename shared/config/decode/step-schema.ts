/**
 * Steps as they are written: a list, each step known by its word. Grows by a line for each new one.
 */
import * as v from 'valibot';
import { channelList } from './channel-words.ts';
import { ifCondition } from './condition-schema.ts';
import { goal, set, split, tagging, task, webhook } from './deed-steps.ts';
import { fields, say, shown } from './fields.ts';
import { templateName } from './name-words.ts';
import { didYouMean } from './spelling.ts';
import { wait, waitFor, waitUntil } from './wait-steps.ts';
import type { WrittenStep } from './written-step.ts';

type StepSchema = v.GenericSchema<unknown, WrittenStep>;
type StepsSchema = v.GenericSchema<unknown, readonly WrittenStep[]>;

const nested: StepsSchema = v.lazy(() => steps);

const send: StepSchema = v.pipe(
  fields('a step that sends', { send: templateName, channels: v.optional(channelList) }),
  v.transform((given): WrittenStep => ({ kind: 'send', template: given.send, channels: given.channels ?? [] })),
);

const underThen = (word: string): string =>
  say(`"${word}" stands beside if`, 'steps under then: and else:', `write then: and below it "- ${word}:"`);

/** What people write beside `if`. */
function branchHints(): Readonly<Record<string, string>> {
  const nested = (word: string): string =>
    say(`"${word}" is not a word here`, 'else: and below it another if', 'write else: and below it "- if:"');
  const inside = (word: string): string =>
    say(`"${word}" stands beside if`, 'inside the condition', `write if: { did: …, ${word}: … }`);
  return {
    ...{ send: underThen('send'), wait: underThen('wait'), 'else if': nested('else if'), elif: nested('elif') },
    ...{ within: inside('within'), times: inside('times'), where: inside('where'), same: inside('same') },
  };
}

const branch: StepSchema = v.pipe(
  fields('a step that decides', { if: ifCondition.condition, then: nested, else: v.optional(nested) }, { hints: branchHints() }),
  v.transform((given): WrittenStep => ({ kind: 'branch', condition: given.if, steps: given.then, otherwise: given.else ?? [] })),
);

const end: StepSchema = v.pipe(
  v.literal('exit', (issue) => say(`${shown(issue.input)} is not a step`, stepList, wordAlone(issue.input))),
  v.description('exit: the journey ends here'),
  v.transform((): WrittenStep => ({ kind: 'end' })),
);

/** By the word that makes it. */
const kinds = {
  wait,
  'wait until': waitUntil,
  'wait for': waitFor(nested),
  send,
  if: branch,
  split: split(v.lazy(() => anySteps)),
  set,
  'add tag': tagging,
  'remove tag': tagging,
  webhook,
  task,
  goal,
} as const;

type Word = keyof typeof kinds;
const isWord = (word: string): word is Word => Object.hasOwn(kinds, word);

/** What says most about a step that holds several: `send` beside `if` is a slip inside the `if`. */
const words: readonly Word[] = [
  'if',
  'wait until',
  'wait for',
  'wait',
  'send',
  'split',
  'set',
  'add tag',
  'remove tag',
  'webhook',
  'task',
  'goal',
];

const stepList = `a step: ${words.join(', ')} or exit`;

const wordAlone = (input: unknown): string => {
  const written = String(input).trim();
  const [first = ''] = written.split(/[ :]/);
  if (isWord(written)) return `write - ${written}: …`;
  return isWord(first) ? `write - ${first}: ${written.slice(first.length).replace(/^[ :]+/, '')}` : didYouMean(written, ['exit']);
};

/** None of the words that make a step is there. */
const unknownStep: StepSchema = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, WrittenStep>(({ dataset, addIssue, NEVER }) => {
    const input = dataset.value;
    const keys = typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.keys(input) : [];
    if (keys.includes('exit')) addIssue({ message: say('exit is a word alone', '- exit', 'write - exit') });
    else {
      const problem = keys.length === 0 ? `${shown(input)} is not a step` : 'no word here makes a step';
      const key = keys.find((name) => didYouMean(name, [...words, 'exit']) !== '');
      if (key === undefined) addIssue({ message: say(problem, stepList) });
      else {
        const message = say(problem, stepList, didYouMean(key, [...words, 'exit']));
        addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: null }, key, value: null }] });
      }
    }
    return NEVER;
  }),
);

/** For editors: each kind once. */
export const anyStep: StepSchema = v.union([...new Set<StepSchema>(Object.values(kinds)), end]);

/** The word decides which step it is, so that complaints are about that step. */
const step: StepSchema = v.lazy((input: unknown): StepSchema => {
  if (input === undefined) return anyStep; // asked by the JSON Schema writer
  if (typeof input === 'string') return end;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return unknownStep;
  const keys = Object.keys(input);
  const word = words.find((known) => keys.includes(known));
  return word === undefined ? unknownStep : kinds[word];
});

/** Also none: a variant may do nothing. */
const anySteps: StepsSchema = v.pipe(
  v.array(step, (issue) =>
    say(
      `${shown(issue.input)} stands where steps are expected`,
      'steps with dashes below, each wait, send, if or another step',
      issue.input === 'exit'
        ? 'write [exit]'
        : typeof issue.input === 'object' && issue.input !== null
          ? 'write a dash before each step'
          : '',
    ),
  ),
  v.description('steps, one after the other'),
);

export const steps: StepsSchema = v.pipe(
  anySteps,
  v.check((given) => given.length > 0, say('there is no step', 'at least one step')),
);
