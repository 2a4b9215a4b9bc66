/** Makes config/ live when the local product starts. */
import type { Config } from '../shared/config/config.ts';
import { Conflict } from '../shared/kernel/errors.ts';
import type { Ports } from '../shared/ports.ts';

/** What is live already is not published again: the generation rises with changes only. */
export async function publish({ settings }: Pick<Ports, 'settings'>, config: Omit<Config, 'generation'>): Promise<Config> {
  const live = await settings.config().catch(() => undefined);
  if (live !== undefined && sameConfig(live, config)) return live;
  try {
    return await settings.publish(config);
  } catch (error) {
    if (error instanceof Conflict) return settings.publish(config);
    throw error;
  }
}

const sameConfig = (live: Config, config: Omit<Config, 'generation'>): boolean => fingerprint(live) === fingerprint(config);

const fingerprint = ({ brand, segments, journeys, campaigns }: Omit<Config, 'generation'>): string =>
  JSON.stringify([brand, segments, journeys.map(({ hash }) => hash), campaigns.map(({ hash }) => hash)]);
