/** An owner at their terminal: an account of their own on the emulators, a table, a DNS, and the `relance` command. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import type { DnsRecord, Dns } from '../../cli/dns-records.ts';
import { recordsIn } from '../../cli/dns-records.ts';
import { relance } from '../../cli/relance.ts';
import type { World } from '../../cli/world.ts';
import { checkChoices } from '../../infra/choices.ts';
import { resourceNames } from '../../infra/resource-names.ts';
import { createClock } from '../../local/clock.ts';
import { startEmulators, type Emulators } from '../../local/emulators/start.ts';
import { createTable } from '../../local/table.ts';
import { queues } from '../../shared/topology.ts';
import { type EmbeddedTables, embeddedTables, localAccess } from '../ports/embedded-table.ts';
import { proxyTable, type TableProxy } from './table-proxy.ts';

export const stockConfig = fileURLToPath(new URL('../../config', import.meta.url));
export const now = Date.parse('2026-11-23T12:00:00Z');

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Call it where tests are declared: each test has an account of its own. */
export function owner(): Owner {
  const one = new Owner(embeddedTables());
  beforeEach(() => one.begin());
  afterEach(() => one.end());
  process.once('exit', () => rmSync(one.folder, { recursive: true, force: true }));
  return one;
}

const choices = { region: 'eu-west-3', domain: 'atelier-lumiere.fr', alarmEmail: 'lea@atelier-lumiere.fr', monthlyBudgetUsd: 20 };

export class Owner {
  readonly folder = mkdtempSync(join(tmpdir(), 'relance-cli-'));
  readonly #tables: EmbeddedTables;
  #made = 0;
  #written = 0;
  #name = '';
  #emulators: Emulators | undefined;
  #proxy: TableProxy | undefined;
  #dns = new FakeDns();

  constructor(tables: EmbeddedTables) {
    this.#tables = tables;
  }

  async begin(): Promise<void> {
    this.#emulators = await startEmulators({ clock: createClock() });
    this.#proxy = await proxyTable(this.#tables.environment()['AWS_ENDPOINT_URL_DYNAMODB'] ?? '');
    this.#name = `shop-${process.pid}-${(this.#made += 1)}`;
    this.#dns = new FakeDns();
    this.writeChoices({});
  }

  async end(): Promise<void> {
    await this.#emulators?.stop();
    await this.#proxy?.stop();
  }

