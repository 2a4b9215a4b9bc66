/**
 * Stands between the functions and the local AWS: who signs a call must be allowed it by the policy that is synthesised for
 * it, or the call is refused as AWS would refuse it.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DeployedFunction } from '../../infra/deployed-functions.ts';
import type { Endpoints } from '../../local/containers/lambda-environment.ts';
import { askedOfIam } from './asked-of-iam.ts';
import { isAllowed } from './is-allowed.ts';

export class PolicyDoor {
  /** `advance-journeys dynamodb:PutItem …` */
  readonly refused: string[] = [];
  /** Commands by who sent them, such as `process-events PutItemCommand`. */
  readonly passed = new Set<string>();
  readonly #functions: Readonly<Record<string, DeployedFunction>>;
  readonly #server = createServer((request, response) => {
    this.#judge(request, response).catch(() => response.destroy());
  });
  #behind: Endpoints = { dynamodb: '', others: '' };

  constructor(functions: Readonly<Record<string, DeployedFunction>>) {
    this.#functions = functions;
  }

  /** Listens on loopback. */
  async open(): Promise<void> {
    this.#server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What the functions are told instead. */
  inFrontOf(behind: Endpoints): Endpoints {
    this.#behind = behind;
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new TypeError('the door listens on no port');
    const origin = `http://127.0.0.1:${address.port}`;
    return { dynamodb: origin, others: origin };
  }

  async #judge(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { caller, service } = signerOf(request);
    const { command, input } = callIn(request, body);
    const statements = this.#functions[caller]?.statements ?? [];
    const forbidden = askedOfIam(command, input).filter((call) => !isAllowed(statements, call));
    if (forbidden.length > 0) {
      for (const { action, resource, values } of forbidden)
        this.refused.push([caller, action, resource, JSON.stringify(values)].join(' '));
      response.writeHead(403).end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized' }));
      return;
    }
    this.passed.add(`${caller} ${command}`);
    passOn(service === 'dynamodb' ? this.#behind.dynamodb : this.#behind.others, request, body, response);
  }
}

/** `Credential=<access key>/<date>/<region>/<service>/aws4_request` */
function signerOf({ headers }: IncomingMessage): { readonly caller: string; readonly service: string } {
  const [, caller = '', service = ''] = /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return { caller, service };
}

function callIn({ headers }: IncomingMessage, body: string): { readonly command: string; readonly input: object } {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const input: unknown = JSON.parse(body);
    return { command: `${target.split('.')[1] ?? ''}Command`, input: typeof input === 'object' && input !== null ? input : {} };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { command: `${input['Action'] ?? ''}Command`, input };
}

function passOn(
  origin: string,
  { method = 'POST', url, headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const { host: _host, ...rest } = headers;
  const passed = ask(`${origin}${url ?? '/'}`, { method, headers: rest }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  passed.end(body);
}
