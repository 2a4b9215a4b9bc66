/**
 * What analytics.js asks before it sends: `GET /v1/projects/{key}/settings`. The answer points it back at this host.
 */
import type { JsonObject } from '../kernel/json.ts';
import type { Ports } from '../ports.ts';
import { trustOf } from './write-key.ts';

/** Undefined for a key that no browser should have: an unknown one, and a server key that strayed into a page. */
export function sourceSettings(
  { secrets }: Pick<Ports, 'secrets'>,
  key: string,
  headers: Readonly<Record<string, string>>,
): JsonObject | undefined {
  if (trustOf([key], secrets) !== 'browser') return undefined;
  const host = headers['host'] ?? '';
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(host);
  return {
    integrations: {
      'Segment.io': {
        apiKey: key,
        apiHost: `${host}/v1`,
        protocol: headers['x-forwarded-proto'] ?? (isLocal ? 'http' : 'https'),
        unbundledIntegrations: [],
        addBundledMetadata: true,
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: { track: {}, identify: {}, group: {} },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}
