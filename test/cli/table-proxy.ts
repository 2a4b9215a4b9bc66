/** Stands before the table and refuses the calls that a test names: permissions that are missing, and crashes half-way. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export interface TableProxy {
  readonly endpoint: string;
  /** By action, such as `DeleteItem`: an error name of DynamoDB, or a connection that is cut. */
  readonly refuse: Map<string, 'AccessDeniedException' | 'cut'>;
  stop(): Promise<void>;
}

export async function proxyTable(engine: string): Promise<TableProxy> {
  const refuse: TableProxy['refuse'] = new Map();
  const server = createServer((request, response) => {
    void (async () => {
      const target = String(request.headers['x-amz-target']);
      const action = target.split('.').at(-1) ?? '';
      const body = await text(request);
      const refusal = refuse.get(action);
      if (refusal === 'cut') return request.socket.destroy();
      if (refusal !== undefined) {
        const message = `User: arn:aws:iam::000000000000:user/owner is not authorized to perform: dynamodb:${action} on resource: x`;
        return response.writeHead(400).end(JSON.stringify({ __type: `com.amazon.coral.service#${refusal}`, message }));
      }
      const signed = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'].map((name): [string, string] => [
        name,
        String(request.headers[name]),
      ]);
      const headers: Record<string, string> = Object.fromEntries(signed);
      const answer = await fetch(engine, { method: 'POST', headers, body });
      return response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    refuse,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
