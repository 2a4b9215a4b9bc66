/**
 * Work queue → one run of a journey, up to its next wait or message. The timer is checked against what is stored, so a
 * second telling, or one that was overtaken, does nothing. Errs on the side of again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { envelopeId, type Envelope, type Event } from '../events/event.ts';
import { isWatch } from '../journeys/watch.ts';
import { Conflict, Unavailable } from '../kernel/errors.ts';
import { exactDays, seconds, type Instant } from '../kernel/time.ts';
import type { Loaded, Ports, StoredInstance, Work } from '../ports.ts';
import { fireRun, type FiredRun } from './fire-run.ts';
import { publishInstances } from './publish-instances.ts';
import { watchBoundaries } from './watch-boundaries.ts';

export type AdvancePorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'clock' | 'secrets' | 'log'>;

export type Advanced = 'idle' | 'moved';

const attempts = 5;
/** Clocks of two machines differ a little: a timer that comes a moment early is told again, not lost. */
const early = seconds(5);
/** How long a timer whose work cannot be done rests. */
const heldFor = exactDays(1);

export async function advanceJourneys(ports: AdvancePorts, work: Work): Promise<Advanced> {
  for (let attempt = 1; ; attempt++) {
    try {
      return isWatch(work) ? await watchBoundaries(ports, work) : await advanceOnce(ports, work);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
      await wait(10 * attempt);
    }
  }
}

/**
 * `isLast`: the queue gives the item up after this attempt. Its timer would then be told again each minute, and fail again;
 * so it rests for a day. Until then a person finds the reason in the parked item.
 */
export async function advanceOrHold(ports: AdvancePorts, work: Work, isLast: boolean): Promise<Advanced> {
  try {
    return await advanceJourneys(ports, work);
  } catch (error) {
    if (isLast && !(error instanceof Conflict) && !(error instanceof Unavailable)) await holdTimer(ports, work);
    throw error;
  }
}

async function holdTimer({ people, clock }: AdvancePorts, work: Work): Promise<void> {
  const person = await people.load(work.person);
  const [stored] = await people.instances([person.id, ...person.attributes.aliases], [work]);
  const now = clock();
  if (stored === undefined || stored.instance.state.kind === 'ended' || stored.instance.state.due > now) return;
  const { instance, person: owner } = stored;
  const due = now + heldFor;
  const log = [...instance.log, { step: 'parked', at: now, outcome: 'held for a day' }];
  const held = { ...instance, log, state: { ...stored.instance.state, due } };
  const { watching } = person.hot;
  if (!isWatch(work)) await people.saveInstance(owner, held);
  else if (watching !== undefined)
    await people.commit(person.id, {
      hot: { ...person.hot, watching: { ...watching, due, stored: watching.stored + 1 } },
      instances: [{ ...held, stored: watching.stored }],
    });
}

async function advanceOnce(ports: AdvancePorts, work: Work): Promise<Advanced> {
  const { people, queues, clock, log } = ports;
  const person = await people.load(work.person);
  const [stored] = await people.instances([person.id, ...person.attributes.aliases], [work]);
  if (stored === undefined || stored.instance.state.kind === 'ended') return 'idle';
  const now = clock();
  const { due } = stored.instance.state;
  if (due > now) {
    if (due - now <= early) await queues.sendWork([{ ...work, due }], now);
    return 'idle';
  }
  const fired = await fireRun(ports, person, stored.instance, now);
  if (fired === undefined) return 'idle';
  if (fired.effect !== undefined) await queues.sendEvents([tellOf(person, fired.effect, now)]);
  await save(ports, person, stored, fired);
  await publishInstances(queues, stored.person, [fired.instance], now);
  const state = fired.instance.state.kind;
  log('info', 'advanced', { stage: 'advance-journeys', person: person.id, journey: work.journey, state });
  return 'moved';
}

/**
 * A run that waits for an event, or for a date of the person, is saved together with the hot state: what is committed at this
 * very moment either was seen by it or sees it.
 */
async function save({ people }: AdvancePorts, person: Loaded, stored: StoredInstance, fired: FiredRun): Promise<void> {
  const { instance } = fired;
  if (!fired.awaits || stored.person !== person.id) return people.saveInstance(stored.person, instance);
  await people.commit(person.id, { hot: person.hot, instances: [instance] });
}

/** An effect is told before the run is saved: a crash in between tells it again, and its id makes it one. */
function tellOf({ id }: Loaded, event: Event, now: Instant): Envelope {
  return {
    id: envelopeId('relance', [], [event]),
    source: 'relance',
    trust: 'server',
    receivedAt: now,
    identifiers: [],
    personId: id,
    events: [event],
  };
}
