/**
 * What left by SMS: the texts that SNS accepted. It carries no tags along, so that the person is found by the number and the
 * message by the provider's id in the person's log.
 */
import { claimKey, type ClaimKey } from '../../shared/events/identifier.ts';
import { isoInstant } from '../../shared/kernel/time.ts';
import type { LoggedMessage } from '../../shared/messages/marks.ts';
import type { Cause } from '../../shared/messages/message.ts';
import type { Loaded } from '../../shared/ports.ts';
import type { TextMessage } from '../emulators/sns-inbox.ts';
import type { Stack } from '../stack.ts';

export interface LocalText {
  readonly id: string;
  readonly channel: 'sms';
  /** What the phone shows as the sender. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** The way it took: `Promotional` or `Transactional`. */
  readonly type: TextMessage['type'];
  readonly sentAt: string;
  /** `sent`; `opted-out` where SNS took it and kept it from a phone that answered STOP, which it tells nobody. */
  readonly status: string;
  /** Who has the number now. */
  readonly profileId: string | null;
  readonly cause: Cause | null;
}

/** Oldest first; only the newest so many where a number is given. */
export async function localTexts(stack: Stack, page: { readonly newest?: number } = {}): Promise<readonly LocalText[]> {
  const texts = stack.emulators.sns.texts(page);
  const known = await ownersOf(stack, new Set(texts.map(({ phoneNumber }) => phoneNumber)));
  return texts.map((text) => {
    const owner = known.get(text.phoneNumber);
    const logged = owner?.messages.find(({ status }) => status.kind === 'sent' && status.providerId === text.id);
    return {
      id: text.id,
      channel: 'sms',
      from: text.senderId ?? '',
      to: text.phoneNumber,
      text: text.message,
      type: text.type,
      sentAt: isoInstant(text.acceptedAt),
      status: text.delivered ? 'sent' : 'opted-out',
      profileId: owner?.person.id ?? null,
      cause: logged?.cause ?? null,
    };
  });
}

interface Owner {
  readonly person: Loaded;
  readonly messages: readonly LoggedMessage[];
}

async function ownersOf(
  { ports: { people, secrets } }: Stack,
  numbers: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Owner>> {
  const claims = new Map<ClaimKey, string>(
    [...numbers].map((value) => [claimKey(secrets.identifierKey, { type: 'phone', value }), value]),
  );
  const known = new Map<string, Owner>();
  for (const [claim, id] of await people.owners([...claims.keys()])) {
    const person = await people.load(id);
    const messages = await people.messages([person.id, ...person.attributes.aliases]);
    known.set(claims.get(claim) ?? '', { person, messages });
  }
  return known;
}
