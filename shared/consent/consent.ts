/**
 * What a person agreed to, per channel and purpose. A newer statement wins; a snapshot never undoes a newer opt-out
 * and its "did not opt in" is no withdrawal (promise 3).
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
  if (context.trust === 'browser' && statement.state === 'granted' && before?.state === 'withdrawn') return undefined;
  if (statement.kind === 'snapshot' && statement.at === undefined && before !== undefined) return undefined;
  const at = Math.min(statement.at ?? context.occurredAt, context.occurredAt);
  if (before !== undefined && !isNewer(statement.state, at, before)) return undefined;
  const state: ConsentState = {
    state: statement.state,
    at,
    source: statement.source ?? context.source,
    ...(statement.wording === undefined ? {} : { wording: statement.wording }),
  };
  return before?.state === state.state && before.at === state.at ? undefined : { key, state };
}

/** At the same instant "no" wins: the person's protection decides a tie. */
const isNewer = (state: ConsentState['state'], at: Instant, before: ConsentState): boolean =>
  at > before.at || (at === before.at && state === 'withdrawn' && before.state === 'granted');

/** Two histories of one person: per key the newer state, at a tie the withdrawal. */
export function mergeConsents(a: Consents, b: Consents): Consents {
  const merged: Partial<Record<ConsentKey, ConsentState>> = { ...a };
  for (const key of ['email.marketing', 'sms.marketing', 'push.marketing'] as const) {
    const [mine, theirs] = [a[key], b[key]];
    if (theirs !== undefined && (mine === undefined || isNewer(theirs.state, theirs.at, mine))) merged[key] = theirs;
  }
  return merged;
}

export const hasConsent = (consents: Consents, channel: Channel): boolean =>
  consents[`${channel}.marketing`]?.state === 'granted';
