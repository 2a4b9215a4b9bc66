/** A secret that a shop made, such as Shopify's: the newest is kept first, the one before stays valid while it is changed over. */
import { GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import { connectorNamed } from '../../shared/connectors/registry.ts';
import { secretParameters } from '../../shared/topology.ts';
import type { Account } from '../account.ts';
import { calling, Trouble } from '../trouble.ts';

const stored = v.record(v.string(), v.array(v.string()));

/** Both of a rotation. */
const validTogether = 2;

/** Answers what came of it, in a sentence that does not show the secret. */
export async function addWebhookSecret({ clients, names }: Account, connector: string, input: string): Promise<string> {
  if (connectorNamed(connector) === undefined)
    throw new Trouble('called-wrongly', `There is no connector "${connector}".`, 'Known are shopify and generic.');
  const secret = input.trim();
  if (secret === '' || /\s/.test(secret))
    throw new Trouble('called-wrongly', 'Standard input holds no secret: one word is expected.', 'Write it as in --help.');
  const parameter = `${names.secrets}/${secretParameters.webhookSecrets}`;
  const read = new GetParametersCommand({ Names: [parameter], WithDecryption: true });
  const { Parameters: found = [] } = await calling('ssm:GetParameters', () => clients.ssm.send(read));
  const secrets = decode(parameter, found[0]?.Value);
  const before = secrets[connector] ?? [];
  if (before[0] === secret) return `That is the secret of ${connector} already.`;
  const now = [secret, ...before.filter((one) => one !== secret)].slice(0, validTogether);
  const write = new PutParameterCommand({
    Name: parameter,
    Type: 'SecureString',
    Overwrite: true,
    Value: JSON.stringify({ ...secrets, [connector]: now }),
  });
  await calling('ssm:PutParameter', () => clients.ssm.send(write));
  const also = now.length === 1 ? '' : ' The one before is still accepted.';
  return `The secret of ${connector} is kept; functions know it within five minutes.${also}`;
}

function decode(parameter: string, text: string | undefined): v.InferOutput<typeof stored> {
  if (text === undefined)
    throw new Trouble('absent', 'The secrets are not made yet.', 'Run `npm run -s relance -- setup` first.');
  try {
    return v.parse(stored, JSON.parse(text));
  } catch {
    throw new Trouble(
      'refused',
      `${parameter} is not as setup wrote it.`,
      'Correct it in Parameter Store: { "shopify": ["…"] }.',
    );
  }
}
