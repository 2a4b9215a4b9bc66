/**
 * `relance deploy`: brings this folder into the owner's AWS account. What cannot go well is said before anything is changed;
 * then bootstrap where CDK was never used, all stacks, and setup.
 */
import { examplesLeft } from '../infra/choices.ts';
import { type Account, openAccount, readChoices } from './account.ts';
import type { Command, Terminal } from './command.ts';
import { lookAtSender } from './doctor/what-is-live.ts';
import type { Asked } from './options.ts';
import { makeSecrets, setUp } from './setup.ts';
import { localConfig } from './setup/config.ts';
import type { MadeSecret } from './setup/secrets.ts';
import { isDeployed, stackNamed, stackOf, stackParts } from './stacks.ts';
import { Trouble } from './trouble.ts';
import type { World } from './world.ts';

const help = `Usage: relance deploy [--yes] [--keep-plan] [--json]

Checks relance.config.ts, config/ and who is signed in, says what it is going to do and asks; then deploys everything to
your AWS account (some ten minutes the first time) and ends with relance setup. Run it again after every change of code or
choices: what did not change stays as it is.

  --yes        do not ask, neither before the deployment nor about the plan of SES
  --keep-plan  leave the plan of SES as it is
  --json       what relance setup --json answers; what CDK says goes to standard error
  --help       this text

Exit code: 0 deployed, 1 you said no, 2 it could not be done, or the command was not understood.`;

async function run(asked: Asked, terminal: Terminal, world: World): Promise<number> {
  const say = asked.has('json') ? terminal.error : terminal.out;
  await checkFiles(world);
  const account = await openAccount(world);
  const needsBootstrap = !(await isBootstrapped(account));
  for (const line of await plan(account, world, needsBootstrap)) say(line);
  if (!(await agreed(world, asked))) {
    say('Nothing was deployed.');
    return 1;
  }
  const made = await deployAll(account, world, asked, needsBootstrap, asked.has('json') ? () => undefined : say);
  say('Deployed. Now what a deployment cannot do:');
  await setUp(account, terminal, world, asked, made);
  for (const line of await afterwards(account)) say(line);
  return 0;
}

/**
 * Secrets first: functions look for them in their first minute, and an alarm would ring. They are told last, where the owner
 * still sees them, also when CDK failed.
 */
async function deployAll(
  account: Account,
  world: World,
  asked: Asked,
  needsBootstrap: boolean,
  told: Terminal['out'],
): Promise<readonly MadeSecret[]> {
  const lines: string[] = [];
  try {
    const made = await makeSecrets(account, world, (line) => lines.push(line));
    if (needsBootstrap) await cdk(account, world, asked, 'bootstrap', `aws://${account.id}/${account.choices.region}`);
    await cdk(account, world, asked, 'deploy', '--all', '--require-approval', 'never', '--outputs-file', 'cdk.out/outputs.json');
    return made;
  } finally {
    for (const line of lines) told(line);
  }
}

/** Before anybody has to sign in. */
async function checkFiles(world: World): Promise<void> {
  const left = examplesLeft(await readChoices(world.choicesFile));
  if (left.length > 0)
    throw new Trouble(
      'refused',
      `relance.config.ts still holds the examples of the repository: ${left.join(', ')}.`,
      'Write your own there and run it again.',
    );
  if ((await localConfig(world)).kind === 'bad')
    throw new Trouble('refused', 'config/ could not go live as it is.', 'See why: `npm run -s relance -- check`.');
}

async function plan(account: Account, world: World, needsBootstrap: boolean): Promise<readonly string[]> {
  const { choices, id, caller } = account;
  const found = await Promise.all(stackParts.map(async (part) => ({ part, stack: await stackOf(account, part) })));
  const busy = found.find(({ stack }) => stack?.status.endsWith('_IN_PROGRESS') === true);
  if (busy !== undefined)
    throw new Trouble(
      'busy',
      `${account.names.of(busy.part)} is being changed just now (${busy.stack?.status ?? ''}).`,
      'Wait until that ends (CloudFormation in the AWS console shows it) and run it again.',
    );
  const elsewhere = world.environment['AWS_REGION'] ?? world.environment['AWS_DEFAULT_REGION'] ?? choices.region;
  const isNew = found.every(({ stack }) => stack === undefined);
  return [
    `${isNew ? 'A new installation' : 'A new version'} of "${choices.name}" in ${choices.region}, AWS account ${id}, as ${caller}.`,
    ...(elsewhere === choices.region ? [] : [`(AWS_REGION says ${elsewhere}; the region of relance.config.ts counts.)`]),
    ...(needsBootstrap
      ? [
          'CDK was never used in this account and region: `cdk bootstrap` comes first. It makes a bucket and five roles, stack CDKToolkit.',
        ]
      : []),
    ...(isNew
      ? [
          `It costs 2 to 5 $ a month at rest, and what you send (docs/costs.md); AWS tells ${choices.alarmEmail} at 80 % of ${choices.monthlyBudgetUsd} $.`,
        ]
      : []),
    ...lookAtSender(account, await localConfig(world)).flatMap((finding) =>
      finding.kind === 'fine' ? [] : [`Mind: ${finding.says}`, ...finding.next],
    ),
  ];
}

async function agreed({ ask }: World, asked: Asked): Promise<boolean> {
  if (asked.has('yes')) return true;
  if (ask !== undefined) return ask('Deploy?');
  throw new Trouble(
    'called-wrongly',
    'Nobody is here to be asked. Nothing was deployed.',
    'Add --yes to deploy without a question.',
  );
}

async function isBootstrapped({ clients }: Account): Promise<boolean> {
  const toolkit = await stackNamed(clients, 'CDKToolkit');
  return toolkit !== undefined && isDeployed(toolkit);
}

/** It builds the functions by itself (cdk.json). Its own words stand in the terminal. */
async function cdk({ choices }: Account, { environment, start }: World, asked: Asked, ...args: readonly string[]): Promise<void> {
  const { region } = choices;
  const code = await start(
    ['cdk', ...args],
    { ...environment, AWS_REGION: region, AWS_DEFAULT_REGION: region, CDK_DISABLE_CLI_TELEMETRY: '1' },
    asked.has('json') ? 'error' : 'out',
  );
  if (code !== 0)
    throw new Trouble(
      'refused',
      `cdk ${args[0] ?? ''} ended with code ${code}; what AWS said stands above. What was deployed before goes on as it was.`,
      'Put that right and run it again: it goes on from there.',
    );
}

async function afterwards(account: Account): Promise<readonly string[]> {
  const origin = (await stackOf(account, 'engine'))?.outputs.find(({ key }) => key === 'Origin')?.value;
  return [
    '',
    ...(origin === undefined ? [] : [`Segment SDKs send to ${origin}/v1, shops to ${origin}/webhooks/shopify (or /generic).`]),
    `AWS has written to ${account.choices.alarmEmail}: confirm that mail once, or no alarm reaches you.`,
  ];
}

export const deploy: Command = {
  name: 'deploy',
  summary: 'brings this folder into your AWS account, then setup',
  help,
  options: { yes: 'flag', 'keep-plan': 'flag' },
  run,
};
