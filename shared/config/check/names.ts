/**
 * What files name is there: templates, segments; and no segment asks for itself.
 */
import { isName } from '../decode/names.ts';
import type { Path } from '../decode/read-yaml.ts';
import { sendsIn } from '../decode/sends.ts';
import { didYouMean } from '../decode/spelling.ts';
import { conditionsOf, fieldIn, leavesOf, textsIn, type RawField } from '../decode/written-tree.ts';
import type { ConfigProblem } from '../problem.ts';
import { readTemplatePath, templatePath } from '../template-files.ts';
import { atValue, type Room, type SegmentFile } from './room.ts';

export const nameProblems = (room: Room): readonly ConfigProblem[] => [
  ...templateProblems(room),
  ...segmentProblems(room),
  ...circleProblems(room.segments),
];

function templateProblems({ journeys, campaigns, templates, brand, unreadable }: Room): readonly ConfigProblem[] {
  const known = new Set([...templates.keys(), ...unreadable.flatMap((file) => readTemplatePath(file)?.template ?? [])]);
  return [...journeys, ...campaigns].flatMap((holder) =>
    sendsIn(holder.document.value).flatMap(({ template, path }) => {
      if (known.has(template) || !isName(template)) return []; // a name that cannot be one is said already
      const missing = templatePath({ template, channel: 'email', language: brand.language });
      const problem = `there is no template "${template}"`;
      const expected = 'the name of a folder in templates that holds an e-mail or an SMS';
      const suggestion = didYouMean(template, [...templates.keys()]) || `write ${missing}`;
      return [atValue(holder, path, { problem, expected, suggestion })];
    }),
  );
}

interface Reference {
  readonly segment: string;
  readonly path: Path;
}

const inConditions = (conditions: readonly RawField[]): readonly Reference[] =>
  conditions
    .flatMap(leavesOf)
    .filter(({ word }) => word === 'in' || word === 'not in')
    .flatMap((leaf) => textsIn(leaf).map(({ text, path }) => ({ segment: text, path })));

const present = (field: RawField | undefined): readonly RawField[] => (field === undefined ? [] : [field]);
const named = (field: RawField | undefined): readonly Reference[] =>
  textsIn(field).map(({ text, path }) => ({ segment: text, path }));

const referencesOf = ({ document }: SegmentFile): readonly Reference[] =>
  inConditions(present(fieldIn({ value: document.value, path: [] }, 'when')));

function segmentProblems({ journeys, segments, campaigns, unreadable }: Room): readonly ConfigProblem[] {
  const unread = unreadable.flatMap((file) => /^segments\/([^/]+)\.yaml$/.exec(file)?.[1] ?? []);
  const names = [...segments.map(({ name }) => name), ...unread];
  const holders = [
    ...segments.map((holder) => ({ holder, references: referencesOf(holder) })),
    ...journeys.map((holder) => {
      const start = fieldIn({ value: holder.document.value, path: [] }, 'start');
      const starting = start === undefined ? [] : [...named(fieldIn(start, 'entered')), ...named(fieldIn(start, 'left'))];
      return { holder, references: [...starting, ...inConditions(conditionsOf(holder.document.value))] };
    }),
    ...campaigns.map((holder) => ({
      holder,
      references: named(fieldIn({ value: holder.document.value, path: [] }, 'segment')),
    })),
  ];
  return holders.flatMap(({ holder, references }) =>
    references.flatMap(({ segment, path }) => {
      if (names.includes(segment) || !isName(segment)) return [];
      const problem = `there is no segment "${segment}"`;
      const suggestion = didYouMean(segment, names) || `write segments/${segment}.yaml`;
      return [atValue(holder, path, { problem, expected: 'the name of a file in segments, without .yaml', suggestion })];
    }),
  );
}

/** Each circle once, told at the first of its segments by name. */
function circleProblems(segments: readonly SegmentFile[]): readonly ConfigProblem[] {
  const references = new Map(segments.map((segment) => [segment.name, referencesOf(segment)]));
  return segments.flatMap((segment) => {
    const next = (name: string): readonly string[] =>
      (references.get(name) ?? []).flatMap((reference) => (reference.segment < segment.name ? [] : [reference.segment]));
    const circle = wayBack(segment.name, next);
    if (circle === undefined) return [];
    const [, second = segment.name] = circle;
    const path = references.get(segment.name)?.find((reference) => reference.segment === second)?.path ?? ['when'];
    const problem = `segment "${segment.name}" asks for itself: ${circle.join(' → ')}`;
    return [atValue(segment, path, { problem, expected: 'segments that end somewhere', suggestion: 'remove one of these' })];
  });
}

/** The shortest way from a name back to itself, both ends included; undefined where there is none. */
export function wayBack(from: string, next: (name: string) => readonly string[]): readonly string[] | undefined {
  const seen = new Set<string>();
  let ways: readonly (readonly string[])[] = [[from]];
  while (ways.length > 0) {
    const longer: (readonly string[])[] = [];
    for (const way of ways) {
      for (const name of next(way.at(-1) ?? from)) {
        if (name === from) return [...way, name];
        if (seen.has(name)) continue;
        seen.add(name);
        longer.push([...way, name]);
      }
    }
    ways = longer;
  }
  return undefined;
}
