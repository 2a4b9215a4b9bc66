/**
 * Every channel that can carry a message: one line each. A channel that is not connected refuses, and says so.
 */
import type { Channel } from '../events/event.ts';
import type { Environment, Outgoing, Sender, SendOutcome } from './channel.ts';
import { connect as connectEmail } from './email.ts';
import { connect as connectSms } from './sms.ts';

/** How each channel reaches its provider; called once a container. */
export const connections: Readonly<Partial<Record<Channel, (env: Environment) => Sender>>> = {
  email: (env) => connectEmail(env),
  sms: () => connectSms(),
};

export type Connected = Readonly<Partial<Record<Channel, Sender>>>;

export const connectAll = (env: Environment): Connected =>
  Object.fromEntries(Object.entries(connections).map(([channel, connect]) => [channel, connect(env)]));

/** The part of Carriers that hands each message to its channel's provider. */
export const carriers = (connected: Connected) => ({
  send: async (message: Outgoing): Promise<SendOutcome> =>
    (await connected[message.channel]?.send(message)) ?? {
      kind: 'refused',
      because: `no provider for ${message.channel} is connected`,
    },
  /** A channel that is not connected refuses at once, however many. */
  allowance: async (channel: Channel): Promise<number> => (await connected[channel]?.allowance()) ?? Infinity,
});