  cloud = (): Emulators => this.#emulators!;
  table = (): TableProxy => this.#proxy!;
  dns = (): FakeDns => this.#dns;
  dynamo = () => this.#tables.dynamo();
  names = () => resourceNames(checkChoices({ name: this.#name, ...choices }));

  writeChoices(changed: Readonly<Record<string, unknown>>): void {
    this.#written += 1;
    writeFileSync(this.#choicesFile(), `export const choices = ${JSON.stringify({ name: this.#name, ...choices, ...changed })};`);
  }

  /** A file of its own each time: what was imported once stays in memory. */
  #choicesFile = (): string => join(this.folder, `${this.#written}.config.mjs`);

  world(): World {
    const endpoints = { AWS_ENDPOINT_URL: this.cloud().origin, AWS_ENDPOINT_URL_DYNAMODB: this.table().endpoint };
    return {
      environment: { ...localAccess, ...endpoints },
      choicesFile: this.#choicesFile(),
      configFolder: stockConfig,
      clock: () => now,
      random: (bytes) => new Uint8Array(bytes).fill(7),
      dns: this.#dns,
      start: async () => 0,
      input: async () => '',
    };
  }

  async run(args: readonly string[], changed: Partial<World> = {}): Promise<Said> {
    const [out, error]: [string[], string[]] = [[], []];
    const terminal = { out: (line: string) => out.push(line), error: (line: string) => error.push(line) };
    const code = await relance(args, terminal, { ...this.world(), ...changed });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  /** As after `cdk deploy`: stacks with their outputs, SES's domains not confirmed yet, the table, the queues. */
  async deploy(): Promise<readonly DnsRecord[]> {
    const { account, sqs, sns } = this.cloud();
    const { of, mailDomains, alarmTopic } = this.names();
    const outputs = Object.values(mailDomains).flatMap(recordsOf);
    const origin = { key: 'Origin', value: 'https://abc.execute-api.eu-west-3.amazonaws.com' };
    account.stacks.set(of('data'), { status: 'CREATE_COMPLETE', outputs: [] });
    account.stacks.set(of('messaging'), { status: 'CREATE_COMPLETE', outputs });
    account.stacks.set(of('engine'), { status: 'UPDATE_COMPLETE', outputs: [origin] });
    for (const domain of Object.values(mailDomains)) account.mailDomains.set(domain, { dkim: 'PENDING', mailFrom: 'PENDING' });
    for (const queue of Object.keys(queues)) sqs.createQueue(of(queue), {});
    account.mailSubscriptions.set(sns.topics.create(alarmTopic), [{ address: choices.alarmEmail, confirmed: false }]);
    await createTable(this.dynamo(), this.#name);
    return recordsIn(outputs);
  }

  /** All that `relance doctor` asks for but `setup`: DNS, SES, SMS, the alarm mail. */
  makeHealthy(records: readonly DnsRecord[]): void {
    const { account, sns, ses } = this.cloud();
    this.#dns.add(records);
    for (const domain of account.mailDomains.keys()) account.mailDomains.set(domain, { dkim: 'SUCCESS', mailFrom: 'SUCCESS' });
    account.mail = { ...account.mail, production: true, plan: 'NONE' };
    ses.options = { quota: { max24HourSend: 50_000, maxSendRate: 14 } };
    account.smsSandbox = false;
    for (const topic of account.mailSubscriptions.keys())
      account.mailSubscriptions.set(topic, [{ address: choices.alarmEmail, confirmed: true }]);
    sns.phones.setAttributes({ MonthlySpendLimit: '50' });
  }
}

function recordsOf(domain: string) {
  const of = (what: string) => `DNS record for ${domain}: ${what}`;
  return [
    {
      key: 'Dkim1',
      value: `CNAME one._domainkey.${domain} one.dkim.amazonses.com`,
      description: of('DKIM, which signs the mails'),
    },
    {
      key: 'Dkim2',
      value: `CNAME two._domainkey.${domain} two.dkim.amazonses.com`,
      description: of('DKIM, which signs the mails'),
    },
    {
      key: 'MailFromMx',
      value: `MX bounce.${domain} 10 feedback-smtp.eu-west-3.amazonses.com`,
      description: of('where bounces come back to'),
    },
    { key: 'Spf', value: `TXT bounce.${domain} v=spf1 include:amazonses.com ~all`, description: of('SPF, which lets SES send') },
    {
      key: 'Dmarc',
      value: `TXT _dmarc.${domain} v=DMARC1; p=none`,
      description: of('DMARC, which large mailbox providers ask for'),
    },
  ];
}

/** A DNS that answers what a test put there; a name without records throws as node:dns does. */
export class FakeDns implements Dns {
  readonly #records: { readonly type: string; readonly name: string; readonly value: string }[] = [];
  /** An error code such as ETIMEOUT, instead of any answer. */
  fails: string | undefined;

  add(records: readonly { readonly type: string; readonly name: string; readonly value: string }[]): void {
    this.#records.push(...records);
  }

  remove(gone: (record: { readonly type: string; readonly name: string }) => boolean): void {
    this.#records.splice(0, this.#records.length, ...this.#records.filter((record) => !gone(record)));
  }

  resolveCname = async (name: string) => this.#values('CNAME', name).map((value) => `${value.toUpperCase()}.`);
  resolveTxt = async (name: string) => this.#values('TXT', name).map((value) => [value.slice(0, 8), value.slice(8)]);
  resolve4 = async (name: string) => this.#values('A', name);
  resolveMx = async (name: string) =>
    this.#values('MX', name).map((value) => ({ priority: Number(value.split(' ')[0]), exchange: value.split(' ')[1] ?? '' }));

  #values(type: string, name: string): string[] {
    const code = this.fails;
    if (code !== undefined) throw Object.assign(new Error(`query ${code} ${name}`), { code });
    const found = this.#records.filter((record) => record.type === type && record.name === name).map(({ value }) => value);
    if (found.length === 0) throw Object.assign(new Error(`query ENODATA ${name}`), { code: 'ENODATA' });
    return found;
  }
}
