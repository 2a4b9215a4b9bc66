/**
 * What a person agreed to, per channel and purpose, the same for any order in which it is told (promise 1). A newer
 * statement wins; a snapshot never undoes a newer opt-out and its "did not opt in" is no withdrawal (promise 3).
 */
import type { Channel, ConsentStatement, Purpose, Trust } from '../events/event.ts';
import type { Instant } from '../kernel/time.ts';

/** `email.marketing`: transactional messages need no consent, so nothing is kept for them. */
export type ConsentKey = `${Channel}.${Purpose}`;

export interface ConsentState {
  readonly state: 'granted' | 'withdrawn';
  /** When the person said so, as far as the source knows. */
  readonly at: Instant;
  readonly source: string;
  readonly wording?: string;
  /** A state of unknown time, or a browser's claim: it gives way to whatever somebody proved to have said at a time. */
  readonly basis?: 'snapshot' | 'browser';
}

export type Consents = Readonly<Partial<Record<ConsentKey, ConsentState>>>;

export interface ConsentChange {
  readonly key: ConsentKey;
  readonly state: ConsentState;
}

export interface StatementContext {
  readonly occurredAt: Instant;
  readonly source: string;
  readonly trust: Trust;
  /** May this envelope write to the person at all (design section 4, Trust)? */
  readonly mayWrite: boolean;
}

/** The changes a statement makes to what is known; none when it is older, repeated, unproven or not the sender's to say. */
export function consentChange(
  known: Consents,
  statement: ConsentStatement,
  context: StatementContext,
): ConsentChange | undefined {
  const key: ConsentKey = `${statement.channel}.marketing`;
  const before = known[key];
  if (!context.mayWrite) return undefined;
  const isUntimed = statement.kind === 'snapshot' && statement.at === undefined;
  const isClaim = context.trust === 'browser' && statement.state === 'granted';
  const state: ConsentState = {
    state: statement.state,
    at: Math.min(statement.at ?? context.occurredAt, context.occurredAt),
    source: statement.source ?? context.source,
    ...(statement.wording === undefined ? {} : { wording: statement.wording }),
    ...(isUntimed ? { basis: 'snapshot' as const } : isClaim ? { basis: 'browser' as const } : {}),
  };
  return before === undefined || outweighs(state, before) ? { key, state } : undefined;
}

/** A claim never lifts an opt-out, whichever is heard first; what has no time never changes what has one. */
function weight({ state, basis }: ConsentState): number {
  if (basis === undefined) return 3;
  return state === 'withdrawn' ? 2 : basis === 'browser' ? 1 : 0;
}

/** At the same instant "no" wins: the person's protection decides a tie. */
function outweighs(told: ConsentState, known: ConsentState): boolean {
  if (weight(told) !== weight(known)) return weight(told) > weight(known);
  // Of several states without a time the first telling stands, so that none of them changes anything later.
  if (told.at !== known.at) return told.basis === 'snapshot' ? told.at < known.at : told.at > known.at;
  if (told.state !== known.state) return told.state === 'withdrawn';
  return wordsOf(told) > wordsOf(known);
}

const wordsOf = ({ source, wording }: ConsentState): string => `${source}\n${wording ?? ''}`;

/** Two histories of one person: per key what outweighs. */
export function mergeConsents(a: Consents, b: Consents): Consents {
  const merged: Partial<Record<ConsentKey, ConsentState>> = { ...a };
  for (const key of ['email.marketing', 'sms.marketing', 'push.marketing'] as const) {
    const [mine, theirs] = [a[key], b[key]];
    if (theirs !== undefined && (mine === undefined || outweighs(theirs, mine))) merged[key] = theirs;
  }
  return merged;
}

export const hasConsent = (consents: Consents, channel: Channel): boolean =>
  consents[`${channel}.marketing`]?.state === 'granted';
