/**
 * A person, a mailbox provider or a scanner follows one of our signed links. GET changes nothing but the record of a click;
 * only a POST unsubscribes (RFC 8058). Errs on the side of the person: a "no" is rather heard twice than missed, and a
 * click leads on also when it cannot be recorded.
 */
import { envelopeId, type Channel, type Envelope, type Event } from '../events/event.ts';
import { contentHash } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { minutes, type Instant } from '../kernel/time.ts';
import { readClickLink, readUnsubscribeLink, type ClickClaim, type LinkClaim } from '../messages/links.ts';
import type { Ports } from '../ports.ts';

export type FollowPorts = Pick<Ports, 'clock' | 'queues' | 'people' | 'settings' | 'secrets' | 'log'>;

export interface LinkVisit {
  readonly method: string;
  /** `u` or `c`, as the path says. */
  readonly kind: string;
  readonly token: string;
  /** The browser only looks ahead (`Sec-Purpose: prefetch`): nobody clicked. */
  readonly ahead: boolean;
}

export type LinkAnswer =
  /** Show the page that asks; `brand` is empty where it could not be read. */
  | { readonly kind: 'confirm'; readonly channel: Channel; readonly brand: string }
  | { readonly kind: 'unsubscribed'; readonly channel: Channel }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Forged, cut, altered, unknown, or a method we do not serve. */
  | { readonly kind: 'not-ours' };

/** Throws Unavailable when an unsubscription could not be queued: it is answered 5xx and posted again. */
export async function followLinks(ports: FollowPorts, visit: LinkVisit): Promise<LinkAnswer> {
  const { token, method } = visit;
  const keys = ports.secrets.linkKeys;
  const reads = method === 'GET' || method === 'HEAD';
  if (visit.kind === 'u' && (reads || method === 'POST')) {
    const claim = readUnsubscribeLink(token, keys);
    if (claim === undefined) return { kind: 'not-ours' };
    if (!reads) return unsubscribe(ports, token, claim);
    return { kind: 'confirm', channel: claim.channel, brand: await brandName(ports) };
  }
  const claim = visit.kind === 'c' && reads ? readClickLink(token, keys) : undefined;
  if (claim === undefined) return { kind: 'not-ours' };
  if (method === 'GET' && !visit.ahead) await recordClick(ports, token, claim);
  return { kind: 'redirect', to: claim.target };
}

/** The page is shown without the brand's name rather than not at all. */
async function brandName({ settings, log }: FollowPorts): Promise<string> {
  try {
    return (await settings.config()).brand.name;
  } catch (error) {
    log('warn', 'unsubscribe page without brand', { error: nameOf(error) });
    return '';
  }
}

/** The signature is the whole authority: no cookie, and nothing in the body could make it more or less. */
async function unsubscribe(ports: FollowPorts, token: string, claim: LinkClaim): Promise<LinkAnswer> {
  const now = ports.clock();
  const stated = now - (now % minutes(1));
  const granted = await grantedSince(ports, claim, stated);
  const event: Event = {
    id: `relance:unsubscribe:${contentHash(token, String(stated), granted)}`,
    type: 'track',
    name: 'Unsubscribed',
    occurredAt: now,
    // The same for every repetition within the minute, so that they meet in one chunk of the timeline.
    statedAt: stated,
    properties: propertiesOf(claim),
    consent: [{ channel: claim.channel, state: 'withdrawn', kind: 'statement', source: 'unsubscribe link' }],
  };
  await ports.queues.sendEvents([envelopeOf(claim, event, now)]);
  ports.log('info', 'unsubscribed', { person: claim.person, sendKey: claim.sendKey });
  return { kind: 'unsubscribed', channel: claim.channel };
}

/**
 * Two POSTs of one token are one act when they come within the same minute (a double click, a provider's retry), and
 * two acts otherwise, because the person may have opted in again in between. An opt-in known to lie within this very
 * minute makes a new act too. What can still be missed: opt-in and second POST in the same minute while the opt-in is
 * in the queue. What can be counted twice: a POST repeated a minute later; the consent ends the same.
 */
async function grantedSince({ people, log }: FollowPorts, claim: LinkClaim, since: Instant): Promise<string> {
  try {
    const { attributes } = await people.load(claim.person);
    const consent = attributes.consents[`${claim.channel}.marketing`];
    return consent?.state === 'granted' && consent.at >= since ? String(consent.at) : '-';
  } catch (error) {
    log('warn', 'consent not read before unsubscribing', { person: claim.person, error: nameOf(error) });
    return '-';
  }
}

async function recordClick({ clock, queues, log }: FollowPorts, token: string, claim: ClickClaim): Promise<void> {
  const now = clock();
  const event: Event = {
    id: `relance:click:${contentHash(token, String(now))}`,
    type: 'track',
    name: 'Email Link Clicked',
    occurredAt: now,
    statedAt: now,
    properties: { ...propertiesOf(claim), link_url: claim.target },
  };
  try {
    await queues.sendEvents([envelopeOf(claim, event, now)]);
  } catch (error) {
    log('warn', 'click not recorded', { person: claim.person, sendKey: claim.sendKey, error: nameOf(error) });
  }
}

/** The names of the Segment e-mail spec. */
const propertiesOf = ({ sendKey, cause, channel }: LinkClaim): JsonObject => ({
  email_id: sendKey,
  campaign_name: cause,
  channel,
});

function envelopeOf({ person }: LinkClaim, event: Event, now: Instant): Envelope {
  const id = envelopeId('relance', [], [event]);
  return { id, source: 'relance', trust: 'server', receivedAt: now, identifiers: [], personId: person, events: [event] };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
