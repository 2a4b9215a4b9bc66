/**
 * `relance doctor`: looks at everything that must be right in the owner's AWS account and says, in words, what is still
 * missing and what to do next. Changes nothing.
 */
import type { Account } from './account.ts';
import { openAccount } from './account.ts';
import type { Command, Terminal } from './command.ts';
import { recordsIn } from './dns-records.ts';
import { type Finding, look } from './doctor/finding.ts';
import { lookAtAlarmMail, lookAtAlarms, lookAtSecrets, lookAtStacks } from './doctor/installation.ts';
import { lookAtMailAccount } from './doctor/mail-account.ts';
import { lookAtMailDomains } from './doctor/mail-domains.ts';
import { lookAtTextMessages } from './doctor/text-messages.ts';
import { lookAtConfig, lookAtParked, lookAtSender, sendsSms } from './doctor/what-is-live.ts';
import type { Asked } from './options.ts';
import { localConfig } from './setup/config.ts';
import { isDeployed, type StackPart, stackOf, stackParts } from './stacks.ts';
import type { World } from './world.ts';

const help = `Usage: relance doctor [--json]

Looks at your AWS account and says what is still missing, each with its next step: deployment, secrets, alarms, the
sandbox and quota of SES, your domains and their DNS records (DKIM, SPF, DMARC), the sandbox and limit of SMS, parked
items, and whether config/ is what runs. Changes nothing. The region and names are those of relance.config.ts.

  --json   { account, region, findings: [{ kind: "wrong" | "unseen" | "fine", about, says, next }] }
  --help   this text

Exit code: 0 nothing to do, 1 something to do, 2 something could not be looked at, or the command was not understood.`;

async function run(asked: Asked, terminal: Terminal, world: World): Promise<number> {
  const account = await openAccount(world);
  const findings = await examine(account, world);
  if (asked.has('json')) {
    terminal.out(JSON.stringify({ account: account.id, region: account.choices.region, findings }, null, 2));
  } else for (const line of readable(account, findings)) terminal.out(line);
  if (findings.some(({ kind }) => kind === 'unseen')) return 2;
  return findings.some(({ kind }) => kind === 'wrong') ? 1 : 0;
}

/** What is not deployed has nothing to look at: only what AWS lets the account do is worth asking then. */
export async function examine(account: Account, world: World): Promise<readonly Finding[]> {
  const stacks = new Map<StackPart, Awaited<ReturnType<typeof stackOf>>>();
  const deployment = await look('Deployment', async () => {
    for (const part of stackParts) stacks.set(part, await stackOf(account, part));
    return lookAtStacks(account, stacks);
  });
  const stands = (part: StackPart): boolean => {
    const stack = stacks.get(part);
    return stack !== undefined && isDeployed(stack);
  };
  const local = await localConfig(world);
  const records = recordsIn([...stacks.values()].flatMap((stack) => stack?.outputs ?? []));
  const when = (there: boolean, about: string, see: () => Promise<readonly Finding[]>) => (there ? look(about, see) : []);
  // The most urgent first.
  const looks = await Promise.all([
    when(stands('engine'), 'Alarms', () => lookAtAlarms(account)),
    when(stands('messaging'), 'Alarm mail', () => lookAtAlarmMail(account)),
    when(stands('data'), 'Parked items', () => lookAtParked(account, world)),
    when(stands('engine'), 'Secrets', () => lookAtSecrets(account)),
    when(stands('data'), 'config/', () => lookAtConfig(account, local)),
    look('Sender', async () => lookAtSender(account, local)),
    look('E-mail', () => lookAtMailAccount(account)),
    when(stands('messaging'), 'Mail domains', () => lookAtMailDomains(account, records, world.dns)),
    look('SMS', () => lookAtTextMessages(account, sendsSms(local))),
  ]);
  return [...deployment, ...looks.flat()];
}

function readable({ choices, id }: Account, findings: readonly Finding[]): readonly string[] {
  const todo = findings.flatMap((finding) => (finding.kind === 'fine' ? [] : [finding]));
  const well = findings.filter(({ kind }) => kind === 'fine');
  return [
    `${choices.name} in ${choices.region}, AWS account ${id}`,
    '',
    ...todo.flatMap(({ about, says, next, kind }, index) => [
      ...wrapped(`${index + 1}. `, `${about}: ${kind === 'unseen' ? 'could not be looked at. ' : ''}${says}`),
      ...next.map((line) => (line === '' ? '' : `   ${line}`)),
      '',
    ]),
    ...(well.length === 0 ? [] : ['In order:', ...well.flatMap(({ about, says }) => wrapped('- ', `${about}: ${says}`)), '']),
    summary(findings),
  ];
}

const lineWidth = 110;

/** Whole words; the lines after the first begin below its text. */
function wrapped(start: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = start.trimEnd();
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > lineWidth) {
      lines.push(line);
      line = ' '.repeat(start.length - 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function summary(findings: readonly Finding[]): string {
  const [open, unseen] = (['wrong', 'unseen'] as const).map((kind) => findings.filter((finding) => finding.kind === kind).length);
  if (open === 0 && unseen === 0) return 'Everything is in order.';
  const parts = [
    ...(open === 0 ? [] : [open === 1 ? 'One thing to do' : `${open} things to do`]),
    ...(unseen === 0 ? [] : [unseen === 1 ? 'one could not be looked at' : `${unseen} could not be looked at`]),
  ];
  return `${parts.join('; ')}. Then look again: \`npm run -s relance -- doctor\`.`;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'what is still missing in your AWS account, and what to do next?',
  help,
  run,
};
