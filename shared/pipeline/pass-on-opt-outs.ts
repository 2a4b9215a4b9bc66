/**
 * An opt-out is about an address. Where a server tells it of one account and the address is another's, because two accounts
 * of one source are two people, its owner is told as well: nothing may go there any more (promise 3). Sent before the envelope
 * is committed, so that a crash sends it again; the owner knows it by the event's id.
 */
import { envelopeId, type Channel, type Envelope, type Event } from '../events/event.ts';
import type { Identifier } from '../events/identifier.ts';
import type { Ports } from '../ports.ts';

/** `others`: identifiers that the envelope names and somebody else has. */
export async function passOnOptOuts(
  { queues, log }: Pick<Ports, 'queues' | 'log'>,
  envelope: Envelope,
  others: readonly Identifier[],
): Promise<void> {
  const passedOn = others.flatMap((address) => optOutsOf(envelope, address));
  if (passedOn.length === 0) return;
  await queues.sendEvents(passedOn);
  log('info', 'opt-out passed on', { stage: 'process-events', envelope: envelope.id, addresses: passedOn.length });
}

/** What an address is written to on. A device token is nobody else's. */
const channelOf = ({ type }: Identifier): Channel | undefined =>
  type === 'email' ? 'email' : type === 'phone' ? 'sms' : undefined;

function optOutsOf(envelope: Envelope, address: Identifier): readonly Envelope[] {
  const channel = channelOf(address);
  // A browser may say of strangers what it likes.
  if (channel === undefined || envelope.trust !== 'server') return [];
  const events = envelope.events.flatMap((event) => optOutOf(event, channel));
  if (events.length === 0) return [];
  const { source, trust, receivedAt, imported } = envelope;
  const id = envelopeId(source, [address], events);
  return [{ id, source, trust, receivedAt, ...(imported && { imported }), identifiers: [address], events }];
}

function optOutOf({ id, occurredAt, statedAt, consent = [] }: Event, channel: Channel): readonly Event[] {
  const withdrawn = consent.filter((statement) => statement.channel === channel && statement.state === 'withdrawn');
  if (withdrawn.length === 0) return [];
  return [
    {
      id: `${id}:${channel}`,
      type: 'identify',
      name: 'Identify',
      occurredAt,
      ...(statedAt === undefined ? {} : { statedAt }),
      properties: {},
      consent: withdrawn,
    },
  ];
}
