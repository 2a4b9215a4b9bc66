/**
 * Outbox queue → at most one message at a provider, or the reason why not: load → gate → render → claim → send → log.
 * Errs on the side of silence for marketing (never twice), and keeps what nobody can know as "unknown" (promises 2 and 3)
 * until the provider speaks of it, or its silence proves that it never heard.
 */
import { Conflict, InvalidInput, Unavailable } from '../kernel/errors.ts';
import { exactDays, type Instant } from '../kernel/time.ts';
import { tellsFeedback, type Outgoing, type SendOutcome } from '../channels/channel.ts';
import type { Purpose } from '../events/event.ts';
import { gate, type Refusal } from '../messages/gate.ts';
import { acceptedAs } from '../messages/marks.ts';
import type { MessageLog, MessageStatus, OutboxItem } from '../messages/message.ts';
import { fateOf, lease, type Fate } from '../messages/unknown-fate.ts';
import type { Ports } from '../ports.ts';
import type { HotState } from '../profile/profile.ts';
import { composeMessage } from './compose-message.ts';
import { loadDelivery, type Delivery, type Undeliverable } from './load-delivery.ts';
import { markLater, markPlace, verdictOf } from './mark-place.ts';

export type DeliverPorts = Pick<
  Ports,
  'people' | 'settings' | 'campaigns' | 'carriers' | 'clock' | 'secrets' | 'linkOrigin' | 'log'
>;

/**
 * `later`: nothing was decided or written; the run's timer asks again.
 * `waiting`: called, and the timer of the run asks again what became of it.
 */
export type Delivered = MessageStatus['kind'] | 'already-logged' | 'nobody' | 'later' | 'waiting';

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
  if (delivery.kind !== 'found') return leaveIt(ports, item, delivery);
  const now = ports.clock();
  const providerId = acceptedAs(delivery.told?.record.marks ?? []);
  if (providerId !== undefined) return settle(ports, delivery, now, { kind: 'sent', providerId });
  const claim = delivery.person.hot.claims.find(({ sendKey }) => sendKey === item.sendKey);
  if (claim === undefined) return deliverNow(ports, delivery, now);
  if (now - claim.at < lease) throw new Unavailable(`message ${item.sendKey} is being sent by somebody else`);
  switch (await fateOfCall(ports, delivery, claim.at, now)) {
    case 'open':
      return wait(ports, delivery);
    case 'final':
      return settle(ports, delivery, now, { kind: 'unknown', because: whyUnknown[delivery.order.template.purpose] });
    case 'repeat':
      return deliverNow(ports, delivery, now, 'nobody knows whether the first call was heard');
  }
}

async function leaveIt({ campaigns }: DeliverPorts, item: OutboxItem, found: Undeliverable): Promise<Delivered> {
  await markPlace(campaigns, item, found.kind === 'nobody' ? 'nobody' : verdictOf(item, found.log));
  return found.kind;
}

const whyUnknown: Readonly<Record<Purpose, string>> = {
  marketing: 'the sender died between claim and log',
  transactional: 'called once, and whether the provider heard it could not be proven in a day',
};

/** `unknown` says why nobody knows what became of an earlier call: then no refusal of now says that nothing left. */
async function deliverNow(ports: DeliverPorts, delivery: Delivery, now: Instant, unknown?: string): Promise<Delivered> {
  const verdict = gate({ ...delivery.gate, now });
  switch (verdict.kind) {
    case 'drop':
      if (unknown !== undefined)
        return settle(ports, delivery, now, { kind: 'unknown', because: `${unknown}; not called again: ${verdict.because}` });
      return settle(ports, delivery, now, { kind: 'dropped', because: verdict.because, seen: verdict.seen });
    case 'later':
      return leaveToTimer(ports, delivery, verdict);
    case 'send': {
      const composed = await composeMessage(ports, delivery, verdict, now);
      if (composed.kind === 'cannot') return settle(ports, delivery, now, { kind: 'failed', because: composed.because });
      return claimAndSend(ports, delivery, composed.message, now);
    }
  }
}

/** The timer of the run that asks for the log finds none and queues the message again; of a campaign the page does. */
async function leaveToTimer(
  { campaigns, log }: DeliverPorts,
  { person, item, order: { cause } }: Delivery,
  { until, because }: Extract<Refusal, { kind: 'later' }>,
): Promise<Delivered> {
  await markLater(campaigns, item, until);
  log('info', 'later', {
    stage: 'deliver-messages',
    person: person.id,
    [cause.kind]: cause.name,
    sendKey: item.sendKey,
    because,
  });
  return 'later';
}

