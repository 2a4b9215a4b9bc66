/** What left: the mails that SES accepted, parsed as a mailbox would, with the person and cause their tags carry. */
import PostalMime from 'postal-mime';
import { readTags } from '../../shared/channels/tags.ts';
import type { PersonId } from '../../shared/kernel/ids.ts';
import { isoInstant } from '../../shared/kernel/time.ts';
import { isComplaint, suppresses, type LoggedMessage } from '../../shared/messages/marks.ts';
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
  const known = await lookUpAll(
    stack,
    mails.flatMap(({ identity }) => identity ?? []),
  );
  const told: LocalMessage[] = [];
  // One after the other: an inbox of thousands would hold them all in memory at once.
  for (const { mail, identity } of mails) {
    told.push({
      ...(await readMail(mail)),
      status: (identity && known.status.get(identity.sendKey)) ?? 'sent',
      profileId: (identity && known.person.get(identity.person)) ?? null,
      cause: identity?.cause ?? null,
    });
  }
  return told;
}

const lookedUpTogether = 25;

type Identity = NonNullable<ReturnType<typeof readTags>>;

interface LookedUp {
  /** Whom each person is part of now, after merges. */
  readonly person: ReadonlyMap<PersonId, PersonId>;
  /** By send key. */
  readonly status: ReadonlyMap<string, string>;
}

async function lookUpAll({ ports: { people } }: Stack, identities: readonly Identity[]): Promise<LookedUp> {
  const person = new Map<PersonId, PersonId>();
  const status = new Map<string, string>();
  const lookUp = async (identity: Identity): Promise<void> => {
    const { id, attributes } = await people.load(identity.person);
    const message = await people.message([id, ...attributes.aliases], identity.orderTime, identity.sendKey);
    person.set(identity.person, id);
    if (message !== undefined) status.set(identity.sendKey, wordFor(message));
  };
  for (let from = 0; from < identities.length; from += lookedUpTogether)
    await Promise.all(identities.slice(from, from + lookedUpTogether).map(lookUp));
  return { person, status };
}

/** The last word of the mailbox, or ours while it has said nothing. An absence note after a delivery takes nothing back. */
export function wordFor({ status, marks = [] }: Pick<LoggedMessage, 'status' | 'marks'>): string {
  if (marks.some(isComplaint)) return 'complained';
  if (marks.some(suppresses)) return 'bounced';
  const words = ['delivered', 'bounced', 'rejected', 'not-rendered', 'delayed'] as const;
  return words.find((word) => marks.some(({ kind }) => kind === word)) ?? status.kind;
}

async function readMail(mail: AcceptedMail): Promise<Omit<LocalMessage, 'status' | 'profileId' | 'cause'>> {
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
  };
}
