/**
 * Whose event is this? Pure: given who owns which identifier, it says who the person is, what is claimed for them,
 * who is merged into them, and whether the sender may write. A false merge is worse than two profiles.
 */
import type { Trust } from '../events/event.ts';
import { isWeak, type Identifier, type IdentifierType } from '../events/identifier.ts';
import type { PersonId } from '../kernel/ids.ts';

export interface KnownPerson {
  readonly id: PersonId;
  readonly identifiers: readonly (Identifier & { readonly verified: boolean })[];
}

export interface Question {
  readonly trust: Trust;
  /** In claim order. */
  readonly identifiers: readonly Identifier[];
  /** `alias`: what the person was called before. */
  readonly previously?: Identifier;
  /** Who has it, after following merges. */
  readonly ownerOf: (identifier: Identifier) => KnownPerson | undefined;
}

export interface Resolution {
  /** Undefined: nobody known; a new person. */
  readonly subject: KnownPerson | undefined;
  /** Nobody has these: claim them for the subject. */
  readonly claim: readonly Identifier[];
  /** These people turn out to be the subject. */
  readonly merge: readonly KnownPerson[];
  /** Named by the sender, but somebody else's or not the sender's to say. */
  readonly left: readonly Identifier[];
  /** May traits, identifiers and consent of this envelope be written (design section 4, Trust)? */
  readonly mayWrite: boolean;
}

export const resolve = (question: Question): Resolution =>
  question.trust === 'server' ? resolveTrusted(question) : resolveClaimed(question);

/** Identifiers of which one account has exactly one: two different ones are two accounts. E-mail addresses and phones may be several. */
const isAccount = ({ type }: { readonly type: IdentifierType }): boolean =>
  type === 'userId' || type === 'externalId' || type === 'loyaltyId';

/** These say who; a phone is shared and changes hands, a device or thing says nothing of a person. */
const identifies = (identifier: { readonly type: IdentifierType }): boolean =>
  isAccount(identifier) || identifier.type === 'email';

/** A till and a shop each have user ids of their own: only a second one of the same source is another account. */
function accountSource({ type, value, source = '' }: Identifier): string {
  if (type === 'userId') return `${type}:${source}`;
  return type === 'externalId' ? `${type}:${value.split(':', 1)[0] ?? ''}` : type;
}

/** Is one of the named another account, address or number than those the person has of that source or kind? */
function isElse(known: readonly Identifier[], named: readonly Identifier[]): boolean {
  return named.some((identifier) => {
    const same = known.filter((other) => accountSource(other) === accountSource(identifier));
    return same.length > 0 && !same.some(({ value }) => value === identifier.value);
  });
}

const isElsesAccount = (known: readonly Identifier[], named: readonly Identifier[]): boolean =>
  isElse(known, named.filter(isAccount));

/** Known by devices, things and phones only. */
const isNameless = (person: KnownPerson): boolean => !person.identifiers.some(identifies);
const isAnonymous = (person: KnownPerson): boolean => person.identifiers.every(({ type }) => isWeak(type));

function resolveTrusted(question: Question): Resolution {
  const { identifiers, ownerOf, previously } = question;
  const subject = trustedSubject(question);
  const accounts = [...identifiers, ...(subject?.identifiers ?? [])].filter(isAccount);
  const merge = new Map<PersonId, KnownPerson>();
  const left: Identifier[] = [];
  const claim: Identifier[] = [];
  for (const identifier of identifiers) {
    const owner = ownerOf(identifier);
    if (owner !== undefined && owner.id === subject?.id) continue;
    // A server that says "these are one" is believed, also about two accounts.
    const isTheirs = previously !== undefined || !isElsesAccount([...(subject?.identifiers ?? []), ...claim], [identifier]);
    if (owner === undefined) (isTheirs ? claim : left).push(identifier);
    else if (mayMerge(identifier.type, owner, accounts)) merge.set(owner.id, owner);
    else left.push(identifier);
  }
  if (previously !== undefined) {
    const owner = ownerOf(previously);
    if (owner === undefined) claim.push(previously);
    else if (owner.id !== subject?.id) merge.set(owner.id, owner);
  }
  return { subject, claim, merge: [...merge.values()], left, mayWrite: true };
}

