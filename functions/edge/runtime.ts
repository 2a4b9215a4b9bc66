/**
 * Where a Lambda begins: the ports are built once per container, from the environment, when the first event comes. The
 * local stack and tests build the same ports with a clock and clients of their own.
 */
import { randomBytes } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { type AwsClients, dynamoClient, type Environment, sqsClient } from '../../shared/adapters/aws/client.ts';
import { AwsCampaigns } from '../../shared/adapters/aws/campaigns.ts';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { AwsPeople } from '../../shared/adapters/aws/people.ts';
import { awsQueues } from '../../shared/adapters/aws/queues.ts';
import { AwsSettings } from '../../shared/adapters/aws/settings.ts';
import type { Connected } from '../../shared/channels/registry.ts';
import type { Carriers, Clock, Log, Ports, Secrets } from '../../shared/ports.ts';
import { queues, table, variables } from '../../shared/topology.ts';
import { lambdaLog } from './lambda-log.ts';
import { decodeSecrets, storedSecrets } from './secrets.ts';

export interface Overrides {
  readonly clock?: Clock;
  readonly random?: () => Uint8Array;
  readonly log?: Log;
  readonly clients?: Partial<AwsClients>;
  /** Providers by channel, instead of those that the environment names. */
  readonly connected?: Connected;
  /** Instead of those in the environment. */
  readonly secrets?: Secrets;
}

/** Throws an error that names every variable that is missing or unreadable. */
export function portsFromEnvironment(environment: Environment, overrides: Overrides = {}): Ports {
  const required = overrides.secrets === undefined ? [...requiredVariables, variables.secrets] : requiredVariables;
  const missing = required.filter((name) => (environment[name] ?? '') === '');
  if (missing.length > 0) throw new Error(`environment variables are not set: ${missing.join(', ')}`);
  const variable = (name: string): string => environment[name] ?? '';
  const secrets = overrides.secrets ?? decodeSecrets(variable(variables.secrets), variables.secrets);
  const clock = overrides.clock ?? (() => Date.now());
  const dynamo = overrides.clients?.dynamo ?? dynamoClient(environment);
  const sqs = overrides.clients?.sqs ?? sqsClient(environment);
  const inTable = { dynamo, table: variable(table.nameVariable) };
  const urls = {
    events: variable(queues.events.urlVariable),
    work: variable(queues.work.urlVariable),
    'outbox-triggered': variable(queues['outbox-triggered'].urlVariable),
    'outbox-campaign': variable(queues['outbox-campaign'].urlVariable),
    feedback: variable(queues.feedback.urlVariable),
  };
  return {
    clock,
    random: overrides.random ?? (() => randomBytes(16)),
    people: new AwsPeople(inTable),
    queues: awsQueues({ sqs, urls, identifierKey: secrets.identifierKey }),
    parking: new AwsParking({ ...inTable, clock }),
    settings: new AwsSettings({ ...inTable, systemClock: () => Date.now() }),
    campaigns: new AwsCampaigns(inTable),
    carriers: carriersWhenNeeded(environment, overrides.connected),
    secrets,
    linkOrigin: variable(variables.linkOrigin).replace(/\/+$/, ''),
    log: overrides.log ?? lambdaLog(environment),
  };
}

const requiredVariables: readonly string[] = [
  table.nameVariable,
  ...Object.values(queues).map(({ urlVariable }) => urlVariable),
  variables.linkOrigin,
];

/** Most functions send nothing: what composes and carries mail is loaded by the first message (30 ms of a cold start), what signs webhooks by the first one. */
function carriersWhenNeeded(environment: Environment, connected: Connected | undefined): Carriers {
  const toProviders = once(async () => {
    const { carriers, connectAll } = await import('../../shared/channels/registry.ts');
    return carriers(connected ?? connectAll(environment));
  });
  const toMachines = once(async () => {
    const { WebWebhooks } = await import('../../shared/adapters/web/webhooks.ts');
    return new WebWebhooks(() => Date.now());
  });
  return {
    send: async (message) => (await toProviders()).send(message),
    allowance: async (channel) => (await toProviders()).allowance(channel),
    post: async (call) => (await toMachines()).post(call),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/**
 * The handler that AWS calls. Ports are built by the first event, and again when the stored secrets have changed: a new
 * write key works, and a revoked one stops, without a deployment.
 */
export function onLambda<Event, Result>(
  createHandler: (ports: Ports) => (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  let readSecrets: (() => Promise<Secrets>) | undefined;
  let made: { readonly secrets?: Secrets; readonly handle: (event: Event, context: Context) => Promise<Result> } | undefined;
  return async (event, context) => {
    readSecrets ??= storedSecrets(process.env);
    const secrets = await readSecrets?.();
    if (made === undefined || made.secrets !== secrets) {
      const given = secrets === undefined ? {} : { secrets };
      made = { ...given, handle: createHandler(portsFromEnvironment(process.env, given)) };
    }
    return made.handle(event, context);
  };
}
