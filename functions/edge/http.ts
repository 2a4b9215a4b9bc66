/**
 * The one way HTTP requests become typed values and answers: API Gateway payload 2.0 in, structured result out.
 * A fault of ours is never answered 4xx, because clients drop what they are refused (promise 1); nothing internal is told.
 */
import middy, { type Request } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Conflict, InvalidInput, Unavailable } from '../../shared/kernel/errors.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Ports } from '../../shared/ports.ts';

export interface HttpRequest {
  readonly method: string;
  /** Parameters of the route, such as `connector` of `/webhooks/{connector}`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  /** As received, byte for byte. */
  readonly rawBody: Uint8Array;
  readonly sourceIp: string;
  readonly requestId: string;
  /** When the gateway received it, by system time and not by the product clock: it judges the freshness of signatures alone. */
  readonly systemNow: Instant;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Headers = Readonly<Record<string, string>>;

/** An answer in JSON; without a body where none is given. */
export const reply = (status: number, body?: object, headers: Headers = {}): Reply => ({
  status,
  headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
});

/** What was asked for, to be kept by browsers for two minutes; 404 where there is none. */
export const replyFound = (found: object | undefined): Reply =>
  found === undefined ? reply(404, { error: 'not found' }) : reply(200, found, { 'cache-control': 'public, max-age=120' });

export const page = (status: number, html: string, headers: Headers = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: html,
});

export const redirect = (location: string, headers: Headers = {}): Reply => ({
  status: 302,
  headers: { location, ...headers },
  body: '',
});

/** `headers` are on every answer, also when something failed. */
export function httpHandler(
  { log }: Pick<Ports, 'log'>,
  answer: (request: HttpRequest) => Promise<Reply>,
  headers: Headers = {},
) {
  const handle = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
    resultOf(await answer(requestOf(event)), headers);
  const onError = (failed: Request<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>): void => {
    const { error, event } = failed;
    const refusal = refusalOf(error);
    // The error's own words may quote the request: only its name and place are logged.
    const place = error?.stack
      ?.split('\n')
      .find((line) => line.trimStart().startsWith('at '))
      ?.trim();
    if (refusal.status >= 500) {
      log(refusal.status === 503 ? 'warn' : 'error', 'not answered', {
        route: event.routeKey,
        requestId: event.requestContext.requestId,
        status: refusal.status,
        error: error?.name,
        place,
      });
    }
    failed.response = resultOf(refusal, headers);
  };
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>(handle).onError(onError);
}

function refusalOf(error: unknown): Reply {
  if (error instanceof InvalidInput) return reply(400, { error: error.message, problems: error.problems });
  if (error instanceof Unavailable || error instanceof Conflict) {
    return reply(503, { error: 'cannot take it now; send it again' }, { 'retry-after': '5' });
  }
  return reply(500, { error: 'something went wrong on our side; send it again' });
}

const requestOf = (event: APIGatewayProxyEventV2): HttpRequest => ({
  method: event.requestContext.http.method,
  path: given(event.pathParameters),
  query: given(event.queryStringParameters),
  headers: Object.fromEntries(Object.entries(given(event.headers)).map(([name, value]) => [name.toLowerCase(), value])),
  rawBody: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  sourceIp: event.requestContext.http.sourceIp,
  requestId: event.requestContext.requestId,
  systemNow: event.requestContext.timeEpoch,
});

const given = (pairs: Readonly<Record<string, string | undefined>> | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(pairs ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const resultOf = ({ status, headers, body }: Reply, always: Headers): APIGatewayProxyStructuredResultV2 => ({
  statusCode: status,
  headers: { ...always, ...headers },
  body,
});
