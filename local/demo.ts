/**
 * `npm run demo`: the product on a free port, in memory, with a shop's recorded requests and a clock that leaps; tells as it
 * goes what happened and why, and ends by itself.
 */
import { parseArgs } from 'node:util';
import { exactDays, hours, type Instant } from '../shared/kernel/time.ts';
import { localPages } from './api/router.ts';
import { playScenes } from './demo/scenes.ts';
import { Teller } from './demo/teller.ts';
import { explainFailure } from './failure.ts';
import { BadOption, readOptions } from './options.ts';
import { startStack, type Stack } from './stack.ts';

const usage = `npm run demo -- [options]
  --port N                    port of everything, on 127.0.0.1 (default: any free one)
  --keep                      stay up afterwards, to look around at /_local
  --fast                      do not wait between two lines
  --help`;

interface DemoOptions {
  readonly port: string;
  readonly keep: boolean;
  /** Milliseconds between two lines. */
  readonly pace: number;
}

const readingPace = 40;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Throws BadOption. */
function demoOptions(argv: readonly string[]): DemoOptions | 'help' {
  const flag = { type: 'boolean' } as const;
  try {
    const options = { port: { type: 'string' }, keep: flag, fast: flag, help: flag } as const;
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help === true) return 'help';
    return { port: values.port ?? '0', keep: values.keep === true, pace: values.fast === true ? 0 : readingPace };
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error));
  }
}

async function main(): Promise<void> {
  const wanted = demoOptions(process.argv.slice(2));
  const options = wanted === 'help' ? 'help' : readOptions(['--memory', '--port', wanted.port], process.env);
  if (wanted === 'help' || options === 'help') return say(usage);
  const running: { stack?: Stack } = {};
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await running.stack?.stop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(wanted.keep ? 0 : 130));
  process.stdout.on('error', () => void stop(0)); // whoever listened has left: `npm run demo | head`
  const stack = await startStack({ ...options, environment: process.env, pages: localPages });
  running.stack = stack;
  await stack.host.advance(untilMorning(stack.clock.now()));
  say('A Shopify shop’s recorded requests, played through the whole product. No mail leaves this machine; the clock leaps.');
  try {
    const shop = { origin: stack.origin, secret: options.secrets.webhookSecrets['shopify']?.[0] ?? '' };
    await playScenes(stack, shop, new Teller({ stack, say, pace: wanted.pace }));
  } catch (error) {
    if (stopping) return; // what was under way when Ctrl-C came
    throw error;
  }
  if (wanted.keep) return say(`\nLook around: ${stack.origin}/_local (Ctrl-C ends it)`);
  say('\nLook around yourself: `npm start`, then open the page it names. Or `npm run demo -- --keep`.');
  await stop(0);
}

/** The story begins at nine, so that its times read well. */
const untilMorning = (now: Instant): number => (hours(9) - (now % exactDays(1)) + exactDays(1)) % exactDays(1);

main().catch((error: unknown) => {
  for (const line of explainFailure(error, usage)) complain(line);
  process.exit(1);
});
