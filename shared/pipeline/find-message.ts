/**
 * From what a provider told to the message it is about and the person it went to, as they are now. Whoever is unknown or
 * forgotten is nobody: nothing is written about them (promise 6).
 */
import type { Feedback } from '../channels/channel.ts';
import { claimKey, type ClaimKey } from '../events/identifier.ts';
import { normaliseIdentifiers } from '../identity/normalise.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Loaded, Ports, StoredRecord } from '../ports.ts';

export type FindMessagePorts = Pick<Ports, 'people' | 'settings' | 'secrets'>;

export interface FoundMessage {
  readonly kind: 'found';
  /** After following `into`. */
  readonly person: Loaded;
  readonly stored: StoredRecord;
  /** The addresses that the feedback is about, hashed. */
  readonly claims: readonly ClaimKey[];
}

/** `unlogged`: the address is somebody's, but no message of ours has this provider's id, or not yet. */
export type MessageSearch = FoundMessage | { readonly kind: 'nobody' | 'unlogged' };

type Name = { readonly person: PersonId; readonly orderTime: number; readonly sendKey: string };

export async function findMessage(ports: FindMessagePorts, feedback: Feedback): Promise<MessageSearch> {
  const claims = await claimsOf(ports, feedback.to);
  const { about } = feedback;
  if (about.by === 'tags') return found(ports, about, claims);
  const [owner] = (await ports.people.owners(claims)).values();
  if (owner === undefined) return { kind: 'nobody' };
  if (about.message !== undefined) return found(ports, { person: owner, ...about.message }, claims);
  const { id, attributes } = await ports.people.load(owner);
  const messages = await ports.people.messages([id, ...attributes.aliases]);
  const sent = messages.find(({ status }) => status.kind === 'sent' && status.providerId === feedback.providerId);
  return sent === undefined ? { kind: 'unlogged' } : found(ports, { person: id, ...sent }, claims);
}

async function found(ports: FindMessagePorts, name: Name, claims: readonly ClaimKey[]): Promise<MessageSearch> {
  const { people } = ports;
  const { orderTime, sendKey } = name;
  const person = await people.load(name.person);
  const { attributes, hot } = person;
  if (attributes.erased === true || (attributes.version === 0 && hot.version === 0)) return { kind: 'nobody' };
  const family = [person.id, ...attributes.aliases];
  const stored = await people.messageRecord(family, orderTime, sendKey);
  // Under whom the sender knew the person: there it writes its log.
  const unlogged = { person: name.person, record: { orderTime, sendKey, version: 0, marks: [] } };
  return { kind: 'found', person, stored: stored ?? unlogged, claims };
}

/** SES may write `Ada <ada@example.com>`. */
async function claimsOf({ settings, secrets }: FindMessagePorts, to: readonly string[]): Promise<readonly ClaimKey[]> {
  const { brand } = await settings.config();
  const bare = to.map((written) => /<([^<>]+)>\s*$/.exec(written)?.[1] ?? written);
  const raw = bare.map((value) => ({ type: 'email' as const, value }));
  const { identifiers } = normaliseIdentifiers(raw, brand.country);
  return identifiers.map((identifier) => claimKey(secrets.identifierKey, identifier));
}
