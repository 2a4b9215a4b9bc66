/**
 * What a function sees in `process.env`: the variables that its template gives it, those that the Lambda runtime sets itself,
 * and where AWS is on this machine. Nothing of the environment of this process.
 */
import { dirname } from 'node:path';
import type { DeployedFunction } from '../../infra/deployed-functions.ts';
import { region } from '../../infra/resolve.ts';

export interface LocalAws {
  /** Where links lead and shops send. */
  readonly origin: string;
  /** By its name in the topology. */
  readonly queueUrl: (queue: string) => string;
  readonly endpoints: Endpoints;
}

export interface Endpoints {
  readonly dynamodb: string;
  /** SQS, SNS, SES and Parameter Store. */
  readonly others: string;
}

export interface Deployment {
  /** What queues and functions are called in front of their names in the topology. */
  readonly prefix: string;
  /** Of the doors, as the template gives it. */
  readonly origin: string;
}

/** A service that nobody thought of must not be looked for in AWS: nothing listens there. */
const nowhere = 'http://127.0.0.1:9';

/** Throws where a variable names something of the account that is not on this machine. */
export const lambdaEnvironment = (
  deployed: DeployedFunction,
  deployment: Deployment,
  aws: LocalAws,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(deployed.environment).map(([name, value]) => [name, localValue(name, value, deployment, aws)]),
  ),
  ...runtimeVariables(deployed),
  AWS_ENDPOINT_URL: nowhere,
  AWS_ENDPOINT_URL_DYNAMODB: aws.endpoints.dynamodb,
  AWS_ENDPOINT_URL_SQS: aws.endpoints.others,
  AWS_ENDPOINT_URL_SNS: aws.endpoints.others,
  AWS_ENDPOINT_URL_SES: aws.endpoints.others,
  AWS_ENDPOINT_URL_SSM: aws.endpoints.others,
});

function localValue(name: string, value: string, { prefix, origin }: Deployment, aws: LocalAws): string {
  if (value === origin) return aws.origin;
  const queue = /^https:\/\/sqs\.[^/]+\/\d+\/(.+)$/.exec(value)?.[1];
  if (queue?.startsWith(prefix) === true) return aws.queueUrl(queue.slice(prefix.length));
  if (/amazonaws|^https?:|^arn:/.test(value)) throw new Error(`${name} is ${value}, which is not on this machine`);
  return value;
}

/**
 * As https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html lists them, but for paths of its own machine.
 * `TZ` is missing: threads share the time zone of their process. The credentials are those of the function's role: they say
 * who calls.
 */
const runtimeVariables = ({ name, functionName, memoryMb, bundle }: DeployedFunction): Readonly<Record<string, string>> => ({
  _HANDLER: 'handler.handler',
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_ACCESS_KEY_ID: name,
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: 'local',
  LAMBDA_TASK_ROOT: dirname(bundle),
});
