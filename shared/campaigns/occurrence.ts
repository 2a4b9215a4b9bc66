/**
 * One occurrence of a campaign: what is under way, the pages of people it went to, and what became of each of them.
 * Names and numbers only, no personal data. Every person of a page has a place there, which ends in exactly one verdict.
 */
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { dropReasons, type DropReason, type MessagePlace } from '../messages/message.ts';
import type { DirectoryPlace } from '../profile/directory.ts';

/** A campaign goes out at most once on a day, whatever becomes of its time. */
export interface OccurrenceName {
  readonly campaign: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
}

export interface Occurrence extends OccurrenceName {
  /** Content hash of the campaign version that it began with, and goes on with. */
  readonly version: string;
  /** The scheduled instant in the brand's zone: the order time of every message of it, wherever its reader lives. */
  readonly at: Instant;
  readonly begunAt: Instant;
  /** The instants at which somebody is due, the earliest first. */
  readonly waves: readonly Instant[];
  /** Marketing is paused, and was at every run since then. */
  readonly pausedSince?: Instant;
}

export interface PageName extends OccurrenceName {
  readonly wave: Instant;
  /** From 0. */
  readonly page: number;
}

/** A stretch of the directory as it was swept, once: whoever sweeps it again uses the page that stands. */
export interface Page extends PageName {
  /** The members found, in order: their places. At most `largestPage`. */
  readonly people: readonly PersonId[];
  /** Where the next page begins; absent on the last page of a wave. */
  readonly next?: DirectoryPlace;
}

/** As many as one read of a batch takes; their places and verdicts stay below one write unit. */
export const largestPage = 100;

/**
 * What became of a place. `had-it`: the message went out, or was refused, for another place of the same person, who was two
 * people when they were found, or travelled; `nobody`: they were forgotten;
 * `parked`: given up after errors of our own, until somebody replays it.
 */
export type PlaceVerdict = 'sent' | 'failed' | 'unknown' | 'had-it' | 'nobody' | 'parked' | `dropped:${DropReason}`;
export const verdicts: readonly PlaceVerdict[] = [
  'sent',
  'failed',
  'unknown',
  'had-it',
  'nobody',
  'parked',
  ...dropReasons.map((reason): PlaceVerdict => `dropped:${reason}`),
];

/** By verdict the ordinals of the page, each in one of them at most. */
export type Done = Readonly<Partial<Record<PlaceVerdict, readonly number[]>>>;

/** When a page was handed to the outbox. */
export interface Queued {
  readonly firstAt: Instant;
  /** The last time. */
  readonly at: Instant;
  /** How often its people were asked for: 1 the first time. */
  readonly asked: number;
  readonly members: number;
  readonly next?: DirectoryPlace;
}

/** What is known of a page without its people. */
export interface PageProgress extends PageName {
  /** Absent: marks came before it was noted. */
  readonly queued?: Queued;
  /** Some of its messages may leave from then on, and are asked for again then. */
  readonly later?: Instant;
  readonly done: Done;
}

/** One person's place in an occurrence. */
export type Place = OccurrenceName & MessagePlace;

export type EndOfOccurrence =
  | 'done'
  /** The campaign was taken out of config/, or switched off. */
  | 'removed'
  /** Marketing was paused for so long that what it says is no news any more. */
  | 'paused'
  /** There was no room for it, or an error of ours, for so long. */
  | 'stalled';

/** What is kept of an occurrence that has ended. */
export interface PastOccurrence extends Occurrence {
  readonly endedAt: Instant;
  readonly because: EndOfOccurrence;
}

export interface UnderWay {
  /** 0 = not stored yet. */
  readonly version: number;
  readonly occurrences: readonly Occurrence[];
}
