/**
 * The secrets in SSM Parameter Store: read when a container starts, and again every five minutes, so that what is rotated
 * is known everywhere without a deployment. A value never reaches a message or a log.
 */
import { isDeepStrictEqual } from 'node:util';
import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { Unavailable } from '../../kernel/errors.ts';
import { minutes, type Instant } from '../../kernel/time.ts';
import type { Clock, Secrets } from '../../ports.ts';
import { secretParameters } from '../../topology.ts';
import { sendOrThrow } from './client.ts';

export interface SecretsInParameters {
  readonly ssm: SSMClient;
  /** Such as `/relance/secrets`. */
  readonly path: string;
  /** Judges the age of what this container remembers; never the product clock, which a test may hold. */
  readonly systemClock: Clock;
}

/** As they are stored, by field; not checked. */
export type SecretFields = Readonly<Record<keyof Secrets, unknown>>;

const freshness = minutes(5);

/**
 * A reader that answers the same object until a value changes. Throws with the names of what is missing or unreadable; when
 * Parameter Store is silent, what is known goes on.
 */
export function secretsInParameters({ ssm, path, systemClock }: SecretsInParameters): () => Promise<SecretFields> {
  let known: { readonly fields: SecretFields; readonly readAt: Instant } | undefined;
  let reading: Promise<SecretFields> | undefined;
  const read = async (): Promise<SecretFields> => {
    const found = await readFields(ssm, path).catch((error: unknown) => {
      if (error instanceof Unavailable && known !== undefined) return known.fields;
      throw error;
    });
    const fields = known !== undefined && isDeepStrictEqual(found, known.fields) ? known.fields : found;
    known = { fields, readAt: systemClock() };
    return fields;
  };
  return async () => {
    if (known !== undefined && systemClock() - known.readAt < freshness) return known.fields;
    return (reading ??= read().finally(() => (reading = undefined)));
  };
}

/** All in one request. */
async function readFields(ssm: SSMClient, path: string): Promise<SecretFields> {
  const nameOf = (field: keyof Secrets): string => `${path}/${secretParameters[field]}`;
  const names = Object.values(secretParameters).map((parameter) => `${path}/${parameter}`);
  const command = new GetParametersCommand({ Names: names, WithDecryption: true });
  const { Parameters: found = [] } = await sendOrThrow('read the secrets', () => ssm.send(command));
  const texts = new Map(found.map(({ Name: name, Value: text }) => [name, text]));
  const missing = names.filter((name) => texts.get(name) === undefined);
  if (missing.length > 0) throw new Error(`Parameter Store has no ${missing.join(', ')}: ${setThem}`);
  const value = (field: keyof Secrets): unknown => jsonIn(nameOf(field), texts.get(nameOf(field)) ?? '');
  return {
    identifierKey: value('identifierKey'),
    linkKeys: value('linkKeys'),
    writeKeys: value('writeKeys'),
    webhookSecrets: value('webhookSecrets'),
  };
}

function jsonIn(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Parameter Store has no JSON in ${name}: ${setThem}`); // the parser's own message quotes the value
  }
}

const setThem = 'set it with `npm run -s relance -- setup`';
