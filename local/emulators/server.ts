/**
 * One HTTP server on loopback for SQS, SNS, SES and what the command line asks of the account: reads which service and
 * action a signed call means and answers it.
 * What it does not know is answered with an error, never with silence: SDK clients without a timeout would hang.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerAccount } from './account-calls.ts';
import { unknownAction } from './aws-error.ts';
import type { Silence } from './faults.ts';
import { JsonFields } from './json-fields.ts';
import type { OwnerAccount } from './owner-account.ts';
import { answerXml, errorXml, QueryForm, type Xml } from './query-form.ts';
import { sesActions, sesNamespace } from './ses-actions.ts';
import type { Ses } from './ses.ts';
import { snsActions, snsNamespace } from './sns-actions.ts';
import type { Sns } from './sns.ts';
import { sqsActions } from './sqs-actions.ts';
import type { Sqs } from './sqs.ts';
import { type Answer, bound, refusalOf } from './wire-answer.ts';

export interface Services {
  readonly account: OwnerAccount;
  readonly sqs: Sqs;
  readonly ses: Ses;
  readonly sns: Sns;
}

export interface EmulatorServer {
  readonly origin: string;
  /** Calls answered so far, such as `sqs.SendMessage`. */
  readonly calls: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Above a mail of 10 MB in base64, form-encoded. */
const largestBody = 33_554_432;

export async function serveEmulators(services: Services, port = 0): Promise<EmulatorServer> {
  const calls = new Map<string, number>();
  const server = createServer((request, response) => void respond({ services, calls }, request, response));
  // An idle connection that the server closes while a client writes to it looks like a lost answer: it closes none.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${portOf(server)}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        // Long polls and ordered silences end with their connections.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the emulators listen on no port');
  return address.port;
}

interface Surroundings {
  readonly services: Services;
  readonly calls: Map<string, number>;
}

async function respond(around: Surroundings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  const { signal } = closed;
  try {
    const body = await bodyOf(request);
    const answer = body === undefined ? tooLarge : await answerTo(around, request, body, signal);
    if (answer.kind === 'silence') {
      await wait(answer.milliseconds, undefined, { signal }).catch(() => undefined);
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': answer.type, ...answer.headers }).end(answer.body);
  } catch {
    // The caller hung up while sending: there is nobody to answer.
    response.destroy();
  }
}

const tooLarge: Answer = { kind: 'answer', status: 413, type: 'text/plain', body: 'Request Entity Too Large' };

/** Undefined when it is larger than any call may be. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes <= largestBody) chunks.push(chunk);
  }
  return bytes > largestBody ? undefined : Buffer.concat(chunks).toString('utf8');
}

function answerTo(
  around: Surroundings,
  request: IncomingMessage,
  body: string,
  signal: AbortSignal,
): Promise<Answer | Silence> | Answer | Silence {
  const target = String(request.headers['x-amz-target'] ?? '');
  if (target.startsWith('AmazonSQS.')) return answerSqs(around, target.slice('AmazonSQS.'.length), body, signal);
  const service = serviceOf(request);
  const { pathname: path } = new URL(request.url ?? '/', 'http://localhost');
  const called = { method: request.method ?? '', path, target, service: service ?? '', body };
  const ofAccount = answerAccount(around.services, called, (call) => meet(around, call));
  if (ofAccount !== undefined) return ofAccount;
  const form = QueryForm.parse(body);
  const { ses, sns, account } = around.services;
  return isForSns(service, form)
    ? answerQuery(around, 'sns', snsNamespace, form, (action) => bound(snsActions, action, { sns, account, form }))
    : answerQuery(around, 'ses', sesNamespace, form, (action) => bound(sesActions, action, { ses, form }));
}

/** The service that the call is signed for. */
const serviceOf = ({ headers }: IncomingMessage): string | undefined =>
  /Credential=[^/]*\/\d+\/[^/]*\/([^/]*)\//.exec(headers.authorization ?? '')?.[1];

/** By the API version where it is not signed. */
const isForSns = (service: string | undefined, form: QueryForm): boolean =>
  service === undefined ? form.optionalText('Version') === '2010-03-31' : service === 'sns';

async function answerSqs(around: Surroundings, action: string, body: string, signal: AbortSignal): Promise<Answer> {
  const type = 'application/x-amz-json-1.0';
  try {
    const act = bound(sqsActions, action, { sqs: around.services.sqs, fields: JsonFields.parse(body), signal });
    if (act === undefined) throw unknownAction(action);
    meet(around, `sqs.${action}`);
    const result = await act();
    return { kind: 'answer', status: 200, type, body: JSON.stringify(result) };
  } catch (error) {
    const refusal = refusalOf(error);
    const queryCode = queryCodes[refusal.code] ?? refusal.code;
    return {
      kind: 'answer',
      status: refusal.status,
      type,
      headers: { 'x-amzn-query-error': `${queryCode};${refusal.side}` },
      body: JSON.stringify({ __type: `com.amazonaws.sqs#${refusal.code}`, message: refusal.message }),
    };
  }
}

/** SQS once spoke the query protocol; SDKs show these older codes. */
const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

function answerQuery(
  around: Surroundings,
  service: 'sns' | 'ses',
  namespace: string,
  form: QueryForm,
  find: (action: string) => (() => readonly Xml[] | Silence) | undefined,
): Answer | Silence {
  const action = form.optionalText('Action') ?? '';
  const type = 'text/xml';
  try {
    const act = find(action);
    if (act === undefined) throw unknownAction(action);
    meet(around, `${service}.${action}`);
    const result = act();
    return 'kind' in result ? result : { kind: 'answer', status: 200, type, body: answerXml(action, namespace, result) };
  } catch (error) {
    const refusal = refusalOf(error);
    return { kind: 'answer', status: refusal.status, type, body: errorXml(refusal, namespace) };
  }
}

/** Counts the call; throws what a test ordered for it. */
function meet({ services, calls }: Surroundings, call: string): void {
  calls.set(call, (calls.get(call) ?? 0) + 1);
  services.account.meet(call);
}
