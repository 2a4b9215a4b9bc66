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

export interface Template {
  readonly name: string;
  readonly purpose: Purpose;
  readonly topic?: string;
  /** A message whose fate is unknown may go out again: only for transactional ones on channels without feedback. */
  readonly repeat: 'never' | 'allowed';
  /** By language (`fr`, `en`); at least the brand's. */
  readonly email: Readonly<Record<string, EmailTemplate>>;
}

/** The channels it has content for. */
export const channelsOf = (template: Template): readonly Channel[] => (Object.keys(template.email).length > 0 ? ['email'] : []);
