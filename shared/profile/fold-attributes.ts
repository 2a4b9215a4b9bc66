/**
 * Facts by event time: the same events in any order, any number of times, give the same facts (promise 1).
 */
import { consentChange, type ConsentChange } from '../consent/consent.ts';
import type { Event, Trust } from '../events/event.ts';
import type { Identifier } from '../events/identifier.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { canonicalJson, type Json } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Attributes, KnownIdentifier, Trait } from './profile.ts';

export interface FactsContext {
  readonly source: string;
  readonly trust: Trust;
  /** May this envelope write traits, identifiers and consent (design section 4, Trust)? */
  readonly mayWrite: boolean;
  /** Identifiers that are this person's now: newly claimed, or owned and named by this envelope. */
  readonly identifiers: readonly Identifier[];
}

export interface FoldedFacts {
  readonly attributes: Attributes;
  readonly changed: boolean;
  readonly consentChanges: readonly ConsentChange[];
}

/** A profile beyond this is no person: its writes would cost more than its messages bring. */
const maxTraitBytes = 65_536;

export function foldFacts(before: Attributes, events: readonly Event[], context: FactsContext): FoldedFacts {
  if (!context.mayWrite) return { attributes: before, changed: false, consentChanges: [] };
  const verified = context.trust === 'server';
  const since = Math.min(...events.map(({ occurredAt }) => occurredAt));
  let { traits, consents } = before;
  const consentChanges: ConsentChange[] = [];
  for (const event of events) {
    traits = foldTraits(traits, event, verified);
    for (const statement of event.consent ?? []) {
      const change = consentChange(consents, statement, { ...context, occurredAt: event.occurredAt });
      if (change === undefined) continue;
      consents = { ...consents, [change.key]: change.state };
      consentChanges.push(change);
    }
  }
  const identifiers = foldIdentifiers(before.identifiers, context.identifiers, verified, since);
  const changed = traits !== before.traits || consents !== before.consents || identifiers !== before.identifiers;
  return { attributes: changed ? { ...before, traits, consents, identifiers } : before, changed, consentChanges };
}

function foldTraits(before: Attributes['traits'], event: Event, verified: boolean): Attributes['traits'] {
  const changes: Record<string, Trait> = {};
  for (const [name, value] of Object.entries(event.traits ?? {})) {
    const told: Trait = { value, at: event.occurredAt, verified };
    const known = Object.hasOwn(before, name) ? before[name] : undefined;
    if (known === undefined || (wins(told, known) && !repeats(told, known))) changes[name] = told;
  }
  if (Object.keys(changes).length === 0) return before;
  const traits = { ...before, ...changes };
  if (Buffer.byteLength(JSON.stringify(traits)) > maxTraitBytes) {
    throw new InvalidInput([
      { where: 'traits', problem: `together more than ${maxTraitBytes} bytes; send fewer or shorter traits` },
    ]);
  }
  return traits;
}

/** Verified before claimed, then newer before older, then (same instant) the greater text: never the order of arrival. */
export function wins(told: Trait, known: Trait): boolean {
  if (told.verified !== known.verified) return told.verified;
  if (told.at !== known.at) return told.at > known.at;
  return canonicalJson(told.value) > canonicalJson(known.value);
}

/** The same value again is not written again, or every order would cost a trait change. */
const repeats = (told: Trait, known: Trait): boolean => told.verified === known.verified && sameJson(told.value, known.value);

export const sameJson = (a: Json, b: Json): boolean => a === b || canonicalJson(a) === canonicalJson(b);

function foldIdentifiers(
  before: readonly KnownIdentifier[],
  named: readonly Identifier[],
  verified: boolean,
  since: Instant,
): readonly KnownIdentifier[] {
  let after = before;
  for (const { type, value } of named) {
    if (type === 'reference') continue; // found through their claims; a profile would grow with every cart
    const known = after.find((identifier) => identifier.type === type && identifier.value === value);
    if (known === undefined) after = [...after, { type, value, verified, since }];
    else if (verified && !known.verified)
      after = after.map((identifier) => (identifier === known ? { ...known, verified } : identifier));
  }
  return after;
}
