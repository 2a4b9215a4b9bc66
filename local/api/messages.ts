/**
 * What left: the mails that SES accepted, parsed as a mailbox would, with the person and cause their tags carry, and the texts
 * that SNS accepted.
 */
import PostalMime from 'postal-mime';
import { readTags } from '../../shared/channels/tags.ts';
import type { PersonId } from '../../shared/kernel/ids.ts';
import { isoInstant } from '../../shared/kernel/time.ts';
import { isComplaint, suppresses, type LoggedMessage } from '../../shared/messages/marks.ts';
import type { Cause } from '../../shared/messages/message.ts';
import type { AcceptedMail } from '../emulators/ses-mail.ts';
import type { Stack } from '../stack.ts';
import { localTexts, type LocalText } from './texts.ts';

export type LocalMessage = LocalMail | LocalText;

export interface LocalMail {
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

export interface Page {
  readonly newest?: number;
}

/** Oldest first; only the newest so many where a number is given. */
export async function localMessages(stack: Stack, page: Page = {}): Promise<readonly LocalMessage[]> {
  const both: readonly LocalMessage[] = [...(await localMails(stack, page)), ...(await localTexts(stack, page))];
  const inOrder = both.toSorted((a, b) => (a.sentAt === b.sentAt ? 0 : a.sentAt < b.sentAt ? -1 : 1));
  return page.newest === undefined ? inOrder : inOrder.slice(-page.newest);
}

/** The mails among them. */
export async function localMails(stack: Stack, page: Page = {}): Promise<readonly LocalMail[]> {
  const mails = stack.emulators.ses.inbox(page).map((mail): Tagged => ({ mail, identity: readTags(mail.tags) }));
  const known = await lookUpAll(stack, mails);
  const told: LocalMail[] = [];
  // One after the other: an inbox of thousands would hold them all in memory at once.
  for (const { mail, identity } of mails) {
    told.push({
      ...(await readMail(mail)),
      status: known.get(mail.id)?.status ?? 'sent',
      profileId: known.get(mail.id)?.person ?? null,
      cause: identity?.cause ?? null,
    });
  }
  return told;
}

const lookedUpTogether = 25;

interface Tagged {
  readonly mail: AcceptedMail;
  readonly identity: ReturnType<typeof readTags>;
}

interface LookedUp {
  /** As they are now, after merges. */
  readonly person: PersonId;
  /** Absent before the product has logged it. */
  readonly status?: string;
}

/** By the provider's id of the mail. */
async function lookUpAll({ ports: { people } }: Stack, mails: readonly Tagged[]): Promise<ReadonlyMap<string, LookedUp>> {
  const known = new Map<string, LookedUp>();
  const lookUp = async ({ mail, identity }: Tagged): Promise<void> => {
    if (identity === undefined) return;
    const { id, attributes } = await people.load(identity.person);
    const message = await people.message([id, ...attributes.aliases], identity.orderTime, identity.sendKey);
    known.set(mail.id, { person: id, ...(message === undefined ? {} : { status: wordFor(message) }) });
  };
  for (let from = 0; from < mails.length; from += lookedUpTogether)
    await Promise.all(mails.slice(from, from + lookedUpTogether).map(lookUp));
  return known;
}

/** The last word of the mailbox, or ours while it has said nothing. An absence note after a delivery takes nothing back. */
export function wordFor({ status, marks = [] }: Pick<LoggedMessage, 'status' | 'marks'>): string {
  if (marks.some(isComplaint)) return 'complained';
  if (marks.some(suppresses)) return 'bounced';
  const words = ['delivered', 'bounced', 'rejected', 'not-rendered', 'delayed'] as const;
  return words.find((word) => marks.some(({ kind }) => kind === word)) ?? status.kind;
}

async function readMail(mail: AcceptedMail): Promise<Omit<LocalMail, 'status' | 'profileId' | 'cause'>> {
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
