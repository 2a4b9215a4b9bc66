/**
 * Outbox queue → at most one message at a provider, or the reason why not: load → gate → render → claim → send → log.
 * Errs on the side of silence for marketing (never twice), and keeps what nobody can know as "unknown" (promises 2 and 3).
 */
import { Conflict, Unavailable } from '../kernel/errors.ts';
import { exactDays, seconds, type Instant } from '../kernel/time.ts';
import type { Outgoing, SendOutcome } from '../channels/channel.ts';
import { gate } from '../messages/gate.ts';
import type { DropReason, MessageLog, MessageStatus, OutboxItem } from '../messages/message.ts';
import type { Ports } from '../ports.ts';
import type { HotState } from '../profile/profile.ts';
import { composeMessage } from './compose-message.ts';
import { loadDelivery, type Delivery } from './load-delivery.ts';

export type DeliverPorts = Pick<Ports, 'people' | 'settings' | 'carriers' | 'clock' | 'secrets' | 'linkOrigin' | 'log'>;

/** `later`: nothing was decided or written; the run's timer asks again. */
export type Delivered = MessageStatus['kind'] | 'already-logged' | 'nobody' | 'later';

/** A sender lives for 60 seconds: a younger claim may still be at work, an older one is not. */
const lease = seconds(90);
/** A claim whose message was never logged leaves the hot state after this. */
const claimLife = exactDays(14);
const attempts = 6;

/** Throws Unavailable when the message must come back later: a claim is at work, or the provider asks to wait. */
export async function deliverMessage(ports: DeliverPorts, item: OutboxItem): Promise<Delivered> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await deliverOnce(ports, item);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
    }
  }
}

async function deliverOnce(ports: DeliverPorts, item: OutboxItem): Promise<Delivered> {
  const delivery = await loadDelivery(ports, item);
  if (delivery.kind !== 'found') return delivery.kind;
  const now = ports.clock();
  const claim = delivery.person.hot.claims.find(({ sendKey }) => sendKey === item.sendKey);
  if (claim !== undefined) {
    if (now - claim.at < lease) throw new Unavailable(`message ${item.sendKey} is being sent by somebody else`);
    if (!mayRepeat(delivery))
      return settle(ports, delivery, now, { kind: 'unknown', because: 'the sender died between claim and log' });
  }
  const verdict = gate({ ...delivery.gate, now });
  switch (verdict.kind) {
    case 'drop':
      return settle(ports, delivery, now, { kind: 'dropped', because: verdict.because, seen: verdict.seen });
    case 'later':
      return leaveToTimer(ports, delivery, verdict.because);
    case 'send': {
      const composed = await composeMessage(ports, delivery, verdict, now);
      if (composed.kind === 'cannot') return settle(ports, delivery, now, { kind: 'failed', because: composed.because });
      return claimAndSend(ports, delivery, composed.message, now);
    }
  }
}

/** Writes nothing: the timer that asks for the log finds none and queues the message again. */
function leaveToTimer({ log }: DeliverPorts, { person, item, cause }: Delivery, because: DropReason): Delivered {
  log('info', 'later', { stage: 'deliver-messages', person: person.id, journey: cause.name, sendKey: item.sendKey, because });
  return 'later';
}

/** A message whose fate is unknown goes out again only where its template says so. */
const mayRepeat = ({ template }: Delivery): boolean => template.purpose === 'transactional' && template.repeat === 'allowed';

/** The claim is conditional on the hot state the gate saw: whatever changed since (an order, an opt-out) makes it fail. */
async function claimAndSend(ports: DeliverPorts, delivery: Delivery, message: Outgoing, now: Instant): Promise<Delivered> {
  const { person, item } = delivery;
  await ports.people.commit(person.id, { hot: withClaim(person.hot, delivery, now), instances: [] });
  const outcome = await ports.carriers.send(message);
  if (outcome.kind === 'throttled') {
    await releaseClaim(ports, delivery);
    throw new Unavailable(`message ${item.sendKey}: ${outcome.because}`);
  }
  return settle(ports, delivery, now, statusOf(outcome));
}

function statusOf(outcome: Exclude<SendOutcome, { kind: 'throttled' }>): MessageStatus {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', providerId: outcome.providerId };
    case 'refused':
      return { kind: 'failed', because: outcome.because };
    case 'unknown':
      return { kind: 'unknown', because: outcome.because };
  }
}

function withClaim(hot: HotState, { item, journey }: Delivery, at: Instant): HotState {
  const others = hot.claims.filter((claim) => claim.sendKey !== item.sendKey && at - claim.at < claimLife);
  const claims = [...others, { sendKey: item.sendKey, at }];
  return journey.start.rest === undefined
    ? { ...hot, claims }
    : { ...hot, claims, lastMessages: { ...hot.lastMessages, [journey.name]: at } };
}

/** The provider did not take it: as if it had not been tried. A claim that cannot be released now ends as "unknown". */
async function releaseClaim({ people }: DeliverPorts, { person, item, journey }: Delivery): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { hot, id } = await people.load(person.id);
    const { [journey.name]: _mine, ...others } = hot.lastMessages;
    const before = person.hot.lastMessages[journey.name];
    const lastMessages = before === undefined ? others : { ...others, [journey.name]: before };
    const claims = hot.claims.filter(({ sendKey }) => sendKey !== item.sendKey);
    try {
      await people.commit(id, { hot: { ...hot, claims, lastMessages }, instances: [] });
      return;
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
    }
  }
}

async function settle({ people, log }: DeliverPorts, delivery: Delivery, at: Instant, status: MessageStatus): Promise<Delivered> {
  const { person, item, cause, template, channel } = delivery;
  const message: MessageLog = {
    sendKey: item.sendKey,
    orderTime: item.orderTime,
    at,
    cause,
    channel,
    purpose: template.purpose,
    template: template.name,
    status,
  };
  await people.keepMessage(person.id, message);
  const because = status.kind === 'dropped' ? status.because : undefined;
  log('info', status.kind, { stage: 'deliver-messages', person: person.id, journey: cause.name, sendKey: item.sendKey, because });
  return status.kind;
}
