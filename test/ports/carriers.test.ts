/** Carriers keep their promises in memory, through SES and through SNS. */
import { afterEach, beforeEach, describe, vi } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { type Emulators, startEmulators } from '../../local/emulators/start.ts';
import { MemoryCarriers } from '../../shared/adapters/memory/carriers.ts';
import { carriers, connectAll } from '../../shared/channels/registry.ts';
import { carriersContract } from './carriers.contract.ts';

describe.each(['email', 'sms'] as const)('in memory, %s', (channel) => {
  carriersContract(channel, () => {
    const memory = new MemoryCarriers();
    return {
      carriers: memory,
      trouble: (kind) => memory.answerNext({ kind, because: 'as the test ordered' }),
      accepted: () => memory.sent(),
      calls: () => memory.calls(),
    };
  });
});

describe('through the providers', () => {
  let emulators: Emulators;

  beforeEach(async () => {
    emulators = await startEmulators({ clock: createClock() });
    vi.stubEnv('AWS_ENDPOINT_URL_SES', emulators.origin);
    vi.stubEnv('AWS_ENDPOINT_URL_SNS', emulators.origin);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await emulators.stop();
  });

  const faults = { refused: 'reject', throttled: 'throttle', unknown: 'timeout-before-accept' } as const;
  const calls = () => [...emulators.calls.values()].reduce((sum, count) => sum + count, 0);

  describe('SES', () => {
    carriersContract('email', () => ({
      carriers: carriers(connectAll({})),
      trouble: (kind) => emulators.ses.failNext({ kind: faults[kind] }),
      accepted: () =>
        emulators.ses
          .inbox()
          .map(({ source, recipients, raw, tags }) => ({ from: source, to: recipients.join(), body: raw, tags })),
      calls,
    }));
  });

  describe('SNS', () => {
    carriersContract('sms', () => ({
      carriers: carriers(connectAll({})),
      trouble: (kind) => emulators.sns.failNext({ kind: faults[kind] }),
      accepted: () =>
        emulators.sns.inbox().flatMap((taken) => {
          if (taken.kind !== 'sms') return [];
          return [{ from: taken.senderId ?? '', to: taken.phoneNumber, body: Buffer.from(taken.message) }];
        }),
      calls,
    }));
  });
});
