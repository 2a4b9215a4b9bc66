/**
 * `relance campaigns`: when each goes out next, how many people every occurrence found, and what became of each of them.
 */
import { AwsCampaigns } from '../shared/adapters/aws/campaigns.ts';
import { AwsSettings } from '../shared/adapters/aws/settings.ts';
import { didYouMean } from '../shared/config/decode/spelling.ts';
import { tellCampaigns, type CampaignsTold, type TellPorts } from '../shared/pipeline/tell-campaigns.ts';
import { openAccount, type Account } from './account.ts';
import { asJson, inFull, inList, liveLine } from './campaigns/told.ts';
import type { Command, Terminal } from './command.ts';
import type { Asked } from './options.ts';
import { liveConfig } from './setup/config.ts';
import { calling, Trouble } from './trouble.ts';
import type { World } from './world.ts';

const help = `Usage: relance campaigns list [--json]
       relance campaigns show <name> [<day>] [--json]

  list    campaigns that are live, when each goes out next, and the newest occurrences: people found, messages sent
  show    the occurrences of one campaign (or the one of a day, such as 2026-12-01): every person found is in one line of
          the count
  --json  for programs
  --help  this text

Exit code: 0 done, 2 it could not be done, or the command was not understood.`;

/** Of so many occurrences the counts are read. */
const mostListed = 20;
const mostShown = 100;

async function run(asked: Asked, terminal: Terminal, world: World): Promise<number> {
  const problem = problemOf(asked);
  if (problem !== undefined) {
    terminal.error(`${problem}\n\n${help}`);
    return 2;
  }
  const [act, name = '', day] = asked.words;
  const ports = await portsOf(await openAccount(world), world);
  return act === 'list' ? list(ports, terminal, asked) : show(ports, terminal, asked, name, day);
}

function problemOf({ words }: Asked): string | undefined {
  const [act, ...rest] = words;
  if (act === undefined) return 'Say what to do with campaigns.';
  if (act !== 'list' && act !== 'show') return `There is no "campaigns ${act}". ${didYouMean(act, ['list', 'show'])}`.trimEnd();
  if (act === 'list' && rest.length > 0) return 'campaigns list takes no names: campaigns show does.';
  if (act === 'show' && rest.length === 0) return 'campaigns show takes the name of a campaign.';
  const day = rest[1];
  return day === undefined || /^\d{4}-\d{2}-\d{2}$/.test(day) ? undefined : `"${day}" is no day such as 2026-12-01.`;
}

/** Throws Trouble before anything was published. */
async function portsOf(account: Account, { clock }: World): Promise<TellPorts> {
  if ((await liveConfig(account)) === undefined)
    throw new Trouble('absent', 'Nothing is live yet.', 'Publish config/: `npm run -s relance -- setup`.');
  const inTable = { dynamo: account.clients.dynamo, table: account.names.table };
  return { settings: new AwsSettings({ ...inTable, systemClock: clock }), campaigns: new AwsCampaigns(inTable), clock };
}

const tell = (ports: TellPorts, asked: { readonly newest: number; readonly name?: string }): Promise<CampaignsTold> =>
  calling('dynamodb:Query', () => tellCampaigns(ports, asked));

async function list(ports: TellPorts, terminal: Terminal, asked: Asked): Promise<number> {
  const told = await tell(ports, { newest: mostListed });
  if (asked.has('json')) {
    terminal.out(JSON.stringify(asJson(told), null, 2));
    return 0;
  }
  for (const one of told.live) terminal.out(liveLine(one));
  if (told.live.length === 0) terminal.out('No campaign is live.');
  if (told.occurrences.length > 0) terminal.out('');
  for (const one of told.occurrences) terminal.out(inList(one));
  return 0;
}

async function show(ports: TellPorts, terminal: Terminal, asked: Asked, name: string, day?: string): Promise<number> {
  const told = await tell(ports, { newest: mostShown, name });
  const occurrences = told.occurrences.filter((one) => day === undefined || one.day === day);
  if (told.live.length === 0 && told.occurrences.length === 0)
    throw new Trouble(
      'called-wrongly',
      `No campaign is called ${name}.`,
      'See which there are: `npm run -s relance -- campaigns list`.',
    );
  if (asked.has('json')) {
    terminal.out(JSON.stringify(asJson({ live: told.live, occurrences }), null, 2));
    return 0;
  }
  for (const one of told.live) terminal.out(liveLine(one));
  for (const one of occurrences) for (const line of ['', ...inFull(one)]) terminal.out(line);
  if (occurrences.length === 0) terminal.out(day === undefined ? 'It has not gone out yet.' : `Nothing is known of ${day}.`);
  return 0;
}

export const campaigns: Command = {
  name: 'campaigns',
  summary: 'what campaigns did, person by person counted, and when they go out next: list, show',
  help,
  mostWords: 3,
  run,
};
