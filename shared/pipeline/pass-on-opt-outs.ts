/**
 * An opt-out is about an address. Where a server tells it of one account and the address is another's, because two accounts
 * of one source are two people, its owner is told as well: nothing may go there any more (promise 3). Sent before the envelope
 * is committed, so that a crash sends it again; the owner knows it by the event's id.
 */
import { envelopeId, type Channel, type ConsentStatement, type Envelope, type Event } from '../events/event.ts';
import type { Identifier } from '../events/identifier.ts';
import { normaliseEmail } from '../identity/normalise-email.ts';
import { contentHash } from '../kernel/ids.ts';
import type { Loaded, Ports } from '../ports.ts';
import type { Attributes } from '../profile/profile.ts';

/** `others`: identifiers that the envelope names and somebody else has. */
export async function passOnOptOuts(
  { queues, log }: Pick<Ports, 'queues' | 'log'>,
  envelope: Envelope,
  { person, others }: { readonly person: Loaded; readonly others: readonly Identifier[] },
): Promise<void> {
  // A browser may say of strangers what it likes.
  if (envelope.trust !== 'server') return;
  const named = others.flatMap((address) => [
    ...toldNow(envelope, address),
    // Whoever opted out before they named the address meant it as well.
    ...toldBefore(envelope, address, person),
  ]);
  const remembered = foreignEmail(person.attributes, others).flatMap((address) => toldNow(envelope, address));
  const passedOn = [...named, ...remembered];
  if (passedOn.length === 0) return;
  await queues.sendEvents(passedOn);
  log('info', 'opt-out passed on', { stage: 'process-events', envelope: envelope.id, addresses: passedOn.length });
}

/** What an address is written to on. A device token is nobody else's. */
const channelOf = ({ type }: Identifier): Channel | undefined =>
  type === 'email' ? 'email' : type === 'phone' ? 'sms' : undefined;

/** The address that a server said the person has, where it is not theirs: then it is somebody else's. */
function foreignEmail({ traits, identifiers }: Attributes, others: readonly Identifier[]): readonly Identifier[] {
  const told = Object.hasOwn(traits, 'email') ? traits['email'] : undefined;
  if (told === undefined || !told.verified || typeof told.value !== 'string') return [];
  const spelled = normaliseEmail(told.value);
  if (!('value' in spelled)) return [];
  const isKnown = [...identifiers, ...others].some(({ type, value }) => type === 'email' && value === spelled.value);
  return isKnown ? [] : [{ type: 'email', value: spelled.value }];
}

function toldNow(envelope: Envelope, address: Identifier): readonly Envelope[] {
  const channel = channelOf(address);
  if (channel === undefined) return [];
  const events = envelope.events.flatMap(({ id, occurredAt, statedAt, consent = [] }) => {
    const withdrawn = consent.filter((statement) => statement.channel === channel && statement.state === 'withdrawn');
    const times = { occurredAt, ...(statedAt === undefined ? {} : { statedAt }) };
    return withdrawn.length === 0 ? [] : [optOut(`${id}:${channel}`, times, withdrawn)];
  });
  return to(address, envelope, events);
}

function toldBefore(envelope: Envelope, address: Identifier, { id, attributes }: Loaded): readonly Envelope[] {
  const channel = channelOf(address);
  const known = channel === undefined ? undefined : attributes.consents[`${channel}.marketing`];
  if (channel === undefined || known?.state !== 'withdrawn') return [];
  const { at, source } = known;
  const statement: ConsentStatement = { channel, state: 'withdrawn', kind: 'statement', at, source };
  const name = `relance:opt-out:${contentHash(id, channel, String(at))}`;
  return to(address, envelope, [optOut(name, { occurredAt: at, statedAt: at }, [statement])]);
}

const optOut = (id: string, times: Pick<Event, 'occurredAt' | 'statedAt'>, consent: readonly ConsentStatement[]): Event => ({
  id,
  type: 'identify',
  name: 'Identify',
  ...times,
  properties: {},
  consent,
});

function to(address: Identifier, envelope: Envelope, events: readonly Event[]): readonly Envelope[] {
  if (events.length === 0) return [];
  const { source, trust, receivedAt, imported } = envelope;
  const id = envelopeId(source, [address], events);
  return [{ id, source, trust, receivedAt, ...(imported && { imported }), identifiers: [address], events }];
}
