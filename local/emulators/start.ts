/**
 * Starts the embedded SQS, SES and SNS: state from a file or in memory, time from the product clock.
 */
import type { ProductClock } from '../clock.ts';
import { OwnerAccount } from './owner-account.ts';
import { type EmulatorServer, serveEmulators } from './server.ts';
import { Ses, type SesOptions } from './ses.ts';
import { Sns } from './sns.ts';
import { type Account, Sqs } from './sqs.ts';
import type { DueIn } from './sqs-queue.ts';
import { EmulatorStore } from './store.ts';

export interface EmulatorOptions {
  readonly clock: ProductClock;
  /** SQLite file; nothing is kept when absent. */
  readonly file?: string;
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly region?: string;
  readonly ses?: SesOptions;
  /** As in SQS nobody looks into a body, when left out. */
  readonly dueIn?: DueIn;
}

export interface Emulators {
  /** Endpoint of all services, such as `http://127.0.0.1:4321`. */
  readonly origin: string;
  readonly region: string;
  readonly sqs: Sqs;
  readonly ses: Ses;
  readonly sns: Sns;
  /** What the command line looks at. */
  readonly account: OwnerAccount;
  /** API calls so far, such as `ses.SendRawEmail`; refused ones are counted, unknown ones not. */
  readonly calls: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

export const localAccount = '000000000000';

export async function startEmulators(options: EmulatorOptions): Promise<Emulators> {
  const { clock, file = ':memory:', region = 'eu-west-3' } = options;
  const store = new EmulatorStore(file);
  let server: EmulatorServer | undefined;
  const account: Account = { id: localAccount, region, origin: () => server?.origin ?? '' };
  try {
    const sqs = new Sqs(clock, store, account, options.dueIn);
    const ses = new Ses(clock, store, account, options.ses);
    const sns = new Sns(clock, store, account, sqs);
    const owner = new OwnerAccount(localAccount, region);
    const listening = await serveEmulators({ account: owner, sqs, ses, sns }, options.port);
    server = listening;
    const stop = (): Promise<void> => listening.stop().finally(() => store.close());
    return { origin: listening.origin, region, account: owner, sqs, ses, sns, calls: listening.calls, stop };
  } catch (error) {
    store.close();
    throw error;
  }
}
