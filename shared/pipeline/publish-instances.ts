/**
 * After the commit: what is due at once goes to its queue. Losing these sends costs a minute, not a message: the due index
 * holds the same orders.
 */
import type { Instance } from '../journeys/instance.ts';
import type { PersonId } from '../kernel/ids.ts';
import { seconds, type Instant } from '../kernel/time.ts';
import type { OutboxItem } from '../messages/message.ts';
import type { Queues, Work } from '../ports.ts';

/** run-timers looks 135 s ahead; whoever arms something nearer, or near that edge, queues it as well. */
const soon = seconds(180);

export async function publishInstances(
  queues: Queues,
  person: PersonId,
  instances: readonly Instance[],
  now: Instant,
): Promise<void> {
  const outbox = instances.flatMap((instance) => outboxItem(person, instance));
  const work = instances.flatMap((instance) => timerOf(person, instance)).filter(({ due }) => due - now <= soon);
  if (outbox.length > 0) await queues.sendOutbox(outbox, 'triggered');
  if (work.length > 0) await queues.sendWork(work, now);
}

const outboxItem = (person: PersonId, { journey, key, state }: Instance): readonly OutboxItem[] =>
  state.kind === 'sending'
    ? [{ person, journey, key, sendKey: state.sendKey, orderTime: state.orderTime, ...(state.call && { call: true }) }]
    : [];

const timerOf = (person: PersonId, { journey, key, state }: Instance): readonly Work[] =>
  state.kind === 'ended' ? [] : [{ person, journey, key, due: state.due }];
