/**
 * The conditions of segments, put where their names stand: a journey keeps the segment it was checked with.
 */
import type { Journey, JourneyStart, RunPattern, Step } from '../../journeys/journey.ts';
import type { Condition } from '../../rules/condition.ts';
import type { Segment } from '../../rules/segment.ts';

/** By name; every segment that is named must be there, and none may ask for itself. */
export type Segments = ReadonlyMap<string, Condition>;

export function segmentsByName(written: readonly Segment[]): Segments {
  const found = new Map(written.map(({ name, when }) => [name, when]));
  const inlined = new Map<string, Condition>();
  const conditionOf = (name: string): Condition => {
    const known = inlined.get(name);
    if (known !== undefined) return known;
    const when = found.get(name);
    if (when === undefined) throw new Error(`segment ${name} was named and is not there`);
    const condition = replaced(when, conditionOf);
    inlined.set(name, condition);
    return condition;
  };
  return new Map([...found.keys()].toSorted().map((name) => [name, conditionOf(name)]));
}

/** The same condition with its segments filled in. Parts without a segment stay the objects they were. */
export const inlineSegments = (condition: Condition, segments: Segments): Condition =>
  replaced(condition, (name) => {
    const when = segments.get(name);
    if (when === undefined) throw new Error(`segment ${name} was named and is not there`);
    return when;
  });

function replaced(condition: Condition, conditionOf: (name: string) => Condition): Condition {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { ...condition, of: condition.of.map((part) => replaced(part, conditionOf)) };
    case 'not':
      return { ...condition, of: replaced(condition.of, conditionOf) };
    case 'segment':
      return { ...condition, of: conditionOf(condition.segment) };
    case 'compare':
    case 'orders':
    case 'did':
      return condition;
  }
}

export function withSegments(journey: Journey, segments: Segments): Journey {
  const { start, exit, steps } = journey;
  return {
    ...journey,
    start: startWith(start, segments),
    ...(exit === undefined ? {} : { exit: patternWith(exit, segments) }),
    steps: steps.map((step) => stepWith(step, segments)),
  };
}

const patternWith = <P extends RunPattern>(pattern: P, segments: Segments): P =>
  pattern.where === undefined ? pattern : { ...pattern, where: inlineSegments(pattern.where, segments) };

function startWith(start: JourneyStart, segments: Segments): JourneyStart {
  const { where, cause } = start;
  const condition = where === undefined ? {} : { where: inlineSegments(where, segments) };
  if (cause.kind !== 'segment') return { ...start, ...condition };
  const when = inlineSegments({ kind: 'segment', segment: cause.segment, of: cause.when }, segments);
  return { ...start, ...condition, cause: { ...cause, when: when.kind === 'segment' ? when.of : when } };
}

function stepWith(step: Step, segments: Segments): Step {
  if (step.kind === 'branch') return { ...step, condition: inlineSegments(step.condition, segments) };
  return step.kind === 'wait-event' ? { ...step, pattern: patternWith(step.pattern, segments) } : step;
}
