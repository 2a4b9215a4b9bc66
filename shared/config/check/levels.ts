/**
 * What lies above the level that brand.yaml has switched on, with the word that makes it so (design 7).
 */
import { levelOfPath } from '../../rules/levels.ts';
import type { Path } from '../decode/read-yaml.ts';
import { allSteps, conditionsOf, fieldIn, leavesOf, stepsOf, type RawField } from '../decode/written-tree.ts';
import type { ConfigProblem } from '../problem.ts';
import { atKey, isOff, type JourneyFile, type Room } from './room.ts';

interface LeveledWord {
  readonly word: string;
  readonly level: number;
  readonly path: Path;
}

const names: Readonly<Record<number, string>> = { 2: 'behaviour', 3: 'prediction', 4: 'real time' };

export function levelProblems({ brand, journeys, segments }: Room): readonly ConfigProblem[] {
  const { maturity } = brand;
  if (maturity === undefined) return [];
  const found = [
    ...journeys.map((holder) => ({ holder, words: wordsOfJourney(holder) })),
    ...segments.map((holder) => ({ holder, words: wordsIn(fieldIn({ value: holder.document.value, path: [] }, 'when')) })),
  ];
  return found.flatMap(({ holder, words }) =>
    words
      .filter(({ level }) => level > maturity)
      .map(({ word, level, path }) =>
        atKey(holder, path, {
          problem: `${word} ${word === 'journeys' ? 'are' : 'is'} level ${level}, and brand.yaml allows level ${maturity}`,
          expected: `maturity: ${level} or higher in brand.yaml (${names[level] ?? ''})`,
          suggestion: `write maturity: ${level} in brand.yaml`,
        }),
      ),
  );
}

/**
 * Journeys are behaviour as such: what is in them is said only where it is more. One that is switched off uses no level, so who
 * works on level 1 may keep it; its words are checked all the same.
 */
function wordsOfJourney(journey: JourneyFile): readonly LeveledWord[] {
  const { document } = journey;
  const conditions = conditionsOf(document.value).flatMap(wordsIn);
  const waits = allSteps(stepsOf(document.value)).flatMap((step): readonly LeveledWord[] => {
    const until = fieldIn(step, 'wait until');
    return until?.value === 'best time' ? [{ word: '"best time"', level: 3, path: until.path }] : [];
  });
  const itself: readonly LeveledWord[] = isOff(journey) ? [] : [{ word: 'journeys', level: 2, path: ['start'] }];
  return [...itself, ...[...conditions, ...waits].filter(({ level }) => level > 2)];
}

const wordsIn = (condition: RawField | undefined): readonly LeveledWord[] =>
  leavesOf(condition).flatMap(({ word, path }): readonly LeveledWord[] => {
    const level = levelOfWord(word);
    return level === 1 ? [] : [{ word: `"${word}"`, level, path }];
  });

export const levelOfWord = (word: string): number =>
  word === 'did' || word === 'did not' ? 2 : word.includes('.') ? levelOfPath(word.split('.')).level : 1;
