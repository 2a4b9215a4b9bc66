/**
 * Each function as it would be deployed, read from the synthesised template: environment, what it may do, and the bundle that
 * runs. What runs the product under these rules locally reads them here.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import { distFolder } from './bundles.ts';
import { ofType, type Synthesised } from './synthesise.ts';

const oneOrMore = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => [value].flat()),
);
const allowed = {
  Effect: v.literal('Allow'),
  Action: oneOrMore,
  Condition: v.optional(v.record(v.string(), v.record(v.string(), oneOrMore)), {}),
};
const statement = v.union([
  v.strictObject({ ...allowed, Resource: oneOrMore }),
  /** On all but these: numbers of phones, which have no name of their own. */
  v.strictObject({ ...allowed, NotResource: oneOrMore }),
]);
export type Statement = v.InferOutput<typeof statement>;

export const deployedFunction = v.object({
  /** As in the topology. */
  name: v.string(),
  functionName: v.string(),
  timeoutSeconds: v.number(),
  memoryMb: v.number(),
  /** Resolved for an invented account: queue URLs as AWS would make them. */
  environment: v.record(v.string(), v.string()),
  statements: v.array(statement),
  /** Module whose export `handler` Lambda calls. */
  bundle: v.string(),
});
export type DeployedFunction = v.InferOutput<typeof deployedFunction>;

const lambda = v.object({
  FunctionName: v.string(),
  Description: v.string(),
  Handler: v.literal('handler.handler'),
  Timeout: v.number(),
  MemorySize: v.number(),
  Role: v.string(),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});
const policy = v.object({ Roles: v.array(v.string()), PolicyDocument: v.object({ Statement: v.array(statement) }) });

export function deployedFunctions({ engine }: Synthesised): ReadonlyMap<string, DeployedFunction> {
  const policies = ofType(engine, 'AWS::IAM::Policy').map(({ Properties }) => v.parse(policy, Properties));
  const all = ofType(engine, 'AWS::Lambda::Function').map(({ Properties }): DeployedFunction => {
    const { FunctionName, Description, Timeout, MemorySize, Role, Environment } = v.parse(lambda, Properties);
    const name = /^functions\/(.*)\.ts$/.exec(Description)?.[1] ?? '';
    const own = policies.filter(({ Roles }) => Roles.some((role) => `${role}.Arn` === Role));
    return {
      name,
      functionName: FunctionName,
      timeoutSeconds: Timeout,
      memoryMb: MemorySize,
      environment: Environment.Variables,
      statements: own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
      bundle: join(distFolder, name, 'handler.mjs'),
    };
  });
  return new Map(all.map((one) => [one.name, one]));
}
