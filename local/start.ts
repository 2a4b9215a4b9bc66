/** `npm start`: the product on this machine, until Ctrl-C. */
import { relative } from 'node:path';
import { localPages } from './api/router.ts';
import { explainFailure } from './failure.ts';
import { readOptions, usage, type LocalOptions } from './options.ts';
import { startStack, type Stack } from './stack.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') return say(usage);
  const running: { stack?: Stack } = {};
  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await running.stack?.stop();
    process.exit(code);
  };
  // Before anything is started, so that a Ctrl-C during the start leaves nothing behind either.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  process.stdout.on('error', () => undefined); // nobody reads what it says; it serves on
  running.stack = await startStack({
    ...options,
    environment: process.env,
    pages: localPages,
    onCrash: (reason) => {
      complain(`The embedded table stopped: ${reason}. Start again; what was accepted is kept.`);
      void stop(1);
    },
    log: (level, outcome, ids) => {
      if (options.verbose || level === 'error') complain(JSON.stringify({ level, outcome, ...ids }));
    },
  });
  welcome(running.stack, options);
}

function welcome({ origin }: Stack, { data, secrets, config }: LocalOptions): void {
  const keyOf = (trust: string): string => Object.entries(secrets.writeKeys).find(([, known]) => known === trust)?.[0] ?? '';
  const { webhookSecrets } = secrets;
  say('');
  say(`  Look and play      ${origin}/_local`);
  say(`  Segment SDKs       ${origin}/v1   write key ${keyOf('browser')} (browser), ${keyOf('server')} (server)`);
  say(`  Shopify webhooks   ${origin}/webhooks/shopify   secret ${webhookSecrets['shopify']?.[0] ?? ''}`);
  say(`  Standard Webhooks  ${origin}/webhooks/generic   secret ${webhookSecrets['generic']?.[0] ?? ''}`);
  say(`  Rules and texts    ${relative(process.cwd(), config) || '.'}`);
  say(`  Data               ${data === undefined ? 'in memory, gone when it stops' : relative(process.cwd(), data)}`);
  say('');
  say(`Relance is ready on ${origin}`);
}

main().catch((error: unknown) => {
  for (const line of explainFailure(error, usage)) complain(line);
  process.exit(1);
});
