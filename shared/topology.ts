/**
 * Every queue, route and schedule with the handler that serves it. Read by infra/ and by local/, so that what runs
 * locally is what deploys. Data only: this file imports nothing.
 */

/** A Lambda function: the file of this name in functions/. */
export type FunctionName =
  | 'collect-events'
  | 'receive-webhook'
  | 'process-events'
  | 'run-timers'
  | 'run-campaigns'
  | 'advance-journeys'
  | 'deliver-messages'
  | 'follow-links'
  | 'record-feedback'
  | 'park-dead-letters';

export interface FunctionTopology {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

export const functions: Readonly<Record<FunctionName, FunctionTopology>> = {
  'collect-events': { timeoutSeconds: 10, memoryMb: 512 },
  'receive-webhook': { timeoutSeconds: 10, memoryMb: 512 },
  'process-events': { timeoutSeconds: 60, memoryMb: 512 },
  'run-timers': { timeoutSeconds: 55, memoryMb: 512 },
  'run-campaigns': { timeoutSeconds: 55, memoryMb: 512 },
  'advance-journeys': { timeoutSeconds: 60, memoryMb: 512 },
  'deliver-messages': { timeoutSeconds: 60, memoryMb: 1024 },
  'follow-links': { timeoutSeconds: 10, memoryMb: 512 },
  'record-feedback': { timeoutSeconds: 60, memoryMb: 512 },
  'park-dead-letters': { timeoutSeconds: 60, memoryMb: 512 },
};

export type QueueName = 'events' | 'work' | 'outbox-triggered' | 'outbox-campaign' | 'feedback';

export interface QueueTopology {
  readonly handler: FunctionName;
  /** Environment variable under which every function finds the queue's URL. */
  readonly urlVariable: string;
  readonly batchSize: number;
  /** Only on senders: it disables the idle-poller optimisation, so it costs at rest. */
  readonly maxConcurrency?: number;
  /** Six times the handler's timeout, as AWS advises. */
  readonly visibilitySeconds: number;
  readonly maxReceiveCount: number;
  readonly retentionDays: number;
}

/** A small account's throttling raises receive counts, so the limit is high; a stage parks after 5 errors of its own. */
const maxReceiveCount = 20;

export const queues: Readonly<Record<QueueName, QueueTopology>> = {
  events: {
    handler: 'process-events',
    urlVariable: 'EVENTS_QUEUE_URL',
    batchSize: 10,
    visibilitySeconds: 360,
    maxReceiveCount,
    retentionDays: 14,
  },
  work: {
    handler: 'advance-journeys',
    urlVariable: 'WORK_QUEUE_URL',
    batchSize: 10,
    visibilitySeconds: 360,
    maxReceiveCount,
    retentionDays: 4,
  },
  'outbox-triggered': {
    handler: 'deliver-messages',
    urlVariable: 'OUTBOX_TRIGGERED_QUEUE_URL',
    batchSize: 10,
    maxConcurrency: 2,
    visibilitySeconds: 360,
    maxReceiveCount,
    retentionDays: 4,
  },
  'outbox-campaign': {
    handler: 'deliver-messages',
    urlVariable: 'OUTBOX_CAMPAIGN_QUEUE_URL',
    batchSize: 10,
    maxConcurrency: 2,
    visibilitySeconds: 360,
    maxReceiveCount,
    retentionDays: 4,
  },
  /** Fed by SNS, not by a function of ours. */
  feedback: {
    handler: 'record-feedback',
    urlVariable: 'FEEDBACK_QUEUE_URL',
    batchSize: 10,
    visibilitySeconds: 360,
    maxReceiveCount,
    retentionDays: 14,
  },
};

/**
 * What SES tells of our mails: the configuration set publishes these events to a topic of this name, and the topic hands
 * them to the queue as they are (raw message delivery). Named as CloudFormation names them. Opens and clicks stay off:
 * follow-links does both, each with the person's consent.
 */
export const feedback = {
  configurationSetVariable: 'SES_CONFIGURATION_SET',
  configurationSet: 'relance',
  topic: 'relance-feedback',
  queue: 'feedback',
  rawMessageDelivery: true,
  events: ['SEND', 'DELIVERY', 'DELIVERY_DELAY', 'BOUNCE', 'COMPLAINT', 'REJECT', 'RENDERING_FAILURE'],
} as const satisfies { queue: QueueName; [name: string]: unknown };

/** Every queue has one, named like it with this suffix; all drain into parked items through `park-dead-letters`. */
export const deadLetterSuffix = '-dead';
export const deadLetters = {
  handler: 'park-dead-letters',
  batchSize: 10,
  visibilitySeconds: 360,
  retentionDays: 14,
} as const satisfies { handler: FunctionName; batchSize: number; visibilitySeconds: number; retentionDays: number };

export interface Route {
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  /** API Gateway HTTP API (payload 2.0) path with `{name}` parameters. */
  readonly path: string;
  readonly handler: FunctionName;
}

export const routes: readonly Route[] = [
  { method: 'POST', path: '/v1/{call}', handler: 'collect-events' },
  { method: 'OPTIONS', path: '/v1/{call}', handler: 'collect-events' },
  { method: 'GET', path: '/v1/projects/{key}/settings', handler: 'collect-events' },
  { method: 'OPTIONS', path: '/v1/projects/{key}/settings', handler: 'collect-events' },
  { method: 'POST', path: '/v1/journeys/{name}/start', handler: 'collect-events' },
  { method: 'POST', path: '/webhooks/{connector}', handler: 'receive-webhook' },
  { method: 'GET', path: '/l/{kind}/{token}', handler: 'follow-links' },
  { method: 'POST', path: '/l/{kind}/{token}', handler: 'follow-links' },
];

export interface Schedule {
  readonly name: string;
  readonly handler: FunctionName;
  readonly everyMinutes: number;
}

export const schedules: readonly Schedule[] = [
  { name: 'run-timers', handler: 'run-timers', everyMinutes: 1 },
  { name: 'run-campaigns', handler: 'run-campaigns', everyMinutes: 1 },
];

/** The one DynamoDB table. */
export const table = {
  nameVariable: 'TABLE_NAME',
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLiveAttribute: 'ttl',
  indexes: {
    /** Timers: sparse, only items that wait carry `ds` (partition `T#<0..15>`) and `da` (epoch milliseconds). */
    due: { partitionKey: 'ds', sortKey: 'da', sortKeyType: 'N', projection: 'KEYS_ONLY', attributes: [] },
    /** People: only items `A` of identified people carry `g` (partition `<0..63>`). Traits and consent travel along for sweeps. */
    dir: { partitionKey: 'g', sortKey: 'pk', sortKeyType: 'S', projection: 'INCLUDE', attributes: ['tr', 'co'] },
  },
} as const;

/** Environment variables that every function reads beside those of the table and the queues. */
export const variables = {
  /** Where our own links live, such as `https://links.example.com`. */
  linkOrigin: 'LINK_ORIGIN',
  /** In AWS: under which path the secrets lie in SSM Parameter Store, such as `/relance/secrets`. */
  secretsPath: 'RELANCE_SECRETS_PATH',
  /** On one's own machine: all secrets as one JSON document. It wins over the path. */
  secrets: 'RELANCE_SECRETS',
} as const;

/** The secrets in Parameter Store: a SecureString each, under the path above, whose value is the field as JSON. */
export const secretParameters = {
  identifierKey: 'identifier-key',
  linkKeys: 'link-keys',
  writeKeys: 'write-keys',
  webhookSecrets: 'webhook-secrets',
} as const;