/** How far feedback has come is read only where it decides. */
async function fateOfCall({ settings }: DeliverPorts, delivery: Delivery, calledAt: Instant, now: Instant): Promise<Fate> {
  const { channel, order } = delivery;
  const { template, isLastAsking } = order;
  const tells = tellsFeedback[channel];
  return fateOf({
    template,
    calledAt,
    now,
    tellsFeedback: tells,
    feedbackUntil: tells && template.purpose === 'transactional' ? await settings.feedbackUntil(channel) : 0,
    isLastAsking,
  });
}

function wait({ log }: DeliverPorts, { person, item }: Delivery): Delivered {
  log('info', 'waits to be asked again', { stage: 'deliver-messages', person: person.id, sendKey: item.sendKey });
  return 'waiting';
}

/** The claim is conditional on the hot state the gate saw: whatever changed since (an order, an opt-out) makes it fail. */
async function claimAndSend(ports: DeliverPorts, delivery: Delivery, message: Outgoing, now: Instant): Promise<Delivered> {
  const { person, item } = delivery;
  await ports.people.commit(person.id, { hot: withClaim(person.hot, delivery, now), instances: [] });
  const outcome = await ports.carriers.send(message);
  if (outcome.kind === 'throttled') {
    await releaseClaim(ports, delivery);
    throw new Unavailable(`message ${item.sendKey}: ${outcome.because}`);
  }
  const isAskedAgain = outcome.kind === 'unknown' && !delivery.order.isLastAsking;
  if (isAskedAgain && (await fateOfCall(ports, delivery, now, now)) !== 'final') return wait(ports, delivery);
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

function withClaim(hot: HotState, { item, order: { restsIn } }: Delivery, at: Instant): HotState {
  const others = hot.claims.filter((claim) => claim.sendKey !== item.sendKey && at - claim.at < claimLife);
  const claims = [...others, { sendKey: item.sendKey, at }];
  return restsIn === undefined ? { ...hot, claims } : { ...hot, claims, lastMessages: { ...hot.lastMessages, [restsIn]: at } };
}

/** The provider did not take it: as if it had not been tried. A claim that cannot be released now ends as "unknown". */
async function releaseClaim({ people }: DeliverPorts, { person, item, order: { restsIn } }: Delivery): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { hot, id } = await people.load(person.id);
    const lastMessages = restsIn === undefined ? hot.lastMessages : restored(hot, person.hot, restsIn);
    const claims = hot.claims.filter(({ sendKey }) => sendKey !== item.sendKey);
    try {
      await people.commit(id, { hot: { ...hot, claims, lastMessages }, instances: [] });
      return;
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
    }
  }
}

function restored(now: HotState, before: HotState, journey: string): HotState['lastMessages'] {
  const { [journey]: _mine, ...others } = now.lastMessages;
  const earlier = before.lastMessages[journey];
  return earlier === undefined ? others : { ...others, [journey]: earlier };
}

/** Marks that came first say under whom the message is kept. */
async function settle(ports: DeliverPorts, delivery: Delivery, at: Instant, status: MessageStatus): Promise<Delivered> {
  const { people, campaigns, log } = ports;
  const { person, item, order, channel, told } = delivery;
  const { cause, template } = order;
  const message: MessageLog = {
    sendKey: item.sendKey,
    orderTime: item.orderTime,
    at,
    cause,
    channel,
    purpose: template.purpose,
    template: template.name,
    status,
    ...('campaign' in item ? { place: item.place } : {}),
  };
  await people.keepMessage(told?.person ?? person.id, message);
  await markPlace(campaigns, item, verdictOf(item, message));
  const because = status.kind === 'dropped' ? status.because : undefined;
  const ids = { stage: 'deliver-messages', person: person.id, [cause.kind]: cause.name, sendKey: item.sendKey, because };
  log('info', status.kind, ids);
  return status.kind;
}

/**
 * `isLast`: whoever brings the item parks it after this attempt. A campaign counts it as parked then, and asks for it no more.
 */
export async function deliverOrGiveUp(ports: DeliverPorts, item: OutboxItem, isLast: boolean): Promise<Delivered> {
  try {
    return await deliverMessage(ports, item);
  } catch (error) {
    const isOurFault = !(error instanceof Conflict) && !(error instanceof Unavailable);
    if (isOurFault && (isLast || error instanceof InvalidInput)) await markPlace(ports.campaigns, item, 'parked');
    throw error;
  }
}
