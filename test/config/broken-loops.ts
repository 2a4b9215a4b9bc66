/** Journeys that start on what their own messages cause; and those that may, because something ends the round. */
import type { Broken } from './broken.ts';
import { brandWithSms, sms } from './small-config.ts';

const send = 'steps: [{ send: rappel }]\n';
const on = (event: string, more = ''): string => `start: { on: ${event}${more} }\n${send}`;
const one = (text: string, segment?: string): Record<string, string> => ({
  'journeys/a.yaml': text,
  ...(segment === undefined ? {} : { 'segments/s.yaml': `when: ${segment}\n` }),
});
const endless = (who: string, what: string, first = 'a'): string =>
  `1 journeys start each other without end: ${who} (${what}) → write once: true in the start of ${first}`;
const self = (what: string): readonly string[] => [endless('a → a', what)];

const alone = ['Email Delivered', 'Email Opened', 'Email Link Clicked', 'Email Bounced', 'Email Marked as Spam'].concat([
  'Email Clicked',
  'Email Read',
]);

export const brokenLoops: readonly Broken[] = [
  ...alone.map((event) => ({ why: `a message on ${event}`, files: one(on(event)), says: self(event) })),
  { why: 'one of several events', files: one(on('[Signed Up, Email Opened]')), says: self('Email Opened') },
  {
    why: 'a wait before the message: each event starts a round of its own',
    files: one('start: { on: Email Delivered }\nsteps: [{ wait: 2 months }, { send: rappel }]\n'),
    says: self('Email Delivered'),
  },
  {
    why: 'a message in one branch of a split',
    files: one('start: { on: Email Opened }\nsteps: [{ split: [{ weight: 1, steps: [{ send: rappel }] }, { weight: 9 }] }]\n'),
    says: self('Email Opened'),
  },
  { why: 'once for each message', files: one(on('Email Delivered', ', once per: email_id')), says: self('Email Delivered') },
  {
    why: 'its own messages alone',
    files: one(on('Email Opened', ', where: { event.campaign_name: A }')),
    says: self('Email Opened'),
  },
  {
    why: 'a where that asks for another journey, or not',
    files: one(on('Email Opened', ', where: { any: [{ event.campaign_name: b }, { city: Lyon }] }')),
    says: self('Email Opened'),
  },
  {
    why: 'a rest that is over before the mailbox has answered',
    files: one(on('Email Delivered', ', rest: 1 minute')),
    says: self('Email Delivered'),
  },
  {
    why: 'two journeys, of which one waits longer than the other rests',
    files: {
      'journeys/a.yaml': on('Email Delivered', ', where: { event.campaign_name: b }, rest: 2 days'),
      'journeys/b.yaml':
        'start: { on: Email Opened, where: { event.campaign_name: a } }\nsteps: [{ wait: 3 days }, { send: rappel }]\n',
    },
    says: [endless('a → b → a', 'Email Opened, Email Delivered')],
  },
  {
    why: 'an SMS, when one was delivered',
    files: {
      ...one('start: { on: SMS Delivered }\nsteps: [{ send: rappel, channels: sms }]\n'),
      'templates/rappel/sms.fr.txt': sms,
      'brand.yaml': brandWithSms,
    },
    says: self('SMS Delivered'),
  },
  {
    why: 'all channels of a template that has an SMS too',
    files: { ...one(on('SMS Delivered')), 'templates/rappel/sms.fr.txt': sms, 'brand.yaml': brandWithSms },
    says: self('SMS Delivered'),
  },
  {
    why: 'three journeys, through a tag and a segment that counts',
    files: {
      'journeys/a.yaml': 'start: { entered: s }\nsteps: [{ add tag: lu }]\n',
      'journeys/b.yaml': 'start: { on: Email Opened }\nsteps: [{ remove tag: lu }, { send: rappel }]\n',
      'segments/s.yaml': 'when: { did: Email Opened, within: 1 day }\n',
    },
    says: [
      'journeys/b.yaml 1 journeys start each other without end: b → b (tag lu, Email Opened) → write once: true in the start of b',
    ],
  },
  {
    why: 'a segment that is left when no mail was delivered for a week',
    files: one(`start: { left: s }\n${send}`, '{ did: Email Delivered, within: 7 days }'),
    says: self('Email Delivered'),
  },
  {
    why: 'a segment in a segment',
    files: {
      ...one(`start: { entered: s }\n${send}`, '{ not in: [t] }'),
      'segments/t.yaml': 'when: { did: Email Delivered, within: 1 day }\n',
    },
    says: self('Email Delivered'),
  },
  {
    why: 'several messages in a month',
    files: one(`start: { left: s }\n${send}`, '{ did: Email Opened, times: 4, within: 60 days }'),
    says: self('Email Opened'),
  },
  {
    why: 'a tag that comes back after the rest is over',
    files: {
      'journeys/a.yaml': 'start: { entered: s, rest: 3 days }\nsteps: [{ send: rappel }, { remove tag: x }]\n',
      'journeys/b.yaml': 'start: { left: s }\nsteps: [{ wait: 4 days }, { add tag: x }]\n',
      'segments/s.yaml': 'when: { tags: { contains: x } }\n',
    },
    says: [endless('a, b', 'tag x')],
  },
];

/** Why, and the files. */
export const goodRounds: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['once', one(on('Email Opened', ', once: true'))],
  ['once for each campaign', one(on('Email Opened', ', once per: campaign_name'))],
  ['a rest longer than mailboxes take', one(on('Email Delivered', ', rest: 1 day'))],
  [
    'a rest, and a wait before the message',
    one('start: { on: Email Opened, rest: 2 days }\nsteps: [{ wait: 10 days }, { send: rappel }]\n'),
  ],
  [
    'a rest, and a wait until a date before the message',
    one('start: { on: Email Opened, rest: 2 days }\nsteps: [{ wait until: { date: guaranteeEnd } }, { send: rappel }]\n'),
  ],
  ['another journey asked for', one(on('Email Link Clicked', ', where: { event.campaign_name: [rappel, nouveautes] }'))],
  ['nothing sent', one('start: { on: Email Bounced }\nsteps: [{ add tag: injoignable }]\n')],
  ['who leaves every channel hears no more', one(on('Unsubscribed'))],
  ['a segment of two months', one(`start: { entered: s }\n${send}`, '{ did not: Email Opened, within: 60 days }')],
  [
    'a tag that is only added',
    {
      'journeys/a.yaml': 'start: { on: Email Opened }\nsteps: [{ add tag: lu }]\n',
      'journeys/b.yaml': `start: { entered: s }\n${send}`,
      'segments/s.yaml': 'when: { tags: { contains: lu } }\n',
    },
  ],
  [
    'an SMS because of an e-mail',
    {
      ...one('start: { on: Email Bounced }\nsteps: [{ send: rappel, channels: sms }]\n'),
      'templates/rappel/sms.fr.txt': sms,
      'brand.yaml': brandWithSms,
    },
  ],
  [
    'a rest that is longer than the whole round',
    {
      'journeys/a.yaml': 'start: { entered: s, rest: 5 days }\nsteps: [{ send: rappel }, { remove tag: x }]\n',
      'journeys/b.yaml': 'start: { left: s }\nsteps: [{ wait: 4 days }, { add tag: x }]\n',
      'segments/s.yaml': 'when: { tags: { contains: x } }\n',
    },
  ],
  [
    'a wait that begins again',
    one(`start: { on: Cart Updated }\nsteps: [{ wait: 1 hour, restart on: Email Opened }, { send: rappel }]\n`),
  ],
  ['switched off', one(`active: false\n${on('Email Opened')}`)],
];
