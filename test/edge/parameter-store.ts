/** Parameter Store on loopback, as far as functions ask it: GetParameters, with what is stored, or an outage. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import * as v from 'valibot';

export interface ParameterStore {
  readonly endpoint: string;
  /** By name; change it as `setup` would. */
  readonly stored: Map<string, string>;
  /** Names asked for, request by request. */
  readonly requests: string[][];
  broken: boolean;
  stop(): Promise<void>;
}

const request = v.pipe(v.string(), v.parseJson(), v.object({ Names: v.array(v.string()), WithDecryption: v.literal(true) }));

export async function startParameterStore(): Promise<ParameterStore> {
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (text) => (body += String(text)));
    incoming.on('end', () => {
      const { Names } = v.parse(request, body);
      store.requests.push(Names);
      response.statusCode = store.broken ? 500 : 200;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(store.broken ? '{"__type":"InternalServerError"}' : JSON.stringify(answer(Names)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  const answer = (names: readonly string[]) => ({
    Parameters: names.flatMap((Name) => {
      const Value = store.stored.get(Name);
      return Value === undefined ? [] : [{ Name, Value, Type: 'SecureString' }];
    }),
    InvalidParameters: names.filter((name) => !store.stored.has(name)),
  });
  const store: ParameterStore = {
    endpoint: `http://127.0.0.1:${port}`,
    stored: new Map(),
    requests: [],
    broken: false,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return store;
}
