/**
 * `relance setup`: what a deployment cannot do. Makes the secrets that are absent, publishes config/, moves SES to the
 * cheapest plan when the owner agrees, and says which DNS records to add. A second run changes nothing.
 */
import { type Account, openAccount } from './account.ts';
import type { Command, Terminal } from './command.ts';
import { recordTable, type DnsRecord } from './dns-records.ts';
import type { Asked, OptionKinds } from './options.ts';
import { liveConfig, localConfig, publish, sameConfig } from './setup/config.ts';
import { agreeOnPlan, choosePlan, planOf } from './setup/plan.ts';
import { wantedRecords } from './setup/records.ts';
import { type MadeSecret, makeSecret, missingSecrets } from './setup/secrets.ts';
import { addWebhookSecret } from './setup/webhook-secret.ts';
import { isDeployed, stackOf } from './stacks.ts';
import { Trouble } from './trouble.ts';
import type { World } from './world.ts';

const help = `Usage: relance setup [--yes | --keep-plan] [--json]
       relance setup --webhook-secret <connector>

After a deployment (which runs it by itself): makes the secrets that are absent and tells once what you need of them,
publishes config/, moves SES to its cheapest plan after asking, and lists the DNS records to add. What is there is never
overwritten: a second run changes nothing.

  --yes             do not ask
  --keep-plan       leave the plan of SES as it is
  --webhook-secret  read the secret that a shop signs its webhooks with from standard input, and keep it beside the one
                    before: relance setup --webhook-secret shopify < secret.txt
  --json            { secrets, tell, generation, published, plan, records }
  --help            this text

Exit code: 0 done, 2 it could not be done, or the command was not understood.`;

const options: OptionKinds = { yes: 'flag', 'keep-plan': 'flag', 'webhook-secret': 'value' };

async function run(asked: Asked, terminal: Terminal, world: World): Promise<number> {
  const account = await openAccount(world);
  const connector = asked.value('webhook-secret');
  if (connector !== undefined) {
    if (world.ask !== undefined) terminal.error('Paste the secret, press Enter, then Ctrl-D.');
    terminal.out(await addWebhookSecret(account, connector, await world.input()));
    return 0;
  }
  await setUp(account, terminal, world, asked);
  return 0;
}

/**
 * Also the end of a deployment, which made secrets `before`. Throws Trouble; what was made until then stays, and the next run
 * goes on from there.
 */
export async function setUp(
  account: Account,
  terminal: Terminal,
  world: World,
  asked: Pick<Asked, 'has'>,
  before: readonly MadeSecret[] = [],
): Promise<void> {
  const local = await localConfig(world);
  if (local.kind === 'bad')
    throw new Trouble('refused', 'config/ has problems, so nothing was set up.', 'See them: `npm run -s relance -- check`.');
  const table = await stackOf(account, 'data');
  if (table === undefined || !isDeployed(table))
    throw new Trouble('absent', 'Relance is not deployed yet.', 'Deploy: `npm run -s relance -- deploy` (it ends with this).');
  const plan = await agreeOnPlan(await planOf(account), world, asked);
  const told = asked.has('json') ? () => undefined : terminal.out;
  const made = [...before, ...(await makeSecrets(account, world, told))];
  const live = await liveConfig(account);
  const isLive = live !== undefined && sameConfig(live, local.config);
  const config = isLive ? live : await publish(account, local.config);
  told(`config/ is live${isLive ? ' already' : ''} (generation ${config.generation}).`);
  if (plan.kind === 'change') await choosePlan(account);
  told(plan.says);
  const records = await wantedRecords(account);
  for (const line of aboutRecords(records)) told(line);
  if (asked.has('json')) {
    const secrets = made.map(({ parameter }) => parameter);
    const tell = made.flatMap((one) => one.tell);
    terminal.out(
      JSON.stringify({ secrets, tell, generation: config.generation, published: !isLive, plan: plan.kind, records }, null, 2),
    );
  }
}

/** Each is told as soon as it is made: what a crash would hide could be read in Parameter Store only. */
export async function makeSecrets(account: Account, { random }: World, told: Terminal['out']): Promise<readonly MadeSecret[]> {
  const missing = await missingSecrets(account);
  if (missing.length === 0) told('The secrets are there already.');
  const made: MadeSecret[] = [];
  for (const parameter of missing) {
    const secret = await makeSecret(account, parameter, random);
    if (secret === undefined) continue;
    made.push(secret);
    told(`Made ${parameter}.`);
    for (const { what, value } of secret.tell) told(`  ${what}:\n    ${value}`);
  }
  if (made.some(({ tell }) => tell.length > 0))
    told('  These are not shown again; Parameter Store in the AWS console keeps them.');
  return made;
}

function aboutRecords(records: readonly DnsRecord[]): readonly string[] {
  if (records.length === 0) return ['No stack asks for DNS records yet.'];
  return [
    '',
    'DNS records of your domains. Add those that are not there yet where the DNS of your shop is kept:',
    '',
    ...recordTable(records).map((line) => `  ${line}`),
    '',
    'Then ask what is still missing: `npm run -s relance -- doctor`.',
  ];
}

export const setup: Command = {
  name: 'setup',
  summary: 'secrets, config/, SES plan and DNS records: what a deployment cannot do',
  help,
  options,
  run,
};
