/**
 * The e-mail provider: accepts or refuses as SES does, sends nothing anywhere, and keeps every accepted mail with its
 * id, tags and time. An accepted mail stays in the inbox across restarts, so "at most once" can be counted.
 */
import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import type { Instant } from '../../shared/kernel/time.ts';
import type { ProductClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import { type Fault, Faults, type Silence } from './faults.ts';
import {
  type AcceptedMail,
  addressesIn,
  headerOf,
  headersOf,
  refuseAddress,
  refuseRaw,
  refuseRecipients,
  refuseTags,
  type SesTag,
  tagsIn,
  invalid,
} from './ses-mail.ts';
import { eventsOf, type SesAccount, type SesEvent } from './ses-events.ts';
import { day, type SendQuota, SentCounter, throttling } from './ses-quota.ts';
import { bytesIn, type EmulatorStore, jsonIn, numberIn, optionalText, type Row, textIn } from './store.ts';

export interface SesOptions {
  /** Addresses and domains that may send; anybody may when absent. */
  readonly verifiedIdentities?: readonly string[];
  /** Configuration sets that exist; any name does when absent. */
  readonly configurationSets?: readonly string[];
  /** Enforced by the product clock when given. */
  readonly quota?: SendQuota;
}

export interface RawEmail {
  readonly raw: Uint8Array;
  readonly source?: string;
  /** Instead of To, Cc and Bcc. */
  readonly destinations: readonly string[];
  readonly tags: readonly SesTag[];
  readonly configurationSet?: string;
}

export interface InboxPage {
  /** Newest so many, still oldest first; all when absent. */
  readonly newest?: number;
}

const texts = v.array(v.string());
const tagMap = v.record(v.string(), v.string());

export class Ses {
  options: SesOptions;
  readonly #clock: ProductClock;
  readonly #store: EmulatorStore;
  readonly #faults = new Faults();
  readonly #identities;
  readonly #add: StatementSync;
  readonly #listeners = new Set<(mail: AcceptedMail) => void>();
  readonly #sent = new SentCounter();
  readonly #account: SesAccount;
  readonly #destinations = new Map<string, (event: SesEvent) => void>();

  constructor(clock: ProductClock, store: EmulatorStore, account: SesAccount, options: SesOptions = {}) {
    store.table(
      `mail (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, accepted_at INTEGER NOT NULL, source TEXT NOT NULL,
        recipients TEXT NOT NULL, tags TEXT NOT NULL, configuration_set TEXT, raw BLOB NOT NULL)`,
    );
    this.options = options;
    this.#clock = clock;
    this.#account = account;
    this.#store = store;
    this.#identities = store.kept('ses-identity', v.picklist(['address', 'domain']));
    this.#add = store.prepare(
      'INSERT INTO mail (id, accepted_at, source, recipients, tags, configuration_set, raw) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    const recent = store
      .prepare('SELECT accepted_at, recipients FROM mail WHERE accepted_at > ? ORDER BY sequence')
      .all(clock.now() - day);
    for (const row of recent) this.#sent.add(numberIn(row, 'accepted_at'), jsonIn(row, 'recipients', texts).length);
  }

  /** Accepted mails, oldest first. */
  inbox({ newest = Number.MAX_SAFE_INTEGER }: InboxPage = {}): readonly AcceptedMail[] {
    return this.#store.prepare('SELECT * FROM mail ORDER BY sequence DESC LIMIT ?').all(newest).map(mailIn).toReversed();
  }

  mail(id: string): AcceptedMail | undefined {
    const row = this.#store.prepare('SELECT * FROM mail WHERE id = ?').get(id);
    return row === undefined ? undefined : mailIn(row);
  }

  /** How many mails were accepted, ever. */
  accepted(): number {
    const row = this.#store.prepare('SELECT count(*) AS mails FROM mail').get();
    return row === undefined ? 0 : numberIn(row, 'mails');
  }

  /** Called with each accepted mail; answers how to end that. */
  onAccepted(listener: (mail: AcceptedMail) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The event destination of a configuration set: told of every mail that names the set. */
  publishEvents(configurationSet: string, publish: (event: SesEvent) => void): void {
    this.#destinations.set(configurationSet, publish);
  }

  failNext(fault: Fault): void {
    this.#faults.failNext(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  verify(identity: string, kind: 'address' | 'domain'): void {
    this.#identities.set(identity.toLowerCase(), kind);
  }

  /** Addresses and domains that are verified, in lower case. */
  identities(): readonly string[] {
    const given = (this.options.verifiedIdentities ?? []).map((name) => name.toLowerCase());
    return [...new Set([...given, ...this.#identities.entries().keys()])];
  }

  /** The address, its domain, or a domain above that is verified. */
  isVerified(identity: string): boolean {
    const names = new Set(this.identities());
    const labels = (identity.toLowerCase().split('@').at(-1) ?? '').split('.');
    return names.has(identity.toLowerCase()) || labels.some((_, position) => names.has(labels.slice(position).join('.')));
  }

  sendQuota(): SendQuota & { readonly sentLast24Hours: number } {
    return this.#sent.told(this.options.quota, this.#clock.now());
  }

  /** The provider's message id, or nothing that the caller will ever hear. Throws what SES answers. */
  send(email: RawEmail): string | Silence {
    return this.#faults.meet(() => this.#accept(email), {
      throttled: throttling('Maximum sending rate exceeded.'),
      rejected: new AwsError('MessageRejected', 'The message was rejected as the test ordered.'),
    });
  }

  #accept(email: RawEmail): string {
    refuseRaw(email.raw);
    const headers = headersOf(email.raw);
    const source = addressesIn(email.source ?? headerOf(headers, 'From') ?? '')[0];
    if (headerOf(headers, 'From') === undefined || source === undefined) throw invalid("Missing required header 'From'.");
    refuseAddress(source);
    const addressed = ['To', 'Cc', 'Bcc'].flatMap((name) => addressesIn(headerOf(headers, name) ?? ''));
    const recipients = email.destinations.length > 0 ? email.destinations.flatMap(addressesIn) : addressed;
    refuseRecipients(recipients);
    const tags = email.tags.length > 0 ? email.tags : tagsIn(headerOf(headers, 'X-SES-MESSAGE-TAGS') ?? '');
    refuseTags(tags);
    const configurationSet = email.configurationSet ?? headerOf(headers, 'X-SES-CONFIGURATION-SET');
    this.#refuseConfigurationSet(configurationSet);
    this.#refuseUnverified([source, ...addressesIn(headerOf(headers, 'From') ?? '')]);
    if (this.options.quota !== undefined) this.#sent.refuseOver(this.options.quota, this.#clock.now(), recipients.length);
    return this.#keep({
      id: newMessageId(this.#clock.now()),
      acceptedAt: this.#clock.now(),
      source,
      recipients,
      tags: Object.fromEntries(tags.map(({ name, value }) => [name, value])),
      ...(configurationSet === undefined ? {} : { configurationSet }),
      raw: email.raw,
    });
  }

  #keep(mail: AcceptedMail): string {
    const { id, acceptedAt, source, recipients, tags, configurationSet, raw } = mail;
    const publish = this.#destinations.get(configurationSet ?? '');
    this.#store.atomically(() => {
      this.#add.run(id, acceptedAt, source, JSON.stringify(recipients), JSON.stringify(tags), configurationSet ?? null, raw);
      if (publish !== undefined) for (const event of eventsOf(mail, this.#account)) publish(event);
    });
    this.#sent.add(acceptedAt, recipients.length);
    for (const listener of [...this.#listeners]) listener(mail);
    return id;
  }

  #refuseConfigurationSet(name: string | undefined): void {
    if (name === undefined) return;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw invalid(`Configuration set name <${name}> is invalid.`);
    const { configurationSets } = this.options;
    if (configurationSets !== undefined && !configurationSets.includes(name))
      throw new AwsError('ConfigurationSetDoesNotExist', `Configuration set <${name}> does not exist.`);
  }

  #refuseUnverified(senders: readonly string[]): void {
    if (this.options.verifiedIdentities === undefined) return;
    const failed = [...new Set(senders)].filter((sender) => !this.isVerified(sender));
    if (failed.length > 0)
      throw new AwsError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check: ${failed.join(', ')}`,
      );
  }
}

/** Shaped like those of an EU region. */
const newMessageId = (now: Instant): string => `0102${now.toString(16).padStart(12, '0')}-${randomUUID()}-000000`;

function mailIn(row: Row): AcceptedMail {
  const configurationSet = optionalText(row, 'configuration_set');
  return {
    id: textIn(row, 'id'),
    acceptedAt: numberIn(row, 'accepted_at'),
    source: textIn(row, 'source'),
    recipients: jsonIn(row, 'recipients', texts),
    tags: jsonIn(row, 'tags', tagMap),
    ...(configurationSet === undefined ? {} : { configurationSet }),
    raw: bytesIn(row, 'raw'),
  };
}
