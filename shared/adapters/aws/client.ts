/**
 * The SDK clients, one of each per container, and the way their errors become ours: what must happen next, in a sentence
 * that names what was tried. Nothing of an item reaches a message or a log.
 */
import { type AttributeValue, DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { SQSClient, SQSServiceException } from '@aws-sdk/client-sqs';
import { SSMClient, SSMServiceException } from '@aws-sdk/client-ssm';
import { Conflict, Unavailable } from '../../kernel/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Item = Record<string, AttributeValue>;

/**
 * Milliseconds for one attempt: far longer than any healthy answer, and three of them end before the doors do (10 seconds),
 * so that a silent service is answered as such.
 */
const connectionTimeout = 2_000;
const requestTimeout = 3_000;
const maxAttempts = 3;

export interface AwsClients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
}

export const awsClients = (environment: Environment): AwsClients => ({
  dynamo: dynamoClient(environment),
  sqs: sqsClient(environment),
});

export const dynamoClient = (environment: Environment, timeout = requestTimeout): DynamoDBClient =>
  new DynamoDBClient(clientSettings(environment, 'DYNAMODB', timeout));

export const sqsClient = (environment: Environment, timeout = requestTimeout): SQSClient =>
  new SQSClient(clientSettings(environment, 'SQS', timeout));

export const ssmClient = (environment: Environment, timeout = requestTimeout): SSMClient =>
  new SSMClient(clientSettings(environment, 'SSM', timeout));

/**
 * What all clients share. Endpoints by the standard variables (`AWS_ENDPOINT_URL_<SERVICE>` before `AWS_ENDPOINT_URL`), said
 * explicitly because the SQS client otherwise goes to the host of the queue's URL. Keys from the environment are constant
 * for the life of a Lambda container; without them the SDK's own chain looks (profiles, SSO).
 */
function clientSettings(environment: Environment, service: 'DYNAMODB' | 'SQS' | 'SSM', timeout: number) {
  const endpoint = environment[`AWS_ENDPOINT_URL_${service}`] ?? environment['AWS_ENDPOINT_URL'];
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  // Waiting for a free socket counts as connecting: with few sockets a burst would look like an outage.
  const agent = { keepAlive: true, maxSockets: 256 };
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } }),
    maxAttempts,
    requestHandler: {
      connectionTimeout,
      requestTimeout: timeout,
      throwOnRequestTimeout: true, // else the SDK only warns
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

/**
 * One call of a client. `what` says it in words of the business (`load person`): it opens the message of what is thrown.
 * Throws Unavailable for throttling, 5xx and silence, Conflict for a failed condition or another writer's transaction.
 */
export async function sendOrThrow<Output>(what: string, call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    throw asOurs(what, error);
  }
}

export type Conditional<Output> =
  | { readonly kind: 'done'; readonly output: Output }
  /** `item` as it is stored, where the command asked for `ALL_OLD` on failure and there is one. */
  | { readonly kind: 'refused'; readonly item?: Item };

/** A single write whose condition may well fail. */
export async function sendConditional<Output>(what: string, call: () => Promise<Output>): Promise<Conditional<Output>> {
  try {
    return { kind: 'done', output: await call() };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw asOurs(what, error);
    return { kind: 'refused', ...(error.Item === undefined ? {} : { item: error.Item }) };
  }
}

export type Transaction =
  | { readonly kind: 'done' }
  /** One entry per action, in order: did its condition hold, and what is stored where it did not (`ALL_OLD`). */
  | { readonly kind: 'refused'; readonly actions: readonly ActionResult[] };

export interface ActionResult {
  readonly held: boolean;
  readonly item?: Item;
}

/** All or nothing. Refused only when nothing but conditions stood against it; another writer's transaction is a Conflict. */
export async function sendTransaction(what: string, call: () => Promise<unknown>): Promise<Transaction> {
  try {
    await call();
    return { kind: 'done' };
  } catch (error) {
    const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    const onlyConditions = reasons.every(({ Code: code }) => code === 'None' || code === 'ConditionalCheckFailed');
    if (reasons.length === 0 || !onlyConditions) throw asOurs(what, error);
    const actions = reasons.map(({ Code: code, Item: item }) => ({
      held: code === 'None',
      ...(item === undefined ? {} : { item }),
    }));
    return { kind: 'refused', actions };
  }
}

const throttled = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'ThrottlingException',
  'ThrottlingError',
  'Throttling',
  'TooManyRequestsException',
  'TransactionInProgressException',
  'LimitExceededException',
]);
const contended = new Set([
  'ConditionalCheckFailedException',
  'ConditionalCheckFailed',
  'TransactionConflictException',
  'TransactionConflict',
]);
const silent = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'AbortError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Our error for one of the SDK's; anything that is none of the SDK's comes back as it is. */
function asOurs(what: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const names = namesOf(error);
  const says = `${what}: ${names.join(', ')}`;
  if (names.some((name) => throttled.has(name) || silent.has(name))) return new Unavailable(says, { cause: error });
  if (names.some((name) => contended.has(name))) return new Conflict(says, { cause: error });
  const isService =
    error instanceof DynamoDBServiceException || error instanceof SQSServiceException || error instanceof SSMServiceException;
  if (!isService) return error;
  if (error.$fault === 'server' || (error.$metadata.httpStatusCode ?? 0) >= 500) return new Unavailable(says, { cause: error });
  return new Error(`${says}: ${error.message}`, { cause: error });
}

/** The error's name and code, and for a cancelled transaction the reasons of its actions instead of "None, None, …". */
function namesOf(error: Error): readonly string[] {
  if (error instanceof TransactionCanceledException) {
    const reasons = (error.CancellationReasons ?? []).map(({ Code: code }) => code ?? 'None').filter((code) => code !== 'None');
    return ['TransactionCanceledException', ...new Set(reasons)];
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined || code === error.name ? [error.name] : [error.name, code];
}
