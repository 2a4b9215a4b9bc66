/**
 * The person's own timer fired: what time alone changed is decided and what starts is committed, and the next moment is armed,
 * all in one write. Errs on the side of again: a second telling finds the timer moved and does nothing.
 */
import { seconds } from '../kernel/time.ts';
import type { Ports, Work } from '../ports.ts';
import type { Envelope } from '../events/event.ts';
import { commitEnvelope } from './commit-envelope.ts';
import { publishInstances } from './publish-instances.ts';

export type WatchPorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'clock' | 'secrets' | 'log'>;

/** Clocks of two machines differ a little: a timer that comes a moment early is told again, not lost. */
const early = seconds(5);

/** Whoever was not decided on since the last push is decided on now: the sweep after it tells everybody so. Throws Conflict. */
export async function watchBoundaries(ports: WatchPorts, work: Work): Promise<'idle' | 'moved'> {
  const { people, queues, settings, clock, log } = ports;
  const person = await people.load(work.person);
  const { attributes, hot } = person;
  const now = clock();
  if (attributes.erased === true || (attributes.version === 0 && hot.version === 0)) return 'idle';
  const due = hot.watching?.due;
  const { generation } = await settings.config(hot.generation);
  if (hot.generation >= generation && (due === undefined || due > now)) {
    if (due !== undefined && due - now <= early) await queues.sendWork([{ ...work, person: person.id, due }], now);
    return 'idle';
  }
  const found = { person, mayWrite: false, identifiers: [], others: [] };
  const { instances } = await commitEnvelope(ports, found, passing(now), []);
  await publishInstances(queues, person.id, instances, now);
  log('info', 'watched', { stage: 'advance-journeys', person: person.id, moved: instances.length });
  return 'moved';
}

/** Nobody told anything. */
const passing = (now: number): Envelope => ({
  id: '-',
  source: 'relance',
  trust: 'server',
  receivedAt: now,
  identifiers: [],
  events: [],
});
