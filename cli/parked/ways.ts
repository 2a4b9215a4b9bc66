/**
 * The way that a parked body goes again: into the queue it came from, or through the connector that could not translate it.
 * Pure. A body that would only be parked again is told so, and nothing is sent.
 */
import { decodeEnvelope, decodeOutboxItem, decodeWork } from '../../functions/edge/queue-messages.ts';
import { translateCalls } from '../../shared/connectors/segment-batch.ts';
import { connectorNamed } from '../../shared/connectors/registry.ts';
import type { Translation } from '../../shared/connectors/connector.ts';
import type { Envelope, Trust } from '../../shared/events/event.ts';
import { InvalidInput, type Problem } from '../../shared/kernel/errors.ts';
import { isObject, maxDepth, parseJson, type Json } from '../../shared/kernel/json.ts';
import { intoEnvelopes } from '../../shared/pipeline/envelopes.ts';
import type { Parked } from '../../shared/ports.ts';
import { queues, type QueueName } from '../../shared/topology.ts';

export type Way =
  /** As it is, into this queue. */
  | { readonly kind: 'queue'; readonly queue: QueueName; readonly body: string }
  /** Translated, as envelopes. */
  | { readonly kind: 'events'; readonly envelopes: readonly Envelope[] }
  /** It could not be used. */
  | { readonly kind: 'none'; readonly problems: readonly Problem[] };

export interface Repair {
  /** Instead of the parked body. */
  readonly body?: string;
  /** How far to believe a Segment call: the write key it came with is not kept. */
  readonly trust: Trust;
  /** ISO 3166-1 alpha-2: how national phone numbers are read. */
  readonly country: string;
}

/** Deeper than what the queue takes is nothing that a queue ever carried. */
const deepest = maxDepth + 8;

export function wayOf(item: Parked, { body = item.body, trust, country }: Repair): Way {
  try {
    const queue = queueOf(item.stage);
    if (queue !== undefined) return intoQueue(queue, body);
    return throughDoor(item, body, trust, country);
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'none', problems: error.problems };
    throw error;
  }
}

/** Dead letters name their queue, a stage names itself: of the queues that it takes from, the first. */
function queueOf(stage: string): QueueName | undefined {
  const names = Object.keys(queues).filter((name): name is QueueName => Object.hasOwn(queues, name));
  return names.find((name) => name === stage) ?? names.find((name) => queues[name].handler === stage);
}

/** How the function behind a queue reads a body; of a queue without a line here any JSON is let through. */
const readers: Readonly<Partial<Record<QueueName, (json: Json) => unknown>>> = {
  events: decodeEnvelope,
  work: decodeWork,
  'outbox-triggered': decodeOutboxItem,
  'outbox-campaign': decodeOutboxItem,
};

/** Only whether its function can read it is asked: what it does with it then is decided there. */
function intoQueue(queue: QueueName, body: string): Way {
  const json = parseJson(body, '', deepest);
  readers[queue]?.(json);
  return { kind: 'queue', queue, body };
}

/** As received then: what lies long past starts nothing now either. All of it or nothing. */
function throughDoor(item: Parked, body: string, trust: Trust, country: string): Way {
  const { told, refused } = translate(item, body);
  const source = item.stage === segmentDoor ? 'segment' : item.stage;
  const sender = { source, trust: item.stage === segmentDoor ? trust : 'server', receivedAt: item.at, country } as const;
  const sorted = intoEnvelopes(told, sender);
  const problems = [...refused, ...sorted.refused].map(({ index, problem }) => ({ where: `[${index}]`, problem }));
  if (problems.length > 0) return { kind: 'none', problems };
  if (sorted.envelopes.length > 0) return { kind: 'events', envelopes: sorted.envelopes };
  return { kind: 'none', problems: [{ where: '', problem: 'it tells nothing that Relance has a use for: drop it' }] };
}

/** The door of Segment's SDKs, by the name of its function. */
const segmentDoor = 'collect-events';

function translate({ id, at, stage }: Parked, body: string): Translation {
  const json = parseJson(body);
  // From the item's id, so that a second replay tells the same events again.
  if (stage === segmentDoor) return translateCalls(json, { receivedAt: at, freshId: `parked:${id}` });
  if (stage === 'webhook' || stage === 'task')
    throw new InvalidInput([
      { where: '', problem: 'its journey gave it up and has gone on: do it by hand (show --body says what), then drop it' },
    ]);
  const connector = connectorNamed(stage);
  if (connector === undefined)
    throw new InvalidInput([{ where: '', problem: `nothing is known of "${stage}": it cannot be replayed, only dropped` }]);
  const { headers, content } =
    stage === 'shopify' ? asShopifySent(json) : { headers: { 'webhook-id': `parked:${id}` }, content: json };
  return connector.translate({ headers, body: Buffer.from(JSON.stringify(content)) }, at);
}

/** The topic of a delivery is one of its headers; a part that was understood is parked with it. */
function asShopifySent(json: Json): { readonly headers: Readonly<Record<string, string>>; readonly content: Json } {
  const { topic, body } = isObject(json) ? json : {};
  if (typeof topic === 'string' && isObject(body)) return { headers: { 'x-shopify-topic': topic }, content: body };
  const problem = 'its topic is not kept: write { "topic": "orders/create", "body": … } to a file and replay it --with that file';
  throw new InvalidInput([{ where: '', problem }]);
}
