/**
 * What a source calls a person: one value of one kind. Values are normalised at the door, before anything is claimed.
 */
import { keyedHash } from '../kernel/ids.ts';

/**
 * Strongest first; claims are made in this order, so two first contacts at the same moment meet at the same claim.
 * `externalId` is a source's own id of a person (`shopify:6038…`); `reference` names a thing of one person
 * (`shopify:cart:…`, `shopify:order:…`) so that later calls without any identity find them.
 */
export const identifierTypes = ['userId', 'externalId', 'loyaltyId', 'email', 'phone', 'anonymousId', 'reference'] as const;

export type IdentifierType = (typeof identifierTypes)[number];

export interface Identifier {
  readonly type: IdentifierType;
  /** Normalised: e-mail lower-cased, phone in E.164, the rest trimmed, at most 256 characters, well-formed Unicode. */
  readonly value: string;
  /**
   * Of a user id: the connector that told it, absent for the Segment API. Not part of its name, so both may call a person by the
   * same id; it only says that a second id from elsewhere is not a second account.
   */
  readonly source?: string;
}

/** As the source wrote it; the door normalises it and leaves out what is none (a phone `555-SHIP`). */
export interface RawIdentifier {
  readonly type: IdentifierType;
  readonly value: string;
  /** ISO 3166-1 alpha-2, for a national phone number. */
  readonly country?: string;
  readonly source?: string;
}

/** `<type>#<keyed hash>`: how an identifier is written in keys, chunks and parked items. */
export type ClaimKey = string;

export const claimKey = (secret: string, { type, value }: Identifier): ClaimKey =>
  `${type}#${keyedHash(secret, `${type}:${value}`)}`;

const strength = (type: IdentifierType): number => identifierTypes.indexOf(type);

/** One of each, strongest first, equal kinds by value: the fixed order of claims. */
export function inClaimOrder(identifiers: readonly Identifier[]): readonly Identifier[] {
  const unique = new Map(identifiers.map((identifier) => [`${identifier.type}:${identifier.value}`, identifier]));
  return [...unique.values()].toSorted((a, b) => strength(a.type) - strength(b.type) || (a.value < b.value ? -1 : 1));
}

/** Of an id that two sources told: the same whichever came first, the Segment API before any connector. */
export const sharedSource = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? undefined : a < b ? a : b;

/** Anonymous ids and references say which device or thing, not who. */
export const isWeak = (type: IdentifierType): boolean => type === 'anonymousId' || type === 'reference';
