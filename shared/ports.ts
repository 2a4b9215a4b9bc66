/**
 * What the pipeline needs from the world, in domain words: six interfaces. Every write says what it expects to find;
 * `Conflict` means somebody wrote first, `Unavailable` that the other side cannot answer now.
 * Each port has one contract suite that its memory twin and its AWS adapter both run.
 */
import type { Outgoing, SendOutcome } from './channels/channel.ts';
import type { Channel, Envelope } from './events/event.ts';
import type { ClaimKey } from './events/identifier.ts';
import type { Problem } from './kernel/errors.ts';
import type { PersonId } from './kernel/ids.ts';
import type { Instant } from './kernel/time.ts';
import type {
  OccurrenceName,
  Page,
  PageName,
  PageProgress,
  PastOccurrence,
  Place,
  PlaceVerdict,
  Queued,
  UnderWay,
} from './campaigns/occurrence.ts';
import type { CampaignVersion, Config, JourneyVersion } from './config/config.ts';
import type { ConsentChange } from './consent/consent.ts';
import type { Suppression } from './consent/suppression.ts';
import type { Instance, InstanceRef } from './journeys/instance.ts';
import type { LoggedMessage, MessageRecord } from './messages/marks.ts';
import type { MessageLog, OutboxItem } from './messages/message.ts';
import type { WebhookAnswer, WebhookCall } from './messages/webhook-call.ts';
import type { DirectoryPage, DirectoryPlace } from './profile/directory.ts';
import type { Attributes, HotState } from './profile/profile.ts';
import type { Statistics } from './profile/statistics.ts';
import type { Chunk } from './profile/timeline.ts';

export interface Loaded {
  /** The person after following `into`. */
  readonly id: PersonId;
  readonly attributes: Attributes;
  readonly hot: HotState;
  /** Is the asked chunk stored, under this person or one merged into it? */
  readonly hasChunk: boolean;
}

export interface StoredInstance {
  /** Under whom it is stored: the person, or one merged into it. */
  readonly person: PersonId;
  readonly instance: Instance;
}

/** What one envelope changes besides facts: committed together or not at all. */
export interface Commit {
  readonly hot: HotState;
  readonly statistics?: Statistics;
  /** Instances with `stored: 0` must not exist yet; others must still have that version. */
  readonly instances: readonly Instance[];
}

export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** The hot state was as expected, these instances were not: they exist already. Decide without starting them. */
  | { readonly kind: 'instance-exists'; readonly instances: readonly InstanceRef[] };

export interface MergeWrite {
  readonly winner: PersonId;
  readonly loser: PersonId;
  readonly at: Instant;
  readonly before: Readonly<Record<'winner' | 'loser', Side>>;
  readonly after: { readonly attributes: Attributes; readonly hot: HotState; readonly statistics?: Statistics };
  /** Open journeys as they go on under the winner (`stored` as the winner has it, 0 for none), and as they end under the loser. */
  readonly moved: readonly Instance[];
  readonly ended: readonly Instance[];
}

export interface Side {
  readonly attributes: Attributes;
  readonly hot: HotState;
  readonly statistics: Statistics;
}

export interface Proof extends ConsentChange {
  readonly envelopeId: string;
  /** Address of the caller or id of the form, where known. */
  readonly evidence?: string;
}

export interface StoredRecord {
  /** Under whom it is stored: the person, or one merged into it. */
  readonly person: PersonId;
  readonly record: MessageRecord;
}

/** What a provider's feedback changes: together or not at all. */
export interface FeedbackWrite extends StoredRecord {
  /** Of the person as they are now, where they changed. */
  readonly statistics?: { readonly person: PersonId; readonly statistics: Statistics };
  readonly suppressions: readonly {
    readonly channel: Channel;
    readonly claim: ClaimKey;
    readonly suppression: Suppression;
  }[];
}

