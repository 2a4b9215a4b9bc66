/**
 * Where a Lambda begins: the ports are built once per container, from the environment, when the first event comes. The
 * local stack and tests build the same ports with a clock and clients of their own.
 */
import { randomBytes } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { awsClients, type AwsClients, type Environment } from '../../shared/adapters/aws/client.ts';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { AwsPeople } from '../../shared/adapters/aws/people.ts';
import { awsQueues } from '../../shared/adapters/aws/queues.ts';
import { AwsSettings } from '../../shared/adapters/aws/settings.ts';
import type { Connected } from '../../shared/channels/registry.ts';
import type { Carriers, Clock, Log, Ports } from '../../shared/ports.ts';
import { queues, table } from '../../shared/topology.ts';
import { lambdaLog } from './lambda-log.ts';
import { decodeSecrets } from './secrets.ts';

export interface Overrides {
  readonly clock?: Clock;
  readonly random?: () => Uint8Array;
  readonly log?: Log;
  readonly clients?: Partial<AwsClients>;
  /** Providers by channel, instead of those that the environment names. */
  readonly connected?: Connected;
}

/** Throws an error that names every variable that is missing or unreadable. */
export function portsFromEnvironment(environment: Environment, overrides: Overrides = {}): Ports {
  const missing = requiredVariables.filter((name) => (environment[name] ?? '') === '');
  if (missing.length > 0) throw new Error(`environment variables are not set: ${missing.join(', ')}`);
  const variable = (name: string): string => environment[name] ?? '';
  const secrets = decodeSecrets(variable(secretsVariable), secretsVariable);
  const clock = overrides.clock ?? (() => Date.now());
  const { dynamo, sqs } = { ...awsClients(environment), ...overrides.clients };
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
    carriers: carriersWhenNeeded(environment, overrides.connected),
    secrets,
    linkOrigin: variable(linkOriginVariable).replace(/\/+$/, ''),
    log: overrides.log ?? lambdaLog(environment),
  };
}

/** JSON, as `Secrets`: set by the deployment, never in the repository. */
const secretsVariable = 'RELANCE_SECRETS';
const linkOriginVariable = 'LINK_ORIGIN';
const requiredVariables: readonly string[] = [
  table.nameVariable,
  ...Object.values(queues).map(({ urlVariable }) => urlVariable),
  linkOriginVariable,
  secretsVariable,
];

/** Most functions send nothing: what composes and carries mail is loaded by the first message (30 ms of a cold start). */
function carriersWhenNeeded(environment: Environment, connected: Connected | undefined): Carriers {
  let ready: Promise<Carriers> | undefined;
  const connect = async (): Promise<Carriers> => {
    const { carriers, connectAll } = await import('../../shared/channels/registry.ts');
    return carriers(connected ?? connectAll(environment));
  };
  return { send: async (message) => (await (ready ??= connect())).send(message) };
}

/** The handler that AWS calls. */
export function onLambda<Event, Result>(
  createHandler: (ports: Ports) => (event: Event, context: Context) => Promise<Result>,
): (event: Event, context: Context) => Promise<Result> {
  let handle: ((event: Event, context: Context) => Promise<Result>) | undefined;
  return async (event, context) => (handle ??= createHandler(portsFromEnvironment(process.env)))(event, context);
}
