/**
 * The end of every queue: what came back too often is kept where a person finds, repairs, replays and erases it (promise 1).
 * Errs on the side of keeping: the same letter again replaces itself.
 */
import { claimsInBody } from '../events/claims-in-body.ts';
import type { Ports } from '../ports.ts';

export interface DeadLetter {
  /** The message's own, the same in every delivery. */
  readonly messageId: string;
  /** The queue that gave it up. */
  readonly queue: string;
  readonly body: string;
}

export async function parkDeadLetters(ports: Pick<Ports, 'clock' | 'parking' | 'secrets'>, letter: DeadLetter): Promise<void> {
  const { messageId, queue, body } = letter;
  await ports.parking.park({
    id: messageId,
    at: ports.clock(),
    stage: queue,
    problems: [{ where: queue, problem: 'delivered too often without being done: repair the cause, then replay it' }],
    body,
    claims: claimsInBody(ports.secrets.identifierKey, body),
  });
}
