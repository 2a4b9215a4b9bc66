/**
 * Whose event is this? Pure: given who owns which identifier, it says who the person is, what is claimed for them,
 * who is merged into them, and whether the sender may write. A false merge is worse than two profiles.
 */
import type { Trust } from '../events/event.ts';
import { isWeak, type Identifier, type IdentifierType } from '../events/identifier.ts';
import type { PersonId } from '../kernel/ids.ts';

export interface KnownPerson {
  readonly id: PersonId;
  readonly identifiers: readonly { readonly type: IdentifierType; readonly value: string; readonly verified: boolean }[];
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
const isAccount = (type: IdentifierType): boolean => type === 'userId' || type === 'externalId' || type === 'loyaltyId';

const identifies = (type: IdentifierType): boolean => isAccount(type) || type === 'email';

const accountSource = ({ type, value }: { readonly type: IdentifierType; readonly value: string }): string =>
  type === 'externalId' ? `${type}:${value.split(':', 1)[0] ?? ''}` : type;

/** Has the person another account of the same source, or (for e-mail) other addresses only? */
function contradicts(person: KnownPerson, named: readonly Identifier[], alsoEmail: boolean): boolean {
  return named.some((identifier) => {
    if (!isAccount(identifier.type) && !(alsoEmail && identifier.type === 'email')) return false;
    const same = person.identifiers.filter((known) => accountSource(known) === accountSource(identifier));
    return same.length > 0 && !same.some(({ value }) => value === identifier.value);
  });
}

const isAnonymous = (person: KnownPerson): boolean => person.identifiers.every(({ type }) => isWeak(type));

function resolveTrusted(question: Question): Resolution {
  const { identifiers, ownerOf, previously } = question;
  const named = identifiers.filter(({ type }) => identifies(type));
  const subject = trustedSubject(question, named);
  const merge = new Map<PersonId, KnownPerson>();
  const left: Identifier[] = [];
  const claim: Identifier[] = [];
  for (const identifier of identifiers) {
    const owner = ownerOf(identifier);
    if (owner === undefined) claim.push(identifier);
    else if (owner.id === subject?.id) continue;
    else if (mayMerge(identifier.type, subject, owner, named)) merge.set(owner.id, owner);
    else left.push(identifier);
  }
  if (previously !== undefined) {
    const owner = ownerOf(previously);
    // A server that says "these are one" is believed, also about two accounts.
    if (owner === undefined) claim.push(previously);
    else if (owner.id !== subject?.id) merge.set(owner.id, owner);
  }
  return { subject, claim, merge: [...merge.values()], left, mayWrite: true };
}

function trustedSubject({ identifiers, previously, ownerOf }: Question, named: readonly Identifier[]): KnownPerson | undefined {
  for (const identifier of named) {
    const owner = ownerOf(identifier);
    if (owner !== undefined) return owner;
  }
  for (const identifier of identifiers) {
    const owner = ownerOf(identifier);
    if (owner === undefined || identifies(identifier.type)) continue;
    if (identifier.type === 'phone' && !contradicts(owner, named, true)) return owner;
    // A shared device never joins two people who are known by name.
    if (isWeak(identifier.type) && (named.length === 0 || isAnonymous(owner))) return owner;
  }
  return previously === undefined ? undefined : ownerOf(previously);
}

function mayMerge(
  via: IdentifierType,
  subject: KnownPerson | undefined,
  owner: KnownPerson,
  named: readonly Identifier[],
): boolean {
  if (isWeak(via)) return isAnonymous(owner);
  if (via === 'phone') return owner.identifiers.every(({ type }) => isWeak(type) || type === 'phone');
  const accounts = [...named, ...(subject?.identifiers ?? [])].filter(({ type }) => isAccount(type));
  return !contradicts(owner, accounts, false);
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
    const own = device?.id === named.id && !isVouched(named);
    return claimedBy(named, all, ownerOf, own);
  }
  const usable = device !== undefined && (strong.length === 0 || (!isVouched(device) && !contradicts(device, strong, true)));
  return usable ? claimedBy(device, all, ownerOf, !isVouched(device)) : claimedBy(undefined, all, ownerOf, true);
}

const isVouched = (person: KnownPerson): boolean => person.identifiers.some(({ type, verified }) => verified && !isWeak(type));

function claimedBy(
  subject: KnownPerson | undefined,
  all: readonly Identifier[],
  ownerOf: Question['ownerOf'],
  mayWrite: boolean,
): Resolution {
  const free = mayWrite ? all.filter((identifier) => ownerOf(identifier) === undefined) : [];
  const left = all.filter((identifier) => !free.includes(identifier) && ownerOf(identifier)?.id !== subject?.id);
  return { subject, claim: free, merge: [], left, mayWrite };
}

/** Who stays when two are one: known by name before anonymous, then the older id. Concurrent merges agree on it. */
export function winnerOf(a: KnownPerson, b: KnownPerson): KnownPerson {
  if (isAnonymous(a) !== isAnonymous(b)) return isAnonymous(a) ? b : a;
  return a.id < b.id ? a : b;
}
