/**
 * What the messages of a journey cause: the mailbox and the reader answer, each answer is an event of the person (record-feedback,
 * follow-links), and a journey may listen to it.
 */
import type { JourneyStart } from '../../journeys/journey.ts';
import { textOf, type Json } from '../../kernel/json.ts';
import type { Condition, DidCondition } from '../../rules/condition.ts';
import { leavesIn } from '../../rules/fields.ts';
import { keptInstants } from '../../rules/did-state.ts';
import { daysOf } from '../decode/duration-words.ts';
import type { TemplateChannel } from '../template-files.ts';

/** One message in so many days goes round for ever too, and is no flood: it is let be. */
export const slowDays = 30;

/**
 * `Unsubscribed` is missing: each channel is left once, and then nothing goes out by it any more. A link of an SMS is told under
 * the name that the spec has for e-mail.
 */
const answers: Readonly<Record<TemplateChannel, readonly string[]>> = {
  email: ['Email Delivered', 'Email Opened', 'Email Link Clicked', 'Email Bounced', 'Email Marked as Spam'],
  sms: ['Email Link Clicked'],
};

/** Names that other senders give to the same: `Email Clicked`, `SMS Delivered`. */
const alike: Readonly<Record<TemplateChannel, RegExp>> = {
  email: /^e-?mail\b.*\b(?:sent|delivered|opened|clicked|read|bounced|dropped|deferred|failed)$/i,
  sms: /^sms\b.*\b(?:sent|delivered|clicked|read|failed|undelivered)$/i,
};

export const isAnswer = (channel: TemplateChannel, event: string): boolean =>
  answers[channel].includes(event) || alike[channel].test(event);

/** What a start hears of such answers. */
export interface Heard {
  readonly events: readonly string[];
  /** Days until it can hear again; 0: with each event. */
  readonly days: number;
  /** The journeys whose messages it asks for alone; undefined: any. */
  readonly of: readonly string[] | undefined;
}

/** `when`: of the segment it starts on, with everything filled in. */
export function heardBy({ on, where, cause }: JourneyStart, when: Condition | undefined): readonly Heard[] {
  switch (cause.kind) {
    case 'event':
      return [{ events: on, days: 0, of: campaignsIn(where) }];
    case 'did':
      return [{ events: cause.did.events, days: 0, of: campaignsIn(cause.did.where) }];
    case 'segment':
      return when === undefined ? [] : leavesIn(when).flatMap((leaf) => (leaf.kind === 'did' ? [counted(leaf)] : []));
    case 'date':
    case 'api':
      return [];
  }
}

/** Each event counts once, until it is too old: so often can the count pass a line in that time. */
const counted = ({ events, where, within, times }: DidCondition): Heard => ({
  events,
  days: (within === undefined ? keptDays : daysOf(within)) / Math.max(1, keptInstants(times)),
  of: campaignsIn(where),
});

const keptDays = 396;

/** `event.campaign_name: bienvenue`, where all depends on it: names are compared without regard to capitals. */
function campaignsIn(condition: Condition | undefined): readonly string[] | undefined {
  if (condition === undefined) return undefined;
  if (condition.kind === 'all') return condition.of.map(campaignsIn).find((names) => names !== undefined);
  if (condition.kind !== 'compare' || condition.path.join('.') !== 'event.campaign_name') return undefined;
  const { op, value } = condition.comparison;
  if (op === 'eq') return [nameIn(value)];
  return op === 'in' ? value.map(nameIn) : undefined;
}

const nameIn = (value: Json): string => (textOf(value) ?? '').toLowerCase();

/** Each message has an id of its own: once for each of them is every time. */
export const isEachMessage = (path: readonly string[]): boolean => path.at(-1) === 'email_id';
