/**
 * POST /v1/{call}, GET /v1/projects/{key}/settings, and the preflights of both
 * The Segment HTTP API, so that its SDKs work as they are.
 */
import { collectEvents, type CollectPorts } from '../shared/pipeline/collect-events.ts';
import { sourceSettings } from '../shared/pipeline/source-settings.ts';
import { anyOrigin, preflight } from './edge/cross-origin.ts';
import { httpHandler, reply, replyFound, type HttpRequest } from './edge/http.ts';
import { onLambda } from './edge/runtime.ts';

const refusals = {
  'unknown-call': reply(404, { error: 'no such call' }),
  'unknown-key': reply(401, { error: 'unknown write key' }),
  'too-large': reply(413, { error: 'the request is larger than 500 KB' }),
};

const answer =
  (ports: CollectPorts) =>
  async ({ method, path, headers, rawBody }: HttpRequest) => {
    if (method === 'OPTIONS') return reply(204, undefined, preflight);
    if (path['key'] !== undefined) return replyFound(sourceSettings(ports, path['key'], headers));
    const collected = await collectEvents(ports, { call: path['call'] ?? '', headers, body: rawBody });
    if (collected.kind !== 'accepted') return refusals[collected.kind];
    const { kind: _accepted, ...intake } = collected;
    return reply(200, { success: intake.rejected.length === 0, ...intake });
  };

export const createHandler = (ports: CollectPorts) => httpHandler(ports, answer(ports), anyOrigin);

export const handler = onLambda(createHandler);
