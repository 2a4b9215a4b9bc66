/**
 * `relance parked`: what could not be done, with its reason: list it, look at it, send it again, or drop it for good.
 */
import { type Account, openAccount } from './account.ts';
import type { Command, Terminal } from './command.ts';
import type { Asked, OptionKinds } from './options.ts';
import { allParked, chosen, mostAtOnce, theOne } from './parked/choose.ts';
import { replay } from './parked/replay.ts';
import { parkingOf } from './parked/stores.ts';
import { asJson, inFull, inList } from './parked/told.ts';
import { didYouMean } from '../shared/config/decode/spelling.ts';
import { calling, Trouble } from './trouble.ts';
import type { World } from './world.ts';

const help = `Usage: relance parked list [--stage <stage>] [--json]
       relance parked show <id> [--body] [--json]
       relance parked replay <id>... [--with <file>] [--trust server] [--json]
       relance parked replay --all | --stage <stage>
       relance parked drop <id>... | --all | --stage <stage> [--yes] [--json]

What could not be done is kept for 14 days with its reason. Bodies are personal data: only \`show --body\` prints one.

  replay    sends it the way it came, then removes it; twice does no harm. What still cannot be used stays, with its reason
  drop      removes it for good, after asking
  --with    a file with the repaired body, or - for standard input: relance parked show <id> --body > body.json, correct
            it, relance parked replay <id> --with body.json
  --trust   server: believe a Segment call as one of your servers' (its write key is not kept; browser otherwise)
  --stage   only those of one stage, such as process-events
  --yes     do not ask
  --json    for programs
  --help    this text

Exit code: 0 done, 1 some of them stay parked or you said no, 2 it could not be done, or the command was not understood.`;

type Act = (account: Account, terminal: Terminal, world: World, asked: Asked) => Promise<number>;

const acts: ReadonlyMap<string, { readonly act: Act; readonly options: readonly string[] }> = new Map([
  ['list', { act: list, options: ['stage'] }],
  ['show', { act: show, options: ['body'] }],
  ['replay', { act: replay, options: ['with', 'trust', 'all', 'stage'] }],
  ['drop', { act: drop, options: ['all', 'stage', 'yes'] }],
]);

const options: OptionKinds = { stage: 'value', body: 'flag', with: 'value', trust: 'value', all: 'flag', yes: 'flag' };

async function run(asked: Asked, terminal: Terminal, world: World): Promise<number> {
  const [name = ''] = asked.words;
  const problem = problemOf(name, asked);
  const found = acts.get(name);
  if (found === undefined || problem !== undefined) {
    terminal.error(`${problem ?? ''}\n\n${help}`);
    return 2;
  }
  return found.act(await openAccount(world), terminal, world, asked);
}

function problemOf(name: string, asked: Asked): string | undefined {
  const found = acts.get(name);
  if (name === '') return 'Say what to do with parked items.';
  if (found === undefined) return `There is no "parked ${name}". ${didYouMean(name, [...acts.keys()])}`.trimEnd();
  const strange = Object.keys(options).find((option) => asked.has(option) && !found.options.includes(option));
  if (strange !== undefined) return `parked ${name} has no use for --${strange}.`;
  const words = asked.words.length - 1;
  if (name === 'list' && words > 0) return 'parked list takes no ids: parked show does.';
  return name === 'show' && words !== 1 ? 'parked show takes one id.' : undefined;
}

async function list(account: Account, terminal: Terminal, world: World, asked: Asked): Promise<number> {
  const items = await allParked(account, world, asked.value('stage'));
  if (asked.has('json')) {
    terminal.out(JSON.stringify(items.map(asJson), null, 2));
    return 0;
  }
  for (const item of items) for (const line of [...inList(item), '']) terminal.out(line);
  const more = items.length === mostAtOnce ? ', the newest; there may be more' : '';
  terminal.out(items.length === 0 ? 'Nothing is parked.' : `${items.length} parked${more}.`);
  return 0;
}

async function show(account: Account, terminal: Terminal, world: World, asked: Asked): Promise<number> {
  const item = await theOne(account, world, asked.words[1] ?? '');
  const body = asked.has('body');
  if (asked.has('json')) terminal.out(JSON.stringify({ ...asJson(item), ...(body ? { body: item.body } : {}) }, null, 2));
  else if (body) terminal.out(item.body);
  else for (const line of inFull(item)) terminal.out(line);
  return 0;
}

async function drop(account: Account, terminal: Terminal, world: World, asked: Asked): Promise<number> {
  const items = await chosen(account, world, asked);
  if (items.length > 0 && !(await agreed(items.length, world, asked))) {
    terminal.out('Nothing was dropped.');
    return 1;
  }
  const parking = parkingOf(account, world);
  const dropped: string[] = [];
  for (const item of items) if (await calling('dynamodb:DeleteItem', () => parking.drop(item))) dropped.push(item.id);
  if (asked.has('json')) terminal.out(JSON.stringify({ dropped }, null, 2));
  else
    terminal.out(
      `${dropped.length} dropped.${dropped.length < items.length ? ' The others were parked again meanwhile, or gone.' : ''}`,
    );
  return dropped.length === items.length ? 0 : 1;
}

async function agreed(count: number, { ask }: World, asked: Asked): Promise<boolean> {
  if (asked.has('yes')) return true;
  const what = count === 1 ? 'One item is' : `${count} items are`;
  if (ask === undefined)
    throw new Trouble(
      'called-wrongly',
      `${what} to be dropped for good, and nobody is here to be asked.`,
      'Add --yes to drop without a question.',
    );
  return ask(`${what} dropped for good: what stands in it will never be done. Drop?`);
}

export const parked: Command = {
  name: 'parked',
  summary: 'what could not be done, and why: list, show, replay, drop',
  help,
  options,
  mostWords: Number.MAX_SAFE_INTEGER,
  run,
};
