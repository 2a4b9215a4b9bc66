/**
 * POST /v1/{call}, GET /v1/projects/{key}/settings, and the preflights of both: the Segment HTTP API, so that its SDKs work as
 * they are. POST /v1/journeys/{name}/start: a server starts a journey.
 */
import { collectEvents, type CollectPorts } from '../shared/pipeline/collect-events.ts';
import { startJourney } from '../shared/pipeline/start-journey.ts';
import { sourceSettings } from '../shared/pipeline/source-settings.ts';
import { anyOrigin, preflight } from './edge/cross-origin.ts';
import { httpHandler, reply, replyFound, type HttpRequest, type Reply } from './edge/http.ts';
import { onLambda } from './edge/runtime.ts';

const refusals = {
  'unknown-call': reply(404, { error: 'no such call' }),
  'unknown-key': reply(401, { error: 'unknown write key' }),
  'too-large': reply(413, { error: 'the request is larger than 500 KB' }),
};

const startRefusals = {
  'unknown-key': refusals['unknown-key'],
  'browser-key': reply(403, { error: 'a browser key starts no journey: use the server key' }),
  'too-large': reply(413, { error: 'the request is larger than 32 KB' }),
  'unknown-journey': reply(404, { error: 'no journey of this name is live' }),
  'not-by-api': reply(409, { error: 'this journey is started by something else: its start must be `api: true`' }),
  'other-body': reply(422, {
    error: 'something else was asked under this Idempotency-Key: repeat the same body, or take a new key for a new start',
  }),
};

async function start(ports: CollectPorts, name: string, { headers, rawBody }: HttpRequest): Promise<Reply> {
  const started = await startJourney(ports, { name, headers, body: rawBody });
  if (started.kind !== 'accepted') return startRefusals[started.kind];
  const { kind: _accepted, ...told } = started;
  return reply(202, told);
}

const answer = (ports: CollectPorts) => async (request: HttpRequest) => {
  const { method, path, headers, rawBody } = request;
  if (method === 'OPTIONS') return reply(204, undefined, preflight);
  if (path['name'] !== undefined) return start(ports, path['name'], request);
  if (path['key'] !== undefined) return replyFound(sourceSettings(ports, path['key'], headers));
  const collected = await collectEvents(ports, { call: path['call'] ?? '', headers, body: rawBody });
  if (collected.kind !== 'accepted') return refusals[collected.kind];
  const { kind: _accepted, ...intake } = collected;
  return reply(200, { success: intake.rejected.length === 0, ...intake });
};

export const createHandler = (ports: CollectPorts) => httpHandler(ports, answer(ports), anyOrigin);

export const handler = onLambda(createHandler);
