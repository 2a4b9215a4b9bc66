/**
 * Each minute: what will be due within the next 135 seconds goes to the work queue, to arrive when it is due (promise 4).
 * A cursor makes every timer go once; what is overdue although it went is sent again only when the queue no longer holds it,
 * so a backlog is never fed twice. Errs on the side of again: the worker checks the timer, a second telling is idle.
 */
import { seconds, minutes } from '../kernel/time.ts';
import type { Backlog, Ports, Timer } from '../ports.ts';

export type TimerPorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'clock' | 'log'>;

export interface Swept {
  readonly queued: number;
  readonly again: number;
}

const lookAhead = seconds(135);
/** Two minutes' work: the default of four batches of ten, each of about half a second. */
const capacity = 2_400;
/** Nothing waits and nothing is in work: a timer this old has lost its message. */
const lost = minutes(1);
/** Something is in work: its message could be among it for as long as the queue hides one. */
const lostForSure = minutes(10);

/** How old an overdue timer must be to be sent again; undefined while its message may be waiting. */
const againAfter = ({ waiting, inWork }: Backlog): number | undefined =>
  waiting > 0 ? undefined : inWork > 0 ? lostForSure : lost;

export async function runTimers({ people, queues, settings, clock, log }: TimerPorts): Promise<Swept> {
  const now = clock();
  const backlog = await queues.workBacklog();
  const room = capacity - backlog.waiting - backlog.delayed - backlog.inWork;
  if (room <= 0) {
    log('warn', 'work queue is full', { stage: 'run-timers', ...backlog });
    return { queued: 0, again: 0 };
  }
  const { queuedUntil } = await settings.timerSweep();
  const horizon = now + lookAhead;
  const age = againAfter(backlog);
  const missed = age === undefined ? [] : await people.dueTimers(0, Math.min(queuedUntil, now - age), room);
  await send(queues, missed, now);
  const coming = missed.length >= room ? [] : await people.dueTimers(queuedUntil, horizon, room - missed.length);
  await send(queues, coming, now);
  const isCut = missed.length >= room || coming.length >= room - missed.length;
  const until = isCut ? (coming.at(-1)?.due ?? queuedUntil) : Math.max(queuedUntil, horizon);
  if (until !== queuedUntil) await settings.saveTimerSweep({ queuedUntil: until });
  return { queued: coming.length, again: missed.length };
}

async function send(queues: TimerPorts['queues'], timers: readonly Timer[], now: number): Promise<void> {
  if (timers.length > 0) await queues.sendWork(timers, now);
}
