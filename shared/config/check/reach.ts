/**
 * Steps that nobody reaches, and waits that add up to more than the event that started the journey is kept.
 */
import { isObject } from '../../kernel/json.ts';
import { parseDuration } from '../../kernel/time.ts';
import { daysOf, isLonger, kept } from '../decode/duration-words.ts';
import { allSteps, fieldIn, stepsOf, type RawStep } from '../decode/written-tree.ts';
import type { ConfigProblem } from '../problem.ts';
import { atValue, type JourneyFile, type Room } from './room.ts';

export const reachProblems = ({ journeys }: Room): readonly ConfigProblem[] =>
  journeys.flatMap((journey) => {
    const steps = stepsOf(journey.document.value);
    const lists = [steps, ...allSteps(steps).flatMap(({ blocks }) => blocks.map((block) => block.steps))];
    return [...lists.flatMap((list) => unreached(journey, list)), ...tooMany(journey, steps), ...tooLong(journey, steps)];
  });

function unreached(journey: JourneyFile, list: readonly RawStep[]): readonly ConfigProblem[] {
  const next = list[list.findIndex(endsAlways) + 1];
  if (next === undefined || !list.some(endsAlways)) return [];
  const problem = 'this step is never reached: the one before always ends the journey';
  return [atValue(journey, next.path, { problem, expected: 'exit as the last step', suggestion: '' })];
}

/** More than anybody reads, and far below what an item of the store holds. */
const mostSteps = 1_000;

function tooMany(journey: JourneyFile, steps: readonly RawStep[]): readonly ConfigProblem[] {
  const count = allSteps(steps).length;
  if (count <= mostSteps) return [];
  const said = {
    problem: `this journey has ${count} steps`,
    expected: `at most ${mostSteps}`,
    suggestion: 'make two journeys of it',
  };
  return [atValue(journey, ['steps'], said)];
}

/** Whatever is decided, waited for or drawn, the journey ends in it. */
function endsAlways({ value, blocks }: RawStep): boolean {
  if (value === 'exit') return true;
  if (!isObject(value) || !blocks.every(({ steps }) => steps.some(endsAlways))) return false;
  const words = blocks.map(({ word }) => word);
  return (words.includes('then') && words.includes('else')) || words.includes('variant');
}

/** Days waited in all on the longest way, where it goes on; what is found is put into `problems`. */
interface Way {
  readonly journey: JourneyFile;
  readonly problems: ConfigProblem[];
}

function tooLong(journey: JourneyFile, steps: readonly RawStep[]): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  walk({ journey, problems }, steps, 0);
  return problems;
}

const keptDays = 396;

/** The longest wait up to the end of the list. */
function walk(way: Way, steps: readonly RawStep[], before: number): number {
  return steps.reduce((waited, step) => {
    const wait = waitOf(step);
    const now = waited + (wait?.days ?? 0);
    if (wait !== undefined && now > keptDays && waited <= keptDays) {
      const problem = `by here people have waited up to ${Math.round(now)} days, and the event that started the journey is kept for ${keptDays}`;
      way.problems.push(
        atValue(way.journey, [...step.path, wait.word], {
          problem,
          expected: 'waits of 13 months in all',
          suggestion: 'shorten the waits',
        }),
      );
    }
    const inside = step.blocks.map((block) => walk(way, block.steps, now));
    return Math.max(now, ...inside);
  }, before);
}

interface Wait {
  readonly word: string;
  readonly days: number;
}

/** The longest a step may hold somebody; undefined where it does not wait, or where that is told already. */
function waitOf(step: RawStep): Wait | undefined {
  for (const word of ['wait', 'at most', 'within'] as const) {
    const written = fieldIn(step, word)?.value;
    const duration = typeof written === 'string' ? parseDuration(written) : undefined;
    if (duration !== undefined) return isLonger(duration, kept) ? undefined : { word, days: daysOf(duration) };
  }
  const until = fieldIn(step, 'wait until');
  if (until === undefined) return undefined;
  if (typeof until.value === 'string') return { word: 'wait until', days: 1 };
  if (fieldIn(until, 'every')?.value === 'year') return { word: 'wait until', days: 366 };
  return { word: 'wait until', days: fieldIn(until, 'date') === undefined ? 7 : 0 };
}
