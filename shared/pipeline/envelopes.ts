/**
 * What a request tells becomes envelopes: one for each written identifier set and hour of stated time, so that a retry in
 * another grouping meets the same people in the same places. No event is lost on the way: what fits nowhere is refused.
 */
import type { Refused, Told } from '../connectors/connector.ts';
import { envelopeId, type Envelope, type Event, type Trust } from '../events/event.ts';
import type { Identifier } from '../events/identifier.ts';
import { normaliseIdentifiers, type LeftOut } from '../identity/normalise.ts';
import { hours, type Instant } from '../kernel/time.ts';

export interface Sender {
  readonly source: string;
  readonly trust: Trust;
  readonly receivedAt: Instant;
  /** ISO 3166-1 alpha-2, for national phone numbers. */
  readonly country: string;
}

export interface Sorted {
  readonly envelopes: readonly Envelope[];
  readonly refused: readonly Refused[];
  /** Identifiers that named nobody beside others that did, by the part that named them. */
  readonly leftOut: readonly PartlyUsed[];
}

export interface PartlyUsed {
  readonly told: Told;
  readonly leftOut: readonly LeftOut[];
}

/** JSON bytes of one envelope: four chunks of 64 KB as the queue counts. */
export const maxEnvelopeBytes = 256 * 1024;

interface Addressed {
  readonly told: Told;
  readonly identifiers: readonly Identifier[];
  readonly previously?: Identifier;
}

/** Events keep the order in which they were told. An event id that comes twice for one identifier set counts once. */
export function intoEnvelopes(told: readonly Told[], sender: Sender): Sorted {
  const groups = new Map<string, Addressed[]>();
  const refused: Refused[] = [];
  const leftOut: PartlyUsed[] = [];
  for (const one of withPlaces(told)) {
    const addressed = address(one, sender.country, leftOut);
    if ('problem' in addressed) {
      refused.push(refusalOf(one, addressed.problem));
      continue;
    }
    const key = groupKey(addressed, sender.receivedAt);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [addressed]);
    else group.push(addressed);
  }
  const envelopes = [...groups.values()].flatMap((group) => envelopesOf(group, sender, refused));
  return { envelopes, refused, leftOut };
}

/** SDKs state whole milliseconds, shops whole seconds, many nothing: what was told last of one instant must stay the last. */
function withPlaces(told: readonly Told[]): readonly Told[] {
  const before = new Map<Instant, number>();
  return told.map((one) => {
    const { event } = one;
    const place = before.get(event.occurredAt) ?? 0;
    before.set(event.occurredAt, place + 1);
    return place === 0 ? one : { ...one, event: { ...event, place } };
  });
}

function address(told: Told, country: string, leftOut: PartlyUsed[]): Addressed | { readonly problem: string } {
  const own = normaliseIdentifiers(told.identifiers, country);
  if (own.identifiers.length === 0) return { problem: `names nobody: ${reasons(own.leftOut)}` };
  if (own.leftOut.length > 0) leftOut.push({ told, leftOut: own.leftOut });
  if (told.previously === undefined) return { told, identifiers: own.identifiers };
  const before = normaliseIdentifiers([told.previously], country);
  const [previously] = before.identifiers;
  if (previously === undefined) return { problem: `names nobody as the previous id: ${reasons(before.leftOut)}` };
  return { told, identifiers: own.identifiers, previously };
}

/** Each once: a batch says an address in its traits and in its context. */
export const reasons = (leftOut: readonly LeftOut[]): string =>
  leftOut.length === 0
    ? 'no identifier was given'
    : [...new Set(leftOut.map(({ type, because }) => `${type} ${because}`))].join('; ');

const groupKey = ({ told, identifiers, previously }: Addressed, receivedAt: Instant): string =>
  JSON.stringify([identifiers, previously ?? null, Math.floor((told.event.statedAt ?? receivedAt) / hours(1))]);

function envelopesOf(group: readonly Addressed[], sender: Sender, refused: Refused[]): readonly Envelope[] {
  const [first] = group;
  if (first === undefined) return [];
  const empty = envelopeOf(first, [], sender);
  const room = maxEnvelopeBytes - bytesOf(empty);
  const parts: Event[][] = [];
  const seen = new Set<string>();
  let left = 0;
  for (const { told } of group) {
    if (seen.has(told.event.id)) continue;
    seen.add(told.event.id);
    const bytes = bytesOf(told.event) + 1; // and a comma
    if (bytes > room) {
      refused.push(refusalOf(told, `the event has ${bytes} bytes; at most ${maxEnvelopeBytes} are taken`));
      continue;
    }
    if (bytes > left) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(told.event);
    left -= bytes;
  }
  return parts.map((events) => envelopeOf(first, events, sender));
}

const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));

const envelopeOf = ({ identifiers, previously }: Addressed, events: readonly Event[], sender: Sender): Envelope => ({
  id: envelopeId(sender.source, identifiers, events),
  source: sender.source,
  trust: sender.trust,
  receivedAt: sender.receivedAt,
  identifiers,
  ...(previously === undefined ? {} : { previously }),
  events,
});

const refusalOf = ({ index, messageId, item, identifiers }: Told, problem: string): Refused => ({
  index,
  item,
  identifiers,
  problem,
  ...(messageId === undefined ? {} : { messageId }),
});
