/** What `npm start` can be told: flags first, then the environment, then what works; and nothing that would fail later. */
import { expect, test } from 'vitest';
import { BadOption, readOptions } from '../../local/options.ts';

function secretOf(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): readonly string[] | undefined {
  const options = readOptions(argv, environment);
  return options === 'help' ? undefined : options.secrets.webhookSecrets['relance'];
}

test('webhooks of journeys are signed by the secret of the flag, else of the environment, else by one that docs/local.md tells', () => {
  const environment = { RELANCE_OUTGOING_SECRET: 'whsec_ZW52aXJvbm1lbnQ=' };
  expect(secretOf(['--outgoing-secret', 'whsec_ZmxhZw=='], environment)).toEqual(['whsec_ZmxhZw==']);
  expect(secretOf([], environment)).toEqual(['whsec_ZW52aXJvbm1lbnQ=']);
  expect(secretOf([])).toEqual(['whsec_bG9jYWwtb3V0Z29pbmctc2VjcmV0']);
});

test.each(['whsec_', 'not base64!', 'whsec_ä', ''])('a secret that cannot sign is refused at the start: %j', (secret) => {
  expect(() => secretOf(['--outgoing-secret', secret])).toThrow(BadOption);
});
