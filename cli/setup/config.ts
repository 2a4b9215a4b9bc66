/** What stands in config/ and what is live in the table. */
import { AwsSettings } from '../../shared/adapters/aws/settings.ts';
import { checkConfig, type Checked } from '../../shared/config/check-config.ts';
import type { Config } from '../../shared/config/config.ts';
import { canonicalJson, parseJson } from '../../shared/kernel/json.ts';
import type { Account } from '../account.ts';
import { calling } from '../trouble.ts';
import type { World } from '../world.ts';

export type LocalConfig = Checked;

export const localConfig = ({ configFolder }: Pick<World, 'configFolder'>): Promise<LocalConfig> => checkConfig(configFolder);

const settingsOf = ({ clients, names }: Pick<Account, 'clients' | 'names'>): AwsSettings =>
  new AwsSettings({ dynamo: clients.dynamo, table: names.table, systemClock: () => Date.now() });

/** Undefined before anything was published. Throws Trouble. */
export const liveConfig = (account: Pick<Account, 'clients' | 'names'>): Promise<Config | undefined> =>
  calling('dynamodb:GetItem', () => settingsOf(account).live());

/** Throws Trouble, also when somebody else publishes at the same moment. */
export const publish = (account: Pick<Account, 'clients' | 'names'>, config: Omit<Config, 'generation'>): Promise<Config> =>
  calling('dynamodb:PutItem', () => settingsOf(account).publish(config));

export const sameConfig = (a: Omit<Config, 'generation'>, b: Omit<Config, 'generation'>): boolean =>
  fingerprint(a) === fingerprint(b);

const fingerprint = ({ brand, segments, journeys, campaigns }: Omit<Config, 'generation'>): string =>
  canonicalJson({
    brand: { ...brand },
    segments: parseJson(JSON.stringify(segments)),
    journeys: journeys.map(({ hash }) => hash),
    campaigns: campaigns.map(({ hash }) => hash),
  });
