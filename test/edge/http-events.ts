/** API Gateway events (HTTP API, payload 2.0) as Lambda gets them, with what a test wants to say about them. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface RequestWords {
  readonly method?: string;
  /** Parameters of the route. */
  readonly path?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** As API Gateway hands over what it takes for binary. */
  readonly base64?: boolean;
}

export function httpEvent({
  method = 'POST',
  path = {},
  headers = {},
  body,
  base64 = false,
}: RequestWords): APIGatewayProxyEventV2 {
  const bytes = Buffer.from(body ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: { host: 'relance.example', ...headers },
    pathParameters: { ...path },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'relance.example',
      domainPrefix: 'relance',
      http: { method, path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '23/Nov/2026:18:00:00 +0000',
      timeEpoch: 1_795_456_800_000,
    },
    ...(body === undefined ? {} : { body: bytes.toString(base64 ? 'base64' : 'utf8') }),
    isBase64Encoded: base64,
  };
}
