/** The channels a message may take, the wanted one first. */
import * as v from 'valibot';
import type { Channel } from '../../events/event.ts';
import { checkedText, oneOrMany, say } from './fields.ts';
import { didYouMean } from './spelling.ts';

function channelComplaint(name: string): string | undefined {
  if (name === 'email') return undefined;
  if (name === 'sms' || name === 'push')
    return say(`"${name}" comes later; this version sends e-mail only`, 'email', 'write channels: [email]');
  return say(`"${name}" is not a channel`, 'email', didYouMean(name, ['email']));
}

const channel = v.pipe(
  checkedText('a channel', channelComplaint, ['email']),
  v.transform((): Channel => 'email'),
);

/** Each once, in the order they were written. */
export const channelList: v.GenericSchema<unknown, readonly Channel[]> = v.pipe(
  oneOrMany(channel),
  v.transform((channels): readonly Channel[] => [...new Set(channels)]),
);
