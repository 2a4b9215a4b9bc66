/**
 * The lines between --- and --- at the top of an e-mail template.
 */
import * as v from 'valibot';
import type { Purpose } from '../../events/event.ts';
import type { Template } from '../config.ts';
import { checkedText, fields, oneOf, prose, say } from './fields.ts';
import { isName, nameLike } from './names.ts';

export interface FrontMatter {
  /** Liquid in it. */
  readonly subject: string;
  readonly preheader?: string;
  readonly purpose: Purpose;
  readonly topic?: string;
  readonly repeat: Template['repeat'];
}

const topic = checkedText('what the message is about, one word such as paniers', (value) =>
  isName(value) ? undefined : say(`"${value}" cannot be a topic`, 'small letters, digits and dashes', `write ${nameLike(value)}`),
);

export const frontMatterSchema: v.GenericSchema<unknown, FrontMatter> = v.pipe(
  fields('the lines between --- and ---', {
    subject: prose('the subject'),
    preheader: v.optional(prose('the text that mail programs show after the subject')),
    purpose: oneOf('marketing needs consent; transactional is owed to the customer', ['marketing', 'transactional']),
    topic: v.optional(topic),
    repeat: v.optional(oneOf('may a message whose fate is unknown go out again?', ['never', 'allowed'])),
  }),
  v.forward(
    v.check(
      ({ purpose, repeat }) => purpose === 'transactional' || repeat !== 'allowed',
      say('a marketing message never goes out twice', 'repeat: allowed on transactional templates only', 'remove repeat'),
    ),
    ['repeat'],
  ),
  v.transform(({ subject, preheader, purpose, topic: about, repeat }): FrontMatter => ({
    subject,
    ...(preheader === undefined ? {} : { preheader }),
    purpose,
    ...(about === undefined ? {} : { topic: about }),
    repeat: repeat ?? 'never',
  })),
);
