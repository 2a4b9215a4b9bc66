/**
 * Which journeys listen to which event, what must be counted for them, and what time alone may start: built once when a
 * container loads a config, so that an event costs what listens to it and not what exists.
 */
import { contentHash } from '../kernel/ids.ts';
import { canonicalJson, parseJson } from '../kernel/json.ts';
import { sendKeyOf } from '../messages/message.ts';
import type { Condition, DidCondition } from '../rules/condition.ts';
import { didsIn } from '../rules/did-state.ts';
import { leavesIn } from '../rules/fields.ts';
import type { DateMoment, Journey, Step } from './journey.ts';
import { depthProperty } from './webhook-depth.ts';

/** A journey and the content hash of the version. */
export interface VersionOf {
  readonly hash: string;
  readonly journey: Journey;
}

/** A segment that journeys start from when somebody enters or leaves it. */
export interface Watch {
  /** Names what `H` keeps of it: another condition or another zone is another watch. */
  readonly id: string;
  readonly segment: string;
  readonly when: Condition;
  readonly starts: readonly { readonly moment: 'entered' | 'left'; readonly version: VersionOf }[];
}

export interface Listeners {
  /** What starts when this is told: by the event itself, by what it brings a count to, by a call of the API. */
  readonly starts: (eventName: string) => readonly VersionOf[];
  /** What `H` counts of this event. */
  readonly counted: (eventName: string) => readonly DidCondition[];
  /** All that `H` counts, by id. */
  readonly dids: ReadonlyMap<string, DidCondition>;
  readonly watches: readonly Watch[];
  readonly dates: readonly { readonly version: VersionOf; readonly date: DateMoment }[];
}

/** `zone`: the brand's. */
export function listenersOf(versions: readonly VersionOf[], zone: string): Listeners {
  const told = versions.filter(({ journey }) => ['event', 'did', 'api'].includes(journey.start.cause.kind));
  const starts = Map.groupBy(
    told.flatMap((version) => [...new Set(version.journey.start.on)].map((name) => ({ name, version }))),
    ({ name }) => name,
  );
  const watches = watchesOf(versions, zone);
  const dids = new Map(
    [...versions.flatMap(({ journey }) => keptDids(journey)), ...watches.flatMap(({ when }) => didsIn(when))].map((did) => [
      did.id,
      did,
    ]),
  );
  const counted = Map.groupBy(
    [...dids.values()].flatMap((did) => [...new Set(did.events)].map((name) => ({ name, did }))),
    ({ name }) => name,
  );
  return {
    starts: (eventName) => starts.get(eventName)?.map(({ version }) => version) ?? [],
    counted: (eventName) => counted.get(eventName)?.map(({ did }) => did) ?? [],
    dids,
    watches,
    dates: versions.flatMap((version) => {
      const { cause } = version.journey.start;
      return cause.kind === 'date' ? [{ version, date: cause.date }] : [];
    }),
  };
}

function watchesOf(versions: readonly VersionOf[], zone: string): readonly Watch[] {
  const watches = new Map<string, Watch>();
  for (const version of versions) {
    const { cause } = version.journey.start;
    if (cause.kind !== 'segment') continue;
    const id = contentHash('watch', cause.segment, canonicalJson(parseJson(JSON.stringify(cause.when))), zone);
    const watch = watches.get(id) ?? { id, segment: cause.segment, when: cause.when, starts: [] };
    watches.set(id, { ...watch, starts: [...watch.starts, { moment: cause.moment, version }] });
  }
  return [...watches.values()];
}

/** What must answer at once when an event comes; what a run asks on its way is counted from the timeline. */
function keptDids({ start, exit, steps }: Journey): readonly DidCondition[] {
  const patterns = [start, ...(exit === undefined ? [] : [exit]), ...steps.flatMap((step) => awaitedBy(step) ?? [])];
  return [
    ...(start.cause.kind === 'did' ? [start.cause.did] : []),
    ...patterns.flatMap(({ where }) => (where === undefined ? [] : didsIn(where))),
  ];
}

