/** Journeys of the whole language in short, and a world in memory that runs them as the queues would. */
import type { JourneyVersion } from '../../shared/config/config.ts';
import type { Event } from '../../shared/events/event.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import type { DateMoment, Journey, JourneyStart, Step } from '../../shared/journeys/journey.ts';
import { watchRef } from '../../shared/journeys/watch.ts';
import { contentHash } from '../../shared/kernel/ids.ts';
import { parseDuration, type Duration, type Instant } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import type { Condition, DidCondition } from '../../shared/rules/condition.ts';
import { didId } from '../../shared/rules/did-state.ts';
import { aWorld, brand, email, envelope, theOne, track, type TestWorld } from './process-events-world.ts';

export const span = (text: string): Duration => {
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`${text} is no duration`);
  return duration;
};

export function did(events: readonly string[], given: Partial<Omit<DidCondition, 'events' | 'kind' | 'id'>> = {}): DidCondition {
  const counted = { kind: 'did', events, times: { min: 1 }, ...given } as const;
  return { ...counted, id: didId(counted) };
}

export const never = (events: readonly string[], within: string): DidCondition =>
  did(events, { times: { min: 0, max: 0 }, within: span(within) });

export const is = (path: string, op: 'eq' | 'gte' | 'lt', value: string | number | boolean): Condition => ({
  kind: 'compare',
  path: path.split('.'),
  comparison: { op, value },
});

const late = span('1 hour');

/** Once a person, unless it is said otherwise. */
export function aJourney(
  name: string,
  start: Partial<JourneyStart> & Pick<JourneyStart, 'on'>,
  steps: readonly Step[],
  given: Partial<Journey> = {},
): JourneyVersion {
  const journey: Journey = {
    name,
    start: { cause: { kind: 'event' }, reentry: { kind: 'once' }, late, ...start },
    steps,
    ...given,
  };
  return { hash: contentHash(name, JSON.stringify(journey)), journey, templates: {} };
}

export const byCount = (name: string, counted: DidCondition, steps: readonly Step[], given: Partial<JourneyStart> = {}) =>
  aJourney(name, { on: counted.events, cause: { kind: 'did', did: counted }, ...given }, steps);

export const bySegment = (
  name: string,
  moment: 'entered' | 'left',
  when: Condition,
  steps: readonly Step[],
  given: Partial<JourneyStart> = {},
) =>
  aJourney(
    name,
    {
      on: [moment === 'entered' ? 'Segment Entered' : 'Segment Left'],
      cause: { kind: 'segment', segment: name, moment, when, existing: 'ignore' },
      reentry: { kind: 'always' },
      ...given,
    },
    steps,
  );

/** On the day of a birthday at nine, once a run, unless it is said otherwise. */
export const byDate = (name: string, given: Partial<DateMoment> = {}, start: Partial<JourneyStart> = {}, steps = [goal('1')]) =>
  aJourney(
    name,
    {
      on: ['Date Reached'],
      cause: {
        kind: 'date',
        date: { path: ['birthday'], offset: { count: 0, unit: 'days' }, at: 540, every: 'year', zone: 'brand', ...given },
      },
      reentry: { kind: 'always' },
      ...start,
    },
    steps,
  );

export const goal = (label: string, name = 'fait'): Step => ({ kind: 'goal', label, name });
export const wait = (label: string, text: string, restartOn: readonly string[] = []): Step => ({
  kind: 'wait',
  label,
  duration: span(text),
  restartOn,
});

export const ada = email('ada@example.com');

/** Tells one envelope of Ada's, and then runs all that is due now. */
export async function tell(world: TestWorld, ...events: readonly Event[]): Promise<void> {
  await processEnvelope(world.ports, envelope([ada], events, { receivedAt: world.clock.now }));
  await settle(world);
}

/** Ada does this now. */
export const does = (world: TestWorld, name: string, properties: Event['properties'] = {}): Promise<void> => {
  told += 1;
  return tell(world, track(`e${told}`, name, world.clock.now, properties));
};
let told = 0;

/** All queues, until nothing more is due at this moment. Messages stay in the outbox. */
export async function settle(world: TestWorld): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const work = world.queues.takeWork(world.clock.now);
    const events = world.queues.takeEvents();
    if (work.length + events.length === 0) return;
    for (const one of events) await processEnvelope(world.ports, one);
    for (const one of work) await advanceJourneys(world.ports, one);
  }
  throw new Error('the queues never come to rest');
}

/** The clock goes on, and each timer fires when it is due. */
export async function until(world: TestWorld, instant: Instant): Promise<void> {
  for (;;) {
    const [next] = await world.people.dueTimers(0, instant, 1);
    if (next === undefined) break;
    world.clock.now = Math.max(world.clock.now, next.due);
    await advanceJourneys(world.ports, next);
    await settle(world);
  }
  world.clock.now = Math.max(world.clock.now, instant);
}

export const later = (world: TestWorld, milliseconds: number): Promise<void> => until(world, world.clock.now + milliseconds);

export interface Went {
  readonly journey: string;
  readonly key: string;
  readonly at: Instant;
  readonly went: readonly string[];
}

/** Runs of Ada's, oldest first, as they went. */
export async function runs(world: TestWorld, who: Identifier = ada): Promise<readonly Went[]> {
  const { id, attributes } = await theOne(world, who);
  const all = await world.people.allInstances([id, ...attributes.aliases]);
  return all
    .map(({ instance }) => instance)
    .filter(({ journey, state }) => journey !== watchRef.journey && !(state.kind === 'ended' && state.because === 'merged'))
    .toSorted((a, b) => a.entry.at - b.entry.at || (a.journey + a.key < b.journey + b.key ? -1 : 1))
    .map(({ journey, key, entry, log }) => ({
      journey,
      key,
      at: entry.at,
      went: log.slice(1).map(({ outcome }) => outcome),
    }));
}

/** Ada's traits as a form or a till tells them now. */
export const says = (world: TestWorld, traits: NonNullable<Event['traits']>, at: Instant = world.clock.now): Promise<void> => {
  told += 1;
  return tell(world, track(`e${told}`, 'Identify', at, {}, { type: 'identify', traits }));
};

export const publish = (world: TestWorld, ...journeys: readonly JourneyVersion[]) =>
  world.settings.publish({ brand, segments: [], journeys, campaigns: [] });

export { aWorld };
