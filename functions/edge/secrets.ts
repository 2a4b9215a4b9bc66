/**
 * The secrets as the deployment gives them: in AWS by Parameter Store, elsewhere as one JSON document in the environment.
 * What is wrong is said by place, never by value.
 */
import * as v from 'valibot';
import { type Environment, ssmClient } from '../../shared/adapters/aws/client.ts';
import { secretsInParameters } from '../../shared/adapters/aws/secrets.ts';
import type { Secrets } from '../../shared/ports.ts';
import { variables } from '../../shared/topology.ts';

const key = v.pipe(v.string(), v.nonEmpty());

const secrets: v.GenericSchema<unknown, Secrets> = v.object({
  identifierKey: key,
  linkKeys: v.pipe(v.array(key), v.nonEmpty()),
  writeKeys: v.record(v.string(), v.picklist(['browser', 'server'])),
  webhookSecrets: v.record(v.string(), v.array(key)),
} satisfies Record<keyof Secrets, unknown>);

export const decodeSecrets = (text: string, variable: string): Secrets => decodeFields(documentIn(text, variable), variable);

function decodeFields(fields: unknown, where: string): Secrets {
  const result = v.safeParse(secrets, fields);
  if (result.success) return result.output;
  // The field alone: what comes below it in the path may be a write key.
  const places = [...new Set(result.issues.map((issue) => v.getDotPath(issue)?.split('.')[0] ?? 'the whole document'))];
  throw new Error(`${where} is not as expected at: ${places.join(', ')}`);
}

/**
 * Reads them whenever it is called, and answers the same object for as long as they are the same. Undefined where the
 * environment gives no Parameter Store, or the document itself.
 */
export function storedSecrets(environment: Environment): (() => Promise<Secrets>) | undefined {
  const path = environment[variables.secretsPath] ?? '';
  if (path === '' || (environment[variables.secrets] ?? '') !== '') return undefined;
  const read = secretsInParameters({ ssm: ssmClient(environment), path, systemClock: () => Date.now() });
  let known: { readonly fields: unknown; readonly decoded: Secrets } | undefined;
  return async () => {
    const fields = await read();
    if (known?.fields !== fields) known = { fields, decoded: decodeFields(fields, path) };
    return known.decoded;
  };
}

function documentIn(text: string, variable: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${variable} is not JSON`);
  }
}