const awaitedBy = (step: Step) => (step.kind === 'wait-event' ? step.pattern : undefined);

/** Does a run of this journey care about the event: would it end it, restart a wait or be waited for? */
export const concerns = (journey: Journey, eventName: string): boolean =>
  journey.exit?.on.includes(eventName) === true ||
  restartsOn(journey, eventName) ||
  waitsFor(journey, eventName) ||
  journey.start.on.includes(eventName);

/** Of everything that a run of it cares about, and that any of its conditions counts. */
export function eventsAsked(journey: Journey): readonly string[] {
  const { start, exit, steps } = journey;
  const { cause } = start;
  const restarts = steps.flatMap((step) => (step.kind === 'wait' ? step.restartOn : []));
  const counted = [...conditionsOf(journey).flatMap(didsIn), ...(cause.kind === 'segment' ? didsIn(cause.when) : [])];
  const awaited = steps.flatMap((step) => awaitedBy(step)?.on ?? []);
  return [...start.on, ...(exit?.on ?? []), ...restarts, ...awaited, ...counted.flatMap(({ events }) => events)];
}

/** Is it started by what nobody tells? Whether a run of it is open is asked whenever time or a watched segment may start it. */
export const isRaised = ({ start: { cause } }: Journey): boolean => cause.kind === 'segment' || cause.kind === 'date';

export const restartsOn = (journey: Journey, eventName: string): boolean =>
  journey.steps.some((step) => step.kind === 'wait' && step.restartOn.includes(eventName));

export const waitsFor = (journey: Journey, eventName: string): boolean =>
  journey.steps.some((step) => awaitedBy(step)?.on.includes(eventName) === true);

/** What the event that starts a run must be remembered by: what is compared later, and how many webhooks led to it. */
export const comparedPaths = ({ exit, steps }: Journey): readonly (readonly string[])[] => [
  ...[exit, ...steps.map(awaitedBy)].flatMap((pattern) => (pattern?.same === undefined ? [] : [pattern.same])),
  [depthProperty],
];

/** A run that was started by a change of the cart has no subject once the cart is closed. */
export const isAboutCart = (journey: Journey): boolean => journey.start.on.includes('Cart Updated');

/** The send keys of all messages and calls that a run of it can order. */
export const sendKeysOf = (journey: Journey, key: string): readonly string[] =>
  journey.steps.flatMap((step) =>
    step.kind === 'send' || step.kind === 'webhook' || step.kind === 'task'
      ? [sendKeyOf({ kind: 'journey', name: journey.name, step: step.label }, key)]
      : [],
  );

/** Does any of its conditions look at orders? Then the statistics must be loaded. */
export const usesOrders = (journey: Journey): boolean => conditionsOf(journey).some(mentionsOrders);

/** Those of its start's `where`, of its exit and of all its steps; the condition of a segment that starts it is not among them. */
export function conditionsOf({ start, exit, steps }: Journey): readonly Condition[] {
  const patterns = [start, ...(exit === undefined ? [] : [exit]), ...steps.flatMap((step) => awaitedBy(step) ?? [])];
  const branches = steps.flatMap((step) => (step.kind === 'branch' ? [step.condition] : []));
  return [...patterns.flatMap((pattern) => pattern.where ?? []), ...branches];
}

export const mentionsOrders = (condition: Condition): boolean =>
  leavesIn(condition).some((leaf) => leaf.kind === 'orders' || (leaf.kind === 'compare' && leaf.path[0] === 'orders'));

/** Does it look at the event at hand? What `did` counts looks at events of its own. */
export const mentionsEvent = (condition: Condition): boolean =>
  leavesIn(condition).some((leaf) => leaf.kind === 'compare' && leaf.path[0] === 'event');
