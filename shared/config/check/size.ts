/**
 * Conditions that grow too large or too deep when their segments are put in: asked of the names, before anything is put in, so
 * that forty segments that each ask twice for the next do not fill the memory.
 */
import type { RunPattern } from '../../journeys/journey.ts';
import type { Condition } from '../../rules/condition.ts';
import type { WrittenJourney } from '../decode/journey-schema.ts';
import type { WrittenStep } from '../decode/written-step.ts';
import type { ConfigProblem, Said } from '../problem.ts';
import { atKey, type Room } from './room.ts';

export interface Size {
  readonly parts: number;
  /** Levels of JSON. */
  readonly levels: number;
}

/** Far more than anybody reads, and each part is asked of each person at each event. */
const mostParts = 2_000;
/** The store reads back 64 levels, of which a journey around a condition takes a few. */
const mostLevels = 48;

/** Only where no segment asks for itself. */
export function sizeProblems({ segments, journeys }: Room): readonly ConfigProblem[] {
  const written = new Map(segments.map(({ name, value }) => [name, value?.when]));
  const sizes = new Map<string, Size>();
  const sizeOfSegment = (name: string): Size => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const when = written.get(name);
    const size = when === undefined ? { parts: 1, levels: 1 } : sizeOf(when, sizeOfSegment);
    sizes.set(name, size);
    return size;
  };
  const tooLarge = ({ parts, levels }: Size): boolean => parts > mostParts || levels > mostLevels;
  const large = new Set(segments.filter(({ name }) => tooLarge(sizeOfSegment(name))).map(({ name }) => name));
  // One that is too large through another is said there.
  const first = segments.filter(
    ({ name, value }) => large.has(name) && value !== undefined && !namesIn(value.when).some((part) => large.has(part)),
  );
  if (first.length > 0) return first.map((segment) => atKey(segment, ['when'], said(sizeOfSegment(segment.name))));
  return journeys.flatMap((journey) => {
    if (journey.value === undefined) return [];
    const all = around(
      conditionsIn(journey.value).map((condition) => sizeOf(condition, sizeOfSegment)),
      0,
    );
    return tooLarge({ ...all, parts: all.parts / 10 }) ? [atKey(journey, ['start'], said(all))] : [];
  });
}

const said = ({ parts, levels }: Size): Said => ({
  problem:
    levels > mostLevels
      ? `this is ${levels} conditions deep, segments included`
      : `this asks ${parts} conditions, segments included`,
  expected: `at most ${mostParts} in a segment, ${mostParts * 10} in a journey, ${mostLevels} levels deep`,
  suggestion: 'ask for less',
});

function conditionsIn({ start, exit, steps }: WrittenJourney): readonly Condition[] {
  const watched: readonly Condition[] = start.cause.kind === 'segment' ? [segmentNamed(start.cause.segment)] : [];
  return [...watched, ...ofPattern(start), ...(exit === undefined ? [] : ofPattern(exit)), ...steps.flatMap(conditionsOfStep)];
}

const segmentNamed = (segment: string): Condition => ({ kind: 'segment', segment, of: { kind: 'all', of: [] } });
const ofPattern = ({ where }: RunPattern): readonly Condition[] => (where === undefined ? [] : [where]);

function conditionsOfStep(step: WrittenStep): readonly Condition[] {
  if (step.kind === 'split') return step.variants.flatMap((variant) => variant.steps.flatMap(conditionsOfStep));
  if (step.kind !== 'branch' && step.kind !== 'wait-event') return [];
  const own = step.kind === 'branch' ? [step.condition] : ofPattern(step.pattern);
  return [...own, ...[...step.steps, ...step.otherwise].flatMap(conditionsOfStep)];
}

function namesIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(namesIn);
    case 'not':
      return namesIn(condition.of);
    case 'segment':
      return [condition.segment];
    case 'compare':
    case 'orders':
    case 'did':
      return [];
  }
}

function sizeOf(condition: Condition, sizeOfSegment: (name: string) => Size): Size {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return around(
        condition.of.map((part) => sizeOf(part, sizeOfSegment)),
        2,
      );
    case 'not':
      return around([sizeOf(condition.of, sizeOfSegment)], 1);
    case 'segment':
      return around([sizeOfSegment(condition.segment)], 1);
    case 'did':
      return around(condition.where === undefined ? [] : [sizeOf(condition.where, sizeOfSegment)], 2);
    case 'compare':
    case 'orders':
      return { parts: 1, levels: 3 };
  }
}

const around = (parts: readonly Size[], levels: number): Size => ({
  parts: parts.reduce((sum, part) => sum + part.parts, 1),
  levels: levels + parts.reduce((deepest, part) => Math.max(deepest, part.levels), 0),
});
