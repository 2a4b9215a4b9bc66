/** Work of minutes keeps its caller: signs of life before the answer, the status only once it is sure. */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { answerWhenDone } from '../../local/api/answer.ts';

async function ask(work: (response: ServerResponse) => Promise<unknown>): Promise<{ status: number; text: string }> {
  const server = createServer((_request, response) => {
    work(response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port was given');
  try {
    const response = await fetch(`http://127.0.0.1:${address.port}`);
    return { status: response.status, text: await response.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const inWhile = async (value: unknown): Promise<unknown> => {
  await wait(60);
  if (value instanceof Error) throw value;
  return value;
};

test('quick work is answered as it is', async () => {
  const { status, text } = await ask((response) => answerWhenDone(response, Promise.resolve({ processed: 1 }), 10_000));
  expect([status, text]).toEqual([200, '{"processed":1}']);
});

test('long work gives signs of life that JSON allows', async () => {
  const { status, text } = await ask((response) => answerWhenDone(response, inWhile({ processed: 2 }), 5));
  expect(text).toMatch(/^ +\{"processed":2\}$/);
  expect([status, JSON.parse(text)]).toEqual([200, { processed: 2 }]);
});

test('work that fails is a 500, or a cut connection once the status is out', async () => {
  expect(await ask((response) => answerWhenDone(response, inWhile(new Error('no')), 10_000))).toMatchObject({ status: 500 });
  await expect(ask((response) => answerWhenDone(response, inWhile(new Error('no')), 5))).rejects.toThrow(TypeError);
});
