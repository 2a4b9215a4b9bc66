/** What `npm start` and `npm run demo` can be told, with defaults that work: flags first, then the environment. */
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { Secrets } from '../shared/ports.ts';

export interface LocalOptions {
  readonly port: number;
  /** Undefined with `--memory`. */
  readonly data?: string;
  readonly config: string;
  readonly secrets: Secrets;
  readonly verbose: boolean;
  /** Run the bundles of dist/, as they deploy. */
  readonly dist: boolean;
}

export const usage = `npm start -- [options]
  --port N                    port of everything, on 127.0.0.1 (default 4000; 0 = any free one)
  --memory                    keep nothing when it stops
  --data FOLDER               keep table, queues, inbox and clock here (default .relance)
  --config FOLDER             the marketer's room (default config)
  --write-key KEY             browser write key (default local-write-key)
  --server-key KEY            server write key (default local-server-key)
  --shopify-secret SECRET     signs /webhooks/shopify (default local-shopify-secret)
  --webhook-secret SECRET     signs /webhooks/generic, Standard Webhooks (default whsec_bG9jYWwtc2VjcmV0LWZvci1yZWxhbmNl)
  --outgoing-secret SECRET    signs the webhooks that journeys send, Standard Webhooks (default whsec_bG9jYWwtb3V0Z29pbmctc2VjcmV0)
  --dist                      run the bundles of dist/, made anew where they are old, as AWS would run them
  --verbose                   print one line an outcome
  --help`;

const root = resolve(import.meta.dirname, '..');

/** A sentence for whoever typed it. */
export class BadOption extends Error {
  override readonly name = 'BadOption';
}

/** `help` when it was asked for. Throws BadOption. */
export function readOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): LocalOptions | 'help' {
  const values = parsed(argv);
  if (values.help === true) return 'help';
  const or = (flag: string | undefined, variable: string, standard: string): string => flag ?? environment[variable] ?? standard;
  const port = or(values.port, 'RELANCE_PORT', '4000');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new BadOption(`--port takes a number from 0 to 65535, not "${port}"`);
  return {
    port: Number(port),
    ...(values.memory === true ? {} : { data: resolve(or(values.data, 'RELANCE_DATA', resolve(root, '.relance'))) }),
    config: resolve(or(values.config, 'RELANCE_CONFIG', resolve(root, 'config'))),
    secrets: {
      identifierKey: 'local-identifier-key',
      linkKeys: ['local-link-key'],
      writeKeys: {
        [or(values['write-key'], 'RELANCE_WRITE_KEY', 'local-write-key')]: 'browser',
        [or(values['server-key'], 'RELANCE_SERVER_KEY', 'local-server-key')]: 'server',
      },
      webhookSecrets: {
        relance: [signingSecret(or(values['outgoing-secret'], 'RELANCE_OUTGOING_SECRET', 'whsec_bG9jYWwtb3V0Z29pbmctc2VjcmV0'))],
        shopify: [or(values['shopify-secret'], 'RELANCE_SHOPIFY_SECRET', 'local-shopify-secret')],
        generic: [or(values['webhook-secret'], 'RELANCE_WEBHOOK_SECRET', 'whsec_bG9jYWwtc2VjcmV0LWZvci1yZWxhbmNl')],
      },
    },
    verbose: values.verbose === true,
    dist: values.dist === true,
  };
}

/** We sign with it ourselves: one that is none would fail each call, long after the start. */
function signingSecret(secret: string): string {
  try {
    new Webhook(secret).sign('id', new Date(0), '');
    return secret;
  } catch {
    throw new BadOption('--outgoing-secret takes whsec_ and base64 behind it, such as whsec_bG9jYWwtb3V0Z29pbmctc2VjcmV0');
  }
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: text,
        memory: flag,
        data: text,
        config: text,
        'write-key': text,
        'server-key': text,
        'shopify-secret': text,
        'webhook-secret': text,
        'outgoing-secret': text,
        dist: flag,
        verbose: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error));
  }
}
