/** What the marketer should know: is what runs what stands in config/, may its sender send, and what could not be done? */
import type { Config } from '../../shared/config/config.ts';
import type { Parked } from '../../shared/ports.ts';
import type { Account } from '../account.ts';
import { liveConfig, sameConfig, type LocalConfig } from '../setup/config.ts';
import { parkingOf } from '../parked/stores.ts';
import { calling } from '../trouble.ts';
import type { World } from '../world.ts';
import { fine, type Finding, wrong } from './finding.ts';

export async function lookAtConfig(account: Account, local: LocalConfig): Promise<readonly Finding[]> {
  const about = 'config/';
  const live = await liveConfig(account);
  if (local.kind === 'bad')
    return [
      wrong(
        about,
        `It has ${local.problems.length === 1 ? 'a problem' : `${local.problems.length} problems`}, so it could not go live.`,
        'See them: `npm run -s relance -- check`.',
      ),
    ];
  if (live === undefined)
    return [wrong(about, 'Nothing is live yet: no rule runs.', 'Publish it: `npm run -s relance -- setup`.')];
  if (!sameConfig(live, local.config))
    return [
      wrong(
        about,
        `What runs (generation ${live.generation}) is not what stands in config/: ${difference(live, local.config)}.`,
        'If config/ is what you want: `npm run -s relance -- setup` publishes it.',
      ),
    ];
  return [fine(about, `What stands here is live (generation ${live.generation}).`)];
}

function difference(live: Config, local: Omit<Config, 'generation'>): string {
  const byName = ({ journeys, campaigns }: Pick<Config, 'journeys' | 'campaigns'>) =>
    new Map([
      ...journeys.map(({ hash, journey }) => [journey.name, hash] as const),
      ...campaigns.map(({ hash, campaign }) => [`${campaign.name} (campaign)`, hash] as const),
    ]);
  const [there, here] = [byName(live), byName(local)];
  const parts = [
    ['only here', [...here.keys()].filter((name) => !there.has(name))],
    ['only live', [...there.keys()].filter((name) => !here.has(name))],
    ['changed here', [...here].filter(([name, hash]) => there.has(name) && there.get(name) !== hash).map(([name]) => name)],
  ] as const;
  const told = parts.flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]));
  return told.length === 0 ? 'the brand or a segment differs' : told.join('; ');
}

/** A role may send from the two mail domains alone: any other sender is refused, mail by mail. */
export function lookAtSender({ names: { mailDomains } }: Pick<Account, 'names'>, local: LocalConfig): readonly Finding[] {
  if (local.kind === 'bad') return [];
  const { email, transactional } = local.config.brand.sender;
  const allowed = Object.values(mailDomains);
  const senders = [
    [email, mailDomains.marketing],
    ...(transactional === undefined ? [] : [[transactional, mailDomains.transactional] as const]),
  ] as const;
  return senders.map(([sender, domain]) =>
    allowed.includes(sender.split('@').at(-1)?.toLowerCase() ?? '')
      ? fine('Sender', `${sender} may send.`)
      : wrong(
          'Sender',
          `config/brand.yaml sends from ${sender}, but mails leave from ${allowed.join(' and ')} only. SES would refuse each of these mails.`,
          `Write another sender, such as ${sender.split('@')[0] ?? 'hello'}@${domain}, or another domain in relance.config.ts.`,
        ),
  );
}

/** A template with an SMS that no step sends costs nothing. */
export const sendsSms = (local: LocalConfig): boolean =>
  local.kind === 'good' &&
  (local.config.campaigns.some(({ campaign }) => campaign.channels.includes('sms')) ||
    local.config.journeys.some(({ journey }) =>
      journey.steps.some((step) => step.kind === 'send' && step.channels.includes('sms')),
    ));

/** More than a person would count. */
const countedParked = 1_000;

export async function lookAtParked(account: Account, world: World): Promise<readonly Finding[]> {
  const items = await calling('dynamodb:Query', () => parkingOf(account, world).parked(countedParked));
  if (items.length === 0) return [fine('Parked items', 'None: whatever came was done.')];
  return [
    wrong(
      'Parked items',
      `${items.length === countedParked ? 'At least ' : ''}${items.length} could not be done: ${byStage(items)}. They are kept for 14 days.`,
      'See why: `npm run -s relance -- parked list`. Then replay or drop them.',
    ),
  ];
}

function byStage(items: readonly Parked[]): string {
  const counts = new Map<string, number>();
  for (const { stage } of items) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  return [...counts].map(([stage, count]) => `${count} from ${stage}`).join(', ');
}
