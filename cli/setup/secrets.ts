/**
 * The secrets in Parameter Store, as shared/topology.ts names them: made once where they are absent, never overwritten. A
 * changed identifier key would make everybody a stranger.
 */
import { GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { secretParameters } from '../../shared/topology.ts';
import type { Account } from '../account.ts';
import { calling, Trouble } from '../trouble.ts';
import type { World } from '../world.ts';

export type SecretName = keyof typeof secretParameters;
const secretNames: readonly SecretName[] = ['identifierKey', 'linkKeys', 'writeKeys', 'webhookSecrets'];

type Where = Pick<Account, 'clients' | 'names'>;

const parameterOf = ({ names }: Where, name: SecretName): string => `${names.secrets}/${secretParameters[name]}`;

/** Full names of the parameters that are not there. Reads no value in clear. */
export async function missingSecrets(account: Where): Promise<readonly string[]> {
  const parameters = secretNames.map((name) => parameterOf(account, name));
  const { InvalidParameters: missing = [] } = await calling('ssm:GetParameters', () =>
    account.clients.ssm.send(new GetParametersCommand({ Names: parameters, WithDecryption: false })),
  );
  return missing;
}

export interface MadeSecret {
  readonly parameter: string;
  /** What the owner has to put into a shop or an app: told once, now. */
  readonly tell: readonly { readonly what: string; readonly value: string }[];
}

/** Undefined when somebody else was faster: theirs stays. */
export async function makeSecret(account: Where, parameter: string, random: World['random']): Promise<MadeSecret | undefined> {
  const name = secretNames.find((known) => parameterOf(account, known) === parameter);
  if (name === undefined) throw new Error(`${parameter} is no secret of Relance`);
  const { value, tell } = fresh(name, random);
  const made = await put(account, parameter, JSON.stringify(value), false);
  return made ? { parameter, tell } : undefined;
}

async function put({ clients }: Where, parameter: string, value: string, overwrite: boolean): Promise<boolean> {
  const command = new PutParameterCommand({
    Name: parameter,
    Value: value,
    Type: 'SecureString',
    Overwrite: overwrite,
    Description: 'Relance. Made by `relance setup`',
  });
  try {
    await calling('ssm:PutParameter', () => clients.ssm.send(command));
    return true;
  } catch (error) {
    const cause = error instanceof Trouble ? error.cause : undefined;
    if (cause instanceof Error && cause.name === 'ParameterAlreadyExists') return false;
    throw error;
  }
}

function fresh(name: SecretName, random: World['random']): Pick<MadeSecret, 'tell'> & { readonly value: unknown } {
  const text = (bytes: number): string => Buffer.from(random(bytes)).toString('base64url');
  switch (name) {
    case 'identifierKey':
      return { value: text(32), tell: [] };
    case 'linkKeys':
      return { value: [text(32)], tell: [] };
    case 'writeKeys': {
      const [browser, server] = [`b_${text(18)}`, `s_${text(24)}`];
      return {
        value: { [browser]: 'browser', [server]: 'server' },
        tell: [
          { what: 'Write key for browsers and apps (public)', value: browser },
          { what: 'Write key for your servers (keep it secret)', value: server },
        ],
      };
    }
    case 'webhookSecrets': {
      const made = (): string => `whsec_${Buffer.from(random(24)).toString('base64')}`;
      const [secret, outgoing] = [made(), made()];
      return {
        value: { generic: [secret], relance: [outgoing] },
        tell: [
          { what: 'Secret that signs /webhooks/generic (Standard Webhooks)', value: secret },
          { what: 'Secret by which receivers know the webhooks of your journeys (Standard Webhooks)', value: outgoing },
        ],
      };
    }
  }
}
