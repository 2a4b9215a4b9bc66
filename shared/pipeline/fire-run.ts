/**
 * One run of a journey whose timer has fired, with all that its steps ask of the past: read only where a step asks it.
 */
import type { Event } from '../events/event.ts';
import { awaits, fire, resume, wasHeard, type AdvanceContext, type FireKnown } from '../journeys/advance.ts';
import { effectsOf } from '../journeys/effects.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Journey, RunPattern } from '../journeys/journey.ts';
import { mentionsEvent, usesOrders } from '../journeys/listeners.ts';
import { rulesPattern } from '../journeys/rulings.ts';
import { nameOf } from '../journeys/trigger-state.ts';
import type { JsonObject } from '../kernel/json.ts';
import { exactDays, type Instant } from '../kernel/time.ts';
import type { Loaded, Ports } from '../ports.ts';
import { withTold } from '../profile/fold-attributes.ts';
import type { History } from '../profile/place-cart-event.ts';
import { newStatistics, type Statistics } from '../profile/statistics.ts';
import { chunkKeyAt } from '../profile/timeline.ts';
import type { Condition } from '../rules/condition.ts';
import { didsIn } from '../rules/did-state.ts';
import { heardSince, isCounted } from './asked-of-past.ts';
import { completeHistory } from './cart-history.ts';
import { earliest, missingHistory, missingOrders, ordersSince, statesFrom } from './count-events.ts';
import { entryOf } from './entry-event.ts';
import { factsOf, recipientZone, statesOf, type Moment } from './person-facts.ts';

export interface FiredRun {
  readonly instance: Instance;
  /** To be told before the run is saved. */
  readonly effect?: Event;
  /** It waits for an event now, or for a date: whoever tells one at this moment must see that. */
  readonly awaits: boolean;
}

interface Run {
  readonly people: Ports['people'];
  readonly journey: Journey;
  readonly person: Loaded;
  readonly statistics: Statistics;
  readonly event: JsonObject | undefined;
  readonly moment: Moment;
}

type FirePorts = Pick<Ports, 'people' | 'settings'>;

/** Undefined: there is nothing to do. */
export async function fireRun(
  { people, settings }: FirePorts,
  person: Loaded,
  instance: Instance,
  now: Instant,
): Promise<FiredRun | undefined> {
  const version = await settings.journey(instance.version);
  if (version === undefined)
    throw new Error(`journey ${instance.journey} is pinned to version ${instance.version}, which is not stored`);
  const { journey } = version;
  const { brand } = await settings.config();
  const statistics = usesOrders(journey) ? await people.statistics(person.id) : newStatistics();
  const event = looksAtEvent(journey) ? await entryProperties(people, person, instance) : undefined;
  const stored: Run = { people, journey, person, statistics, event, moment: { now, zone: brand.timeZone } };
  const run = withEffects(stored, effectsOf(journey, instance));
  const restarts = person.hot.open.find((open) => nameOf(open) === nameOf(instance))?.restarts ?? {};
  const known = { restarts, ...(await messageKnown(people, person, instance)), after: afterIn(run) };
  const fired = fire(journey, instance, known, contextOf(run, undefined, []));
  if (fired.kind === 'idle') return undefined;
  const moved = await goOn(fired.effect === undefined ? run : withEffects(run, [fired.effect]), fired.instance, restarts);
  return { ...fired, instance: moved, awaits: isToldOf(journey, moved) };
}

const looksAtEvent = ({ steps }: Journey): boolean =>
  steps.some((step) => step.kind === 'branch' && mentionsEvent(step.condition));

async function entryProperties(people: Ports['people'], person: Loaded, { entry }: Instance): Promise<JsonObject> {
  return (await entryOf(people, [person.id, ...person.attributes.aliases], entry)).properties;
}

/** With what it has told of the person, whether that was processed yet or not. */
const withEffects = (run: Run, effects: readonly Event[]): Run => ({
  ...run,
  person: { ...run.person, attributes: withTold(run.person.attributes, effects) },
});

const afterIn =
  (run: Run): FireKnown['after'] =>
  (effect) =>
    contextOf(withEffects(run, [effect]), undefined, []);

