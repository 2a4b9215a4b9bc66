/** The channels a message may take, the wanted one first. */
import * as v from 'valibot';
import type { Channel } from '../../events/event.ts';
import { templateChannels, type TemplateChannel } from '../template-files.ts';
import { checkedText, oneOrMany, say } from './fields.ts';
import { didYouMean } from './spelling.ts';

const isChannel = (name: string): name is TemplateChannel => templateChannels.some((known) => known === name);
const names = templateChannels.join(' or ');

function channelComplaint(name: string): string | undefined {
  if (isChannel(name)) return undefined;
  if (name === 'push') return say('"push" comes later; this version sends e-mail and SMS', names, 'remove push');
  const several = name.split(/ *, */);
  const list = several.length > 1 && several.every(isChannel) ? `write [${several.join(', ')}]` : '';
  return say(`"${name}" is not a channel`, names, list === '' ? didYouMean(name, templateChannels) : list);
}

const channel = v.pipe(
  checkedText('a channel', channelComplaint, templateChannels),
  v.transform((name): Channel => (isChannel(name) ? name : 'email')),
);

/** Each once, in the order they were written. */
export const channelList: v.GenericSchema<unknown, readonly Channel[]> = v.pipe(
  oneOrMany(channel),
  v.transform((channels): readonly Channel[] => [...new Set(channels)]),
);