/** The one table, people's part. Reads are strongly consistent. */
export interface People {
  /** Who has these; absent = nobody. */
  owners(claims: readonly ClaimKey[]): Promise<ReadonlyMap<ClaimKey, PersonId>>;
  /** Claims it for the person unless somebody has it; answers who has it afterwards. */
  claim(claim: ClaimKey, person: PersonId): Promise<PersonId>;
  /** Re-points claims that `from` has; others are left alone. */
  moveClaims(claims: readonly ClaimKey[], from: PersonId, to: PersonId): Promise<void>;
  /** Follows `into`. A person without items is new: version 0 everywhere. */
  load(person: PersonId, chunkKey?: string): Promise<Loaded>;
  statistics(person: PersonId): Promise<Statistics>;
  /** Those that exist, each under the first of `people` that has it. */
  instances(people: readonly PersonId[], refs: readonly InstanceRef[]): Promise<readonly StoredInstance[]>;
  /** Writes facts if nobody did since they were read; answers the new version. `known` = the person has a strong identifier. */
  saveAttributes(person: PersonId, attributes: Attributes): Promise<Attributes>;
  keepProofs(person: PersonId, proofs: readonly Proof[]): Promise<void>;
  /** `hot.version` is the version read; it is stored as version + 1. Throws Conflict when the hot state, statistics or a stored instance changed since. */
  commit(person: PersonId, commit: Commit): Promise<CommitOutcome>;
  /** An instance alone (timers, outbox). Throws Conflict when it changed since. */
  saveInstance(person: PersonId, instance: Instance): Promise<void>;
  /** Keeps what is there already. */
  keepChunk(person: PersonId, chunk: Chunk): Promise<void>;
  /** Chunks of the person and of `aliases` with `from <= key < to`, oldest first, page by page. */
  timeline(people: readonly PersonId[], from: string, to: string): AsyncIterable<readonly Chunk[]>;
  /** All instances, newest start first; for people who look somebody up. */
  allInstances(people: readonly PersonId[]): Promise<readonly StoredInstance[]>;
  merge(write: MergeWrite): Promise<void>;
  /** As it was logged, with what its provider told since. */
  message(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<LoggedMessage | undefined>;
  messages(people: readonly PersonId[]): Promise<readonly LoggedMessage[]>;
  /** The same before it was logged, too: the first of `people` with a log, else the first with marks. */
  messageRecord(people: readonly PersonId[], orderTime: Instant, sendKey: string): Promise<StoredRecord | undefined>;
  /** Keeps the log that is there already, and all marks. */
  keepMessage(person: PersonId, message: MessageLog): Promise<void>;
  /** Versions are those read. Throws Conflict when the record, statistics or a suppression changed since. */
  saveFeedback(write: FeedbackWrite): Promise<void>;
  isSuppressed(channel: Channel, claim: ClaimKey): Promise<boolean>;
  suppression(channel: Channel, claim: ClaimKey): Promise<Suppression>;
  /** Timers with `after < due <= until`, oldest first, at most `limit`; all that share the last instant come along. */
  dueTimers(after: Instant, until: Instant, limit: number): Promise<readonly Timer[]>;
  /** Everybody who is known by name, from this place on (absent: from the first), at most `limit` of them. Read eventually. */
  directory(from: DirectoryPlace | undefined, limit: number): Promise<DirectoryPage>;
  /** Of each of these, who are who they are: what is asked of them, in their order, in as few requests as possible. */
  parts(people: readonly PersonId[], asked: PartsAsked): Promise<readonly Parts[]>;
}

export interface PartsAsked {
  readonly attributes?: boolean;
  readonly hot?: boolean;
  readonly statistics?: boolean;
}

/** What was not asked for, and what is not stored, is as that of a new person. */
export interface Parts {
  readonly attributes: Attributes;
  readonly hot: HotState;
  readonly statistics: Statistics;
}

export interface Timer {
  readonly person: PersonId;
  readonly journey: string;
  readonly key: string;
  readonly due: Instant;
}

/** Ids only: what a work message carries. */
export type Work = Timer;

/** Where the timer sweep stands, and how much of the work queue is not done. */
export interface TimerSweep {
  /** All timers due at or before this instant were queued once. */
  readonly queuedUntil: Instant;
}

/** The queues. Nothing is answered before all entries are accepted; a partial refusal throws Unavailable. */
export interface Queues {
  sendEvents(envelopes: readonly Envelope[]): Promise<void>;
  /** Delivered no earlier than `due` (delays up to 15 minutes). */
  sendWork(work: readonly Work[], now: Instant): Promise<void>;
  sendOutbox(items: readonly OutboxItem[], kind: 'triggered' | 'campaign'): Promise<void>;
  workBacklog(): Promise<Backlog>;
  campaignBacklog(): Promise<Backlog>;
}

/** What of a queue is not done: approximate, as the queue counts. */
export interface Backlog {
  readonly waiting: number;
  /** To be delivered later. */
  readonly delayed: number;
  /** Delivered, not acknowledged. */
  readonly inWork: number;
}

export interface Parked {
  readonly id: string;
  readonly at: Instant;
  /** Function or connector that could not go on. */
  readonly stage: string;
  readonly problems: readonly Problem[];
  /** As it was received, as text. */
  readonly body: string;
  /** Hashed identifiers in it, as far as they could be read: what erasure must find. */
  readonly claims: readonly ClaimKey[];
}

/** What could not be done, kept with its reason for 14 days where a person finds it. */
export interface Parking {
  /** The same id again replaces the item. */
  park(item: Parked): Promise<void>;
  parked(limit: number): Promise<readonly Parked[]>;
}

/** What a person may do with them as well; no stage can. */
export interface ParkedItems extends Parking {
  /** The newest of this id. */
  find(id: string): Promise<Parked | undefined>;
  /** Removes it, unless it was parked again since it was read: false then, and when it is gone already. */
  drop(item: Pick<Parked, 'id' | 'at'>): Promise<boolean>;
}

/** What somebody asked under a key that is the same in each of their attempts. */
export interface Asked {
  /** Of what was asked, so that something else is known as such. */
  readonly digest: string;
  /** The first time. */
  readonly at: Instant;
}

/** What is live, and older versions of journeys and campaigns that still run; bookkeeping of sweeps and of the doors. */
export interface Settings {
  /** Reads again when what is cached is older than `atLeast`: somebody already decided on a newer one. */
  config(atLeast?: number): Promise<Config>;
  journey(hash: string): Promise<JourneyVersion | undefined>;
  campaign(hash: string): Promise<CampaignVersion | undefined>;
  publish(config: Omit<Config, 'generation'>): Promise<Config>;
  timerSweep(): Promise<TimerSweep>;
  saveTimerSweep(sweep: TimerSweep): Promise<void>;
  /** Of all messages that the channel's provider told us of: when it took the latest (may lag a minute); 0 for none. */
  feedbackUntil(channel: Channel): Promise<Instant>;
  /** Never goes back. */
  noteFeedback(channel: Channel, acceptedAt: Instant): Promise<void>;
  /** What is asked first under a key (hashed: it may name somebody) stands for so long; answers what stands. */
  firstAsked(key: string, asked: Asked, standsFor: number): Promise<Asked>;
}

/** What campaigns do and have done. Reads are strongly consistent. */
export interface Campaigns {
  underWay(): Promise<UnderWay>;
  /** `version` is the version read. Throws Conflict when it changed since. */
  saveUnderWay(underWay: UnderWay): Promise<void>;
  past(name: OccurrenceName): Promise<PastOccurrence | undefined>;
  /** Keeps what is there already. */
  keepPast(past: PastOccurrence): Promise<void>;
  /** Of the last 25 months, newest first. */
  allPast(): Promise<readonly PastOccurrence[]>;
  page(name: PageName): Promise<Page | undefined>;
  /** Keeps the page that is there already; answers the one that stands. */
  keepPage(page: Page): Promise<Page>;
  /** The page was handed to the outbox, for the first time or again; nothing of it waits for a later time any more. */
  noteQueued(name: PageName, queued: Queued): Promise<void>;
  /** What became of a place: the first verdict stays, but for `parked`. */
  mark(place: Place, verdict: PlaceVerdict): Promise<void>;
  /** Messages of the page may leave at this instant: the earliest that is told stays. */
  markLater(name: PageName, until: Instant): Promise<void>;
  /** Of all pages that were queued or marked, by wave and number. */
  progress(name: OccurrenceName): Promise<readonly PageProgress[]>;
}

/** All that leaves for others: messages for the providers behind the channels, webhooks. One attempt a call, never retried underneath. */
export interface Carriers {
  send(message: Outgoing): Promise<SendOutcome>;
  /** How many messages the channel's provider will take within the next hour, as far as it tells. */
  allowance(channel: Channel): Promise<number>;
  /** A redirect is an answer like any other. */
  post(call: WebhookCall): Promise<WebhookAnswer>;
}

/** The product clock: a function, so that a test or a simulation can hold it. */
export type Clock = () => Instant;

export interface Secrets {
  /** Keys the hashes of identifiers; never changes once data exists. */
  readonly identifierKey: string;
  /** Signs links; several for rotation, the first signs. */
  readonly linkKeys: readonly string[];
  readonly writeKeys: Readonly<Record<string, 'browser' | 'server'>>;
  /** Per connector: all that are valid now. Those of `relance` sign what we send. */
  readonly webhookSecrets: Readonly<Record<string, readonly string[]>>;
}

export interface Log {
  (level: 'info' | 'warn' | 'error', outcome: string, ids: Readonly<Record<string, string | number | undefined>>): void;
}

/** All a stage may use. */
export interface Ports {
  readonly clock: Clock;
  readonly random: () => Uint8Array;
  readonly people: People;
  readonly queues: Queues;
  readonly parking: Parking;
  readonly settings: Settings;
  readonly campaigns: Campaigns;
  readonly carriers: Carriers;
  readonly secrets: Secrets;
  /** Where our own links live, such as `https://links.example.com` (no slash at the end). */
  readonly linkOrigin: string;
  readonly log: Log;
}
