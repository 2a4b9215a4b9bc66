/**
 * What things are called in the account. Names are fixed, so that the command line and a person find them, a parked item
 * names its queue, and stacks need no exports of each other: an export in use could never change.
 */
import type { Stack } from 'aws-cdk-lib';
import { secretParameters } from '../shared/topology.ts';
import type { CheckedChoices } from './choices.ts';

export interface ResourceNames {
  readonly table: string;
  readonly configurationSet: string;
  readonly alarmTopic: string;
  readonly feedbackTopic: string;
  /** Path in Parameter Store. */
  readonly secrets: string;
  /** Both sub-domains that mails leave from. */
  readonly mailDomains: { readonly marketing: string; readonly transactional: string };
  /** Of a queue or a function. */
  readonly of: (part: string) => string;
}

export function resourceNames({ name, domain, marketingSubdomain, transactionalSubdomain }: CheckedChoices): ResourceNames {
  return {
    table: name,
    configurationSet: name,
    alarmTopic: `${name}-alarms`,
    feedbackTopic: `${name}-feedback`,
    secrets: `/${name}/secrets`,
    mailDomains: { marketing: `${marketingSubdomain}.${domain}`, transactional: `${transactionalSubdomain}.${domain}` },
    of: (part) => `${name}-${part}`,
  };
}

/** `shared/adapters/aws/secrets.ts` reads exactly these. */
export const secretArns = (stack: Stack, { secrets }: ResourceNames): readonly string[] =>
  Object.values(secretParameters).map((parameter) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${secrets.slice(1)}/${parameter}` }),
  );
