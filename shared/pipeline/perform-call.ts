/**
 * Outbox queue → a webhook at somebody else's machine, or a task in the mailbox of the staff: load → call → log. Errs on the
 * side of again, unlike a message to a person: a receiver knows a repetition by its id, and a task told twice is done once.
 */
import type { SendOutcome } from '../channels/channel.ts';
import { composeEmail } from '../channels/email.ts';
import type { Brand } from '../config/config.ts';
import { claimKey } from '../events/identifier.ts';
import { isLastAsking } from '../journeys/advance.ts';
import { effectsOf } from '../journeys/effects.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Step } from '../journeys/journey.ts';
import { sendingAttempts } from '../journeys/run-steps.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { contentHash } from '../kernel/ids.ts';
import { numberOf, type JsonObject } from '../kernel/json.ts';
import { isoInstant, type Instant } from '../kernel/time.ts';
import type { MessageLog, MessageStatus, JourneyItem } from '../messages/message.ts';
import { renderEmail } from '../messages/render.ts';
import { asHtml, contextText } from '../messages/task-mail.ts';
import { variablesFor } from '../messages/variables.ts';
import type { Loaded, Ports } from '../ports.ts';
import { withTold } from '../profile/fold-attributes.ts';
import { countsAsOrder } from '../profile/fold-statistics.ts';
import { isTagTrait, tagsOf } from '../profile/tags.ts';
import { variableFacts } from './compose-message.ts';
import { entryOf, type EntryEvent } from './entry-event.ts';
import { deepestWebhook, depthProperty } from './webhook-depth.ts';

export type CallPorts = Pick<Ports, 'people' | 'settings' | 'carriers' | 'parking' | 'clock' | 'secrets' | 'linkOrigin' | 'log'>;

/** `later`: nothing is known that is final; the run's timer asks again. */
export type Performed = MessageStatus['kind'] | 'already-logged' | 'nobody' | 'later';

type CallStep = Extract<Step, { kind: 'webhook' | 'task' }>;

interface Call {
  readonly item: JourneyItem;
  readonly person: Loaded;
  readonly instance: Instance;
  readonly journey: string;
  readonly brand: Brand;
  readonly now: Instant;
}

export async function performCall(ports: CallPorts, item: JourneyItem): Promise<Performed> {
  const { people, settings } = ports;
  const person = await people.load(item.person);
  const family = [person.id, ...person.attributes.aliases];
  const told = await people.messageRecord(family, item.orderTime, item.sendKey);
  if (told?.record.log !== undefined) return 'already-logged';
  const [stored] = await people.instances(family, [item]);
  if (stored === undefined || person.attributes.erased === true) return 'nobody';
  const { instance } = stored;
  const version = await settings.journey(instance.version);
  if (version === undefined)
    throw new Error(`journey ${instance.journey} is pinned to version ${instance.version}, which is not stored`);
  const { state } = instance;
  const step = state.kind === 'sending' && state.sendKey === item.sendKey ? version.journey.steps[state.step] : undefined;
  const { brand } = await settings.config();
  const seen = { ...person, attributes: withTold(person.attributes, effectsOf(version.journey, instance)) };
  const call: Call = { item, person: seen, instance, journey: version.journey.name, brand, now: ports.clock() };
  if (step?.kind !== 'webhook' && step?.kind !== 'task') return ended(ports, call);
  const status = step.kind === 'webhook' ? await post(ports, call, step) : await mailToStaff(ports, call, step);
  if (status.kind !== 'later') return settle(ports, call, step, status);
  if (isLastAsking(instance)) return giveUp(ports, call, step, `${status.because}; given up after ${sendingAttempts} attempts`);
  ports.log('info', 'later', { stage: 'deliver-messages', person: person.id, journey: call.journey, sendKey: item.sendKey });
  return 'later';
}

/**
 * Parked before it is logged: a crash in between does both again, and the same id replaces. The run goes on, so nothing can be
 * replayed into it: a person finds what was to be told, and tells it by hand.
 */
async function giveUp(ports: CallPorts, call: Call, step: CallStep, because: string): Promise<Performed> {
  const { item, person, journey, now } = call;
  const { identifierKey } = ports.secrets;
  await ports.parking.park({
    id: contentHash('given up', person.id, item.sendKey),
    at: now,
    stage: step.kind,
    problems: [{ where: `journey ${journey}, step ${step.label}`, problem: because }],
    body: JSON.stringify(
      step.kind === 'webhook'
        ? { url: step.url, id: callId(call), body: tellingOf(call, step, await entryFor(ports, call)) }
        : { to: step.to, subject: step.subject, text: step.text, person: person.id },
    ),
    claims: person.attributes.identifiers.map((identifier) => claimKey(identifierKey, identifier)),
  });
  // The alarm of parked items listens for this word.
  ports.log('warn', 'parked', { stage: 'deliver-messages', person: person.id, journey, sendKey: item.sendKey });
  return settle(ports, call, step, { kind: 'failed', because });
}

type Status = MessageStatus | { readonly kind: 'later'; readonly because: string };

/** The run has ended or gone on: nobody waits for it any more. */
function ended({ log }: CallPorts, { person, journey, item }: Call): Performed {
  log('info', 'dropped', {
    stage: 'deliver-messages',
    person: person.id,
    journey,
    sendKey: item.sendKey,
    because: 'journey-ended',
  });
  return 'dropped';
}

