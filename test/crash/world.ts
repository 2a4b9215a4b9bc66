/**
 * The whole product in a world of its own: an empty table, empty queues, an empty inbox, a clock that stands until it is
 * moved, and randomness that repeats. Worlds share the table engine and the compiled config, so that one opens in
 * milliseconds.
 */
import { DeleteTableCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { createHash } from 'node:crypto';
import { createHandler as advanceJourneys } from '../../functions/advance-journeys.ts';
import { createHandler as collectEvents } from '../../functions/collect-events.ts';
import { createHandler as deliverMessages } from '../../functions/deliver-messages.ts';
import { createHandler as followLinks } from '../../functions/follow-links.ts';
import { createHandler as parkDeadLetters } from '../../functions/park-dead-letters.ts';
import { createHandler as processEvents } from '../../functions/process-events.ts';
import { createHandler as receiveWebhook } from '../../functions/receive-webhook.ts';
import { createHandler as recordFeedback } from '../../functions/record-feedback.ts';
import { createHandler as runCampaigns } from '../../functions/run-campaigns.ts';
import { createHandler as runTimers } from '../../functions/run-timers.ts';
import { portsFromEnvironment } from '../../functions/edge/runtime.ts';
import { createClock, type ProductClock } from '../../local/clock.ts';
import { startTableEngine, type TableEngine } from '../../local/dynoxide.ts';
import { startEmulators, type Emulators } from '../../local/emulators/start.ts';
import { earliestCampaign } from '../../local/earliest-campaign.ts';
import { connectFeedback, feedbackEnvironment } from '../../local/feedback.ts';
import { Host, type LambdaHandler } from '../../local/host.ts';
import { readOptions } from '../../local/options.ts';
import type { LocalClients } from '../../local/stack.ts';
import { createTable } from '../../local/table.ts';
import { awsClients } from '../../shared/adapters/aws/client.ts';
import { connect, sesClient } from '../../shared/channels/email.ts';
import { connect as connectSms, snsClient } from '../../shared/channels/sms.ts';
import { checkConfig } from '../../shared/config/check-config.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Ports, Secrets } from '../../shared/ports.ts';
import type { FunctionName } from '../../shared/topology.ts';
import type { Calls } from './calls.ts';
import { beginning } from './minutes.ts';

export interface World {
  readonly origin: string;
  readonly tableName: string;
  readonly clock: ProductClock;
  readonly host: Host;
  readonly emulators: Emulators;
  readonly clients: LocalClients;
  /** For the test itself: no function's. */
  readonly ports: Ports;
  close(): Promise<void>;
}

type Published = Omit<Config, 'generation'>;

export interface Prepared {
  readonly folder?: string;
  readonly change?: (config: Published) => Published;
}

/** What worlds share. */
export class Ground {
  readonly #engine: TableEngine;
  readonly #config: Published;
  readonly #secrets: Secrets;
  #worlds = 0;

  private constructor(engine: TableEngine, config: Published, secrets: Secrets) {
    this.#engine = engine;
    this.#config = config;
    this.#secrets = secrets;
  }

  /** With the stock config; with that of another folder, or with what a test makes of it. */
  static async prepare({ folder, change = (config) => config }: Prepared = {}): Promise<Ground> {
    const options = readOptions(['--memory'], {});
    if (options === 'help') throw new Error('no help was asked for');
    const checked = await checkConfig(folder ?? options.config, beginning);
    if (checked.kind === 'bad') throw new Error(`config/ has problems: ${JSON.stringify(checked.problems)}`);
    return new Ground(await startTableEngine({ environment: {} }), change(checked.config), options.secrets);
  }

  leave(): Promise<void> {
    return this.#engine.stop();
  }

  async open(calls: Calls): Promise<World> {
    const tableName = `world-${(this.#worlds += 1)}`;
    const clock = createClock({ system: () => beginning });
    clock.standAt(beginning);
    const emulators = await startEmulators({ clock });
    const clients = this.#clientsFor(emulators);
    await createTable(clients.dynamo, tableName);
    const environment: Record<string, string> = { TABLE_NAME: tableName, RELANCE_SECRETS: JSON.stringify(this.#secrets) };
    const random = repeatable();
    const newPorts = (): Ports =>
      portsFromEnvironment(environment, {
        clock: () => clock.now(),
        random,
        clients,
        connected: { email: connect(feedbackEnvironment, clients.ses), sms: connectSms(clients.sns) },
        log: () => undefined,
      });
    const host = new Host({
      handlers: containers(newPorts),
      emulators,
      clock,
      earliestTimer: () => earliestTimer(clients, tableName),
      earliestCampaign: this.#config.campaigns.length === 0 ? () => Promise.resolve(undefined) : () => earliestCampaign(ports),
    });
    connectFeedback(emulators);
    const origin = `http://127.0.0.1:${await host.listen(0)}`;
    Object.assign(environment, host.queueUrls, { LINK_ORIGIN: origin });
    const ports = newPorts();
    await ports.settings.publish(this.#config);
    calls.watch(clients);
    const close = async (): Promise<void> => {
      await host.stop();
      await emulators.stop();
      await clients.dynamo.send(new DeleteTableCommand({ TableName: tableName }));
      clients.dynamo.destroy();
      clients.sqs.destroy();
      clients.ses.destroy();
      clients.sns.destroy();
    };
    return { origin, tableName, clock, host, emulators, clients, ports, close };
  }

  #clientsFor({ origin }: Emulators): LocalClients {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const region = 'eu-west-3';
    const environment = {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: this.#engine.endpoint,
      AWS_ENDPOINT_URL_SQS: origin,
    };
    const here = { endpoint: origin, region, credentials };
    return { ...awsClients(environment), ses: sesClient(undefined, here), sns: snsClient(undefined, here) };
  }
}

/** The same bytes in the same order in every world; never the same twice in one. */
function repeatable(): () => Uint8Array {
  let drawn = 0;
  return () =>
    createHash('sha256')
      .update(String((drawn += 1)))
      .digest()
      .subarray(0, 16);
}

const creators = {
  'collect-events': collectEvents,
  'receive-webhook': receiveWebhook,
  'process-events': processEvents,
  'run-timers': runTimers,
  'run-campaigns': runCampaigns,
  'advance-journeys': advanceJourneys,
  'deliver-messages': deliverMessages,
  'follow-links': followLinks,
  'park-dead-letters': parkDeadLetters,
  'record-feedback': recordFeedback,
} as const satisfies Record<FunctionName, (ports: Ports) => unknown>;

/**
 * As Lambda keeps them: a container serves one event at a time and remembers its config; one that crashed never comes back,
 * and the next event starts a cold one.
 */
function containers(newPorts: () => Ports): Readonly<Record<FunctionName, LambdaHandler>> {
  const of = (name: FunctionName): LambdaHandler => {
    const idle: LambdaHandler[] = [];
    return async (event, context) => {
      const container: LambdaHandler = idle.pop() ?? creators[name](newPorts());
      const answer = await container(event, context);
      idle.push(container);
      return answer;
    };
  };
  return {
    'collect-events': of('collect-events'),
    'receive-webhook': of('receive-webhook'),
    'process-events': of('process-events'),
    'run-timers': of('run-timers'),
    'run-campaigns': of('run-campaigns'),
    'advance-journeys': of('advance-journeys'),
    'deliver-messages': of('deliver-messages'),
    'follow-links': of('follow-links'),
    'park-dead-letters': of('park-dead-letters'),
    'record-feedback': of('record-feedback'),
  };
}

/** One read of the whole index, where the product reads sixteen shards. */
async function earliestTimer({ dynamo }: LocalClients, tableName: string): Promise<Instant | undefined> {
  const due: number[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: tableName, IndexName: 'due' }))
    due.push(...Items.map(({ da }) => Number(da?.N)));
  return due.length === 0 ? undefined : Math.min(...due);
}