async function messageKnown(
  people: Ports['people'],
  person: Loaded,
  { state }: Instance,
): Promise<Pick<FireKnown, 'message' | 'settledAt'>> {
  if (state.kind !== 'sending') return { message: 'nothing' };
  const message = await people.message([person.id, ...person.attributes.aliases], state.orderTime, state.sendKey);
  return message === undefined ? { message: 'nothing' } : { message: message.status.kind, settledAt: message.at };
}

function contextOf(run: Run, history: History | undefined, asked: readonly Condition[]): AdvanceContext {
  const { person, statistics, moment, event } = run;
  const { attributes, hot, id } = person;
  const { now, zone } = moment;
  const kept = statesOf(hot, zone);
  const missing = asked.flatMap(didsIn).filter((did) => kept[did.id] === undefined);
  const states = history === undefined ? kept : { ...kept, ...statesFrom(missing, history, zone) };
  const orders =
    history === undefined || statistics.earlier.count === 0 ? {} : { orders: ordersSince(history, statistics, zone) };
  return {
    now,
    zone,
    person: id,
    recipientZone: recipientZone(attributes, hot, zone),
    facts: factsOf({ attributes, hot, statistics }, moment, { ...(event && { event }), counts: states, ...orders }),
    canDecide: (condition) => isCounted(condition, states, statistics, history, moment),
  };
}

/** Steps that ask the past, one after the other, until the run waits for what is to come. */
async function goOn(run: Run, instance: Instance, restarts: Readonly<Record<string, Instant>>): Promise<Instance> {
  const { journey, moment } = run;
  const { state } = instance;
  const step = state.kind === 'waiting' ? journey.steps[state.step] : undefined;
  if (step?.kind === 'branch' && state.kind === 'waiting' && state.due <= moment.now) {
    const known = { restarts, message: 'nothing', after: afterIn(run) } as const;
    const fired = fire(journey, instance, known, await contextFor(run, [step.condition]));
    return fired.kind === 'idle' ? instance : goOn(run, fired.instance, restarts);
  }
  const pattern = awaitedAt(journey, instance);
  const heard = pattern?.on.some((name) => second(restarts[name] ?? -1_000) >= second(fromOf(instance))) === true;
  if (pattern === undefined || !heard) return instance;
  const context = await contextFor(run, pattern.where === undefined ? [] : [pattern.where]);
  const told = await historyOf(run, chunkKeyAt(fromOf(instance) - clockSkew));
  const came = heardSince(fromOf(instance), told.told, run.person.hot).find((event) =>
    isAwaited(journey, instance, event, context),
  );
  return came === undefined ? instance : goOn(run, resume(journey, instance, came, context), restarts);
}

/** How far a chunk's stated time may lie before what it tells. */
const clockSkew = exactDays(1);
const second = (at: Instant): number => Math.floor(at / 1_000);
const fromOf = ({ state }: Instance): Instant => (state.kind === 'waiting' ? state.from : 0);

function awaitedAt(journey: Journey, { state }: Instance): RunPattern | undefined {
  const step = state.kind === 'waiting' ? journey.steps[state.step] : undefined;
  return step?.kind === 'wait-event' ? step.pattern : undefined;
}

function isToldOf(journey: Journey, { state }: Instance): boolean {
  const step = state.kind === 'waiting' ? journey.steps[state.step] : undefined;
  return step?.kind === 'wait-event' || step?.kind === 'wait-date';
}

function isAwaited(journey: Journey, instance: Instance, event: Event, context: AdvanceContext): boolean {
  const known = awaits(journey, instance, event, context);
  if (known.kind !== 'awaited' || wasHeard(instance, event)) return false;
  return rulesPattern(known.pattern, instance, event, { ...context.facts, event: event.properties }, '').fires;
}

async function contextFor(run: Run, asked: readonly Condition[]): Promise<AdvanceContext> {
  const { person, statistics, moment } = run;
  const needs = [
    missingHistory(asked.flatMap(didsIn), statesOf(person.hot, moment.zone), undefined, moment),
    missingOrders(asked, statistics, undefined, moment),
  ].filter((key) => key !== undefined);
  return contextOf(run, needs.length === 0 ? undefined : await historyOf(run, earliest(needs)), asked);
}

const historyOf = ({ people, person: { id, attributes, hot }, moment: { now } }: Run, from: string): Promise<History> =>
  completeHistory(people, { family: [id, ...attributes.aliases], rings: [hot.ring], now, final: true }, from);
