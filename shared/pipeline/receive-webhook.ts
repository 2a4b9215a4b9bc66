/**
 * What shops and other services tell: proven over the raw bytes, translated, queued, then answered (promise 1). What is
 * authentic and cannot be read is parked, because its sender will not send it differently.
 */
import type { Connector, Translation, WebhookRequest } from '../connectors/connector.ts';
import { connectorNamed } from '../connectors/registry.ts';
import { InvalidInput, type Problem } from '../kernel/errors.ts';
import { contentHash } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Ports } from '../ports.ts';
import { takeIn, type Intake, type IntakePorts } from './take-in.ts';

export type ReceivePorts = IntakePorts & Pick<Ports, 'clock'>;

export interface Webhook extends WebhookRequest {
  readonly connector: string;
  /** System time: judges the freshness of signatures, never when something happened. */
  readonly systemNow: Instant;
}

export type Receipt =
  | ({ readonly kind: 'accepted' } & Intake)
  | { readonly kind: 'unknown-connector' }
  | { readonly kind: 'not-authentic' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable'; readonly problems: readonly Problem[] };

export const maxWebhookBytes = 1024 * 1024;

/** Throws Unavailable when nothing was taken in. */
export async function receiveWebhook(ports: ReceivePorts, webhook: Webhook): Promise<Receipt> {
  const connector = connectorNamed(webhook.connector);
  if (connector === undefined) return { kind: 'unknown-connector' };
  if (webhook.body.length > maxWebhookBytes) return { kind: 'too-large' };
  const secrets = ports.secrets.webhookSecrets[connector.name] ?? [];
  if (!connector.isAuthentic(webhook, secrets, webhook.systemNow)) return { kind: 'not-authentic' };
  const receivedAt = ports.clock();
  const translation = translate(connector, webhook, receivedAt);
  if ('problems' in translation) return parkUnreadable(ports, connector.name, webhook.body, translation.problems, receivedAt);
  const intake = await takeIn(ports, translation, { stage: connector.name, source: connector.name, trust: 'server', receivedAt });
  return { kind: 'accepted', ...intake };
}

function translate(
  connector: Connector,
  webhook: Webhook,
  receivedAt: Instant,
): Translation | { readonly problems: readonly Problem[] } {
  try {
    return connector.translate(webhook, receivedAt);
  } catch (error) {
    if (error instanceof InvalidInput) return { problems: error.problems };
    throw error;
  }
}

/** Its retries are the same bytes and replace it. */
async function parkUnreadable(
  { parking, log }: Pick<Ports, 'parking' | 'log'>,
  stage: string,
  bytes: Uint8Array,
  problems: readonly Problem[],
  at: Instant,
): Promise<Receipt> {
  const body = Buffer.from(bytes).toString('utf8').toWellFormed();
  await parking.park({ id: contentHash(stage, body), at, stage, problems, body, claims: [] });
  log('warn', 'unreadable', { stage });
  return { kind: 'unreadable', problems };
}
