/** Carriers keep their promises in memory and through SES. */
import { afterEach, beforeEach, describe, vi } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { type Emulators, startEmulators } from '../../local/emulators/start.ts';
import { MemoryCarriers } from '../../shared/adapters/memory/carriers.ts';
import { carriers, connectAll } from '../../shared/channels/registry.ts';
import { carriersContract } from './carriers.contract.ts';

describe('in memory', () => {
  carriersContract(() => {
    const memory = new MemoryCarriers();
    return {
      carriers: memory,
      trouble: (kind) => memory.answerNext({ kind, because: 'as the test ordered' }),
      accepted: () => memory.sent(),
      calls: () => memory.calls(),
    };
  });
});

describe('through SES', () => {
  let emulators: Emulators;

  beforeEach(async () => {
    emulators = await startEmulators({ clock: createClock() });
    vi.stubEnv('AWS_ENDPOINT_URL_SES', emulators.origin);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await emulators.stop();
  });

  const faults = { refused: 'reject', throttled: 'throttle', unknown: 'timeout-before-accept' } as const;

  carriersContract(() => ({
    carriers: carriers(connectAll({})),
    trouble: (kind) => emulators.ses.failNext({ kind: faults[kind] }),
    accepted: () =>
      emulators.ses
        .inbox()
        .map(({ source, recipients, raw, tags }) => ({ from: source, to: recipients.join(), body: raw, tags })),
    calls: () => [...emulators.calls.values()].reduce((sum, count) => sum + count, 0),
  }));
});