/** http carries no secret out of this machine. */
const mayBeCalled = (url: string): boolean => {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname ?? ''));
};

async function post(ports: CallPorts, call: Call, step: Extract<Step, { kind: 'webhook' }>): Promise<Status> {
  if (!mayBeCalled(step.url)) return { kind: 'failed', because: 'only https is called, and http on this machine' };
  const secrets = ports.secrets.webhookSecrets['relance'] ?? [];
  if (secrets.length === 0)
    return { kind: 'failed', because: 'no secret signs our webhooks: the webhook secrets name none of `relance`' };
  const entry = await entryFor(ports, call);
  const depth = (numberOf(entry.properties[depthProperty]) ?? 0) + 1;
  if (depth > deepestWebhook) return { kind: 'failed', because: `webhooks led to webhooks ${deepestWebhook} times` };
  const body = JSON.stringify(tellingOf(call, step, entry));
  const answer = await ports.carriers.post({ url: step.url, id: callId(call), body, depth, secrets });
  if (answer.kind === 'unreachable') return { kind: 'later', because: answer.because };
  return statusOf(answer.status, call.now);
}

const entryFor = ({ people }: CallPorts, { person, instance }: Call): Promise<EntryEvent> =>
  entryOf(people, [person.id, ...person.attributes.aliases], instance.entry);

/** Send keys name a step of a run, and many people have a run of the same key. */
const callId = ({ person, item }: Call): string => contentHash('call', person.id, item.sendKey);

function tellingOf({ item, person, instance, journey }: Call, { label }: CallStep, entry: EntryEvent): JsonObject {
  const { identifiers, traits } = person.attributes;
  const own = Object.entries(traits).filter(([name]) => name !== 'tags' && !isTagTrait(name));
  return {
    type: 'journey.step',
    timestamp: isoInstant(item.orderTime),
    data: {
      journey,
      step: label,
      run: item.key,
      person: {
        id: person.id,
        identifiers: identifiers.map(({ type, value }) => ({ type, value })),
        traits: Object.fromEntries(own.map(([name, { value }]) => [name, value])),
        tags: tagsOf(person.attributes),
      },
      entry: { ...entry.properties, event: instance.entry.event, at: isoInstant(instance.entry.at) },
    },
  };
}

/** 408 and 429 ask for patience, 425 says that it was too early; every other refusal of the request is final. */
function statusOf(status: number, now: Instant): Status {
  if (status >= 200 && status < 300) return { kind: 'sent', providerId: `HTTP ${status} at ${isoInstant(now)}` };
  const isFinal = status >= 300 && status < 500 && ![408, 425, 429].includes(status);
  return isFinal ? { kind: 'failed', because: `answered ${status}` } : { kind: 'later', because: `answered ${status}` };
}

async function mailToStaff(ports: CallPorts, call: Call, step: Extract<Step, { kind: 'task' }>): Promise<Status> {
  const { brand, item, person, journey, now } = call;
  const { locale, timeZone, currency } = brand;
  const facts = await variableFacts(ports, { person, brand, entry: call.instance.entry }, '', now);
  const rendering = renderEmail({
    template: { email: { [locale]: { subject: step.subject, html: '', text: step.text } } },
    brand,
    locale,
    variables: variablesFor(facts),
  });
  if (rendering.kind === 'cannot') return { kind: 'failed', because: rendering.because };
  const { orders } = await ports.people.statistics(person.id);
  const about = contextText({
    locale,
    timeZone,
    currency,
    attributes: person.attributes,
    lines: facts.lines,
    orders: orders.filter(countsAsOrder),
  });
  const text = [rendering.text.trimEnd(), about].filter((part) => part !== '').join('\n\n');
  try {
    const mail = await composeEmail({
      identity: { ...item, person: person.id, cause: { kind: 'journey', name: journey, step: step.label } },
      purpose: 'transactional',
      sender: { ...brand.sender, email: brand.sender.transactional ?? brand.sender.email },
      to: step.to,
      subject: rendering.subject,
      html: asHtml(text),
      text,
      unsubscribeUrl: '',
      at: now,
    });
    // Without tags: what becomes of a mail to staff says nothing of the person.
    return asStatus(await ports.carriers.send({ ...mail, tags: {} }));
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'failed', because: error.message };
    throw error;
  }
}

function asStatus(outcome: SendOutcome): Status {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', providerId: outcome.providerId };
    case 'refused':
      return { kind: 'failed', because: outcome.because };
    case 'throttled':
    case 'unknown':
      return { kind: 'later', because: outcome.because };
  }
}

async function settle({ people, log }: CallPorts, call: Call, step: CallStep, status: MessageStatus): Promise<Performed> {
  const { item, person, journey, now } = call;
  const message: MessageLog = {
    sendKey: item.sendKey,
    orderTime: item.orderTime,
    at: now,
    cause: { kind: 'journey', name: journey, step: step.label },
    channel: step.kind,
    purpose: 'transactional',
    // A task has none: its subject is written by the marketer with names of people in it.
    template: step.kind === 'webhook' ? step.url : `${journey}/${step.label}`,
    status,
  };
  await people.keepMessage(person.id, message);
  log('info', status.kind, { stage: 'deliver-messages', person: person.id, journey, sendKey: item.sendKey });
  return status.kind;
}
