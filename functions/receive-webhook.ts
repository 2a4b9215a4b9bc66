/**
 * POST /webhooks/{connector}
 * Proves who is calling, keeps the raw bytes, answers. All work happens behind the queue.
 */
import { receiveWebhook, type ReceivePorts } from '../shared/pipeline/receive-webhook.ts';
import { httpHandler, reply } from './edge/http.ts';
import { onLambda } from './edge/runtime.ts';

export const createHandler = (ports: ReceivePorts) =>
  httpHandler(ports, async ({ path, headers, rawBody, systemNow }) => {
    const receipt = await receiveWebhook(ports, { connector: path['connector'] ?? '', headers, body: rawBody, systemNow });
    switch (receipt.kind) {
      case 'accepted': {
        const { kind: _accepted, ...intake } = receipt;
        return reply(202, intake);
      }
      case 'unknown-connector':
        return reply(404, { error: 'no such connector' });
      case 'not-authentic':
        return reply(401); // and not a word about why
      case 'too-large':
        return reply(413, { error: 'the body is larger than 1 MB' });
      case 'unreadable':
        return reply(400, { error: 'the body cannot be read', problems: receipt.problems });
    }
  });

export const handler = onLambda(createHandler);
