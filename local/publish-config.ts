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

const sameConfig = ({ brand, journeys }: Config, config: Omit<Config, 'generation'>): boolean =>
  JSON.stringify([brand, journeys.map(({ hash }) => hash)]) ===
  JSON.stringify([config.brand, config.journeys.map(({ hash }) => hash)]);
