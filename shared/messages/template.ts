/**
 * What is said: a template as the functions read it, compiled from config/templates. Its purpose alone decides what the
 * gate asks (promise 3).
 */
import type { Channel, Purpose } from '../events/event.ts';

/** One e-mail in one language, MJML already HTML; Liquid still in it. */
export interface EmailTemplate {
  readonly subject: string;
  readonly preheader?: string;
  readonly html: string;
  /** Written by hand, or made from the HTML when it was compiled. Liquid still in it. */
  readonly text: string;
}

/** One SMS in one language: plain text, Liquid still in it. */
export interface SmsTemplate {
  readonly text: string;
}

export interface Template {
  readonly name: string;
  readonly purpose: Purpose;
  readonly topic?: string;
  /** A message whose fate is unknown may go out again: only for transactional ones on channels without feedback. */
  readonly repeat: 'never' | 'allowed';
  /** By language (`fr`, `en`); at least the brand's, or none at all. */
  readonly email: Readonly<Record<string, EmailTemplate>>;
  /**
   * The same. Absent where there is none, as in all that was stored before SMS came: what has no SMS keeps the hash it had,
   * and nobody's run moves to a new version.
   */
  readonly sms?: Readonly<Record<string, SmsTemplate>>;
}

/** The channels it has content for, e-mail first. */
export const channelsOf = ({ email, sms = {} }: Pick<Template, 'email' | 'sms'>): readonly Channel[] => [
  ...(Object.keys(email).length > 0 ? (['email'] as const) : []),
  ...(Object.keys(sms).length > 0 ? (['sms'] as const) : []),
];
