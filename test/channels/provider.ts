/** A provider that answers over HTTP what a test says, and counts its calls. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, vi } from 'vitest';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export class Provider {
  /** What the next calls get. */
  answer: Answer = () => undefined;
  /** As forms, since the last test began. */
  calls: URLSearchParams[] = [];
  #server: Server | undefined;

  /** One for each test of the file, where the SDK looks for it: `endpoint` names a variable such as `AWS_ENDPOINT_URL_SES`. */
  constructor(endpoint: string) {
    beforeEach(() => this.#open(endpoint));
    afterEach(() => this.#close());
  }

  async #open(endpoint: string): Promise<void> {
    this.calls = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.calls.push(new URLSearchParams(Buffer.concat(parts).toString()));
        this.answer(response, request);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    // Address and port are this server's while it listens.
    const { port } = server.address() as AddressInfo;
    vi.stubEnv(endpoint, `http://127.0.0.1:${port}`);
  }

  async #close(): Promise<void> {
    vi.unstubAllEnvs();
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  }
}

const xml = { 'content-type': 'text/xml' };

/** As the query protocol says yes. */
export const accept =
  (action: string, id: string): Answer =>
  (response) =>
    void response
      .writeHead(200, xml)
      .end(`<${action}Response><${action}Result><MessageId>${id}</MessageId></${action}Result></${action}Response>`);

/** As it says no. */
export const refuse =
  (status: number, code: string, text = 'because'): Answer =>
  (response) =>
    void response
      .writeHead(status, xml)
      .end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error></ErrorResponse>`);

/** After these nobody knows whether the message was taken. */
export const silences = (action: string): readonly (readonly [string, Answer])[] => [
  ['it does not answer in time', () => undefined],
  [
    'it says again and again that it is working',
    (response) => {
      const beat = setInterval(() => response.writeProcessing(), 50);
      response.on('close', () => clearInterval(beat));
    },
  ],
  ['the connection is reset after the request', (response) => response.socket?.resetAndDestroy()],
  ['the connection is closed after the request', (response) => response.socket?.destroy()],
  [
    'the answer breaks off',
    (response) => void response.writeHead(200, { 'content-length': 500 }).write(`<${action}`, () => response.socket?.destroy()),
  ],
  ['the answer stalls', (response) => void response.writeHead(200, { 'content-length': 500 }).write(`<${action}`)],
  ['the answer is none of its own', (response) => void response.writeHead(200).end('<html>welcome to the hotel wifi</html>')],
  [
    'the answer has no message id',
    (response) => void response.writeHead(200).end(`<${action}Response><${action}Result/></${action}Response>`),
  ],
  ['a proxy fails', (response) => void response.writeHead(502).end('<html>bad gateway</html>')],
];

/** To call there is never to be heard. */
export const nowhere = [
  ['nobody listens', 'http://127.0.0.1:9'],
  ['the host does not exist', 'http://nowhere.invalid'],
  ['no connection comes about', 'http://192.0.2.1:81'],
] as const;
