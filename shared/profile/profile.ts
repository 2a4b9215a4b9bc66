/**
 * One view of one person: facts (attributes), what decisions need at once (hot state), and what prediction and sums need
 * (statistics). Data only; the reducers beside this file change it by event time.
 */
import type { Consents } from '../consent/consent.ts';
import type { Identifier } from '../events/identifier.ts';
import type { Json } from '../kernel/json.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import type { Cart } from './cart.ts';
import type { Ring } from './ring.ts';

export interface KnownIdentifier extends Identifier {
  /** Said by a server-side source, a signed click or a login; a browser's claim is not. */
  readonly verified: boolean;
  readonly since: Instant;
}

export interface Trait {
  readonly value: Json;
  readonly at: Instant;
  readonly verified: boolean;
}

/** Item `A`: facts only. */
export interface Attributes {
  /** 0 = not stored yet. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly identifiers: readonly KnownIdentifier[];
  readonly traits: Readonly<Record<string, Trait>>;
  readonly consents: Consents;
  /** People merged into this one: their timeline and messages stay under their own ids. */
  readonly aliases: readonly PersonId[];
  /** Merged into this person: every reader follows it. */
  readonly into?: PersonId;
  /** A tombstone: the person was forgotten, and nothing is written about them any more. */
  readonly erased?: true;
}

/** An open journey as the hot state knows it; the instance itself is an item of its own. */
export interface OpenJourney {
  readonly journey: string;
  readonly key: string;
  readonly version: string;
  /** Per event name that restarts one of its waits: when it last happened. */
  readonly restarts?: Readonly<Record<string, Instant>>;
}

/** A message that is about to leave or has left: dedupe and caps in one conditional write. */
export interface SendClaim {
  readonly sendKey: string;
  readonly at: Instant;
}

/**
 * By name of what is counted, by short hash of the value that is told apart (`''` for none): when it happened, the instants
 * that last longest. Calendar spans are of this zone: in another one everything is counted again.
 */
export interface Counts {
  readonly zone: string;
  readonly states: Readonly<Record<string, Readonly<Record<string, readonly Instant[]>>>>;
}

/** The person's one timer for what time alone changes: segments that are watched, dates that start journeys. */
export interface Watching {
  /** As it is armed; absent where nothing lies ahead. */
  readonly due?: Instant;
  /** Version of its item, which changes together with this. */
  readonly stored: number;
}

/** What is known of the day that a journey waits for. */
export interface DateAhead {
  /** Names the value and the moment around it as they were read. */
  readonly of: string;
  readonly next?: Instant;
  /** When it last started a run, as long as that holds the next one back. */
  readonly last?: Instant;
}

/** What the latest event that told it said, and when. */
export interface Device {
  readonly type?: 'mobile' | 'tablet' | 'desktop';
  readonly os?: string;
  readonly at: Instant;
}

export interface Place {
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  /** IANA name. */
  readonly timezone?: string;
  readonly at: Instant;
}

/** Item `H`. */
export interface HotState {
  /** 0 = not stored yet. */
  readonly version: number;
  /** Generation of the config that last decided. */
  readonly generation: number;
  readonly ring: Ring;
  readonly lastSeen: Instant;
  readonly cart?: Cart;
  /** Newest order, and the carts and checkouts known to be completed or deleted (the last few). */
  readonly lastOrderAt?: Instant;
  readonly closedCarts: readonly string[];
  readonly open: readonly OpenJourney[];
  readonly claims: readonly SendClaim[];
  /** Per journey with a rest: when its last message to the person was claimed. */
  readonly lastMessages: Readonly<Record<string, Instant>>;
  /** Of conditions that must answer at once; what is missing is counted from the timeline when it is asked. */
  readonly counts?: Counts;
  /**
   * By watched segment: was the person in it when it was last decided on? Besides, by journey that includes those who were in
   * before it (`includeMark`): it was decided whether they start.
   */
  readonly watched?: Readonly<Record<string, boolean>>;
  /** By name of the journey. */
  readonly dates?: Readonly<Record<string, DateAhead>>;
  readonly watching?: Watching;
  readonly device?: Device;
  readonly place?: Place;
}

export const newAttributes = (createdAt: Instant): Attributes => ({
  version: 0,
  createdAt,
  identifiers: [],
  traits: {},
  consents: {},
  aliases: [],
});

export const newHotState = (): HotState => ({
  version: 0,
  generation: 0,
  ring: { entries: [], floor: 0 },
  lastSeen: 0,
  closedCarts: [],
  open: [],
  claims: [],
  lastMessages: {},
});

/** The address a message goes to: verified before claimed, newer before older, never by the order of arrival. */
export function addressOf(attributes: Attributes, type: 'email' | 'phone'): string | undefined {
  const known = attributes.identifiers.filter((identifier) => identifier.type === type);
  return known.toSorted((a, b) => Number(b.verified) - Number(a.verified) || b.since - a.since || (a.value < b.value ? -1 : 1))[0]
    ?.value;
}

/** What people's own zone may be called. */
export const zoneTraits: readonly string[] = ['timezone', 'timeZone', 'zone'];

export const traitOf = (attributes: Attributes, name: string): Json | undefined =>
  Object.hasOwn(attributes.traits, name) ? attributes.traits[name]?.value : undefined;