/** Who is meant, by the strongest word that fits: the same answer whichever of several statements came first. */
function trustedSubject({ identifiers, previously, ownerOf }: Question): KnownPerson | undefined {
  const named = identifiers.filter(identifies);
  for (const [index, identifier] of named.entries()) {
    const owner = ownerOf(identifier);
    const stronger = named.slice(0, index).filter((other) => accountSource(other) !== accountSource(identifier));
    // An address that another account of the same source left behind is no proof that the two are one.
    if (owner !== undefined && !isElsesAccount(owner.identifiers, stronger)) return owner;
  }
  const phones = ownersOf(identifiers, ownerOf, ({ type }) => type === 'phone');
  const devices = ownersOf(identifiers, ownerOf, ({ type }) => isWeak(type));
  return subjectBy(identifiers, named, phones, devices) ?? (previously === undefined ? undefined : ownerOf(previously));
}

/** A shared phone or device never joins what is known by name; alone, it means whom it is known to mean. */
function subjectBy(
  identifiers: readonly Identifier[],
  named: readonly Identifier[],
  phones: readonly KnownPerson[],
  devices: readonly KnownPerson[],
): KnownPerson | undefined {
  if (named.length > 0) return phones.find(isNameless) ?? devices.find(isAnonymous);
  if (identifiers.some(({ type }) => type === 'phone'))
    return phones.find((owner) => !isNameless(owner)) ?? phones[0] ?? devices.find(isAnonymous);
  return devices.find((owner) => !isAnonymous(owner)) ?? devices[0];
}

const ownersOf = (
  identifiers: readonly Identifier[],
  ownerOf: Question['ownerOf'],
  wanted: (identifier: Identifier) => boolean,
): readonly KnownPerson[] => identifiers.filter(wanted).flatMap((identifier) => ownerOf(identifier) ?? []);

function mayMerge(via: IdentifierType, owner: KnownPerson, accounts: readonly Identifier[]): boolean {
  if (isWeak(via)) return isAnonymous(owner);
  return via === 'phone' ? isNameless(owner) : !isElsesAccount(owner.identifiers, accounts);
}

/**
 * A browser may say anything. It attaches behaviour to whom it names; it writes only to people no server has vouched for,
 * and joins nobody.
 */
function resolveClaimed({ identifiers, previously, ownerOf }: Question): Resolution {
  const strong = identifiers.filter(({ type }) => !isWeak(type));
  const all = previously === undefined ? identifiers : [...identifiers, previously];
  const device = all
    .filter(({ type }) => isWeak(type))
    .map(ownerOf)
    .find((owner) => owner !== undefined);
  const named = strong.map(ownerOf).find((owner) => owner !== undefined);
  if (named !== undefined) {
    // Claimed and nothing more: the first contact that claims it is still under way, or died and comes again.
    const isJustClaimed = named.identifiers.length === 0;
    return claimedBy(named, all, ownerOf, (isJustClaimed || device?.id === named.id) && !isVouched(named));
  }
  const usable = device !== undefined && (strong.length === 0 || (!isVouched(device) && !isElse(device.identifiers, strong)));
  // Who types many addresses on one device is many people.
  return usable ? claimedBy(device, all, ownerOf, !isVouched(device)) : claimedBy(undefined, all, ownerOf, true);
}

const isVouched = (person: KnownPerson): boolean => person.identifiers.some(({ type, verified }) => verified && !isWeak(type));

function claimedBy(
  subject: KnownPerson | undefined,
  all: readonly Identifier[],
  ownerOf: Question['ownerOf'],
  mayWrite: boolean,
): Resolution {
  const isFree = (identifier: Identifier): boolean =>
    ownerOf(identifier) === undefined &&
    (isWeak(identifier.type) || subject === undefined || !isElse(subject.identifiers, [identifier]));
  const free = mayWrite ? all.filter(isFree) : [];
  const left = all.filter((identifier) => !free.includes(identifier) && ownerOf(identifier)?.id !== subject?.id);
  return { subject, claim: free, merge: [], left, mayWrite };
}

/** Who stays when two are one: known by name before anonymous, then the older id. Concurrent merges agree on it. */
export function winnerOf(a: KnownPerson, b: KnownPerson): KnownPerson {
  if (isAnonymous(a) !== isAnonymous(b)) return isAnonymous(a) ? b : a;
  return a.id < b.id ? a : b;
}
