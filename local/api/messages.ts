/** What left: the mails that SES accepted, parsed as a mailbox would, with the person and cause their tags carry. */
import PostalMime from 'postal-mime';
import { readTags } from '../../shared/channels/tags.ts';
import type { PersonId } from '../../shared/kernel/ids.ts';
import { isoInstant } from '../../shared/kernel/time.ts';
import type { Cause } from '../../shared/messages/message.ts';
import type { AcceptedMail } from '../emulators/ses.ts';
import type { Stack } from '../stack.ts';

export interface LocalMessage {
  readonly id: string;
  readonly channel: 'email';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Under the name as written and in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sentAt: string;
  readonly status: string;
  /** As it is now, after merges. */
  readonly profileId: string | null;
  readonly cause: Cause | null;
}

/** Oldest first; only the newest so many where a number is given. */
export async function localMessages(stack: Stack, page: { readonly newest?: number } = {}): Promise<readonly LocalMessage[]> {
  const mails = stack.emulators.ses.inbox(page).map((mail) => ({ mail, identity: readTags(mail.tags) }));
  const ids = await idsNow(
    stack,
    mails.flatMap(({ identity }) => identity?.person ?? []),
  );
  const told: LocalMessage[] = [];
  // One after the other: an inbox of thousands would hold them all in memory at once.
  for (const { mail, identity } of mails) {
    const profileId = (identity && ids.get(identity.person)) ?? null;
    told.push(await readMail(mail, profileId, identity?.cause ?? null));
  }
  return told;
}

const lookedUpTogether = 25;

/** Whom each person is part of now, after merges. */
async function idsNow({ ports }: Stack, people: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonId>> {
  const asked = [...new Set(people)];
  const ids = new Map<PersonId, PersonId>();
  for (let from = 0; from < asked.length; from += lookedUpTogether) {
    const some = asked.slice(from, from + lookedUpTogether);
    const loaded = await Promise.all(some.map((person) => ports.people.load(person)));
    for (const [at, { id }] of loaded.entries()) ids.set(some[at] ?? id, id);
  }
  return ids;
}

async function readMail(mail: AcceptedMail, profileId: PersonId | null, cause: Cause | null): Promise<LocalMessage> {
  const parsed = await PostalMime.parse(mail.raw);
  const headers: Record<string, string> = {};
  for (const { originalKey, key, value } of parsed.headers) {
    headers[originalKey] = value;
    headers[key] = value;
  }
  return {
    id: mail.id,
    channel: 'email',
    to: mail.recipients.join(', '),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    html: parsed.html ?? '',
    headers,
    sentAt: isoInstant(mail.acceptedAt),
    status: 'sent',
    profileId,
    cause,
  };
}
