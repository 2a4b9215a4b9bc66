/**
 * The lines between --- and --- at the top of a template: of an e-mail, and of an SMS, which has no subject.
 */
import * as v from 'valibot';
import type { Purpose } from '../../events/event.ts';
import type { Template } from '../config.ts';
import { checkedText, fields, oneOf, prose, say } from './fields.ts';
import { isName, nameInstead } from './names.ts';

/** What is true of the message, whatever its language and channel. */
export interface FrontMatter {
  readonly purpose: Purpose;
  readonly topic?: string;
  readonly repeat: Template['repeat'];
}

export interface EmailMatter extends FrontMatter {
  /** Liquid in it. */
  readonly subject: string;
  readonly preheader?: string;
}

const topic = checkedText('what the message is about, one word such as paniers', (value) =>
  isName(value)
    ? undefined
    : say(`"${value}" cannot be a topic`, 'small letters, digits and dashes', nameInstead('write', value)),
);

const theLines = 'the lines between --- and ---';

const shared = {
  purpose: oneOf('marketing needs consent; transactional is owed to the customer', ['marketing', 'transactional']),
  topic: v.optional(topic),
  repeat: v.optional(oneOf('may a message whose fate is unknown go out again?', ['never', 'allowed'])),
};

const isRepeatable = ({ purpose, repeat }: { readonly purpose: string; readonly repeat?: string | undefined }): boolean =>
  purpose === 'transactional' || repeat !== 'allowed';
const neverTwice = say(
  'a marketing message never goes out twice',
  'repeat: allowed on transactional templates only',
  'remove repeat',
);

export const emailMatterSchema: v.GenericSchema<unknown, EmailMatter> = v.pipe(
  fields(theLines, {
    subject: prose('the subject'),
    preheader: v.optional(prose('the text that mail programs show after the subject')),
    ...shared,
  }),
  v.forward(
    v.check((given) => isRepeatable(given), neverTwice),
    ['repeat'],
  ),
  v.transform(({ subject, preheader, purpose, topic: about, repeat }): EmailMatter => ({
    subject,
    ...(preheader === undefined ? {} : { preheader }),
    purpose,
    ...(about === undefined ? {} : { topic: about }),
    repeat: repeat ?? 'never',
  })),
);

const notInSms = (word: string): string => say(`an SMS has no ${word}`, `${theLines}: purpose, topic, repeat`, `remove ${word}`);

export const smsMatterSchema: v.GenericSchema<unknown, FrontMatter> = v.pipe(
  fields(theLines, shared, { hints: { subject: notInSms('subject'), preheader: notInSms('preheader') } }),
  v.forward(
    v.check((given) => isRepeatable(given), neverTwice),
    ['repeat'],
  ),
  v.transform(({ purpose, topic: about, repeat }): FrontMatter => ({
    purpose,
    ...(about === undefined ? {} : { topic: about }),
    repeat: repeat ?? 'never',
  })),
);
