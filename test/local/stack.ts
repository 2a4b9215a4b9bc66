/**
 * What the tests of the local stack share: emulators with a clock that stands, and real SDK clients pointed at them.
 */
import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { createClock, type ProductClock } from '../../local/clock.ts';
import { type EmulatorOptions, type Emulators, startEmulators } from '../../local/emulators/start.ts';

/** 2026-11-23 10:00:00 UTC. */
export const morning = Date.UTC(2026, 10, 23, 10);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Stack {
  readonly clock: ProductClock;
  readonly emulators: Emulators;
  readonly sqs: SQSClient;
  readonly ses: SESClient;
  readonly sns: SNSClient;
  stop(): Promise<void>;
}

/** A clock of system time that starts at `morning`. */
export const morningClock = (): ProductClock => createClock({ offset: morning - Date.now() });

export function standingClock(): ProductClock {
  const clock = createClock({ system: () => morning });
  clock.standAt(morning);
  return clock;
}

export async function startStack(options: Partial<EmulatorOptions> = {}): Promise<Stack> {
  const clock = options.clock ?? standingClock();
  const emulators = await startEmulators({ ...options, clock });
  const client = {
    endpoint: emulators.origin,
    region: 'eu-west-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const sqs = new SQSClient({ ...client, maxAttempts: 1 });
  const ses = new SESClient({ ...client, maxAttempts: 1 });
  const sns = new SNSClient({ ...client, maxAttempts: 1 });
  const stop = async (): Promise<void> => {
    for (const one of [sqs, ses, sns]) one.destroy();
    await emulators.stop();
  };
  return { clock, emulators, sqs, ses, sns, stop };
}

/** Matches the error of a refused call: its name and, where given, its message. */
export function refused(name: string, message: string | RegExp = /./): unknown {
  const text: unknown = expect.stringMatching(message);
  return expect.objectContaining({ name, message: text });
}
