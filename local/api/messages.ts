/** What left: the mails that SES accepted, parsed as a mailbox would, with the person and cause their tags carry. */
import PostalMime from 'postal-mime';
import { readTags } from '../../shared/channels/tags.ts';
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
export const localMessages = (stack: Stack, page: { readonly newest?: number } = {}): Promise<readonly LocalMessage[]> =>
  Promise.all(stack.emulators.ses.inbox(page).map((mail) => readMail(stack, mail)));

async function readMail({ ports }: Stack, mail: AcceptedMail): Promise<LocalMessage> {
  const parsed = await PostalMime.parse(mail.raw);
  const identity = readTags(mail.tags);
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
    profileId: identity === undefined ? null : (await ports.people.load(identity.person)).id,
    cause: identity?.cause ?? null,
  };
}
