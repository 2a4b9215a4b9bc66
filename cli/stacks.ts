/** What is deployed: the state of a stack and what it gives out. */
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Account } from './account.ts';
import type { StackOutput } from './dns-records.ts';
import { calling, Trouble } from './trouble.ts';

export interface DeployedStack {
  /** Such as `CREATE_COMPLETE`. */
  readonly status: string;
  readonly outputs: readonly (StackOutput & { readonly key: string })[];
}

export type StackPart = 'data' | 'messaging' | 'engine';
export const stackParts: readonly StackPart[] = ['data', 'messaging', 'engine'];

export const stackOf = ({ clients, names }: Pick<Account, 'clients' | 'names'>, part: StackPart) =>
  stackNamed(clients, names.of(part));

/** Undefined when there is none of that name, or it was deleted. */
export async function stackNamed({ cloudFormation }: Account['clients'], name: string): Promise<DeployedStack | undefined> {
  const described = await calling('cloudformation:DescribeStacks', () =>
    cloudFormation.send(new DescribeStacksCommand({ StackName: name })),
  ).catch((error: unknown) => {
    if (error instanceof Trouble && isAbsent(error.cause)) return undefined;
    throw error;
  });
  const stack = described?.Stacks?.[0];
  if (stack === undefined) return undefined;
  return {
    status: stack.StackStatus ?? '',
    outputs: (stack.Outputs ?? []).map(({ OutputKey: key = '', OutputValue: value = '', Description: description = '' }) => ({
      key,
      value,
      description,
    })),
  };
}

/** CloudFormation has one code for everything that is wrong with a request. */
const isAbsent = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);

/** It was made, and its last change ended well or was taken back. */
export const isDeployed = ({ status }: DeployedStack): boolean =>
  ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'].includes(status);
