/** `npm start`: the product on this machine, until Ctrl-C. */
import { relative } from 'node:path';
import { localPages } from './api/router.ts';
import { BundledFunctions } from './containers/bundled-functions.ts';
import { makeBundles } from './containers/make-bundles.ts';
import { explainFailure } from './failure.ts';
import { readOptions, usage, type LocalOptions } from './options.ts';
import { startStack, type Stack, type StackOptions } from './stack.ts';

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
  const functions = options.dist ? await bundled(options) : undefined;
  running.stack = await startStack({
    ...options,
    ...(functions === undefined ? {} : { functions }),
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

async function bundled({ verbose }: LocalOptions): Promise<NonNullable<StackOptions['functions']>> {
  say('Making dist/ as it deploys: bundles of functions/, and what CDK gives each of them …');
  const bundles = await makeBundles();
  // Lambda's log: one line of JSON an outcome, or what a container said when it broke.
  const onLine = (line: string): void => {
    if (verbose || !/^\{"level":"(DEBUG|INFO|WARN)"/.test(line)) complain(line);
  };
  return (ready) => new BundledFunctions(ready, bundles, { onLine });
}

function welcome({ origin }: Stack, { data, secrets, config, dist }: LocalOptions): void {
  const keyOf = (trust: string): string => Object.entries(secrets.writeKeys).find(([, known]) => known === trust)?.[0] ?? '';
  const { webhookSecrets } = secrets;
  say('');
  say(`  Look and play      ${origin}/_local`);
  say(`  Segment SDKs       ${origin}/v1   write key ${keyOf('browser')} (browser), ${keyOf('server')} (server)`);
  say(`  Shopify webhooks   ${origin}/webhooks/shopify   secret ${webhookSecrets['shopify']?.[0] ?? ''}`);
  say(`  Standard Webhooks  ${origin}/webhooks/generic   secret ${webhookSecrets['generic']?.[0] ?? ''}`);
  say(`  Journeys' webhooks signed with ${webhookSecrets['relance']?.[0] ?? ''}`);
  say(`  Rules and texts    ${relative(process.cwd(), config) || '.'}`);
  say(`  Functions          ${dist ? 'the bundles of dist/, in threads of their own' : 'the sources, in this process'}`);
  say(`  Data               ${data === undefined ? 'in memory, gone when it stops' : relative(process.cwd(), data)}`);
  say('');
  say(`Relance is ready on ${origin}`);
}

main().catch((error: unknown) => {
  for (const line of explainFailure(error, usage)) complain(line);
  process.exit(1);
});
