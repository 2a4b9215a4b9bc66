/**
 * All a message needs to be decided on, read at the moment it is to leave: the person, the run that ordered it, the pinned
 * template, the active brand. The queue told ids only.
 */
import type { Brand } from '../config/config.ts';
import type { Channel } from '../events/event.ts';
import { claimKey } from '../events/identifier.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Journey, Step } from '../journeys/journey.ts';
import { isAboutCart } from '../journeys/listeners.ts';
import { Conflict } from '../kernel/errors.ts';
import { minutes } from '../kernel/time.ts';
import { chooseChannel, type ChannelChoice, type GateContext, type RunFacts } from '../messages/gate.ts';
import { sendKeyOf, type Cause, type OutboxItem } from '../messages/message.ts';
import type { Template } from '../messages/template.ts';
import type { Loaded, Ports, StoredRecord } from '../ports.ts';
import type { HotState } from '../profile/profile.ts';

export interface Delivery {
  readonly kind: 'found';
  readonly item: OutboxItem;
  /** The provider spoke of it before it was logged. */
  readonly told?: StoredRecord;
  readonly person: Loaded;
  readonly instance: Instance;
  readonly journey: Journey;
  readonly template: Template;
  readonly cause: Cause;
  readonly channel: Channel;
  readonly brand: Brand;
  /** What the gate looks at, but for the time. */
  readonly gate: Omit<GateContext, 'now'>;
}

export type LoadPorts = Pick<Ports, 'people' | 'settings' | 'secrets'>;

/** `nobody`: the person or the run is gone without a trace; nothing can be said and nothing must be written. */
export async function loadDelivery(
  ports: LoadPorts,
  item: OutboxItem,
): Promise<Delivery | { readonly kind: 'already-logged' | 'nobody' }> {
  const { people, settings } = ports;
  const seen = await people.load(item.person);
  const person = await withFactsOfNow(people, seen);
  const family = [person.id, ...person.attributes.aliases];
  const told = await people.messageRecord(family, item.orderTime, item.sendKey);
  if (told?.record.log !== undefined) return { kind: 'already-logged' };
  const [stored] = await people.instances(family, [item]);
  if (stored === undefined) return { kind: 'nobody' };
  const { instance } = stored;
  const version = await settings.journey(instance.version);
  if (version === undefined)
    throw new Error(`journey ${instance.journey} is pinned to version ${instance.version}, which is not stored`);
  const { journey, templates } = version;
  const step = sendStep(journey, item);
  const template = step === undefined ? undefined : templates[step.template];
  if (step === undefined || template === undefined)
    throw new Error(`journey ${journey.name} has no step that sends ${item.sendKey}`);
  const { brand } = await settings.config();
  const choice = chooseChannel(step.channels, template, person.attributes);
  return {
    kind: 'found',
    item,
    ...(told === undefined ? {} : { told }),
    person,
    instance,
    journey,
    template,
    brand,
    cause: { kind: 'journey', name: journey.name, step: step.label },
    channel: choice.kind === 'channel' ? choice.channel : (step.channels[0] ?? 'email'),
    gate: {
      brand,
      template,
      choice,
      sendKey: item.sendKey,
      attributes: person.attributes,
      hot: person.hot,
      suppressed: await isSuppressed(ports, choice),
      run: runFacts(instance, journey, person.hot),
    },
  };
}

/**
 * One read of facts and hot state together is no snapshot: the facts could be older than an opt-out that the hot state
 * already counts. Read after the hot state whose version the claim expects, they cannot be: whoever opts out later makes
 * the claim fail.
 */
async function withFactsOfNow(people: LoadPorts['people'], seen: Loaded): Promise<Loaded> {
  const now = await people.load(seen.id);
  if (now.id !== seen.id) throw new Conflict('deliver a message: the person was merged meanwhile');
  return { ...seen, attributes: now.attributes };
}

type SendStep = Extract<Step, { kind: 'send' }>;

const sendStep = (journey: Journey, item: OutboxItem): SendStep | undefined =>
  journey.steps
    .filter((step) => step.kind === 'send')
    .find(({ label }) => sendKeyOf({ kind: 'journey', name: journey.name, step: label }, item.key) === item.sendKey);

async function isSuppressed({ people, secrets }: LoadPorts, choice: ChannelChoice): Promise<boolean> {
  if (choice.kind === 'none') return false;
  const type = choice.channel === 'email' ? 'email' : 'phone';
  return people.isSuppressed(choice.channel, claimKey(secrets.identifierKey, { type, value: choice.to }));
}

/** Then the timer of a first step that sends asks again, and what it finds is final. */
const freshFor = minutes(1);

function runFacts(instance: Instance, journey: Journey, hot: HotState): RunFacts {
  const { state, log } = instance;
  if (state.kind === 'ended') return { kind: 'ended', because: state.because };
  const { rest } = journey.start;
  const lastMessageAt = hot.lastMessages[journey.name];
  return {
    kind: 'open',
    ...(state.kind === 'sending' ? { sendKey: state.sendKey } : {}),
    ...(state.kind === 'sending' && state.attempt === 1 ? { freshUntil: instance.startedAt + freshFor } : {}),
    carts: isAboutCart(journey) && journey.start.reentry.kind === 'once-per' ? [instance.key] : [],
    hasSent: log.some(({ outcome }) => outcome === 'message sent' || outcome === 'message unknown'),
    ...(rest === undefined ? {} : { rest: { duration: rest, ...(lastMessageAt === undefined ? {} : { lastMessageAt }) } }),
  };
}
