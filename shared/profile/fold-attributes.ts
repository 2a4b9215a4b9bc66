/**
 * Facts by event time: the same events in any order, any number of times, give the same facts (promise 1).
 */
import { consentChange, type ConsentChange } from '../consent/consent.ts';
import type { Event, Trust } from '../events/event.ts';
import { sharedSource, type Identifier } from '../events/identifier.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { canonicalJson, type Json } from '../kernel/json.ts';
import { exactDays, type Instant } from '../kernel/time.ts';
import type { ToldEvent } from './fold-cart.ts';
import type { History } from './place-cart-event.ts';
import type { Attributes, KnownIdentifier, Trait } from './profile.ts';
import { chunkKeyAt } from './timeline.ts';

export interface FactsContext {
  readonly source: string;
  readonly trust: Trust;
  /** May this envelope write traits, identifiers and consent (design section 4, Trust)? */
  readonly mayWrite: boolean;
  /** Identifiers that are this person's now: newly claimed, or owned and named by this envelope. */
  readonly identifiers: readonly Identifier[];
  /** The latest event of all envelopes before. */
  readonly lastSeen: Instant;
  readonly history?: History;
}

export interface FoldedFacts {
  readonly attributes: Attributes;
  readonly changed: boolean;
  readonly consentChanges: readonly ConsentChange[];
}

type Traits = Attributes['traits'];

/**
 * A profile beyond this is no person: its writes would cost more than its messages bring. What browsers claim leaves room
 * for what servers know.
 */
const maxTraitBytes = 65_536;
const maxClaimedBytes = 16_384;

export function foldFacts(
  before: Attributes,
  events: readonly Event[],
  context: FactsContext,
): FoldedFacts | { readonly needs: string } {
  if (!context.mayWrite) return { attributes: before, changed: false, consentChanges: [] };
  const verified = context.trust === 'server';
  const inTime = events.toSorted((a, b) => a.occurredAt - b.occurredAt);
  const traits = foldAllTraits(before.traits, inTime, verified, context);
  if ('needs' in traits) return traits;
  let { consents } = before;
  const consentChanges: ConsentChange[] = [];
  for (const event of inTime) {
    for (const statement of event.consent ?? []) {
      const change = consentChange(consents, statement, { ...context, occurredAt: event.occurredAt });
      if (change === undefined) continue;
      consents = { ...consents, [change.key]: change.state };
      consentChanges.push(change);
    }
  }
  const since = Math.min(...events.map(({ occurredAt }) => occurredAt));
  const identifiers = foldIdentifiers(before.identifiers, context.identifiers, verified, since);
  const changed = traits.changed || consents !== before.consents || identifiers !== before.identifiers;
  return {
    attributes: changed ? { ...before, traits: traits.after, consents, identifiers } : before,
    changed,
    consentChanges,
  };
}

function foldAllTraits(
  before: Traits,
  inTime: readonly Event[],
  verified: boolean,
  { lastSeen, history }: FactsContext,
): { readonly after: Traits; readonly changed: boolean } | { readonly needs: string } {
  const after: Record<string, Trait> = { ...before };
  let changed = false;
  for (const event of inTime) {
    for (const [name, value] of Object.entries(event.traits ?? {})) {
      const told: Trait = { value, at: event.occurredAt, verified };
      const known = Object.hasOwn(after, name) ? after[name] : undefined;
      if (known !== undefined && !wins(told, known)) continue;
      if (known !== undefined && isDisputed(told, known) && told.at <= lastSeen) {
        const from = chunkKeyAt(known.at - clockSkew);
        if (history === undefined || history.from > from) return { needs: from };
        if (!wins(told, lastTold(name, known, history.told))) continue;
      }
      // The same value again is remembered only along with a change, or every order would cost a trait change.
      changed ||= known === undefined || !repeats(told, known);
      after[name] = told;
    }
  }
  if (changed) expectRoom(after, verified);
  return { after, changed };
}

/** With what servers told that is not folded yet; what is, changes nothing. */
export function withTold(before: Attributes, events: readonly Event[]): Attributes {
  const traits: Record<string, Trait> = { ...before.traits };
  for (const event of events) {
    for (const [name, value] of Object.entries(event.traits ?? {})) {
      const told: Trait = { value, at: event.occurredAt, verified: true };
      const known = Object.hasOwn(traits, name) ? traits[name] : undefined;
      if (known === undefined || wins(told, known)) traits[name] = told;
    }
  }
  return { ...before, traits };
}

function expectRoom(traits: Traits, verified: boolean): void {
  const most = verified ? maxTraitBytes : maxClaimedBytes;
  if (Buffer.byteLength(JSON.stringify(traits)) <= most) return;
  throw new InvalidInput([{ where: 'traits', problem: `together more than ${most} bytes; send fewer or shorter traits` }]);
}

/** Verified before claimed, then newer before older, then (same instant) the greater text: never the order of arrival. */
export function wins(told: Trait, known: Trait): boolean {
  if (told.verified !== known.verified) return told.verified;
  if (told.at !== known.at) return told.at > known.at;
  return canonicalJson(told.value) > canonicalJson(known.value);
}

const repeats = (told: Trait, known: Trait): boolean => told.verified === known.verified && sameJson(told.value, known.value);

/** Another value of the same standing: time decides, and the known value may have been told again since it was written. */
export const isDisputed = (told: Trait, known: Trait): boolean =>
  told.verified === known.verified && !sameJson(told.value, known.value);

/** How far a chunk's stated time may lie before what it tells. */
export const clockSkew = exactDays(1);

/** The known trait with the time when its value was told last. */
export function lastTold(name: string, known: Trait, history: readonly ToldEvent[]): Trait {
  const trust: Trust = known.verified ? 'server' : 'browser';
  const times = history
    .filter(({ event, context }) => context.trust === trust && tells(event, name, known.value))
    .map(({ event }) => event.occurredAt);
  return { ...known, at: Math.max(known.at, ...times) };
}

const tells = ({ traits }: Event, name: string, value: Json): boolean =>
  traits !== undefined && Object.hasOwn(traits, name) && sameJson(traits[name] ?? null, value);

export const sameJson = (a: Json, b: Json): boolean => a === b || canonicalJson(a) === canonicalJson(b);

/** One identifier, told twice: the same whichever came first. */
export function bothTold(a: KnownIdentifier, b: KnownIdentifier): KnownIdentifier {
  const source = sharedSource(a.source, b.source);
  const { type, value } = a;
  return {
    type,
    value,
    ...(source === undefined ? {} : { source }),
    verified: a.verified || b.verified,
    since: Math.min(a.since, b.since),
  };
}

/** Of several addresses the newest is written to; of several devices none, so their age is not worth a write. */
const isAddress = (type: Identifier['type']): boolean => type === 'email' || type === 'phone';

function foldIdentifiers(
  before: readonly KnownIdentifier[],
  named: readonly Identifier[],
  verified: boolean,
  since: Instant,
): readonly KnownIdentifier[] {
  let after = before;
  for (const identifier of named) {
    const { type } = identifier;
    if (type === 'reference') continue; // found through their claims; a profile would grow with every cart
    const told = { ...identifier, verified, since };
    const known = after.find((other) => other.type === type && other.value === identifier.value);
    if (known === undefined) after = [...after, told];
    else if (
      (verified && !known.verified) ||
      (since < known.since && isAddress(type)) ||
      sharedSource(known.source, told.source) !== known.source
    )
      after = after.map((other) => (other === known ? bothTold(known, told) : other));
  }
  return after;
}
