/** What every sender makes of a provider that gives no proper answer: never twice, never lost in silence (promise 2). */
import { describe, expect, test, vi } from 'vitest';
import type { SendOutcome } from '../../shared/channels/channel.ts';
import { nowhere, silences, type Provider } from './provider.ts';

export interface TestedSender {
  readonly provider: Provider;
  /** Where the SDK looks for the provider, such as `AWS_ENDPOINT_URL_SES`. */
  readonly endpoint: string;
  /** Of the provider's API, such as `SendRawEmail`. */
  readonly action: string;
  readonly send: () => Promise<SendOutcome>;
  readonly outcomeOfError: (thrown: unknown) => SendOutcome;
}

export function unanswered({ provider, endpoint, action, send, outcomeOfError }: TestedSender): void {
  describe('nobody knows whether it left', () => {
    test.each(silences(action))('when %s; and it is tried once', async (_why, broken) => {
      provider.answer = broken;
      expect(await send()).toMatchObject({ kind: 'unknown', because: expect.any(String) as string });
      expect(provider.calls).toHaveLength(1);
    });
  });

  describe('it certainly never left', () => {
    test.each(nowhere)('when %s: later', async (_why, address) => {
      vi.stubEnv(endpoint, address);
      expect(await send()).toMatchObject({ kind: 'throttled' });
    });

    test('when no keys are to be had: later', () => {
      const error = Object.assign(new Error('Could not load credentials from any providers'), {
        name: 'CredentialsProviderError',
      });
      expect(outcomeOfError(error)).toMatchObject({ kind: 'throttled' });
    });
  });

  test.each([undefined, null, 'text', 7, {}, new Error(''), new TypeError('x is not a function')])(
    'whatever is thrown (%s) is unknown',
    (thrown) => {
      expect(outcomeOfError(thrown).kind).toBe('unknown');
    },
  );
}
