/** Answers of the local pages: JSON, and for work that may take minutes an answer that keeps the caller's connection. */
import type { ServerResponse } from 'node:http';

const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

export function answer(response: ServerResponse, status: number, value: unknown): true {
  response.writeHead(status, headers);
  response.end(JSON.stringify(value));
  return true;
}

/** Clients give up on a silent server, the built-in `fetch` of Node.js after five minutes. */
const patience = 20_000;

/**
 * Answers 200 with what the work comes to. Work that takes longer is told by a space now and then, which JSON allows before
 * a document; should it fail after that, the connection is cut, because the status is out.
 */
export async function answerWhenDone(response: ServerResponse, work: Promise<unknown>, every = patience): Promise<true> {
  const sign = setInterval(() => {
    if (!response.headersSent) response.writeHead(200, headers);
    response.write(' ');
  }, every);
  try {
    const value = await work;
    if (!response.headersSent) return answer(response, 200, value);
    response.end(JSON.stringify(value));
    return true;
  } catch (error) {
    if (!response.headersSent) throw error;
    response.destroy();
    return true;
  } finally {
    clearInterval(sign);
  }
}
