/** What the page asks the server: the JSON of /_local, and the product's own HTTP surface as a shop would call it. */

export class Refused extends Error {
  constructor(status, problem) {
    super(problem);
    this.status = status;
  }
}

async function ask(path, init) {
  const response = await fetch(path, { cache: 'no-store', ...init });
  const text = await response.text();
  const body = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
  if (!response.ok) throw new Refused(response.status, body.problem ?? body.error ?? `answered ${response.status}`);
  return body;
}

export const read = (path) => ask(`/_local/${path}`);
export const tell = (path, body = {}) => ask(`/_local/${path}`, { method: 'POST', body: JSON.stringify(body) });

/** Undefined where nobody is known by it. */
export async function readPerson(view, by) {
  try {
    return await read(`${view}?${new URLSearchParams(by)}`);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

/** Segment calls, with the write key where the spec wants it. */
export const sendBatch = (key, batch) =>
  ask('/v1/batch', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch: batch.map((call) => ({ messageId: crypto.randomUUID(), ...call })) }),
  });

/** What a mail program does on "unsubscribe" (RFC 8058): a POST without asking again. */
export function unsubscribeByMail(mail) {
  const link = oneClickLink(mail);
  if (link === undefined) throw new Refused(0, 'this mail has no one-click link');
  return ask(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
}

/** The path of our own link, so that the page works under each of its names (127.0.0.1, localhost). */
export function oneClickLink({ headers }) {
  const link = /<(https?:[^>]+)>/.exec(headers['list-unsubscribe'] ?? '')?.[1];
  return link && URL.canParse(link) ? new URL(link).pathname : undefined;
}
