/**
 * The owner's AWS account as the command line reaches it: the choices of relance.config.ts, the names that follow from them,
 * and one client a service. Clients look for credentials as the AWS tools do, and use the standard endpoint variables.
 */
import { pathToFileURL } from 'node:url';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput, STSClient } from '@aws-sdk/client-sts';
import { checkChoices, type CheckedChoices } from '../infra/choices.ts';
import { resourceNames, type ResourceNames } from '../infra/resource-names.ts';
import { dynamoClient, sqsClient, type Environment } from '../shared/adapters/aws/client.ts';
import { calling, Trouble } from './trouble.ts';
import type { World } from './world.ts';

export interface Account {
  readonly choices: CheckedChoices;
  readonly names: ResourceNames;
  /** Twelve digits. */
  readonly id: string;
  /** ARN of who is signed in. */
  readonly caller: string;
  readonly clients: Clients;
}

export interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamo: DynamoDBClient;
  readonly ses: SESv2Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

/** Throws Trouble when relance.config.ts cannot be read, and BadChoices when it cannot be right. */
export async function readChoices(file: string): Promise<CheckedChoices> {
  let read: unknown;
  try {
    read = await import(pathToFileURL(file).href);
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new Trouble('refused', `relance.config.ts cannot be read: ${says}.`, 'Correct it and run this again.');
  }
  const choices: unknown = typeof read === 'object' && read !== null && 'choices' in read ? read.choices : undefined;
  return checkChoices(choices);
}

/** Who is signed in, and clients for the region of the installation. Throws Trouble. */
export async function openAccount(world: World): Promise<Account> {
  const choices = await readChoices(world.choicesFile);
  const clients = clientsFor(world.environment, choices.region);
  const { Account: id, Arn: caller } = await whoIsThere(clients, choices.region);
  return { choices, names: resourceNames(choices), id: id ?? '', caller: caller ?? '', clients };
}

/** A region that does not exist has no address; one that is not switched on knows no credentials. */
async function whoIsThere({ sts }: Clients, region: string): Promise<GetCallerIdentityCommandOutput> {
  try {
    return await calling('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({})));
  } catch (error) {
    if (!(error instanceof Trouble) || !['bad-credentials', 'unreachable'].includes(error.kind)) throw error;
    const next = `${error.next} If all of that is right: is ${region} (relance.config.ts) a region, switched on for your account?`;
    throw new Trouble(error.kind, error.message, next, { cause: error.cause });
  }
}

function clientsFor(environment: Environment, region: string): Clients {
  const here = { ...environment, AWS_REGION: region };
  const settings = (service: string) => {
    const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment['AWS_ENDPOINT_URL'];
    return {
      region,
      maxAttempts: 4,
      requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
      ...(endpoint === undefined ? {} : { endpoint }),
    };
  };
  return {
    cloudFormation: new CloudFormationClient(settings('CLOUDFORMATION')),
    cloudWatch: new CloudWatchClient(settings('CLOUDWATCH')),
    dynamo: dynamoClient(here),
    ses: new SESv2Client(settings('SESV2')),
    sns: new SNSClient(settings('SNS')),
    sqs: sqsClient(here),
    ssm: new SSMClient(settings('SSM')),
    sts: new STSClient(settings('STS')),
  };
}
