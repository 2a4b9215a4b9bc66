/**
 * The `relance` command: finds the command by its first word. In a clone: `npm run -s relance -- check`.
 */
import { campaigns } from './campaigns.ts';
import { check } from './check.ts';
import { didYouMean } from '../shared/config/decode/spelling.ts';
import type { Command, Terminal } from './command.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor.ts';
import { readOptions } from './options.ts';
import { parked } from './parked.ts';
import { setup } from './setup.ts';
import { terminalOn } from './terminal.ts';
import { asTrouble } from './trouble.ts';
import { thisMachine, type World } from './world.ts';

const commands: readonly Command[] = [check, deploy, setup, doctor, campaigns, parked];

const help = `Usage: relance <command> [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

relance <command> --help tells more.`;

export async function relance(args: readonly string[], terminal: Terminal, world: World = thisMachine()): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(help);
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = commands.map((known) => known.name);
    const hint = didYouMean(name, names);
    terminal.error(`There is no command "${name}"${hint === '' ? '.' : `: ${hint}`}\n\n${help}`);
    return 2;
  }
  const asked = readOptions(rest, command.options, command.mostWords);
  if (asked.kind === 'misunderstood') {
    terminal.error(`${asked.problem}\n\n${command.help}`);
    return 2;
  }
  if (asked.has('help')) {
    terminal.out(command.help);
    return 0;
  }
  try {
    return await command.run(asked, terminal, world);
  } catch (error) {
    const { message, next } = asTrouble(error);
    terminal.error(`${message}\n${next}`);
    return 2;
  }
}

if (import.meta.main) {
  // Whoever reads (`| head`) may have heard enough.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  // The exit code is set, not forced: what was printed leaves first, also into a pipe.
  process.exitCode = await relance(process.argv.slice(2), terminalOn(process.stdout, process.stderr));
}
