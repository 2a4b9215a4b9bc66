/**
 * Work queue → one run of a journey, up to its next wait or message. The timer is checked against what is stored, so a
 * second telling, or one that was overtaken, does nothing. Errs on the side of again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { fire, type SendingKnown } from '../journeys/advance.ts';
import type { Instance } from '../journeys/instance.ts';
import { usesOrders } from '../journeys/listeners.ts';
import { nameOf } from '../journeys/trigger.ts';
import { Conflict, Unavailable } from '../kernel/errors.ts';
import { exactDays, seconds, type Instant } from '../kernel/time.ts';
import type { Loaded, Ports, StoredInstance, Work } from '../ports.ts';
import { newStatistics } from '../profile/statistics.ts';
import { factsOf } from './decide-envelope.ts';
import { publishInstances } from './publish-instances.ts';

export type AdvancePorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'clock' | 'log'>;

export type Advanced = 'idle' | 'moved';

const attempts = 5;
/** Clocks of two machines differ a little: a timer that comes a moment early is told again, not lost. */
const early = seconds(5);
/** How long a timer whose work cannot be done rests. */
const heldFor = exactDays(1);

export async function advanceJourneys(ports: AdvancePorts, work: Work): Promise<Advanced> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await advanceOnce(ports, work);
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
  const log = [...instance.log, { step: 'parked', at: now, outcome: 'held for a day' }];
  await people.saveInstance(owner, { ...instance, log, state: { ...stored.instance.state, due: now + heldFor } });
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
  const moved = await fireInstance(ports, person, stored, now);
  if (moved === undefined) return 'idle';
  await people.saveInstance(stored.person, moved);
  await publishInstances(queues, stored.person, [moved], now);
  log('info', 'advanced', { stage: 'advance-journeys', person: person.id, journey: work.journey, state: moved.state.kind });
  return 'moved';
}

async function fireInstance(
  { people, settings }: AdvancePorts,
  person: Loaded,
  { instance }: StoredInstance,
  now: Instant,
): Promise<Instance | undefined> {
  const version = await settings.journey(instance.version);
  if (version === undefined)
    throw new Error(`journey ${instance.journey} is pinned to version ${instance.version}, which is not stored`);
  const { brand } = await settings.config();
  const statistics = usesOrders(version.journey) ? await people.statistics(person.id) : newStatistics();
  const fired = fire(
    version.journey,
    instance,
    {
      restarts: person.hot.open.find((open) => nameOf(open) === nameOf(instance))?.restarts ?? {},
      message: await messageKnown(people, person, instance),
    },
    { now, zone: brand.timeZone, facts: factsOf(person.attributes, person.hot, statistics) },
  );
  return fired.kind === 'moved' ? fired.instance : undefined;
}

async function messageKnown(people: AdvancePorts['people'], person: Loaded, { state }: Instance): Promise<SendingKnown> {
  if (state.kind !== 'sending') return 'nothing';
  const message = await people.message([person.id, ...person.attributes.aliases], state.orderTime, state.sendKey);
  return message?.status.kind ?? 'nothing';
}
