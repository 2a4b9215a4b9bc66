/**
 * Two profiles turn out to be one person: facts by time, nothing lost, in any order (promise 1). What moved is kept in
 * the merge journal by the write itself, so that it can be undone.
 */
import { mergeConsents } from '../consent/consent.ts';
import type { Instant } from '../kernel/time.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { CartState, ToldEvent } from '../profile/fold-cart.ts';
import { foldCartAgain } from '../profile/place-cart-event.ts';
import { bothTold, clockSkew, isDisputed, lastTold, wins } from '../profile/fold-attributes.ts';
import type { Attributes, DateAhead, HotState, KnownIdentifier, OpenJourney, Trait } from '../profile/profile.ts';
import { mergeRings } from '../profile/ring.ts';
import { mergeWhereabouts } from '../profile/whereabouts.ts';

/** Facts of both; the winner's version and id stay. `told`: events of both since `disputedSince`. */
export function mergeAttributes(
  winner: Attributes,
  loser: Attributes,
  loserId: PersonId,
  told: readonly ToldEvent[],
): Attributes {
  const traits: Record<string, Trait> = { ...winner.traits };
  for (const [name, theirs] of Object.entries(loser.traits)) {
    const mine = traitIn(winner, name);
    const decides = mine !== undefined && isDisputed(theirs, mine) ? lastTold : asWritten;
    if (mine === undefined || wins(decides(name, theirs, told), decides(name, mine, told))) traits[name] = theirs;
  }
  return {
    ...winner,
    createdAt: Math.min(winner.createdAt, loser.createdAt),
    identifiers: mergeIdentifiers(winner.identifiers, loser.identifiers),
    traits,
    consents: mergeConsents(winner.consents, loser.consents),
    aliases: [...new Set([...winner.aliases, loserId, ...loser.aliases])],
  };
}

const asWritten = (_name: string, trait: Trait): Trait => trait;

const traitIn = ({ traits }: Attributes, name: string): Trait | undefined =>
  Object.hasOwn(traits, name) ? traits[name] : undefined;

/** From when on the timeline must be known to decide whose trait is the newer one; undefined where none is disputed. */
export function disputedSince(winner: Attributes, loser: Attributes): Instant | undefined {
  const since = Object.entries(loser.traits).flatMap(([name, theirs]) => {
    const mine = traitIn(winner, name);
    return mine !== undefined && isDisputed(theirs, mine) ? [Math.min(mine.at, theirs.at) - clockSkew] : [];
  });
  return since.length === 0 ? undefined : Math.min(...since);
}

function mergeIdentifiers(mine: readonly KnownIdentifier[], theirs: readonly KnownIdentifier[]): readonly KnownIdentifier[] {
  const merged = new Map<string, KnownIdentifier>();
  for (const identifier of [...mine, ...theirs]) {
    const name = `${identifier.type}:${identifier.value}`;
    const known = merged.get(name);
    merged.set(name, known === undefined ? identifier : bothTold(known, identifier));
  }
  return [...merged.values()];
}

/** `told`: cart events of both from their carts on; the merged cart is folded from them. */
export function mergeHot(winner: HotState, loser: HotState, told: readonly ToldEvent[], now: Instant): HotState {
  const { cart: _mine, lastOrderAt: _order, counts: _counts, ...rest } = winner; // both are counted again when it is asked
  return {
    ...rest,
    generation: Math.max(winner.generation, loser.generation),
    ring: mergeRings(winner.ring, loser.ring, now),
    lastSeen: Math.max(winner.lastSeen, loser.lastSeen),
    ...mergeCarts(winner, loser, told),
    open: mergeOpen(winner.open, loser.open),
    claims: [
      ...winner.claims,
      ...loser.claims.filter(({ sendKey }) => !winner.claims.some((claim) => claim.sendKey === sendKey)),
    ],
    lastMessages: latest(winner.lastMessages, loser.lastMessages),
    ...mergeWhereabouts(winner, loser),
    ...mergeWatched(winner, loser),
    ...mergeDates(winner, loser),
  };
}

/** Whoever was in with either half was in; the winner's timer goes on, and moves with the next commit. */
function mergeWatched(winner: HotState, loser: HotState): Pick<HotState, 'watched'> {
  if (winner.watched === undefined && loser.watched === undefined) return {};
  const theirs = Object.entries(loser.watched ?? {});
  return {
    watched: {
      ...winner.watched,
      ...Object.fromEntries(theirs.map(([id, isIn]) => [id, isIn || winner.watched?.[id] === true])),
    },
  };
}

/** What the winner waits for, else what the loser does; what came to either came to both. */
function mergeDates({ dates: mine = {} }: HotState, { dates: theirs = {} }: HotState): Pick<HotState, 'dates'> {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  if (names.length === 0) return {};
  const merged = names.flatMap((name): readonly [string, DateAhead][] => {
    const known = mine[name] ?? theirs[name];
    if (known === undefined) return [];
    const last = Math.max(mine[name]?.last ?? 0, theirs[name]?.last ?? 0);
    return [[name, last === 0 ? known : { ...known, last }]];
  });
  return { dates: Object.fromEntries(merged) };
}

function mergeCarts(winner: HotState, loser: HotState, told: readonly ToldEvent[]): CartState {
  const lastOrderAt = Math.max(winner.lastOrderAt ?? 0, loser.lastOrderAt ?? 0);
  const known: CartState = {
    closedCarts: [...new Set([...loser.closedCarts, ...winner.closedCarts])].slice(-8),
    ...(lastOrderAt === 0 ? {} : { lastOrderAt }),
  };
  return foldCartAgain(known, told);
}

function mergeOpen(mine: readonly OpenJourney[], theirs: readonly OpenJourney[]): readonly OpenJourney[] {
  const merged = new Map<string, OpenJourney>();
  for (const open of [...theirs, ...mine]) {
    const name = `${open.journey}\n${open.key}`;
    const restarts = latest(open.restarts ?? {}, merged.get(name)?.restarts ?? {});
    merged.set(name, Object.keys(restarts).length === 0 ? open : { ...open, restarts });
  }
  return [...merged.values()];
}

function latest(a: Readonly<Record<string, Instant>>, b: Readonly<Record<string, Instant>>): Readonly<Record<string, Instant>> {
  const merged: Record<string, Instant> = { ...a };
  for (const [name, at] of Object.entries(b)) merged[name] = Math.max(at, merged[name] ?? at);
  return merged;
}
