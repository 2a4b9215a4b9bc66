/**
 * One function of the topology: its bundle, its logs, and a role that may do what its stage does and nothing else
 * (infra/needs.ts).
 */
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionTopology } from '../../shared/topology.ts';
import { acknowledge } from '../acknowledge.ts';
import { handlerName } from '../bundles.ts';
import { type Needs, needs } from '../needs.ts';
import type { ResourceNames } from '../resource-names.ts';
import { needStatements } from '../statements.ts';

export interface StageFunctionProps {
  /** As in the topology. */
  readonly name: string;
  readonly settings: FunctionTopology;
  readonly names: ResourceNames;
  /** Folder of the bundles. */
  readonly dist: string;
  readonly environment: Readonly<Record<string, string>>;
}

export class StageFunction extends Construct {
  readonly lambda: Function;
  readonly role: Role;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, { name, settings, names, dist, environment }: StageFunctionProps) {
    super(scope, id);
    const functionName = names.of(name);
    const { timeoutSeconds, memoryMb } = settings;
    const needed = needsOf(name);
    this.logs = new LogGroup(this, 'Logs', { logGroupName: `/aws/lambda/${functionName}` });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logs.logGroupArn] }),
    );
    for (const statement of needStatements(Stack.of(this), names, needed)) this.role.addToPrincipalPolicy(statement);
    this.lambda = new Function(this, 'Function', {
      functionName,
      description: `functions/${name}.ts`,
      runtime: Runtime.NODEJS_24_X,
      code: Code.fromAsset(join(dist, name)),
      handler: handlerName,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb,
      role: this.role,
      logGroup: this.logs,
      environment: { ...environment },
      ...(needed.inChains === true ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
    });
    acknowledge([this], {
      'Serverless-LambdaDLQ':
        'it is called by a queue, which keeps what fails, by a request, which is answered, or each minute anew',
      'Serverless-LambdaTracing': 'X-Ray would be dearer than the function; every outcome is one line of the log',
      ...(needed.sendsEmail === true
        ? {
            [`AwsSolutions-IAM5[Resource::${anyIdentity(this)}]`]:
              'the sandbox asks for the recipient too; ses:FromAddress limits the sender',
          }
        : {}),
      ...(needed.readsMailQuota === true
        ? { 'AwsSolutions-IAM5[Resource::*]': 'ses:GetSendQuota tells two numbers of the account, and knows no resource' }
        : {}),
    });
  }
}

/** As cdk-nag spells it. */
const anyIdentity = (scope: Construct): string => `arn:aws:ses:${Stack.of(scope).region}:<AWS::AccountId>:identity/*`;

function needsOf(name: string): Needs {
  const needed = needs[name];
  if (needed === undefined) throw new Error(`infra/needs.ts does not say what ${name} may do`);
  return needed;
}
