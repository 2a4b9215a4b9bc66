/**
 * The whole product on this machine: the same handlers as in Lambda, through the real SDK clients, against an embedded AWS
 * on loopback. What runs here is wired from the topology that deploys.
 */
import { join } from 'node:path';
import type { SESClient } from '@aws-sdk/client-ses';
import type { SNSClient } from '@aws-sdk/client-sns';
import { portsFromEnvironment } from '../functions/edge/runtime.ts';
import { awsClients, type AwsClients } from '../shared/adapters/aws/client.ts';
import { connect as connectEmail, sesClient } from '../shared/channels/email.ts';
import { connect as connectSms, snsClient } from '../shared/channels/sms.ts';
import { checkConfig } from '../shared/config/check-config.ts';
import type { ConfigProblem } from '../shared/config/problem.ts';
import type { Config } from '../shared/config/config.ts';
import type { Log, Ports, Secrets } from '../shared/ports.ts';
import { createClock, type ProductClock } from './clock.ts';
import { keepOffset, makeFolder, readOffset } from './data-folder.ts';
import { dueOfWork } from './due-of-work.ts';
import { startTableEngine, type TableEngine } from './dynoxide.ts';
import { startEmulators, type Emulators } from './emulators/start.ts';
import { functionsInProcess } from './functions-in-process.ts';
import { Host, type Outcome } from './host.ts';
import type { FunctionHosting } from './host/function-hosting.ts';
import type { Pages } from './host.ts';
import { earliestCampaign } from './earliest-campaign.ts';
import { connectFeedback, feedbackEnvironment } from './feedback.ts';
import { publish } from './publish-config.ts';
import { createTable, sweepExpired } from './table.ts';

export interface StackOptions {
  /** Folder that keeps table, queues, inbox and clock; nothing is kept when absent. */
  readonly data?: string;
  readonly config: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly secrets: Secrets;
  readonly log?: Log;
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Told when the table engine ends without being asked to. */
  readonly onCrash?: (reason: string) => void;
  /** What is not the product's HTTP surface; asked first. */
  readonly pages?: (stack: Stack) => Pages;
  /** Lets tests watch and break the clients. */
  readonly onClients?: (clients: LocalClients) => void;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Instead of the sources in this process. */
  readonly functions?: (ready: Promise<Stack>) => FunctionHosting;
}

export interface LocalClients extends AwsClients {
  readonly ses: SESClient;
  readonly sns: SNSClient;
}

export interface Stack {
  readonly origin: string;
  readonly clock: ProductClock;
  readonly host: Host;
  readonly emulators: Emulators;
  readonly ports: Ports;
  readonly clients: LocalClients;
  readonly tableName: string;
  /** Of the embedded DynamoDB. */
  readonly tableEndpoint: string;
  readonly config: Config;
  /** How often a function was called so far: while it stays the same, nothing has changed. */
  invocations(): number;
  stop(): Promise<void>;
}

/** config/ cannot go live: what must be corrected, by file and line. */
export class BadConfig extends Error {
  override readonly name = 'BadConfig';
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    super(`config/ has ${problems.length} problem${problems.length === 1 ? '' : 's'}`);
    this.problems = problems;
  }
}

const tableName = 'relance';
const region = 'eu-west-3';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Throws BadConfig, or what says why a part does not start; nothing is left running then. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const checked = await checkConfig(options.config);
  if (checked.kind === 'bad') throw new BadConfig(checked.problems);
  const { data } = options;
  if (data !== undefined) makeFolder(data);
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    const clock = createClock({ offset: data === undefined ? 0 : readOffset(data) });
    // First, because it locks the data folder against a second server.
    const emulators = await startEmulators({
      clock,
      dueIn: dueOfWork,
      ...(data === undefined ? {} : { file: join(data, 'aws.sqlite') }),
    });
    stops.push(() => emulators.stop());
    const engine = await startEngine(options);
    stops.push(() => engine.stop());
    const { stack, close } = await serveStack(options, { clock, engine, emulators, config: checked.config, stop });
    stops.push(close);
    return stack;
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Parts {
  readonly clock: ProductClock;
  readonly engine: TableEngine;
  readonly emulators: Emulators;
  readonly config: Omit<Config, 'generation'>;
  readonly stop: () => Promise<void>;
}

const startEngine = (options: StackOptions): Promise<TableEngine> =>
  startTableEngine({
    ...(options.data === undefined ? {} : { file: join(options.data, 'table.sqlite') }),
    ...(options.onCrash === undefined ? {} : { onCrash: options.onCrash }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  });

async function serveStack(options: StackOptions, parts: Parts): Promise<{ stack: Stack; close: () => Promise<void> }> {
  const { clock, emulators } = parts;
  const clients = clientsFor(parts);
  options.onClients?.(clients);
  await createTable(clients.dynamo, tableName);
  await sweepExpired(clients.dynamo, tableName, clock.now());
  const ready = Promise.withResolvers<Stack>();
  ready.promise.catch(() => undefined); // told below
  let invocations = 0;
  const functions = (options.functions ?? functionsInProcess)(ready.promise);
  const host = new Host({
    handlers: functions.handlers,
    emulators,
    clock,
    earliestTimer: async () => (await (await ready.promise).ports.people.dueTimers(0, Number.MAX_SAFE_INTEGER, 1))[0]?.due,
    earliestCampaign: async () => earliestCampaign((await ready.promise).ports),
    onOutcome: (outcome) => {
      invocations += 1;
      options.onOutcome?.(outcome);
    },
  });
  try {
    let pages: Pages | undefined;
    const port = await host.listen(options.port, async (request, response) => {
      pages ??= options.pages?.(await ready.promise);
      return (await pages?.(request, response)) ?? false;
    });
    const origin = `http://127.0.0.1:${port}`;
    connectFeedback(emulators);
    const ports = portsFor(options, parts, clients, { ...host.queueUrls, LINK_ORIGIN: origin });
    const config = await publish(ports, parts.config);
    const unsubscribe = options.data === undefined ? () => undefined : keepOffset(options.data, clock);
    const { stop } = parts;
    const stack: Stack = {
      origin,
      clock,
      host,
      emulators,
      ports,
      clients,
      tableName,
      tableEndpoint: parts.engine.endpoint,
      config,
      invocations: () => invocations,
      stop,
    };
    ready.resolve(stack);
    const close = async (): Promise<void> => {
      await host.stop();
      await functions.stop();
      unsubscribe();
      for (const client of [clients.dynamo, clients.sqs, clients.ses, clients.sns]) client.destroy();
    };
    return { stack, close };
  } catch (error) {
    ready.reject(error);
    await host.stop();
    await functions.stop();
    throw error;
  }
}

function clientsFor({ engine, emulators }: Parts): LocalClients {
  const environment = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_ENDPOINT_URL_SQS: emulators.origin,
  };
  const here = { endpoint: emulators.origin, region, credentials };
  return { ...awsClients(environment), ses: sesClient(undefined, here), sns: snsClient(undefined, here) };
}

const portsFor = (
  options: StackOptions,
  { clock }: Parts,
  clients: LocalClients,
  environment: Readonly<Record<string, string>>,
): Ports =>
  portsFromEnvironment(
    { ...environment, TABLE_NAME: tableName, RELANCE_SECRETS: JSON.stringify(options.secrets) },
    {
      clock: () => clock.now(),
      clients,
      connected: { email: connectEmail(feedbackEnvironment, clients.ses), sms: connectSms(clients.sns) },
      log: options.log ?? (() => undefined),
    },
  );
