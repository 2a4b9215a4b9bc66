/**
 * What ordered a message, read at the moment it is to leave: the step of a run, or the occurrence of a campaign, with the
 * template of the version that it is pinned to.
 */
import type { Channel, Event } from '../events/event.ts';
import { isLastAsking } from '../journeys/advance.ts';
import { effectsOf } from '../journeys/effects.ts';
import type { Instance } from '../journeys/instance.ts';
import type { Journey, Step } from '../journeys/journey.ts';
import { isAboutCart } from '../journeys/listeners.ts';
import { minutes } from '../kernel/time.ts';
import { lastAsking } from '../campaigns/progress.ts';
import type { RunFacts } from '../messages/gate.ts';
import { campaignCause, sendKeyOf, type CampaignItem, type Cause, type JourneyItem } from '../messages/message.ts';
import type { Template } from '../messages/template.ts';
import type { Loaded, Ports } from '../ports.ts';
import type { HotState } from '../profile/profile.ts';
import type { DidCondition } from '../rules/condition.ts';

export interface Order {
  readonly cause: Cause;
  readonly channels: readonly Channel[];
  readonly template: Template;
  /** For the gate. */
  readonly run: RunFacts;
  /** Where the event that started it stands; absent where no event did. */
  readonly entry?: Instance['entry'];
  /** What was counted, where a count started it. */
  readonly counted?: DidCondition;
  /** What the run has changed of the person: it may not be processed yet. */
  readonly effects: readonly Event[];
  /** The journey whose rest counts from this message; absent where none does. */
  readonly restsIn?: string;
  /** Nobody asks again what became of the message. */
  readonly isLastAsking: boolean;
}

/** Undefined: the run is gone without a trace. */
export async function loadJourneyOrder(
  { people, settings }: Pick<Ports, 'people' | 'settings'>,
  item: JourneyItem,
  { id, attributes, hot }: Loaded,
): Promise<Order | undefined> {
  const [stored] = await people.instances([id, ...attributes.aliases], [item]);
  if (stored === undefined) return undefined;
  const { instance } = stored;
  const version = await settings.journey(instance.version);
  if (version === undefined)
    throw new Error(`journey ${instance.journey} is pinned to version ${instance.version}, which is not stored`);
  const { journey, templates } = version;
  const step = sendStep(journey, item);
  const template = step === undefined ? undefined : templates[step.template];
  if (step === undefined || template === undefined)
    throw new Error(`journey ${journey.name} has no step that sends ${item.sendKey}`);
  return {
    cause: { kind: 'journey', name: journey.name, step: step.label },
    channels: step.channels,
    template,
    run: runFacts(instance, journey, hot),
    effects: effectsOf(journey, instance),
    entry: instance.entry,
    ...(journey.start.cause.kind === 'did' ? { counted: journey.start.cause.did } : {}),
    ...(journey.start.rest === undefined ? {} : { restsIn: journey.name }),
    isLastAsking: isLastAsking(instance),
  };
}

/** Undefined: the person was forgotten. */
export async function loadCampaignOrder(
  { settings }: Pick<Ports, 'settings'>,
  item: CampaignItem,
  { attributes, hot }: Loaded,
): Promise<Order | undefined> {
  if (attributes.erased === true || (attributes.version === 0 && hot.version === 0)) return undefined;
  const version = await settings.campaign(item.version);
  if (version === undefined)
    throw new Error(`campaign ${item.campaign} is pinned to version ${item.version}, which is not stored`);
  const { campaign, templates } = version;
  const template = templates[campaign.template];
  if (template === undefined) throw new Error(`campaign ${campaign.name} has no template ${campaign.template}`);
  const { campaigns } = await settings.config(item.generation);
  const isLive = campaigns.some((live) => live.campaign.name === item.campaign);
  return {
    cause: campaignCause(item.campaign),
    channels: campaign.channels,
    template,
    run: { kind: 'campaign', ...(isLive ? {} : { ended: 'it was taken out of config/, or switched off' }) },
    effects: [],
    isLastAsking: item.asked >= lastAsking,
  };
}

type SendStep = Extract<Step, { kind: 'send' }>;

const sendStep = (journey: Journey, item: JourneyItem): SendStep | undefined =>
  journey.steps
    .filter((step) => step.kind === 'send')
    .find(({ label }) => sendKeyOf({ kind: 'journey', name: journey.name, step: label }, item.key) === item.sendKey);

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
