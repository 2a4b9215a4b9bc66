/**
 * The product's HTTP surface exactly as in AWS: routes of the topology, payload 2.0 events, and the refusals that the
 * gateway makes itself before any function runs.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../../shared/topology.ts';
import { gatewayAnswer, httpAnswer, type HttpAnswer, internalError } from './http-answer.ts';
import { httpEvent, type ReceivedRequest } from './http-event.ts';
import type { Invoker } from './invocation.ts';
import { type OutcomeListener, outcomeOf } from './outcome.ts';
import { findRoute } from './routes.ts';

/** Of an HTTP API. */
export const largestPayload = 10_485_760;
/** Above this the rest of a body is not even read to the end. */
const mostRead = 10 * largestPayload;

export interface GatewaySurroundings {
  readonly routes: readonly Route[];
  readonly invoker: Invoker;
  readonly onOutcome: OutcomeListener;
}

/** Answers the request whatever happens; never rejects. */
export async function serveRequest(
  around: GatewaySurroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const answer = await answerTo(around, request);
    response.writeHead(answer.status, answer.headers.flat()).end(answer.body);
  } catch {
    // The caller left while sending: nobody is there to answer.
    response.destroy();
  }
}

async function answerTo(around: GatewaySurroundings, request: IncomingMessage): Promise<HttpAnswer> {
  const { method = 'GET', url: target = '/' } = request;
  const body = await bodyOf(request);
  if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
  const routing = findRoute(around.routes, method, target);
  switch (routing.kind) {
    case 'malformed':
      return gatewayAnswer(400, 'Bad Request');
    case 'none':
      return gatewayAnswer(404, 'Not Found');
    case 'route': {
      const event = httpEvent(receivedRequest(request, method, target, body), routing, stampAt(Date.now()));
      return around.invoker.invoke(routing.route.handler, event, (result) => {
        const answer = result.end.kind === 'answered' ? httpAnswer(result.end.value) : internalError;
        around.onOutcome(outcomeOf(result, { kind: 'http', route: event.routeKey, status: answer.status }));
        return answer;
      });
    }
  }
}

const receivedRequest = (request: IncomingMessage, method: string, target: string, body: Uint8Array): ReceivedRequest => ({
  method,
  target,
  headers: Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value) => [name, value] as const),
  ),
  body,
  protocol: `HTTP/${request.httpVersion}`,
  sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
  port: request.socket.localPort ?? 0,
});

/** By this machine's clock, which the product clock does not move. Ids shaped like those of API Gateway and X-Ray. */
const stampAt = (at: number) => ({
  at,
  requestId: `${randomBytes(11).toString('base64url')}=`,
  traceId: `Root=1-${Math.floor(at / 1_000).toString(16)}-${randomBytes(12).toString('hex')}`,
});

/** Undefined above the gateway's limit. The rest is read and dropped, because a client that still sends hears no answer. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes <= largestPayload) chunks.push(chunk);
    if (bytes > mostRead) break;
  }
  return bytes > largestPayload ? undefined : Buffer.concat(chunks);
}
