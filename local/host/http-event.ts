/**
 * An HTTP request as the event that API Gateway gives a function (HTTP API, payload 2.0): what a handler reads locally
 * is what it reads in AWS. Pure.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Instant } from '../../shared/kernel/time.ts';
import type { RouteMatch } from './routes.ts';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as in the request line. */
  readonly target: string;
  /** In order, names as sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly port: number;
}

export interface RequestStamp {
  readonly at: Instant;
  readonly requestId: string;
  readonly traceId: string;
}

/** Set by the gateway itself, or about the connection and not the request. */
const notForwarded = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'cookie', 'te', 'trailer']);

export function httpEvent(request: ReceivedRequest, match: RouteMatch, stamp: RequestStamp): APIGatewayProxyEventV2 {
  const [path = '/', ...rest] = request.target.split('?');
  const rawQueryString = rest.join('?');
  const headers = forwardedHeaders(request, stamp);
  const domainName = (headers['host'] ?? 'localhost').replace(/:\d+$/, '');
  const rawPath = decodeURIComponent(path);
  const cookies = cookiesOf(request.headers);
  const query = queryOf(rawQueryString);
  const routeKey = `${match.route.method} ${match.route.path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies: [...cookies] }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.parameters).length === 0 ? {} : { pathParameters: match.parameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: request.method,
        path: rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: stamp.requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(stamp.at),
      timeEpoch: stamp.at,
    },
    ...bodyOf(request.body, headers),
  };
}

function forwardedHeaders(request: ReceivedRequest, stamp: RequestStamp): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    if (!notForwarded.has(key)) headers[key] = headers[key] === undefined ? value : `${headers[key]},${value}`;
  }
  const forwardedFor = headers['x-forwarded-for'];
  return {
    ...headers,
    'content-length': String(request.body.byteLength),
    'x-amzn-trace-id': stamp.traceId,
    'x-forwarded-for': forwardedFor === undefined ? request.sourceIp : `${forwardedFor}, ${request.sourceIp}`,
    'x-forwarded-port': String(request.port),
    'x-forwarded-proto': 'http',
  };
}

const cookiesOf = (headers: ReceivedRequest['headers']): readonly string[] =>
  headers
    .filter(([name]) => name.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/).filter((cookie) => cookie !== ''));

/** Decoded; a name that comes more than once has its values joined by commas. */
function queryOf(rawQueryString: string): Record<string, string> | undefined {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  return query.size === 0 ? undefined : Object.fromEntries(query);
}

/**
 * API Gateway passes on as text only what these types name; everything else is base64, forms and a missing type
 * included (measured on a real HTTP API by the ministack project, its pull request 766), and so is what is encoded.
 */
const textTypes = /^(text\/.*|application\/(json|xml|javascript))$/;

function bodyOf(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> {
  if (body.byteLength === 0) return { isBase64Encoded: false };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = textTypes.test(type) && isPlain ? textIn(bytes) : undefined;
  return text === undefined ? { body: bytes.toString('base64'), isBase64Encoded: true } : { body: text, isBase64Encoded: false };
}

/** Undefined where the bytes are not UTF-8: no byte is lost on the way, since signatures are judged by them. */
function textIn(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21/Apr/2020:15:08:21 +0000` */
function commonLogTime(at: Instant): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  const [year = '', month = '', dayOfMonth = ''] = date.split('-');
  return `${dayOfMonth}/${months[Number(month) - 1] ?? ''}/${year}:${time.slice(0, 8)} +0000`;
}
