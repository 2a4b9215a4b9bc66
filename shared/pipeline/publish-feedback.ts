/**
 * What a mailbox did becomes an event of the person where a rule listens (design section 4); a complaint always does, since
 * it is an opt-out and needs its proof. Told again it is the same event.
 */
import type { Feedback } from '../channels/channel.ts';
import { envelopeId, type ConsentStatement, type Event } from '../events/event.ts';
import type { Config } from '../config/config.ts';
import { eventsAsked } from '../journeys/listeners.ts';
import { contentHash } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import { isComplaint, nameOf, withdrawsConsent, type Mark } from '../messages/marks.ts';
import type { Loaded, Ports } from '../ports.ts';
import { didsIn } from '../rules/did-state.ts';
import type { FoundMessage } from './find-message.ts';

export type PublishPorts = Pick<Ports, 'queues' | 'settings'>;

export async function publishFeedback(
  ports: PublishPorts,
  { person, stored }: FoundMessage,
  { mark, channel, about }: Feedback,
  now: Instant,
): Promise<void> {
  const name = eventName(mark);
  if (name === undefined || !(withdrawsConsent(mark) || (await isListenedTo(ports, person, name)))) return;
  const { sendKey, orderTime, log } = stored.record;
  const cause = about.by === 'tags' ? about.cause : log?.cause;
  const no: ConsentStatement = { channel, state: 'withdrawn', kind: 'statement', source: 'complaint' };
  const event: Event = {
    id: `relance:feedback:${contentHash(sendKey, String(orderTime), nameOf(mark))}`,
    type: 'track',
    name,
    occurredAt: Math.min(mark.at, now),
    statedAt: mark.at,
    properties: {
      email_id: sendKey,
      channel,
      ...(cause === undefined ? {} : { campaign_name: cause.name }),
      ...detailsOf(mark),
    },
    ...(withdrawsConsent(mark) ? { consent: [no] } : {}),
  };
  const id = envelopeId('relance', [], [event]);
  await ports.queues.sendEvents([
    { id, source: 'relance', trust: 'server', receivedAt: now, identifiers: [], personId: person.id, events: [event] },
  ]);
}

/** Names of the Segment e-mail spec; it has none for what is still on its way. */
function eventName(mark: Mark): string | undefined {
  switch (mark.kind) {
    case 'delivered':
      return 'Email Delivered';
    case 'bounced':
      return 'Email Bounced';
    case 'complained':
      return isComplaint(mark) ? 'Email Marked as Spam' : undefined;
    case 'accepted':
    case 'delayed':
    case 'rejected':
    case 'not-rendered':
      return undefined;
  }
}

function detailsOf(mark: Mark): Readonly<Record<string, Json>> {
  return mark.kind === 'bounced' ? { bounce_type: mark.type, bounce_subtype: mark.subtype } : {};
}

const cached = new WeakMap<Config, ReadonlySet<string>>();

/** What live journeys and campaigns ask for: built once when a container loads a config. */
function askedIn(config: Config): ReadonlySet<string> {
  const known = cached.get(config);
  if (known !== undefined) return known;
  const { journeys, campaigns } = config;
  const counted = campaigns.flatMap(({ campaign }) => didsIn(campaign.when)).flatMap(({ events }) => events);
  const asked = new Set([...journeys.flatMap(({ journey }) => eventsAsked(journey)), ...counted]);
  cached.set(config, asked);
  return asked;
}

/** By a live rule, or by the version that a run of this person is pinned to. */
async function isListenedTo({ settings }: PublishPorts, { hot }: Loaded, name: string): Promise<boolean> {
  if (askedIn(await settings.config(hot.generation)).has(name)) return true;
  const versions = new Set(hot.open.map(({ version }) => version));
  const pinned = await Promise.all([...versions].map((version) => settings.journey(version)));
  return pinned.some((version) => version !== undefined && eventsAsked(version.journey).includes(name));
}
